"""Tables in TOML that are part of the package, read once and only when asked for."""

import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_WORDS = Path(__file__).parent / "words"


@cache
def table(name: str) -> dict[str, Any]:
    """Return the table `words/<name>.toml`. What is returned is shared: it is read, never changed."""
    return read_table(name)


def read_table(name: str) -> dict[str, Any]:
    """Return the same, not kept: for a table that is looked at once, and compiled."""
    return tomllib.loads((_WORDS / f"{name}.toml").read_text("utf-8"))


def one_for_all(word: str, language: str) -> str:
    """Return the one string for *word* that the tables of *language* share while they are made."""
    return _words(language).setdefault(word, word)


@lru_cache(maxsize=1)
def _words(language: str) -> dict[str, str]:
    """Return the strings of the language whose tables were made last; `sys.intern` would keep room for all of them."""
    return {}
