"""A text as the named numbers its tone is weighed by: patterns, word classes, capitals, scores of the model."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, combinations_with_replacement, pairwise, repeat

from mailassist.reading.tone.lexicon import Lexicon
from mailassist.reading.tone.model import Ngrams, added, words_of
from mailassist.reading.tone.patterns import DEMAND, KINDS, Findings, find_patterns
from mailassist.reading.tone.signs import BROAD, CLASSES, MATTER, MILD, PARTS
from mailassist.reading.tone.text import Sentence, clean, sentences

MANY_SENTENCES, LONG = 6, 1200  # sentences, characters: what goes beyond dilutes nothing
LENGTH_OF_A_THREAT, SHARE_OF_A_THREAT = 0.4, 1 / 3  # of the features so named: as of a few sentences
FEWEST_MEETINGS = 15  # of classes that make a threat, of five of them: one or two elements are none
THREATS = frozenset(name for name, kind in KINDS.items() if kind == "threat")  # patterns
_LOUD = re.compile(r"[!?]{2,}")

Threats = Mapping[str, Mapping[str, float]]  # by a class, and by itself or one behind it in the alphabet


@dataclass(frozen=True, slots=True)
class Features:
    """The numbers of one text, by name, and what was found in it."""

    numbers: dict[str, float]
    findings: Findings


def features_of(
    said: str, words: Lexicon, model: Ngrams | None, pairs: Mapping[str, float], threats: Threats
) -> Features:
    """
    Return the features of *said* by the tables and the model of one language.

    pairs, threats: what two classes of words that meet speak for, as `together` and `threatening` take them.
    """
    text = clean(said)
    parts = sentences(text)
    found = find_patterns(parts, words)
    numbers = _counts(found) | _shape(found, parts) | _parts_of_a_threat(found)
    scores = _model_numbers(found.meant, model)
    numbers["loud"] = min(len(_LOUD.findall(text)), 4) ** 0.5
    numbers["together"] = together(found.classes, pairs)
    numbers["threatening"] = threatening(found.classes, threats)
    if not THREATS.isdisjoint(found.patterns):
        numbers |= {"POLITE": 0.0, "THANKS": 0.0}  # a threat in polite words is a threat,
        numbers["length"] = min(numbers["length"], LENGTH_OF_A_THREAT)  # and no less of one among others
        numbers["pattern share"] = max(numbers["pattern share"], SHARE_OF_A_THREAT)
        scores["mail"] = max(0.0, scores.get("mail", 0.0))  # whose civil rest takes nothing from it
    elif found.words["THANKS"] and not (found.words["UPSET"] or found.patterns["complaint"]):
        numbers["glad"] = 1.0  # who thanks and complains of nothing calls friends names
    return Features(numbers | scores, found)


def meetings(classes: Iterable[Iterable[str]]) -> set[str]:
    """Return the pairs of classes that meet in a sentence, "BODY HARM", each class with itself among them."""
    return set(chain.from_iterable(map(" ".join, combinations_with_replacement(sorted(one), 2)) for one in classes))


def together(classes: Iterable[Iterable[str]], pairs: Mapping[str, float]) -> float:
    """Return what the classes that meet in one sentence speak for, by the root of the number of meetings."""
    met = meetings(classes)
    return math.fsum(map(pairs.get, met, repeat(0.0))) / math.sqrt(max(1, len(met)))


def windows(classes: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
    """Return the classes of each two neighbouring sentences; of the sentence, where there is but one."""
    return [{**second, **first} for first, second in pairwise(classes)] or classes


def threatening(classes: Sequence[Mapping[str, str]], threats: Threats) -> float:
    """Return how much the elements of a threat speak for one where they stand closest; 0 where they do not."""
    return max((_threat(window, threats) for window in windows(classes)), default=0.0)


def _threat(window: Iterable[str], threats: Threats) -> float:
    """Return what the classes of a window speak for, by the root of the number of meetings or of FEWEST_MEETINGS."""
    names = sorted(window)
    total = 0.0
    for place, name in enumerate(names):
        if name in threats:
            met = threats[name]
            total += math.fsum([met[other] for other in names[place:] if other in met])
    return total / math.sqrt(max(FEWEST_MEETINGS, len(names) * (len(names) + 1) // 2))


def elements(classes: Sequence[Mapping[str, str]], threats: Threats) -> Sequence[str]:
    """Return the words that speak most for a threat where its elements stand closest, the weightiest first."""
    closest = max(windows(classes), key=lambda window: _threat(window, threats), default={})
    weighed = dict.fromkeys(closest, 0.0)
    for one, other in combinations_with_replacement(sorted(closest), 2):
        weight = max(0.0, threats.get(one, {}).get(other, 0.0))
        weighed |= {one: weighed[one] + weight, other: weighed[other] + weight}
    heaviest = sorted((name for name in weighed if weighed[name]), key=lambda name: (-weighed[name], name))
    return tuple(dict.fromkeys(closest[name] for name in heaviest))


def _counts(found: Findings) -> dict[str, float]:
    """Return how often each pattern fired and each class of words was met, damped."""
    numbers = {name: min(found.patterns[name], 4) ** 0.5 for name in (*KINDS, *BROAD) if name in found.patterns}
    for name in (*CLASSES, *MILD, *MATTER):
        if name in found.words:
            numbers[name] = min(found.words[name], 6) ** 0.5
            if beside := found.words[name + "+YOU"]:
                numbers[name + "+YOU"] = min(beside, 4) ** 0.5
    return numbers


def _shape(found: Findings, parts: Sequence[Sentence]) -> dict[str, float]:
    """Return how much of the text is struck by patterns or shouted, and how long it is."""
    fired = len(KINDS.keys() & found.patterns.keys())
    shouted = sum(len(part.text) for part in parts if part.shouted)
    length = sum(len(part.text) for part in parts) or 1
    return {
        "any pattern": float(fired > 0),
        "pattern share": found.struck / min(max(1, len(parts)), MANY_SENTENCES),
        "several patterns": max(0, fired - 1) ** 0.5,
        "shouted at you": float(found.patterns["shouted at you"] > 0),
        "shouted attack": float(shouted > 0 and any(f"shouted {name}" in found.patterns for name in KINDS)),
        "guarded": min(found.guards, 3) ** 0.5,
        "shouted": shouted / length,
        "length": math.log10(min(length, LONG) + 10) - 2,
    }


def _parts_of_a_threat(found: Findings) -> dict[str, float]:
    """Return which parts of a threat are there, each two of them, and whether there are many."""
    there = [name for name in (*PARTS, DEMAND) if name in found.parts]
    numbers = dict.fromkeys(there, 1.0) | {f"{one}+{other}": 1.0 for one, other in combinations(there, 2)}
    return numbers | {"three parts": float(len(there) > 2), "four parts": float(len(there) > 3)}


def _model_numbers(texts: Sequence[str], model: Ngrams | None) -> dict[str, float]:
    """Return the scores of the learned model: of the whole text, and of its most hostile sentence and the next one."""
    if model is None or not texts:
        return {}
    sums = [model.sums(words_of(text)) for text in texts]
    public, mail, upset, business = model.scores(added(sums))
    each = [model.scores(part) for part in sums]
    numbers = {"public": public, "mail": mail, "model upset": upset, "business": business}
    for name, scores in (("public", [score[0] for score in each]), ("mail", [score[1] for score in each])):
        best, second, *_ = *sorted(scores, reverse=True), -1.0, -1.0
        numbers |= {f"{name} best": best, f"{name} second": second}
    return numbers
