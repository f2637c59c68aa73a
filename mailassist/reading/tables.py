"""Tables in TOML that are part of the package, read once and only when asked for."""

import tomllib
from functools import cache
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
