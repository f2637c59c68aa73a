"""
A text in two languages -> the part in which its writer speaks for themselves.

Customers copy in what a program, a manual or a terms page told them. Each word is given to one of the candidates, such
that the whole is likeliest and changes of language are few; then the writer's own part is told by its "I" and "my".
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from mailassist.reading.language.evidence import lane_of, unpack, word_entries_of
from mailassist.reading.language.table import LANES, LISTED, TRANSLITERATED, WORD
from mailassist.reading.tables import table

GRAM_WEIGHT, WORD_WEIGHT = 0.17, 1.0  # n-grams overlap, so each counts for less than it says
CANDIDATES = 4  # languages between which the words of a text are divided
CHANGE, CHANGE_BETWEEN_SENTENCES = 7.0, 3.0  # nats that a change of language costs
OWN_WEIGHT = 3  # a word of a part with "I" or "my" counts for so many others
MACHINE_WEIGHT = 0.5  # English without them: what most programs speak
WORDS_AT_LEAST = 2
WORDS_AT_MOST = 250  # that are divided; the others are left out
# Between these a text is not divided: they share most of their words.
NEIGHBOURS = tuple(
    map(str.split, ("da nb sv", "es pt ca it", "cs sk pl", "ru uk bg mk", "hr sl", "nl af", "fr ca", "et fi", "lt lv"))
)
_TOKEN = re.compile(r"[^\W\d_]+|[.!?;:…\n]+")


class Ranked(NamedTuple):
    """A language that a text may be in."""

    tag: str
    lane: int  # of LANES; a language may have two
    score: float  # nats


def nats(grams: float, lexical: float) -> float:
    """Return the evidence of n-grams and of words together."""
    return GRAM_WEIGHT * grams + WORD_WEIGHT * lexical


def writers_own(text: str, ranked: Sequence[Ranked]) -> tuple[str, str]:
    """Return the part of *text* its writer speaks in, and the tag of the other; (text, "") if there is no other."""
    words, starts = _words(text)
    entries = word_entries_of(words)
    lanes = _candidates(ranked, [own for _, own in entries])
    scores = [[nats(lane_of(grams, lane), lane_of(own, lane)) for lane in lanes] for grams, own in entries]
    part = _divide(scores, starts)
    weights: dict[int, float] = {}
    for choice in set(part):
        own = [word for word, chosen in zip(words, part, strict=True) if chosen == choice]
        if len(own) >= WORDS_AT_LEAST:
            weights[choice] = len(own) * _weight(own, _tag(lanes[choice]))
    if len({_tag(lanes[choice]) for choice in weights}) < 2:
        return text, ""
    best, other = sorted(weights, key=lambda choice: -weights[choice])[:2]
    return " ".join(word for word, chosen in zip(words, part, strict=True) if chosen == best), _tag(lanes[other])


def _words(text: str) -> tuple[list[str], set[int]]:
    """Return the words of *text* in lower case, and the indices at which a sentence begins."""
    words: list[str] = []
    starts: set[int] = set()
    for token in _TOKEN.findall(text.lower()):
        if token[0].isalpha():
            words.append(token)
        else:
            starts.add(len(words))
        if len(words) == WORDS_AT_MOST:
            break
    return words, starts


def _candidates(ranked: Sequence[Ranked], entries: Sequence[int]) -> list[int]:
    """Return the lanes to divide a text between: the likeliest, and those that know the words which it does not."""
    first = ranked[0]
    known = unpack(sum(entry for entry in entries if not lane_of(entry, first.lane)))
    near = {tag for group in NEIGHBOURS if first.tag in group for tag in group}
    others = [one.lane for one in ranked[1:] if one.tag in LISTED and one.tag not in near and known[one.lane]]
    return [first.lane, *sorted(others, key=lambda lane: -known[lane])[: CANDIDATES - 1]]


def _divide(scores: Sequence[Sequence[float]], starts: set[int]) -> list[int]:
    """Return for each word the index of the candidate it belongs to (Viterbi's algorithm)."""
    if not scores:
        return []
    totals = list(scores[0])
    origins: list[list[int]] = []
    for index, word in enumerate(scores[1:], 1):
        change = CHANGE_BETWEEN_SENTENCES if index in starts else CHANGE
        best = max(range(len(totals)), key=totals.__getitem__)
        origin = [i if totals[i] >= totals[best] - change else best for i in range(len(totals))]
        totals = [max(totals[i], totals[best] - change) + word[i] for i in range(len(totals))]
        origins.append(origin)
    part = [max(range(len(totals)), key=totals.__getitem__)]
    for origin in reversed(origins):
        part.append(origin[part[-1]])
    return part[::-1]


def _weight(words: Sequence[str], tag: str) -> float:
    if not first_person(tag).isdisjoint(words):
        return OWN_WEIGHT
    return MACHINE_WEIGHT if tag == "en" else 1.0


def _tag(lane: int) -> str:
    name: str = LANES[lane]
    return TRANSLITERATED.get(name, name)


@cache
def first_person(tag: str) -> frozenset[str]:
    """Return the words by which a writer in *tag* speaks of themselves; empty where there is no list."""
    return frozenset(WORD.findall(table(f"language/{tag}").get("first_person", ""))) if tag in LISTED else frozenset()
