"""The lines of a body, and what can be told of one line: dates, addresses, words without case and accents."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LOOKED_AT = 400  # characters of a line, or of lines joined, that are looked at; whoever wrote more wrote prose

RULE = re.compile(r"[*\s]*(?:__|ᐧ|(?:[-–—―━─_=*~#+.•·]\s?){3,})[*\s]*$")  # dashes and the like, and nothing else

_BIDI = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0xFEFF])
_ALIKE = str.maketrans("łøđıæœ", "lodiao") | {ord("’"): "'", ord("ʼ"): "'", ord("´"): "'", ord("`"): "'"}
_QUOTE_MARK = re.compile(r"[ \t]{0,4}[>＞»](?:[ \t]{0,2}[>＞»])*")
_TIME = re.compile(
    r"(?<![\d.,])\d{1,2}[ ]?(?:[:：hH時点时]|\.(?=\d\d(?![\d.,]))|ʼ)[ ]?\d{2}(?!\d)|\d ?(?:[ap]\.?m\b|uhr\b)",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,4}[ ]?[./\-年][ ]?\d{1,2}[ ]?[./\-月][ ]?\d{1,4}|(?:1[34]|19|20|25)\d\d(?![\d€$£]))"
    r"|\d{1,2}(?:\.|er|st|nd|rd|th|º|-го)?,? (?:de |of |d')?[^\W\d_]{3,12}\.?,? (?:de |του )?'?\d{2}(?!\d)"
)


@dataclass(slots=True)
class Line:
    """A line of the body; `kind` says why it is not part of what was said, "" that it is."""

    raw: str
    text: str  # stripped, quote marks and direction marks taken out
    depth: int = 0  # quote marks before it
    kind: str = ""
    tail: str = ""  # a reply line that shared the line with what was said
    facts: int = -1  # what a reply line is told by; -1 before it was looked for


def read_lines(body: str) -> list[Line]:
    """Return the lines of *body*."""
    return [_read_line(raw) for raw in body.split("\n")]


def _read_line(raw: str) -> Line:
    text, depth = raw, 0
    if mark := _QUOTE_MARK.match(raw):
        depth = sum(mark[0].count(sign) for sign in ">＞»")
        text = raw[mark.end() :]
    elif "&gt;" in raw[:8] and raw.lstrip()[:4] == "&gt;":
        text, depth = raw.lstrip()[4:], 1
    if not text.isascii():
        text = text.translate(_BIDI).replace("\xa0", " ")
    return Line(raw, text.strip(), depth)


def skip_blank(lines: list[Line], at: int) -> int:
    """Return the index of the first line from *at* on that is not blank; that after the last where all are."""
    while at < len(lines) and not lines[at].text:
        at += 1
    return at


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return the words of *text* in lower case, without accents and punctuation, a blank between two words."""
    text = text[:LOOKED_AT].casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_ALIKE))
        text = "".join(char for char in text if not unicodedata.category(char).startswith("M"))
    return " ".join("".join(char if char.isalnum() else "" if char == "'" else " " for char in text).split())


def plain_digits(text: str) -> str:
    """Return *text* with the digits of other scripts as ASCII digits."""
    if text.isascii() or not any(map(str.isdigit, text)):
        return text
    return "".join(str(unicodedata.digit(char, char)) if char.isdigit() else char for char in text)


def has_time(text: str) -> bool:
    """Say whether *text* (ASCII digits) names a time of day."""
    return _TIME.search(text) is not None


def has_date(text: str) -> bool:
    """Say whether *text* (ASCII digits) names a date or a year."""
    return _DATE.search(text) is not None


def has_address(text: str) -> bool:
    """Say whether *text* holds what looks like an address."""
    at = text.find("@")
    while at > 0:
        if text[at - 1].isalnum() and text[at + 1 : at + 2].isalnum():
            return True
        at = text.find("@", at + 1)
    return False
