"""Tables of words, a language a section, that a native speaker can read and add to."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Return the table `<name>.toml` of this folder, read once."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text("utf-8"))
