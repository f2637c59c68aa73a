"""Closing formulas, names and signatures: the last lines of a mail, which are not said."""

import re
from collections.abc import Collection, Sequence
from functools import cache
from itertools import pairwise

from mailassist.reading.said.blocks import is_form
from mailassist.reading.said.footers import disclaimer_start, is_device_line
from mailassist.reading.said.lines import LOOKED_AT, RULE, Line, folded, has_address
from mailassist.reading.tables import table

_WINDOW = 15  # lines from the end in which a formula may stand
_SHORT = 70  # characters of a line of a signature, unless it holds a link or a number
_MOST_LINES = 8  # below a formula

_DELIMITERS = frozenset(("--", "—", "––", "– –", "- -"))
_PHONE = re.compile(r"(?:\+|\b0|\(0)\d[\d\s()/.\-–]{5,18}\d|\b\d{3}[-. ]\d{3}[-. ]\d{4}\b")
_LINK = re.compile(r"https?://|www\.|\w@\w|\.(?:com|de|org|net|fr|dk|nl|ru|pl|es|it|se|no|uk|example)\b", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"(?:p\.? ?){1,3}s\.? ?[:.\-–]|ps\b|пс\b|з\.ы\.", re.IGNORECASE)
_DASH_NAME = re.compile(r"(?:[-–—~]{1,2}|//?|\\) ?[^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,3}$")
_BAR = re.compile(r"\s+[|•·]\s+")
_BULLETS = ("- ", "* ", "• ", "+ ", "– ")


@cache
def _closings(key: str) -> frozenset[str]:
    return frozenset(folded(phrase) for language in table("closing").values() for phrase in language.get(key, ()))


@cache
def _longest() -> int:
    """Return how many words the longest formula has."""
    return max(len(phrase.split()) for phrase in _closings("formula") | _closings("thanks"))


def mark_endings(lines: Sequence[Line], names: Collection[str] = ()) -> None:
    """
    Mark what closes the mail, piece by piece from its end; never the first line of what was said.

    names: words of the sender's name, folded; a last line of nothing but these is a signature.
    """
    own = [line for line in lines if not line.kind]
    first = next((at for at, line in enumerate(own) if line.text), len(own))
    while True:
        while len(own) > first and not own[-1].text:
            own.pop()
        start, kind = _last_piece(own, first, names)
        if not kind:
            return
        for line in own[start:]:
            line.kind = "" if kind == "signature" and _is_reference(line.text) else kind
        del own[start:]


def _last_piece(own: Sequence[Line], first: int, names: Collection[str]) -> tuple[int, str]:
    """Return where the last piece that is not said begins, and its kind; "" where there is none."""
    if not own:
        return 0, ""
    last = own[-1].text
    if is_device_line(last):
        return len(own) - 1, "footer"
    if len(own) - 1 > first and (RULE.match(last[:LOOKED_AT]) or last in _DELIMITERS):
        return len(own) - 1, "signature"
    if (start := _closed(own, first)) is not None:
        return start, "signature"
    if len(own) - 1 > first and (_is_dashed(own) or _is_sender(own, names)):
        return len(own) - 1, "signature"
    start = disclaimer_start(own, first)
    if start is not None:
        return start, "disclaimer"
    for find in (_delimited, _reached):
        start = find(own, first)
        if start is not None:
            return start, "signature"
    return 0, ""


def is_postscript(text: str) -> bool:
    """Say whether *text* begins a postscript, which is said though it stands below the signature."""
    return _POSTSCRIPT.match(text) is not None


def _is_reference(text: str) -> bool:
    """Say whether *text* names an order or a customer by number, which is said wherever it stands."""
    if len(text) > _SHORT or sum(char.isdigit() for char in text) < 3 or _LINK.search(text):
        return False
    words = folded(text).split()
    known = _closings("reference")
    return any(word in known for word in words) or any(" ".join(pair) in known for pair in pairwise(words))


# ── delimiters ──


def _delimited(own: Sequence[Line], first: int) -> int | None:
    """Return the line of the delimiter, `-- ` (RFC 3676 §4.3) or one of its relatives, above a signature."""
    for at in range(max(first + 1, len(own) - 40), len(own)):
        line = own[at]
        if line.raw == "-- " or (line.text in _DELIMITERS and len(own) - at <= 20):
            return at
        if RULE.match(line.text[:LOOKED_AT]) and len(own) - at <= 2 * _WINDOW and _rules_off_signature(own, at):
            return at
    return None


def _rules_off_signature(own: Sequence[Line], rule: int) -> bool:
    """Say whether a signature stands below the dashes at *rule*; right below a headline they belong to a table."""
    below = [line.text for line in own[rule + 1 :] if line.text]
    if not below:
        return True
    short = all(len(text) <= _SHORT for text in below)
    if short and ((len(below) <= 3 and "_" in own[rule].text) or (len(below) <= 2 and is_name(below[0]))):
        return True
    if "." in own[rule].text and len(own[rule].text) >= 9:  # ". . . . . . ." above the imprint of a firm
        return True
    if is_form(own[rule + 1 :]) or any(map(_is_sentence, below)):
        return False
    parted = not own[rule - 1].text or "_" in own[rule].text or _formula(own[rule - 1].text) != ""
    return parted and len(below) <= 12 and any(_reaches(text) for text in below)


# ── formulas ──


def _closed(own: Sequence[Line], first: int) -> int | None:
    """Return the line of the closing formula below which nothing but a signature stands."""
    for at in range(max(first + 1, len(own) - _WINDOW), len(own)):
        strength = _formula(own[at].text)
        if not strength:
            continue
        below = [line.text for line in own[at + 1 :] if line.text]
        if not _is_signature(below):
            continue
        if strength != "thanks" or (is_name(below[0]) if below else own[at].text.endswith(",")):
            return at
    return None


