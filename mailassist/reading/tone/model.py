"""
The learned part of tone: linear models over hashed pieces of words, and the weights that join them to the patterns.

`models/tone-<tag>.bin` holds four tables of signed bytes, BUCKETS of them: how much each piece speaks for hostility
in public talk, for hostility in mail, for displeasure in mail, and for being mail and no talk. `models/tone.json` holds
the scale of each table and the weights of every named feature. Both are made by training/train_tone.py, byte for byte.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from zlib import crc32

BUCKETS = {"public": 1 << 16, "mail": 1 << 15, "upset": 1 << 13, "business": 1 << 13}
UNEXPLAINED = (
    0.7  # of the weighed sum: taken off a text in which nothing named is hostile, as no words of it can be told
)
UPSET_FROM = -0.24  # of the weighed sum: to take displeasure for calm is the worse mistake
LIKE_MAIL = -1.0  # from here on a text reads like a mail, and less and less like talk
PIECES = range(3, 6)  # lengths of the pieces of a word, its ends marked

_MODELS = Path(__file__).parent.parent / "models"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|[!?]+")
_RUN = re.compile(r"(.)\1{2,}")


@dataclass(slots=True)
class Ngrams:
    """The tables of one language; a text's score by each is the sum over its pieces, by the root of their number."""

    tables: Sequence[Sequence[int]]
    scales: Sequence[float]  # what one unit of each table is worth
    _of_word: Callable[[str], tuple[int, ...]] = field(init=False)  # number of its pieces, their sum in each table

    def __post_init__(self) -> None:
        self._of_word = lru_cache(maxsize=1024)(lambda word: self._sum(pieces(word)))

    def sums(self, words: Sequence[str]) -> tuple[int, ...]:
        """Return the number of pieces in a row of words (`words_of`), and their sum in each table."""
        found = list(map(self._of_word, words))
        found.append(self._sum(pairs_of(words)))
        return added(found)

    def scores(self, sums: Sequence[int]) -> list[float]:
        """Return how much what was summed up speaks for what each table is about."""
        number, *totals = sums
        root = max(number, 1) ** 0.5
        return [total * scale / root for total, scale in zip(totals, self.scales, strict=True)]

    def _sum(self, found: Sequence[str]) -> tuple[int, ...]:
        hashes = [crc32(piece.encode()) for piece in found]
        return len(hashes), *(sum([table[value % len(table)] for value in hashes]) for table in self.tables)


def added(sums: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the sums of several texts as those of one."""
    return tuple(map(sum, zip(*sums, strict=True)))


def words_of(text: str) -> list[str]:
    """Return the words of a cleaned text as the model knows them: lower case, a letter twice at most, digits as 0."""
    plain = _RUN.sub(r"\1\1", text.casefold().replace("ё", "е").replace("’", "'"))
    return ["0" * len(word[:4]) if word.isdigit() else word for word in _WORD.findall(plain)]


def pieces(word: str) -> list[str]:
    """Return a word and its pieces, `^` before its beginning and `$` after its end."""
    marked = f"^{word}$"
    return [marked, *(marked[at : at + size] for size in PIECES for at in range(len(marked) - size + 1))]


def pairs_of(words: Sequence[str]) -> list[str]:
    """Return each two neighbouring words as one piece."""
    return [f"{first} {second}" for first, second in pairwise(words)]


@cache
def ngrams(language: str) -> Ngrams | None:
    """Return the tables of *language*, None where there are none."""
    source = _MODELS / f"tone-{language}.bin"
    if not source.is_file():
        return None
    octets, tables, at = memoryview(source.read_bytes()).cast("b"), [], 0
    for size in BUCKETS.values():
        tables.append(octets[at : at + size])
        at += size
    return Ngrams(tables, weights().scales[language])


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned for all languages together."""

    hostile: Mapping[str, float]  # by feature, BIAS among them
    threat: Mapping[str, float]  # the same for threats alone
    talk: Mapping[str, float]  # the same for what does not read like a mail
    business: Mapping[str, float]  # how much it reads like one
    upset: Mapping[str, float]
    pairs: Mapping[str, float]  # of hostility, by two classes of words that meet in a sentence
    threats: Mapping[str, Mapping[str, float]]  # of a threat, by one class and another near it
    threshold: float  # the weighed sum that makes a score of 0.5
    threat_threshold: float  # that of a threat
    talk_thresholds: Mapping[str, float]  # by language
    slope: float
    scales: Mapping[str, Sequence[float]]  # of the tables of each language


@cache
def weights() -> Weights:
    """Return the learned weights."""
    return Weights(**json.loads((_MODELS / "tone.json").read_text("utf-8")))
