"""Header field values: unfolded, decoded (RFC 2047), dates, Message-IDs. Nothing here raises."""

import base64
import binascii
import re
from datetime import UTC, datetime
from email.utils import parsedate_tz

from mailassist.reading.charset import decode_octets

MAX_VALUE = 10_000  # characters of a decoded value; what is longer is cut
MAX_RAW = 64_000  # characters of a raw value that are looked at
_MAX_IDS = 100  # Message-IDs kept of References: the first, and the last 99

_WORD_START = re.compile(r"=\?([^?\s=]{1,80})\?([bBqQ])\?")
_FOLD = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
# Overrides and isolates can make a name or a subject read as something else.
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def decode_header(raw: str, charset: str = "") -> str:
    """
    Return the value of a header field on one line, encoded words (RFC 2047) decoded.

    raw: as the stdlib parser gives it, octets above 127 as surrogates. Encoded words that hold raw octets, blanks or
    half a character are decoded as far as they go; what cannot be decoded stays as it is.
    charset: that of the body, which raw octets in a header mostly share.
    """
    if len(raw) <= MAX_VALUE and raw.isascii() and raw.isprintable() and "=?" not in raw:
        return raw.strip()  # which is nearly all there is
    raw = _FOLD.sub(" ", raw[:MAX_RAW]).strip()
    text = "".join(_spans(raw, charset)) if "=?" in raw else _plain(raw, charset)
    one_line = " ".join(text.split("\n")) if "\n" in text else text
    return one_line.translate(_BIDI).strip()[:MAX_VALUE]


def parse_date(raw: str) -> datetime | None:
    """Return the moment a Date field names, aware; None where it is absent or nonsense."""
    try:
        fields = parsedate_tz(decode_header(raw[:200]))
        if fields is None:
            return None
        offset = fields[9] or 0
        moment = datetime(*fields[:6], tzinfo=UTC).timestamp() - offset
        date = datetime.fromtimestamp(moment, UTC)
    except (ValueError, OverflowError, TypeError, IndexError, OSError):
        return None
    return date if 1980 <= date.year <= 2100 else None


def message_ids(raw: str) -> tuple[str, ...]:
    """Return the Message-IDs of *raw* that can be referred to: `<…>`, ASCII, without blanks (RFC 5322 §3.6.4)."""
    ids = list(dict.fromkeys(_MESSAGE_ID.findall(_FOLD.sub(" ", raw[:MAX_RAW]))))
    return tuple(ids if len(ids) <= _MAX_IDS else ids[:1] + ids[1 - _MAX_IDS :])


def _plain(raw: str, charset: str) -> str:
    """Return *raw* with its octets above 127 decoded: UTF-8, the charset of the body, or a guess."""
    return decode_octets(_octets(raw), charset if not raw.isascii() else "")


def _octets(raw: str) -> bytes:
    """Return the octets *raw* was read from: the parser keeps those above 127 as surrogates."""
    try:
        return raw.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return raw.encode("utf-8", "replace")


def _spans(raw: str, body_charset: str) -> list[str]:
    """Return the decoded pieces of *raw*, encoded words and what stands between them, in order."""
    spans: list[str] = []
    octets, charset = b"", ""  # of neighbouring encoded words: a character may be split between two
    at = 0
    while start := _WORD_START.search(raw, at):
        end = raw.find("?=", start.end())
        if end < 0:
            break
        between = raw[at : start.start()]
        name = start[1].partition("*")[0].lower()  # RFC 2231 §5: "*" begins a language
        if octets and (between.strip() or name != charset):
            spans.append(decode_octets(octets, charset))
            octets = b""
            between = between if between.strip() else ""
        elif octets:
            between = ""
        spans.append(_plain(between, body_charset))
        octets += _word_octets(raw[start.end() : end], start[2])
        charset = name
        at = end + 2
    spans.append(decode_octets(octets, charset) if octets else "")
    spans.append(_plain(raw[at:], body_charset))
    return spans


def _word_octets(text: str, encoding: str) -> bytes:
    octets = _octets(text)
    if encoding in "qQ":
        return _HEX.sub(lambda found: bytes([int(found[1], 16)]), octets.replace(b"_", b" "))
    octets = _NOT_BASE64.sub(b"", octets)
    octets = octets[: len(octets) - 1] if len(octets) % 4 == 1 else octets
    try:
        return base64.b64decode(octets + b"=" * (-len(octets) % 4))
    except (binascii.Error, ValueError):
        return b""
