"""Which numbers of a text the learned weights may use, and what each can speak for, whatever the training finds."""

from collections.abc import Mapping
from itertools import combinations

from mailassist.reading.tone.patterns import DEMAND, KINDS

PARTS = ("private", "menace", "harm", "pressure", "visit", "company", "care")  # of a threat
PAIRS = tuple(f"{one}+{other}" for one, other in combinations((*PARTS, DEMAND), 2))
BROAD = ("complaint", "legal", "privacy")  # patterns that are no hostility
MILD = ("NOT", "POLITE", "STAFF", "THANKS", "UPSET", "YOU")  # classes of words that are no hostility by themselves
MATTER = ("DAY", "ME", "WANT")  # classes that tell what a mail is about
CLASSES = (
    "ACCUSE", "BEAST", "BODY", "CHILD", "DIE", "FAMILY", "GROUP", "HARM", "INSULT", "MIND", "OBSCENE", "PLACE", "RUIN",
    "SEXY", "SLUR", "SMALL", "STUPID", "SWEAR", "WEAPON",
)  # fmt: skip
ADDRESSED = tuple(f"{name}+YOU" for name in CLASSES)
MODELS = tuple(f"{table}{part}" for table in ("public", "mail") for part in ("", " best", " second"))
SHAPES = (
    "any pattern", "pattern share", "several patterns", "shouted attack", "shouted at you", "shouted", "loud",
    "three parts", "four parts", "together", "threatening", "model upset",
)  # fmt: skip

Signs = Mapping[str, int]  # 1: speaks for it or not at all, -1: against it or not at all, 0: as the training has it
HOSTILE: Signs = dict.fromkeys((*KINDS, *SHAPES, *CLASSES, *ADDRESSED, *MODELS, *PARTS, *PAIRS), 1) | dict.fromkeys(
    ("guarded", "glad", "POLITE", "THANKS", "legal", "length"), -1
)
THREAT = HOSTILE  # of a threat beside what is civil
TALK: Signs = {**HOSTILE, "business": -1, "length": 0}  # of what does not read like a mail
BUSINESS: Signs = dict.fromkeys(("business", "POLITE", "complaint", "legal", "UPSET", "STAFF", "PLACE", *MATTER), 1) | {
    "length": 0
}  # what reads like a mail
UPSET: Signs = (
    dict.fromkeys(
        ("complaint", "legal", "UPSET", "UPSET+YOU", "NOT", "SWEAR", "loud", "shouted", "model upset", "mail"), 1
    )
    | dict.fromkeys(("THANKS", "THANKS+YOU"), -1)
    | dict.fromkeys(("POLITE", "length", "privacy", "YOU", "any pattern", "guarded"), 0)
)
RECALL_FIRST: Mapping[str, float] = {  # a threat is to be found: these weigh so much at least
    "violence": 2.0,
    "damage": 2.0,
    "extortion": 2.0,
    "veiled threat": 2.0,
}
