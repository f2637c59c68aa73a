"""What a customer wrote as a plain value: nothing in it can act, in a template, a header field or a terminal."""

import unicodedata


def as_value(text: str) -> str:
    """Return *text* on one line, without control, direction or invisible characters and without our gap marks."""
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    kept = "".join(c for c in shown if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn") or c in "\u200c\u200d")
    return " ".join(kept.replace("[[", "[").replace("]]", "]").split())
