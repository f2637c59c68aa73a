"""
Mail that was meant for a school, a surgery, a power company or their like, and came to us.

The table `words/trades.toml` holds what only their customers write, and how a name begins that belongs to such a house.
"""

import re
from collections import defaultdict
from functools import cache

from mailassist.reading.cues import CueTable
from mailassist.reading.tables import read_table
from mailassist.reading.vocabulary import RELATED

MOST_READ = 12_000  # characters of a message that are read
FEWEST = 2  # different things that a mail says of such a house; one says anybody
NAMES = "names"
_NAME = re.compile(r"[^\W\d_]+")


def foreign_trade(said: str, language: str, ours: str) -> tuple[str, ...]:
    """
    Return the phrases of *said* that show a trade which is not ours, () where there is none.

    ours: all that names us, the name in the facts and the addresses we were written to at.
    """
    tag = language.partition("-")[0].lower()
    told = _trades(RELATED.get(tag, tag))
    if told is None:
        return ()
    read, found = said[:MOST_READ], defaultdict[str, dict[str, str]](dict)
    for hit in told.find(read):
        found[hit.name.partition(" ")[0]].setdefault(hit.name, " ".join(read[hit.start : hit.end].split()))
    foreign = [phrases for trade, phrases in found.items() if len(phrases) >= FEWEST and not _is_ours(trade, ours)]
    return tuple(max(foreign, key=len).values()) if foreign else ()


@cache
def _trades(tag: str) -> CueTable | None:
    """Return the phrases of a language, each under its trade and number: "bank 3"."""
    known = read_table("trades").get(tag)
    if known is None:
        return None
    return CueTable({f"{trade} {n}": [one] for trade, phrases in known.items() for n, one in enumerate(phrases)}, tag)


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Return how a word begins that a house of each trade is called by."""
    return {trade: tuple(begins) for trade, begins in read_table("trades")[NAMES].items()}


def _is_ours(trade: str, ours: str) -> bool:
    return any(word.startswith(_names()[trade]) for word in _NAME.findall(ours.lower()))
