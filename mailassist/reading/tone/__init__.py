"""
How a message was said: calm, upset at the matter, or hostile at people; how sure that is, and what gave it away.

The named patterns and word classes of a text (`patterns`) and the scores of a small learned model (`model`)
are weighed together by learned weights whose signs are fixed (`features`).
"""

import math
from collections.abc import Callable, Mapping

from mailassist.reading.tone.features import Features, features_of
from mailassist.reading.tone.lexicon import languages, lexicon
from mailassist.reading.tone.model import ngrams, weights
from mailassist.reading.tone.patterns import KINDS
from mailassist.values import Kind, Tone

THRESHOLD = 0.5  # hostile from here on
MAYBE = 0.3  # a person may want to look; nothing is flagged
CALM_PRIOR = 0.4  # log-odds: an inbox holds more calm mail than the mails the model was trained on
GRAVEST_FIRST: tuple[Kind, ...] = ("threat", "harassment", "profanity", "insult", "shouting")
NEIGHBOURS = {  # a language without tables is read by those of its neighbour, as far as they share their words
    "no": "nb", "nn": "nb", "fo": "nb", "is": "nb", "uk": "ru", "be": "ru", "bg": "ru", "sr": "ru", "mk": "ru",
    "ca": "es", "gl": "es", "oc": "fr", "cs": "pl", "sk": "pl", "af": "nl", "fy": "nl", "lb": "de", "gsw": "de",
    "nds": "de",
}  # fmt: skip


def judge_tone(said: str, language: str, threshold: float = THRESHOLD) -> Tone:
    """
    Return how *said* was said.

    said: what the message adds, quoted text and signature removed; any string.
    language: its RFC 5646 tag or UNDETERMINED.
    threshold: the score from which a text is hostile.
    """
    tables = tables_for(language)
    found = features_of(said, lexicon(tables), ngrams(tables))
    score = round(_hostility(found), 4)
    if score >= threshold:
        return Tone("hostile", score, _kind(found), _evidence(found))
    is_upset = score >= MAYBE or _weigh(found, weights().upset) >= CALM_PRIOR
    return Tone("upset" if is_upset else "calm", score, None, _evidence(found))


def tables_for(language: str) -> str:
    """Return the tag of the tables that *language* is read by: its own, its neighbour's, or the English ones."""
    primary = language.partition("-")[0].lower()
    known = NEIGHBOURS.get(primary, primary)
    return known if known in languages() else "en"


def _hostility(found: Features) -> float:
    learned = weights()
    return 1 / (1 + math.exp(-learned.slope * (_weigh(found, learned.hostile) - learned.threshold)))


def _weigh(found: Features, learned: Mapping[str, float]) -> float:
    return learned["BIAS"] + sum(learned.get(feature, 0.0) * value for feature, value in found.numbers.items())


def _kind(found: Features) -> Kind:
    """Return the gravest kind of the patterns that fired; shouting where most of it is shouted and nothing graver."""
    patterns = found.findings.patterns
    kinds = {KINDS[name] for name in patterns if name in KINDS}
    if found.numbers["shouted"] > 0.5 and not kinds - {"insult"} and not patterns["insult"]:
        return "shouting"
    return next((kind for kind in GRAVEST_FIRST if kind in kinds), "insult")


def _evidence(found: Features) -> tuple[str, ...]:
    """Return each pattern that fired with its words, the weightiest first."""
    learned = weights().hostile
    fired = [name for name in found.findings.patterns if name in KINDS]
    fired.sort(key=lambda name: (-learned.get(name, 0.0), name))
    return tuple(f"{name}: {found.findings.phrases[name]}" for name in fired)


TONE_MODELS: Mapping[str, Callable[[str, str], Tone]] = {"words and patterns": judge_tone}