def _formula(text: str) -> str:
    """Return "formula" or "thanks" where *text* is one, "named" where a name follows it on the line, else ""."""
    if not text or len(text) > _SHORT or text.startswith(_BULLETS):
        return ""
    words = folded(text)
    if words in _closings("formula"):
        return "formula"
    if words in _closings("thanks"):
        return "" if text.endswith("?") else "thanks"
    tokens = words.split()
    for count in range(min(_longest(), len(tokens) - 1), 0, -1):
        opening = " ".join(tokens[:count])
        if opening in _closings("formula") or opening in _closings("thanks"):
            return "named" if _is_named(text, len(tokens) - count) else _greeting(text, tokens)
    return _greeting(text, tokens)


def _is_named(text: str, count: int) -> bool:
    """Say whether the last *count* words of *text* are a name, told apart from the formula before them."""
    words = text.split()
    if count >= len(words) or not is_name(" ".join(words[-count:])):
        return False
    joined = any(word in _closings("particle") for word in words[-count:])
    return count <= 2 or joined or not words[-count - 1][-1].isalnum()


def _greeting(text: str, tokens: Sequence[str]) -> str:
    """Return "formula" for a short line of greeting: "Mit verärgerten Grüßen", "Hilsen fra Anna og Per"."""
    if len(tokens) > 7 or text[-1] in "?:" or any(char.isdigit() for char in text):
        return ""
    at = next((at for at, token in enumerate(tokens[:4]) if token in _closings("greeting")), None)
    if at is None:
        return ""
    after = text.split()[at + 1 :]
    if not after or after[0] in _closings("origin"):
        return "formula"
    return "formula" if is_name(" ".join(after)) else ""


def is_name(text: str) -> bool:
    """Say whether *text* looks like a name: one to four words with capitals, or of a script without."""
    words = text.strip(" .,;!-–—/*_~()[]").split()
    if not 1 <= len(words) <= 4 or text[-1:] in "?!" or any(char.isdigit() or char == ":" for char in text):
        return False
    return all(
        word[0].isupper() or word in _closings("particle") or (word[0].isalpha() and word[0].lower() == word[0].upper())
        for word in words
    )


def _is_signature(below: Sequence[str]) -> bool:
    """Say whether the lines could be a name, a firm and where to reach them."""
    if len(below) > _MOST_LINES and not (len(below) <= _WINDOW and any(map(_reaches, below))):
        return False
    return not any(is_postscript(text) or text.endswith("?") or _is_sentence(text) for text in below)


def _is_sentence(text: str) -> bool:
    """Say whether a line is too long for a signature, or runs on in words written small."""
    if _reaches(text):
        return False
    return len(text) > _SHORT or sum(word.islower() for word in text.split()) >= 5


def _ends_sentence(text: str) -> bool:
    return text[-1] in ".!?" and sum(word.islower() for word in text.split()) >= 2


# ── without a formula ──


def _reaches(text: str) -> bool:
    """Say whether a line says how to reach someone: a telephone number, an address, a link."""
    text = text[:LOOKED_AT]
    return bool(_PHONE.search(text) or _LINK.search(text) or has_address(text))


def _reached(own: Sequence[Line], first: int) -> int | None:
    """Return the line of a name, below which nothing but short lines follow, one of them a number or an address."""
    begin = len(own)
    while begin > first and own[begin - 1].text and len(own) - begin <= _MOST_LINES:
        begin -= 1
    block = [line.text for line in own[begin:]]
    if not 1 <= len(block) <= _MOST_LINES or any(len(text) > _SHORT or _ends_sentence(text) for text in block):
        return None
    name, *others = _BAR.split(block[0])
    if begin > first and others and _is_full_name(name, folded(name).split()):
        return begin  # "Anna Berg | Head of Sales"
    if all(map(_reaches, block)):  # the name may stand apart from them
        above = begin - 1
        while above > first and not own[above].text:
            above -= 1
        name = own[above].text
        alone = _DASH_NAME.match(name[:_SHORT]) or _is_full_name(name, folded(name).split())
        return above if above > first and alone else None
    named = begin > first and is_name(name) and not name.endswith(",")
    return begin if named and any(map(_reaches, block[1:])) else None


def _is_dashed(own: Sequence[Line]) -> bool:
    """Say whether the last line is a dash or a slash and a name: "-Anna", "/Anna", "~ Anna"."""
    last = own[-1].text
    if len(last) > 40 or not _DASH_NAME.match(last):
        return False
    return own[-2].text[:1] != last[:1]  # an item of a list has a neighbour


def _is_sender(own: Sequence[Line], names: Collection[str]) -> bool:
    """Say whether the last line is the sender's name, or a name in two or three words on its own below a sentence."""
    last = own[-1].text
    words = folded(last).split()
    if not words or len(last) > 40:
        return False
    if names and len(words) <= 4 and all(word in names for word in words):
        return True
    above = next((line.text for line in reversed(own[:-1]) if line.text), "")
    return above[-1:] in ".!?…)" and _is_full_name(last, words)


def _is_full_name(text: str, words: Sequence[str]) -> bool:
    """Say whether *text* is a name in two or three words, one of them written out: "Anna B.", "P. H. Berg"."""
    if not 2 <= len(words) <= 3 or not is_name(text) or text[-1] in ",;" or (text[-1] == "." and len(words[-1]) > 1):
        return False
    if any(word in _closings("thanks") or word in _closings("no_name") for word in words):
        return False
    parts = text.replace(".", " ").replace("-", " ").replace("’", "").replace("'", "").split()
    titled = all((part.isalpha() and part[1:].islower()) or len(part) == 1 for part in parts)
    return titled and max(map(len, parts)) > 2
