"""Where templates/, config/ and systemd/ lie: at the top of a checkout, inside the package once installed."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def shipped(name: str) -> Path:
    """Return the folder *name* (`templates`, `config` or `systemd`) that came with this copy of mailassist."""
    installed = _PACKAGE / "shipped" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
