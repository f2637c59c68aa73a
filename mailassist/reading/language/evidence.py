"""
What a text says about its language, letter by letter and word by word: the only door to langdetect.

Its profiles are the model. They are not sampled, as the package does (seven draws, each until it is certain), but
summed: the same text then always gives the same numbers. The tables are read while this module is imported, in about
0.01 s: the import lock makes that happen once, whatever number of threads is first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from operator import add

from langdetect.utils.ngram import NGram

from mailassist.reading.language.table import ENTRY_OCTETS, LANE_BITS, LANES, MODEL, UNIT, WORD, unpack_tables


class _Letters(dict[int, str]):
    """A table for str.translate that asks langdetect once for each letter what it counts as."""

    def __missing__(self, code: int) -> str:
        letter: str = NGram.normalize(chr(code))
        self[code] = letter
        return letter


_GRAMS, _WORDS = unpack_tables(MODEL.read_bytes())
_LETTERS = _Letters()
# Norwegian says "skoene mine", which neither Danish ("mine sko") nor Swedish ("mina skor") does.
_OWNERS = frozenset(WORD.findall("min mitt mi mine din ditt di dine sin sitt sine vår vårt våre hans hennes deres"))
_DEFINITE = ("en", "et", "ene")
_POSSESSIVE = 2 * int(UNIT) << LANE_BITS * LANES.index("nb")
_INVERTED_MARK = re.compile("[¿¡]")
_INVERTED = 4 * int(UNIT) << LANE_BITS * LANES.index("es")
# Within a sentence, a capital I is a word in Danish ("kan I sende") and in English only.
_I_INSIDE = re.compile("(?<=[a-zæøå] )I(?= )")
_CAPITAL_I = (3 * int(UNIT) << LANE_BITS * LANES.index("da")) + (3 * int(UNIT) << LANE_BITS * LANES.index("en"))
_LANE = (1 << LANE_BITS) - 1
_EVERY_LANE = sum(1 << LANE_BITS * lane for lane in range(len(LANES)))
_ALMOST_TOP = _EVERY_LANE * ((1 << LANE_BITS - 1) - 1)  # one more in a lane sets its highest bit


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the letters and the words of a text say, in nats, a number for each of LANES."""

    words: tuple[str, ...]  # in lower case
    letters: int  # with the spaces between the words
    grams: tuple[float, ...]  # log-likelihoods, but for a number that is the same in all
    lexical: tuple[float, ...]
    known: tuple[int, ...]  # how many of the words are listed for the language
    strange: tuple[int, ...]  # how many of the words have a letter its profile does not


def evidence(text: str) -> Evidence:
    """Return what *text* says for each of LANES."""
    lower = text.lower()
    words = tuple(WORD.findall(lower))
    letters = lower.translate(_LETTERS).split()
    grams = sum(map(_grams, letters))  # langdetect knows no n-gram that goes on in the next word
    entries = [_WORDS[word] for word in words]
    entries += [_INVERTED] * len(_INVERTED_MARK.findall(text))
    entries += [_CAPITAL_I] * len(_I_INSIDE.findall(text))
    entries += [_POSSESSIVE for noun, owner in pairwise(words) if owner in _OWNERS and noun.endswith(_DEFINITE)]
    strange = [_common(map(_GRAMS.__getitem__, word)) for word in words if not word.isascii()]
    return Evidence(
        words,
        len(" ".join(letters)),
        unpack(grams),
        unpack(sum(entries)),
        _count(entries[: len(words)]),
        tuple(len(strange) - n for n in _count(strange)),
    )


def word_entries_of(words: Iterable[str]) -> list[tuple[int, int]]:
    """Return for each of *words*, in lower case, the entry of its n-grams and its own; `lane_of` reads them."""
    return [(_grams(word.translate(_LETTERS).strip()), _WORDS[word]) for word in words]


def lane_of(entry: int, lane: int) -> float:
    """Return the nats that *entry* has for one of LANES."""
    return (entry >> LANE_BITS * lane & _LANE) / UNIT


@lru_cache(maxsize=4096)
def _grams(word: str) -> int:
    """Return the entry of all n-grams of *word*."""
    padded = f" {word} "
    pairs = list(map(add, padded, padded[1:]))
    triples = map(add, pairs, padded[2:])
    return sum(map(_GRAMS.__getitem__, chain(word, pairs, triples)))


def unpack(total: int) -> tuple[float, ...]:
    """Return the nats that an entry, or a sum of entries, has for each of LANES."""
    lanes = memoryview(total.to_bytes(ENTRY_OCTETS, "little")).cast("I")
    return tuple([value / UNIT for value in lanes])


def _common(entries: Iterable[int]) -> int:
    """Return an entry that is 1 in the lanes in which none of *entries* is 0."""
    common = _EVERY_LANE
    for entry in set(entries):
        common &= _present(entry)
    return common


def _present(entry: int) -> int:
    """Return an entry that is 1 in the lanes in which *entry* is not 0, without a look at each of them."""
    return (entry + _ALMOST_TOP) >> (LANE_BITS - 1) & _EVERY_LANE


def _count(entries: Iterable[int]) -> tuple[int, ...]:
    """Return for each lane in how many of *entries* it is not 0."""
    return tuple(memoryview(sum(map(_present, entries)).to_bytes(ENTRY_OCTETS, "little")).cast("I"))
