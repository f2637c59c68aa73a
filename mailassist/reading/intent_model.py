"""The models of intents, `models/intent.json`: which one weighs most, and how likely each is by itself."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "models" / "intent.json"


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
            for index, weight in enumerate(self.weights.get(name, ())):
                sums[index] += value * weight
        return sums

    def weight(self, feature: str, intent: str) -> float:
        """Return how much *feature* speaks for *intent*; 0.0 for one that is not known."""
        return self.weights[feature][self.intents.index(intent)] if feature in self.weights else 0.0


def shares(model: Model, features: Mapping[str, float]) -> dict[str, float]:
    """Return how likely each intent is the most weighty one; together 1."""
    sums = model.sums(features)
    highest = max(sums)
    powers = [math.exp(one - highest) for one in sums]
    return {name: power / sum(powers) for name, power in zip(model.intents, powers, strict=True)}


def odds(model: Model, features: Mapping[str, float]) -> dict[str, float]:
    """Return how likely each intent is, each by itself: a mail may have several."""
    return {name: 1 / (1 + math.exp(-one)) for name, one in zip(model.intents, model.sums(features), strict=True)}


@cache
def load_model(title: str) -> Model:
    """Return the model that was learned for the "first" intent of a mail, or for "each" by itself."""
    read = json.loads(_FILE.read_text("utf-8"))
    return Model(tuple(read["intents"]), tuple(read[title]["bias"]), read[title]["weights"])
