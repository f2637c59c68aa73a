"""A body -> what the message adds."""

from mailassist.values import Removed


def extract_said(text: str) -> str:
    """Return what *text*, the plain text of a message, newly says."""
    return split(text)[0]


def split(text: str) -> tuple[str, tuple[Removed, ...]]:
    """Return what *text* newly says, and the pieces it has beyond that."""
    return text.strip(), ()
