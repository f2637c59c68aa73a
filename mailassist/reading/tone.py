"""
How a message was said: calm, upset at the matter, or hostile at people; how sure that is, and what gave it away.

The tables (`tone_words`) name patterns; the weights of the patterns are learned (training/train_tone.py).
"""

import math
from collections.abc import Callable, Mapping

from mailassist.reading.tone_patterns import KINDS, Findings, find_patterns
from mailassist.reading.tone_text import clean, sentences
from mailassist.reading.tone_words import languages, lexicon
from mailassist.values import Kind, Tone

THRESHOLD = 0.5  # hostile from here on: one civil mail in two hundred is wrongly flagged at most
MAYBE = 0.3  # from here on a person may want to look, and nothing is flagged
GRAVEST_FIRST: tuple[Kind, ...] = ("threat", "harassment", "profanity", "insult", "shouting")

PATTERN_WEIGHTS = {
    "violence": 4.0, "damage": 4.0, "veiled threat": 2.6, "extortion": 3.0, "harassment": 2.8, "sexual remark": 3.0,
    "obscenity": 3.6, "insult": 3.4, "dehumanising": 3.4, "accusation": 2.6, "contempt": 2.4, "belittling": 2.4,
    "sarcasm at a person": 2.2, "wish of harm": 3.0, "order to vanish": 2.4, "order to be silent": 2.0,
}  # fmt: skip
WORD_WEIGHTS = {"OBSCENE+YOU": 1.0, "INSULT+YOU": 1.0, "SLUR": 1.0, "SWEAR+YOU": 0.5, "STUPID+YOU": 0.5, "SWEAR": 0.2}
BIAS = -3.0


def judge_tone(said: str, language: str, threshold: float = THRESHOLD) -> Tone:
    """
    Return how *said* was said.

    said: what the message adds, quoted text and signature removed; any string.
    language: its RFC 5646 tag or UNDETERMINED.
    threshold: the score from which a text is hostile.
    """
    tag = language if language in languages() else language.partition("-")[0]
    parts = sentences(clean(said))
    found = find_patterns(parts, lexicon(tag if tag in languages() else "en"))
    score = _score(found, any(part.shouted for part in parts))
    if score >= threshold:
        return Tone("hostile", score, _kind(found), _evidence(found))
    upset = found.patterns["complaint"] + found.patterns["legal"] + found.words["UPSET"] - 0.5 * found.words["THANKS"]
    return Tone("upset" if upset >= 2 else "calm", score, None, _evidence(found))


def _score(found: Findings, shouted: bool) -> float:
    weighed = sum(weight * min(found.patterns[name], 2) ** 0.5 for name, weight in PATTERN_WEIGHTS.items())
    weighed += sum(weight for name, weight in WORD_WEIGHTS.items() if found.words[name])
    weighed += 1.2 * any(found.patterns["shouted " + name] for name in KINDS) + 0.3 * shouted
    return round(1 / (1 + math.exp(-(BIAS + weighed))), 4)


def _kind(found: Findings) -> Kind:
    kinds = {KINDS[name] for name in found.patterns if name in KINDS}
    shouted = {name for name in KINDS if found.patterns["shouted " + name]}
    if kinds <= {"insult"} and "shouted order to vanish" in found.patterns and shouted:
        return "shouting"
    return next((kind for kind in GRAVEST_FIRST if kind in kinds), "insult")


def _evidence(found: Findings) -> tuple[str, ...]:
    fired = sorted(
        (name for name in found.patterns if name in PATTERN_WEIGHTS), key=lambda name: -PATTERN_WEIGHTS[name]
    )
    return tuple(f"{name}: {found.phrases[name]}" for name in fired)


TONE_MODELS: Mapping[str, Callable[[str, str], Tone]] = {"patterns": judge_tone}
