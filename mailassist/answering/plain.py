"""What a customer wrote as a plain value: nothing in it can act, in a template, a header field or a terminal."""

import unicodedata

_UNSEEN = ("Cf", "Cs", "Co", "Cn")


def as_value(text: str) -> str:
    """Return *text* on one line, without control, direction or invisible characters and without our gap marks."""
    if not text.isprintable():  # one look tells of nearly every text that there is nothing to take out
        shown = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
        text = "".join(c for c in shown if unicodedata.category(c) not in _UNSEEN or c in "\u200c\u200d")
    return " ".join(text.replace("[[", "[").replace("]]", "]").split())
