"""Lines that programs write into a mail: of a phone or an app, of a legal department, of a mail gateway."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from mailassist.reading.said.lines import Line, folded
from mailassist.reading.tables import table

_BANNER_LINES = 12  # from the top, in which a gateway's warning may stand
_LONGEST_PARAGRAPH = 30  # lines; a disclaimer may be long, a customer's mail may be longer

_IN_BRACKETS = re.compile(r"<[^<>]*>|\(?https?://\S+")
_FRAME = " *_-–—|>[](){}~.!·•"
_CAPITAL_OR_DIGIT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@cache
def _phrases(key: str) -> tuple[str, ...]:
    """Return what the table of closings has under *key* in all languages, folded, the longest first."""
    languages = (language for tag, language in table("closing").items() if tag != "brands")
    return tuple(sorted({folded(phrase) for language in languages for phrase in language.get(key, ())}, key=len)[::-1])


@cache
def _words(key: str) -> frozenset[str]:
    """Return the same as a set."""
    return frozenset(_phrases(key))


@cache
def _brands(key: str) -> frozenset[str]:
    return frozenset(map(folded, table("closing")["brands"][key]))


@cache
def _by_letter(key: str, position: int) -> dict[str, tuple[str, ...]]:
    """Return the phrases under *key* by their first (0) or last (-1) letter."""
    found: dict[str, list[str]] = {}
    for phrase in _phrases(key):
        found.setdefault(phrase[position], []).append(phrase)
    return {letter: tuple(group) for letter, group in found.items()}


# ── device lines ──


def is_device_line(text: str, surely: bool = False) -> bool:
    """
    Say whether *text* is the line that a phone or an app adds: "Sent from my iPhone", "Get Outlook for iOS".

    surely: it has to name a make or a program; "mail" and "phone" are not enough.
    """
    text = text.strip(_FRAME)
    if not 5 <= len(text) <= 200:
        return False
    words = folded(_IN_BRACKETS.sub(" ", text) if "<" in text or "http" in text else text)
    if not words:
        return False
    opened, named = _opening(words)
    if not opened or len(named) > 11:
        return False
    if _names_brand(named, surely) or (len(named) <= 3 and _names_brand(opened.split(), surely)):
        return True
    if not surely and len(named) <= 3 and opened[0] >= "\u0590":
        return True
    # A phone of a maker not listed: "Sent from my Wiko Ridge", but not "sent from my desk, which …"
    return (
        opened.split()[-1] in _words("my")
        and len(named) <= 5
        and "," not in text
        and text.split()[-1][0] in _CAPITAL_OR_DIGIT
    )


def _opening(words: str) -> tuple[str, list[str]]:
    """Return the phrase of a device line that *words* begin or end with, and the words beside it."""
    openings = _by_letter("device", 0).get(words[0], ())
    if words.startswith(openings):
        phrase = next(phrase for phrase in openings if words.startswith(phrase))
        return phrase, words[len(phrase) :].split()
    endings = _by_letter("device", -1).get(words[-1], ())
    if words.endswith(endings):
        phrase = next(phrase for phrase in endings if words.endswith(phrase))
        return (phrase, words[: -len(phrase)].split()) if len(phrase) > 5 else ("", [])
    return "", []


def _names_brand(words: Sequence[str], surely: bool) -> bool:
    """Say whether a device is named early in *words*; "mail" and "phone" name one only in a short line."""
    brands, stems = _brands("device"), tuple(_brands("stem"))
    early = words[:6]
    if any(word in brands or word.startswith(stems) for word in early):
        return True
    if any(f"{one} {other}" in brands for one, other in pairwise(early)):
        return True
    return not surely and len(words) <= 4 and not _brands("generic").isdisjoint(words[:3])


# ── disclaimers ──


def disclaimer_start(own: Sequence[Line], first: int) -> int | None:
    """Return the line of the disclaimer that ends *own*, None where there is none below line *first*."""
    start = None
    end = len(own)
    while end > 0:
        begin = end
        while begin > 0 and own[begin - 1].text and end - begin <= _LONGEST_PARAGRAPH:
            begin -= 1
        if begin <= first or not _is_disclaimer([line.text for line in own[begin:end]]):
            break
        start = end = begin
        while end > 0 and not own[end - 1].text:
            end -= 1
    if start is None:
        for at in range(max(first + 1, len(own) - 40), len(own)):
            if len(own[at].text) < 60 and folded(own[at].text) in _words("headline"):
                return at
    return start


def _is_disclaimer(paragraph: Sequence[str]) -> bool:
    """Say whether a paragraph holds two phrases of a disclaimer, or is its headline."""
    if len(paragraph) > _LONGEST_PARAGRAPH:
        return False
    text = " ".join(paragraph)[:1200]
    words = " ".join(folded(text[at : at + 400]) for at in range(0, len(text), 400))
    if words in _words("headline"):
        return True
    return len(text) > 60 and _counts(words, _phrases("disclaimer")) >= 2


def _counts(words: str, known: Iterable[str]) -> int:
    return sum(map(words.__contains__, known))


# ── OpenPGP ──


def mark_armour(lines: Sequence[Line]) -> None:
    """Mark what OpenPGP puts around a text it signs: header lines and signature (RFC 9580 §7)."""
    inside = ""
    for line in lines:
        text = line.text
        if text.startswith("-----BEGIN PGP S") and text.endswith("-----"):
            inside = "head" if "SIGNED MESSAGE" in text else "signature"
        if inside:
            line.kind = line.kind or "signature"
        if (inside == "head" and not text) or text.startswith("-----END PGP SIGNATURE"):
            inside = ""


# ── banners ──


def mark_banners(lines: Sequence[Line]) -> None:
    """Mark the warning of a mail gateway at the top: whole paragraphs, "CAUTION: this came from outside"."""
    at = 0
    while at < len(lines) and at < _BANNER_LINES:
        end = at
        while end < len(lines) and lines[end].text and end - at <= _BANNER_LINES:
            end += 1
        if end > at and not _is_banner(lines[at:end]):
            return
        for line in lines[at:end]:
            line.kind = "banner"
        at = end + 1


def _is_banner(paragraph: Sequence[Line]) -> bool:
    """Say whether a paragraph is a warning: it has a phrase of one, and is framed, in capitals, or has two."""
    text = " ".join(line.text for line in paragraph)
    if len(text) > 600:
        return False
    words = " ".join(folded(text[at : at + 400]) for at in range(0, len(text), 400))
    found = _counts(words, _phrases("banner"))
    return found >= 2 or (found == 1 and (text[0] in "[*<(!-=#|" or _shouts(text) or len(text) < 120))


def _shouts(text: str) -> bool:
    first = text.split(None, 1)[0].rstrip(":!")
    return len(first) > 3 and first.isupper()
