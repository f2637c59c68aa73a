"""A text as the named numbers its tone is weighed by: patterns, word classes, capitals, scores of the model."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailassist.reading.tone.lexicon import Lexicon
from mailassist.reading.tone.model import Ngrams, added, words_of
from mailassist.reading.tone.patterns import KINDS, Findings, find_patterns
from mailassist.reading.tone.text import Sentence, clean, sentences

BROAD = ("complaint", "legal", "privacy")  # patterns that are no hostility
CLASSES = (
    "ACCUSE", "BEAST", "BODY", "CHILD", "DIE", "FAMILY", "GROUP", "HARM", "INSULT", "MIND", "NOT", "OBSCENE", "PLACE",
    "POLITE", "RUIN", "SEXY", "SLUR", "SMALL", "STAFF", "STUPID", "SWEAR", "THANKS", "UPSET", "WEAPON", "YOU",
)  # fmt: skip
ADDRESSED = tuple(f"{name}+YOU" for name in CLASSES if name not in ("NOT", "POLITE", "STAFF", "THANKS", "UPSET", "YOU"))
MODELS = ("public", "public best", "public second", "mail", "mail best", "mail second")
HOSTILE_SIGNS = (  # what speaks for hostility and what against it, however the training turns out
    dict.fromkeys(
        (
            *KINDS,
            "any pattern",
            "pattern share",
            "several patterns",
            "shouted attack",
            "shouted at you",
            "shouted",
            "loud",
        ),
        1,
    )
    | dict.fromkeys((name for name in CLASSES if name not in ("NOT", "POLITE", "STAFF", "THANKS", "UPSET", "YOU")), 1)
    | dict.fromkeys((*ADDRESSED, *MODELS), 1)
    | dict.fromkeys(("guarded", "POLITE", "THANKS", "legal", "length"), -1)
)
RECALL_FIRST = dict.fromkeys((name for name in KINDS if KINDS[name] == "threat"), 1.5)  # they weigh this much at least
UPSET_SIGNS = (
    dict.fromkeys(
        ("complaint", "legal", "UPSET", "UPSET+YOU", "NOT", "SWEAR", "loud", "shouted", "model upset", "mail"), 1
    )
    | dict.fromkeys(("THANKS", "THANKS+YOU"), -1)
    | dict.fromkeys(("POLITE", "length", "privacy", "YOU", "any pattern", "guarded"), 0)
)
MANY_SENTENCES, LONG = 6, 1200  # sentences, characters: what goes beyond dilutes nothing
_LOUD = re.compile(r"[!?]{2,}")


@dataclass(frozen=True, slots=True)
class Features:
    """The numbers of one text, by name, and what was found in it."""

    numbers: dict[str, float]
    findings: Findings
    sentences: Sequence[Sentence]


def features_of(said: str, words: Lexicon, model: Ngrams | None) -> Features:
    """Return the features of *said* by the tables and the model of one language."""
    text = clean(said)
    parts = sentences(text)
    found = find_patterns(parts, words)
    numbers = {name: min(found.patterns[name], 4) ** 0.5 for name in (*KINDS, *BROAD) if found.patterns[name]}
    for name in CLASSES:
        if found.words[name]:
            numbers[name] = min(found.words[name], 6) ** 0.5
        if found.words[name + "+YOU"]:
            numbers[name + "+YOU"] = min(found.words[name + "+YOU"], 4) ** 0.5
    fired = sum(bool(found.patterns[name]) for name in KINDS)
    shouted = sum(len(part.text) for part in parts if part.shouted)
    length = sum(len(part.text) for part in parts) or 1
    numbers |= {
        "any pattern": float(fired > 0),
        "pattern share": found.struck / min(max(1, len(parts)), MANY_SENTENCES),
        "several patterns": max(0, fired - 1) ** 0.5,
        "shouted at you": float(found.patterns["shouted at you"] > 0),
        "shouted attack": float(any(found.patterns["shouted " + name] for name in KINDS)),
        "guarded": min(found.guards, 3) ** 0.5,
        "shouted": shouted / length,
        "loud": min(len(_LOUD.findall(text)), 4) ** 0.5,
        "length": math.log10(min(length, LONG) + 10) - 2,
    }
    if any(found.patterns[name] for name in KINDS if KINDS[name] == "threat"):
        numbers |= {"POLITE": 0.0, "THANKS": 0.0}  # a threat in polite words is a threat
    return Features(numbers | _model_numbers(found.meant, model), found, parts)


def _model_numbers(texts: Sequence[str], model: Ngrams | None) -> dict[str, float]:
    """Return the scores of the learned model: of the whole text, and of its most hostile sentence and the next one."""
    if model is None or not texts:
        return {}
    sums = [model.sums(words_of(text)) for text in texts]
    public, mail, upset = model.scores(added(sums))
    each = [model.scores(part) for part in sums]
    numbers = {"public": public, "mail": mail, "model upset": upset}
    for name, scores in (("public", [score[0] for score in each]), ("mail", [score[1] for score in each])):
        best, second, *_ = *sorted(scores, reverse=True), -1.0, -1.0
        numbers |= {f"{name} best": best, f"{name} second": second}
    return numbers
