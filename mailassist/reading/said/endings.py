"""What stands at the end of a mail and is not said: closing formulas, names, signatures, device lines, disclaimers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from mailassist.reading.said.lines import RULE, Line, folded, has_address
from mailassist.reading.words import table

_WINDOW = 15  # lines from the end in which a signature may begin
_MAX_SHORT = 70  # characters of a line of a signature
_MAX_LINES = 8  # lines below a closing formula

_DELIMITER = re.compile(r"(?:--|—|––|-- )$")
_PHONE = re.compile(r"(?:\+|\b0|\(0)\d[\d\s()/.\-–]{5,18}\d")
_LINK = re.compile(r"https?://|www\.|@\w|\.(?:com|de|org|net|fr|dk|nl|ru|pl|es|it|se|no|example)\b", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"(?:p\.?\s?){1,3}s\.?\s?[:.\-–]|ps\b|p\.s\.|пс\b|з\.ы\.", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"<[^<>]*>|\(?https?://\S+")
_MY = frozenset(
    "my meinem meiner mi mio mon ma mijn min mitt mojego meu minha moego моего мого mého môjho meu mea meva".split()
)
_CAPITAL_OR_DIGIT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_DASH_NAME = re.compile(r"(?:[-–—~]{1,2}|//?|\\)\s?[^\W\d_][\w.'’-]*(?:\s[\w.'’-]+){0,3}$")


@dataclass(frozen=True, slots=True)
class _Closings:
    formulas: frozenset[str]
    longest: int  # words of the longest formula
    thanks: frozenset[str]
    devices: tuple[str, ...]
    brands: frozenset[str]
    disclaimers: tuple[str, ...]
    banners: tuple[str, ...]


@cache
def _closings() -> _Closings:
    languages = table("closing")
    formulas = _all(languages.values(), "formula")
    thanks = _all(languages.values(), "thanks")
    brands = frozenset(map(folded, languages["brands"]["device"]))
    spoken = [language for tag, language in languages.items() if tag != "brands"]
    return _Closings(
        formulas=formulas,
        longest=max(len(formula.split()) for formula in formulas | thanks),
        thanks=thanks,
        devices=tuple(sorted(_all(spoken, "device"), key=len, reverse=True)),
        brands=brands,
        disclaimers=tuple(_all(spoken, "disclaimer")),
        banners=tuple(_all(spoken, "banner")),
    )


def is_postscript(text: str) -> bool:
    """Say whether *text* begins a postscript, which is said though it stands below the signature."""
    return _POSTSCRIPT.match(text) is not None


def _all(languages: Iterable[dict[str, list[str]]], key: str) -> frozenset[str]:
    return frozenset(folded(phrase) for language in languages for phrase in language.get(key, ()))


def mark_banners(lines: Sequence[Line]) -> None:
    """Mark the warning of a mail gateway at the top: whole paragraphs, within the first ten lines."""
    at = 0
    while at < len(lines) and at < 10:
        end = at
        while end < len(lines) and lines[end].text:
            end += 1
        if end > at and not _is_banner(lines[at:end]):
            return
        for line in lines[at:end]:
            line.kind = "banner"
        at = end + 1


def _is_banner(paragraph: Sequence[Line]) -> bool:
    text = folded(" ".join(line.text for line in paragraph))
    return len(text) < 390 and any(phrase in text for phrase in _closings().banners)


def mark_signatures(lines: list[Line]) -> None:
    """Mark what closes the mail, piece by piece from its end; never the first line of what was said."""
    own = [line for line in lines if not line.kind]
    while own:
        while own and not own[-1].text:
            own.pop()
        start, kind = _last_piece(own)
        if not kind:
            return
        for line in own[start:]:
            line.kind = kind
        del own[start:]


def _last_piece(own: list[Line]) -> tuple[int, str]:
    """Return where the last piece that is not said begins, and its kind; "" where there is none."""
    if not own:
        return 0, ""
    if is_device_line(own[-1].text):
        return len(own) - 1, "footer"
    if RULE.match(own[-1].text[:200]) or _DELIMITER.match(own[-1].text):
        return len(own) - 1, "signature"
    for find, kind in (
        (_disclaimer, "disclaimer"),
        (_delimited, "signature"),
        (_closed, "signature"),
        (_signed, "signature"),
    ):
        start = find(own)
        if start is not None and any(line.text for line in own[:start]):
            return start, kind
    return 0, ""


# ── device lines ──


def is_device_line(text: str) -> bool:
    """Say whether *text* is the line that a phone or an app adds: "Sent from my iPhone"."""
    text = text.strip(" *_-–—|>[](){}~.")
    if not 5 <= len(text) <= 160:
        return False
    words = folded(_IN_BRACKETS.sub(" ", text))
    known = _closings()
    if opened := next((opening for opening in known.devices if words.startswith(opening)), ""):
        named = words[len(opened) :].split()
    elif opened := next((opening for opening in known.devices if len(opening) > 5 and words.endswith(opening)), ""):
        named = words[: -len(opened)].split()
    if not opened or len(named) > 10:
        return False
    if _names_brand(named[:5]) or not opened.isascii() and len(named) <= 3:
        return True
    # A phone of a maker not listed: "Sent from my Wiko Ridge", but not "sent from my desk, which …"
    return (
        opened.split()[-1] in _MY and len(named) <= 5 and "," not in text and text.split()[-1][:1] in _CAPITAL_OR_DIGIT
    )


def _names_brand(words: Sequence[str]) -> bool:
    brands = _closings().brands
    return any(word in brands for word in words) or any(
        " ".join(pair) in brands for pair in zip(words, words[1:], strict=False)
    )


# ── disclaimers ──


_HEADLINES = frozenset(
    ("disclaimer", "confidentiality notice", "legal notice", "haftungsausschluss", "avis de confidentialité")
)


def _disclaimer(own: Sequence[Line]) -> int | None:
    """Return where the disclaimer begins that ends *own*: paragraphs of which each holds two of its phrases."""
    start = None
    end = len(own)
    while end > 0:
        begin = end
        while begin > 0 and own[begin - 1].text:
            begin -= 1
        text = " ".join(line.text for line in own[begin:end])
        if not _is_disclaimer(text):
            break
        start = begin
        end = begin
        while end > 0 and not own[end - 1].text:
            end -= 1
    return start


def _is_disclaimer(text: str) -> bool:
    if folded(text) in _HEADLINES:
        return True
    words = folded(text[:400]) + " " + folded(text[400:800])
    hits = sum(1 for phrase in _closings().disclaimers if phrase in words)
    return (
        hits >= 2 and len(text) > 60 or words.startswith(("disclaimer", "confidentiality notice", "haftungsausschluss"))
    )


# ── signatures ──


def _delimited(own: Sequence[Line]) -> int | None:
    """Return the line of the delimiter, `-- ` (RFC 3676 §4.3) or one of its relatives, below which a signature stands."""
    for at in range(max(0, len(own) - 40), len(own)):
        line = own[at]
        if line.raw.strip("\n") == "-- " or _DELIMITER.match(line.text) and len(own) - at <= 20:
            return at
        if RULE.match(line.text[:200]) and len(own) - at <= _WINDOW and _ends_text(own, at):
            return at
    return None


def _ends_text(own: Sequence[Line], rule: int) -> bool:
    """Say whether a signature stands below the dashes at *rule*; below a headline they belong to a table."""
    below = [line.text for line in own[rule + 1 :] if line.text]
    if "_" in own[rule].text and len(below) <= 3 and all(len(text) <= _MAX_SHORT for text in below):
        return True
    parted = rule == 0 or not own[rule - 1].text or "_" in own[rule].text or _formula(own[rule - 1].text) != ""
    return parted and _is_contact(own[rule + 1 :])


def _is_contact(lines: Sequence[Line]) -> bool:
    """Say whether *lines* are short and hold a phone number, an address or a link."""
    texts = [line.text for line in lines if line.text]
    if not texts or len(texts) > 12:
        return False
    return any(_PHONE.search(text[:200]) or _LINK.search(text[:200]) for text in texts)


def _closed(own: Sequence[Line]) -> int | None:
    """Return the line of the closing formula below which nothing but a signature stands."""
    for at in range(max(1, len(own) - _WINDOW), len(own)):
        strength = _formula(own[at].text)
        below = own[at + 1 :]
        if not strength or not _is_signature(below):
            continue
        if (
            strength != "thanks"
            or _begins_with_name(below)
            or own[at].text.endswith(",")
            and not any(line.text for line in below)
        ):
            return at
    return None


def _formula(text: str) -> str:
    """Return "formula" or "thanks" where *text* is one, "named" where a name follows it on the line, else ""."""
    if not text or len(text) > _MAX_SHORT or text[:2] in ("- ", "* ", "• ", "+ "):
        return ""
    words = folded(text)
    known = _closings()
    if words in known.formulas:
        return "formula"
    if words in known.thanks:
        return "thanks"
    tokens = words.split()
    for count in range(min(known.longest, len(tokens) - 1), 0, -1):
        opening = " ".join(tokens[:count])
        if opening not in known.formulas and opening not in known.thanks:
            continue
        rest = text.split()[-(len(tokens) - count) :]
        return "named" if _is_name(" ".join(rest)) and _parted(text, rest) else ""
    return ""


def _parted(text: str, rest: Sequence[str]) -> bool:
    """Say whether formula and name are told apart: by a comma or dash, or by a formula of several words."""
    before = text[: text.rfind(rest[0])].rstrip()
    return not before or not before[-1].isalnum() or len(rest) <= 2


def _is_name(text: str) -> bool:
    """Say whether *text* looks like a name: one to four words with a capital, or of a script without capitals."""
    words = text.strip(" .,;!-–—/*_~()[]").split()
    if not 1 <= len(words) <= 4 or any(char.isdigit() for char in text):
        return False
    if text.rstrip()[-1:] in "?!:":
        return False
    return all(
        word[:1].isupper() or word[:1].isalpha() and word.lower() == word.upper() or word in _PARTICLES
        for word in words
    )


_PARTICLES = frozenset(
    (
        "van",
        "von",
        "de",
        "der",
        "den",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "la",
        "le",
        "zu",
        "af",
        "av",
        "bin",
        "al",
        "el",
        "y",
        "&",
        "und",
        "and",
        "og",
        "och",
        "et",
        "e",
        "i",
    )
)


def _begins_with_name(lines: Sequence[Line]) -> bool:
    first = next((line.text for line in lines if line.text), "")
    return _is_name(first)


def _is_signature(lines: Sequence[Line]) -> bool:
    """Say whether *lines* could be a name, a firm and where to reach them."""
    texts = [line.text for line in lines if line.text]
    if len(texts) > _MAX_LINES and not (len(texts) <= _WINDOW and _is_contact(lines)):
        return False
    for text in texts:
        if is_postscript(text):
            return False
        if len(text) > _MAX_SHORT and not _LINK.search(text[:300]) and not _PHONE.search(text[:300]):
            return False
        if text.endswith("?"):
            return False
    return True


def _signed(own: Sequence[Line]) -> int | None:
    """Return where a signature without delimiter or formula begins: a dash and a name, or a block of contact lines."""
    last = own[-1].text
    if len(last) <= 40 and _DASH_NAME.match(last) and not own[-2:-1] == [] and not _is_listed(own):
        return len(own) - 1
    begin = len(own)
    while begin > 0 and own[begin - 1].text:
        begin -= 1
    block = [line.text for line in own[begin:]]
    if not 2 <= len(block) <= _MAX_LINES or any(len(text) > _MAX_SHORT for text in block) or not _is_name(block[0]):
        return None
    reached = sum(1 for text in block[1:] if _PHONE.search(text) or _LINK.search(text) or has_address(text))
    return begin if reached else None


def _is_listed(own: Sequence[Line]) -> bool:
    """Say whether the last line is an item of a list: its neighbour begins with the same dash."""
    return len(own) > 1 and own[-2].text[:1] == own[-1].text[:1]
