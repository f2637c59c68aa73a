"""
The models of intents: which one weighs most, how likely each is by itself, and which one the bare words speak for.

`models/intent.json` holds the first two, for all languages, by what the cues show; `models/intent-<tag>.bin` the third,
for one language: BUCKETS rows of signed bytes, how much the beginning of a word speaks for each intent.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

BUCKETS = 1 << 12
STEM = 5  # letters of a word: what follows is mostly its inflection
FEW = 40  # words, fewer of which say less
SPOKEN_FOR = 20  # of 127, from where on a word is shown as evidence

_MODELS = Path(__file__).parent / "models"
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Model:
    """How much each feature speaks for each intent, and what an intent starts with."""

    intents: tuple[str, ...]
    bias: Sequence[float]
    weights: Mapping[str, Sequence[float]]  # feature -> one weight for each intent

    def sums(self, features: Mapping[str, float]) -> list[float]:
        """Return what *features* weigh together, a number for each intent."""
        sums = list(self.bias)
        for name, value in features.items():
            if row := self.weights.get(name):
                sums = [total + value * weight for total, weight in zip(sums, row, strict=True)]
        return sums

    def weight(self, feature: str, intent: str) -> float:
        """Return how much *feature* speaks for *intent*; 0.0 for one that is not known."""
        return self.weights[feature][self.intents.index(intent)] if feature in self.weights else 0.0


@dataclass(frozen=True, slots=True)
class Words:
    """How much the words of one language speak for each intent, known cues or not."""

    intents: tuple[str, ...]
    bias: Sequence[float]
    scale: float  # what one unit of a row is worth
    table: Sequence[int]  # the rows one after the other

    def shares(self, text: str) -> dict[str, float]:
        """Return how likely each intent is the most weighty one; together 1."""
        rows = [self._row(stem) for stem in stems(text)]
        worth = self.scale / math.sqrt(max(FEW, len(rows)))
        sums = zip(*rows, strict=True) if rows else [()] * len(self.bias)
        return _shares(self.intents, [bias + worth * sum(one) for bias, one in zip(self.bias, sums, strict=True)])

    def evidence(self, text: str, intent: str, most: int) -> tuple[str, ...]:
        """Return the words of *text*, as written, that speak most for *intent*."""
        at = self.intents.index(intent)
        spoken = {stem: self._row(stem)[at] for stem in stems(text)}
        heaviest = sorted((stem for stem in spoken if spoken[stem] >= SPOKEN_FOR), key=lambda stem: -spoken[stem])
        written = {_stem(word): word for word in reversed(_WORD.findall(text))}
        return tuple(written[stem] for stem in heaviest[:most])

    def speak_for(self, intent: str, spoken: Iterable[str]) -> float:
        """Return how much the beginnings of words *spoken* speak for *intent*, together."""
        at, count = self.intents.index(intent), len(self.intents)
        return self.scale * sum(self.table[bucket(stem) * count + at] for stem in spoken)

    def _row(self, stem: str) -> Sequence[int]:
        start = bucket(stem) * len(self.intents)
        return self.table[start : start + len(self.intents)]


def stems(text: str) -> Iterable[str]:
    """Return the beginnings of the words of *text*, each once."""
    return dict.fromkeys([word.casefold()[:STEM] for word in _WORD.findall(text)])


def _stem(word: str) -> str:
    return word.casefold()[:STEM]


def bucket(stem: str) -> int:
    """Return the row of *stem*."""
    return crc32(stem.encode()) % BUCKETS


def shares(model: Model, features: Mapping[str, float]) -> dict[str, float]:
    """Return how likely each intent is the most weighty one; together 1."""
    return _shares(model.intents, model.sums(features))


def _shares(intents: Sequence[str], sums: Sequence[float]) -> dict[str, float]:
    highest = max(sums)
    powers = [math.exp(one - highest) for one in sums]
    total = sum(powers)
    return {name: power / total for name, power in zip(intents, powers, strict=True)}


def odds(model: Model, features: Mapping[str, float]) -> dict[str, float]:
    """Return how likely each intent is, each by itself: a mail may have several."""
    return {name: 1 / (1 + math.exp(-one)) for name, one in zip(model.intents, model.sums(features), strict=True)}


@cache
def load_model(title: str) -> Model:
    """Return the model that was learned for the "first" intent of a mail, or for "each" by itself."""
    read = _read()
    return Model(tuple(read["intents"]), tuple(read[title]["bias"]), read[title]["weights"])


@cache
def load_words(language: str) -> Words:
    """Return what was learned of the words of *language*; KeyError where there is no table of it."""
    read = _read()
    known = read["words"][language]
    table = memoryview((_MODELS / f"intent-{language}.bin").read_bytes()).cast("b")
    return Words(tuple(read["intents"]), known["bias"], known["scale"], table)


def _read() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((_MODELS / "intent.json").read_text("utf-8"))
    return read
