"""What is known of names: the given names of many languages, what a set's [names] says, and words that are none."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from mailassist.answering.locale import Locale

PARTICLES = frozenset(  # written small, they begin a surname: "Irmgard von Tettau" is Frau von Tettau
    (
        "af", "al", "bin", "da", "dal", "dalla", "das", "de", "degli", "dei", "del", "della", "den", "der", "des", "di",
        "do", "dos", "du", "el", "ibn", "la", "le", "ten", "ter", "tot", "van", "vom", "von", "zu", "zum", "zur",
    )
)  # fmt: skip
_WORDS = Path(__file__).parent / "words"


class Names(NamedTuple):
    """What the [names] of a template set say, ready to be asked; words in lower case."""

    female: frozenset[str]
    male: frozenset[str]
    listed: frozenset[str]  # both
    particles: frozenset[str]
    joining: tuple[str, ...]  # "and", as written; the first is the one to greet with
    roles: frozenset[str]  # words that are no person's
    titles: Mapping[str, str]  # as customers write it -> as the greeting has it
    vocatives: Mapping[str, str]
    surname: re.Pattern[str] | None
    patronymic: re.Pattern[str] | None

    def small(self, word: str) -> bool:
        """Say whether *word*, in lower case, is one that is written small in a name."""
        return word in PARTICLES or word in self.particles or word in self.joining

    def is_surname(self, word: str) -> bool:
        """Say whether *word* has the ending of a surname and is no first name the language lists."""
        return bool(self.surname and self.surname.fullmatch(word)) and word.casefold() not in self.listed


class _Table:
    """A table as the key of a cache: the same as itself alone, so that nobody compares what is in it."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = table

    def __hash__(self) -> int:
        return id(self.table)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Table) and self.table is other.table


def names(locale: Locale) -> Names:
    """Return the names of *locale*, read once for each set."""
    return _names(_Table(locale.raw.get("names", {})))


@lru_cache(maxsize=32)
def _names(of: _Table) -> Names:
    table = of.table
    female, male, particles, roles = (
        _folded(table.get(key, ())) for key in ("female", "male", "particles", "no_person")
    )
    return Names(
        female, male, female | male, particles,
        tuple(table.get("and", ())),
        roles,
        {key.casefold(): shown for key, shown in table.get("titles", {}).items()},
        {key.casefold(): called for key, called in table.get("vocative", {}).items()},
        _pattern(table.get("surname", "")),
        _pattern(table.get("patronymic", "")),
    )  # fmt: skip


def _folded(words: list[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


def _pattern(text: str) -> re.Pattern[str] | None:
    return re.compile(text, re.I) if text else None


def is_given(word: str, known: Names) -> bool:
    """Say whether *word* is a given name, or two joined by a hyphen."""
    lower = word.casefold()
    if _is_one(lower, known):
        return True
    parts = lower.split("-")
    return len(parts) > 1 and all(_is_one(part, known) for part in parts)


def _is_one(lower: str, known: Names) -> bool:
    return any(one in known.listed or f" {one} " in given_names().get(one[:1], "") for one in (lower, bare(lower)))


@cache
def given_names() -> dict[str, str]:
    """Return the given names of many languages by their first letter, in lower case, with their accents and without."""
    found = _read("given_names.txt")
    letters = groupby(sorted({*found, *map(bare, found)}), key=lambda name: name[0])
    return {letter: f" {' '.join(names)} " for letter, names in letters}  # as texts: a set takes ten times the memory


class Words(NamedTuple):
    """A list of words, without accents: whole ones, how they begin, how they end."""

    whole: frozenset[str]
    begun: tuple[str, ...]
    ended: tuple[str, ...]

    def has(self, word: str) -> bool:
        lower = bare(word.casefold()).strip(".")
        return lower in self.whole or lower.startswith(self.begun) or lower.endswith(self.ended)


def speaks_against(word: str) -> bool:
    """Say whether *word* is one that stands in the signature of a firm, a role or nobody at all, in any language."""
    return _words("not_names.txt").has(word) or is_firm(word)


def is_firm(word: str) -> bool:
    """Say whether *word* is a firm, a shop, an office, a club or a house, in any language."""
    return _words("firms.txt").has(word)


@cache
def _words(name: str) -> Words:
    found = [bare(word) for word in _read(name)]
    return Words(
        frozenset(word.strip("*") for word in found if not word.startswith("*")),
        tuple(word[:-1] for word in found if word.endswith("*")),
        tuple(word[1:] for word in found if word.startswith("*")),
    )


def _read(name: str) -> list[str]:
    """Return the words of a list, in lower case, without its headings."""
    lines = (_WORDS / name).read_text("utf-8").splitlines()
    return " ".join(line for line in lines if not line.startswith("#")).casefold().split()


def bare(word: str) -> str:
    """Return *word* without its accents; those of Cyrillic letters stay (й is more than и)."""
    if word.isascii():
        return word
    letters = (c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c) or c == "\u0306")
    return unicodedata.normalize("NFC", "".join(letters))
