"""
Octets -> a tree of parts (MIME), and the text in it that a person would see.

The stdlib parser runs with its first policy, compat32, its default: the newer one raises on fields seen in the wild
(`Message-ID: <[`, `To: ((((`) and takes 17 s for a Content-Type of 20 000 parameters. What it gives is read field by
field, part by part, within bounds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesFeedParser, BytesHeaderParser

from mailassist.reading.charset import decode_octets
from mailassist.reading.header import MAX_RAW, decode_header
from mailassist.reading.message.html import html_to_text
from mailassist.reading.said import split
from mailassist.values import Part

MAX_OCTETS = 4_000_000  # of a message that are parsed; text does not stand behind more than that
FED = 16_384  # octets given to the parser at once: it makes a text of them, four octets a character
MAX_HEADER = 256_000  # octets of the header
MAX_HEADER_LINES = 2_000
MAX_DEPTH = 50  # of parts within parts
MAX_PARTS = 200
MAX_TEXT = 200_000  # characters of the body that are read
MAX_SAME_FIELD = 50  # values kept of a field that is repeated

_NESTING = re.compile(rb"boundary[ \t]*\*?0?\*?=|message/(?:rfc822|global|news|partial)", re.IGNORECASE)
_HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")


# ── the tree ──


def bounded(octets: bytes) -> tuple[bytes, bool]:
    """Return *octets* within the bounds the parser can bear, and whether something had to go."""
    whole = len(octets)
    octets = octets[:MAX_OCTETS].lstrip(b"\r\n")
    octets = octets.removeprefix(b"\xef\xbb\xbf")
    if octets.startswith((b"From ", b">From ")):  # the separator of an mbox
        octets = octets.partition(b"\n")[2]
    octets = _bounded_header(octets)
    if not _may_nest_deeply(octets):
        return octets, whole > MAX_OCTETS
    for count, nesting in enumerate(_NESTING.finditer(octets), 1):
        if count > MAX_DEPTH:  # the parser recurses at each level; what lies deeper is no customer's text
            return octets[: nesting.start()], True
    return octets, whole > MAX_OCTETS


def _may_nest_deeply(octets: bytes) -> bool:
    """Say whether there may be more than MAX_DEPTH signs of nesting; many times as fast as a look for each of them."""
    lower = octets.lower()
    return lower.count(b"boundary") + lower.count(b"message/") > MAX_DEPTH


def _bounded_header(octets: bytes) -> bytes:
    """Return *octets* with a header within MAX_HEADER octets and MAX_HEADER_LINES lines of up to MAX_RAW octets."""
    end = _HEADER_END.search(octets)
    header, rest = (octets[: end.start()], octets[end.start() :]) if end else (octets, b"")
    if len(header) <= MAX_RAW and header.count(b"\n") <= MAX_HEADER_LINES:
        return octets
    kept: list[bytes] = []
    size = 0
    for line in header.split(b"\n", MAX_HEADER_LINES)[:MAX_HEADER_LINES]:
        line = line[:MAX_RAW].rstrip(b"\r")
        size += len(line)
        if size > MAX_HEADER:
            break
        kept.append(line)
    return b"\n".join(kept) + rest


def parse_tree(octets: bytes) -> Message:
    """Return the message with its parts; where the parser gives up, its header and all the rest as text."""
    try:
        parser = BytesFeedParser()
        for at in range(0, len(octets), FED):
            parser.feed(octets[at : at + FED])
        return parser.close()
    except Exception:  # the parser of the stdlib raises whatever it stumbles over, RecursionError among it
        end = _HEADER_END.search(octets)
    header, rest = (octets[: end.start()], octets[end.end() :]) if end else (b"", octets)
    message = BytesHeaderParser().parsebytes(header)
    del message["content-type"]
    message.set_payload(rest.decode("ascii", "surrogateescape"))
    return message


def fields_of(part: Message) -> dict[str, list[str]]:
    """Return the undecoded values of each header field, by lower-case name."""
    fields: dict[str, list[str]] = {}
    for name, value in part.raw_items():
        values = fields.setdefault(str(name).strip().lower(), [])
        if len(values) < MAX_SAME_FIELD:
            values.append(str(value)[:MAX_RAW])
    return fields


def content_type(part: Message) -> str:
    """Return the type of *part*, "type/subtype" in lower case; "text/plain" where it is nonsense (RFC 2045 §5.2)."""
    try:
        return part.get_content_type().lower()
    except Exception:  # the parameter parser of the stdlib raises whatever it stumbles over
        return "text/plain"


def parameter(part: Message, name: str, field_name: str = "content-type") -> str:
    """Return a parameter of a MIME field, decoded (RFC 2231); "" where there is none."""
    if name not in str(part.get(field_name, "")).lower():
        return ""  # which is mostly so, and cheaper to tell
    try:
        value = part.get_param(name, "", field_name)
    except Exception:  # as above
        return ""
    if isinstance(value, tuple):
        charset, _, value = value
        return decode_octets(value.encode("latin-1", "replace"), charset or "")
    return decode_header(str(value)) if value else ""


def declared_charset(root: Message) -> str:
    """Return the charset of the first part that declares one, which raw octets in the header mostly share."""
    part = root
    for _ in range(MAX_DEPTH):
        if charset := parameter(part, "charset"):
            return charset
        children = _children(part)
        if not children:
            return ""
        part = children[0]
    return ""


# ── the body ──


@dataclass(slots=True)
class _Found:
    """What a walk over the parts has come upon."""

    texts: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    visited: int = 0
    in_text: bool = False  # the last part was text


def read_body(root: Message) -> tuple[str, tuple[Part, ...], bool]:
    """Return the text of the message, the parts that were not read, and whether it ends in text."""
    found = _Found()
    _read_part(root, found, 0)
    # Some programs send text and HTML one after the other and not as alternatives: one of them is enough.
    pieces = {"".join(piece.split()): piece.strip("\n") for piece in reversed(found.texts) if piece.strip()}
    return "\n\n".join(reversed(pieces.values())).strip("\n"), tuple(found.parts), found.in_text


def _read_part(part: Message, found: _Found, depth: int) -> None:
    found.visited += 1
    if found.visited > MAX_PARTS or depth > MAX_DEPTH:
        return
    kind = content_type(part)
    children = _children(part)
    if not children:
        found.in_text = _is_text(part, kind)
        if found.in_text:
            found.texts.append(_text_of(part, kind))
        else:
            found.parts.append(_listed(part, kind))
    elif kind.startswith("message/"):
        found.parts.append(_listed(part, kind))
    elif kind == "multipart/alternative":
        _read_alternative(children, found, depth)
    else:
        for child in children:
            _read_part(child, found, depth + 1)


def _read_alternative(children: list[Message], found: _Found, depth: int) -> None:
    """Read the alternative that shows most: some programs put "open this in a browser" into the text."""
    readings = []
    for child in children:
        alone = _Found(visited=found.visited)
        _read_part(child, alone, depth + 1)
        found.visited, found.in_text = alone.visited, alone.in_text
        found.parts.extend(alone.parts)
        text = "\n\n".join(alone.texts)
        if text.strip():
            readings.append((text, _shows_plain(child)))
    plain = [text for text, is_plain in readings if is_plain]
    rich = [text for text, is_plain in readings if not is_plain]
    best = max(plain, key=_visible, default="")
    richest = max(rich, key=_visible, default="")
    text = richest if _visible(best) < 0.6 * _visible(richest) or _tells_quotes(richest, best) else best
    if text:
        found.texts.append(text)


def _tells_quotes(rich: str, plain: str) -> bool:
    """Say whether the HTML marks older mail where its text form leaves it unmarked and unannounced."""
    if not _has_marks(rich) or _has_marks(plain) or not plain:
        return False
    return not any(piece.kind in ("quote", "forward") for piece in split(plain[:MAX_TEXT])[1])


def _has_marks(text: str) -> bool:
    return text.startswith(">") or "\n>" in text


def _shows_plain(part: Message) -> bool:
    return content_type(part) not in ("text/html", "multipart/related", "text/enriched", "text/x-amp-html")


def _visible(text: str) -> int:
    """Count the letters and digits of *text*, marks of quoting and links left out."""
    words = text.split()
    if ">" in text or "://" in text:
        words = [word for line in text.split("\n") for word in line.lstrip("> ").split() if "://" not in word]
    return sum(map(len, words))


def _children(part: Message) -> list[Message]:
    payload = part.get_payload() if part.is_multipart() else []
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _is_text(part: Message, kind: str) -> bool:
    """Say whether *part* is text to be read here: not an attachment, and of a type that holds sentences."""
    disposition = str(part.get("content-disposition") or "").strip().lower()
    if disposition.startswith("attachment") or (not disposition.startswith("inline") and _filename(part)):
        return False
    if kind in ("text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text/x-markdown"):
        return True
    return kind.startswith("multipart/")  # by name only: a boundary that never comes


def _filename(part: Message) -> str:
    return parameter(part, "filename", "content-disposition") or parameter(part, "name")


def _listed(part: Message, kind: str) -> Part:
    name = _filename(part)[:200]
    payload = _payload(part)
    size = len(payload) if isinstance(payload, str) else 0
    return Part(kind, name, size, _calendar_method(part) if kind == "text/calendar" else "")


def _calendar_method(part: Message) -> str:
    """Return the method of an iCalendar part: of its Content-Type, else of its METHOD property (RFC 5545 §3.7.2)."""
    named = parameter(part, "method")
    if not named:
        lines = _payload_octets(part)[:MAX_RAW].upper().splitlines()
        named = next((line[7:].decode("ascii", "replace") for line in lines if line.startswith(b"METHOD:")), "")
    return named.strip().lower()[:20]


def _text_of(part: Message, kind: str) -> str:
    text = decode_octets(_payload_octets(part), parameter(part, "charset").lower())
    if kind in ("text/html", "text/enriched", "text/richtext") or _is_html(text):
        return html_to_text(text)
    if parameter(part, "format").lower() == "flowed":
        return _unflowed(text, parameter(part, "delsp").lower() == "yes")
    return text


def _is_html(text: str) -> bool:
    """Say whether text is HTML under a wrong label: it begins and ends with a tag, or says so."""
    begin, end = text[:200].strip().lower(), text[-200:].strip().lower()
    if begin.startswith(("<!doctype html", "<html")):
        return True
    return begin.startswith(("<div", "<p", "<table", "<body", "<span", "<br")) and end.endswith(">") and "</" in end


def _payload_octets(part: Message) -> bytes:
    octets = _payload(part, decode=True)
    if isinstance(octets, bytes):
        return octets
    payload = _payload(part)
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _payload(part: Message, decode: bool = False) -> object:
    """Return what the part holds, without its transfer encoding where *decode*; None where nothing can be had."""
    try:
        return part.get_payload(decode=True) if decode else part.get_payload()
    except Exception:
        if "content-type" not in part:
            return None
    del part["content-type"]  # a charset with a NUL in it stops the parser even where nothing is to be decoded
    return _payload(part, decode)


def _unflowed(text: str, del_sp: bool) -> str:
    """Return *text* with the soft line breaks of format=flowed taken out (RFC 3676 §4), quote marks kept."""
    return "\n".join(_paragraphs(text, del_sp))


def _paragraphs(text: str, del_sp: bool) -> Iterator[str]:
    open_depth, held = -1, ""
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")  # space-stuffing
        if open_depth >= 0 and (depth != open_depth or content == "-- "):
            yield _quoted(held, open_depth)
            open_depth, held = -1, ""
        soft = content.endswith(" ") and content != "-- "
        held += content[:-1] if soft and del_sp else content
        if soft:
            open_depth = depth
        else:
            yield _quoted(held, depth)
            open_depth, held = -1, ""
    if open_depth >= 0:
        yield _quoted(held, open_depth)


def _quoted(text: str, depth: int) -> str:
    return ">" * depth + " " + text if depth else text
