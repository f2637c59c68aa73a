"""What the answers to LIST, SELECT and FETCH hold, as far as they can be believed; and what may stand in a command."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from mailassist.errors import MessageError
from mailassist.mailbox.folders import Listed
from mailassist.mailbox.responses import printable

_LIST = re.compile(rb'\((?P<flags>[^)]*)\) (?P<delimiter>"(?:\\.|[^"\\])"|NIL) (?P<name>.+)', re.DOTALL)
# A flag goes out unquoted; 200 characters are too many for Dovecot
_KEYWORD = re.compile(r"(\\|\$)?[A-Za-z0-9_.-]{1,40}")
_PREFIX = re.compile(rb'^\(\("((?:\\.|[^"\\])*)" (?:"((?:\\.|[^"\\]))"|NIL)')


def listed(line: Any) -> Listed | None:
    """Return the folder of one LIST answer, which may hold its name as a literal; None for what is no such thing."""
    head, literal = line if isinstance(line, tuple) else (line, None)
    found = _LIST.match(head) if isinstance(head, bytes) else None
    if not found:
        return None
    name = literal.decode("latin-1") if literal is not None else unquote(found["name"])
    delimiter = "" if found["delimiter"] == b"NIL" else unquote(found["delimiter"])
    attributes = frozenset(found["flags"].decode("latin-1").lower().split())
    return Listed(name, delimiter, attributes)


def unquote(octets: bytes) -> str:
    """Return the text of a quoted string (RFC 9051 §4.3), or of an atom as it stands."""
    text = octets.decode("latin-1")
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return re.sub(r"\\(.)", r"\1", text)


def quoted(wire_name: str) -> str:
    """Return a folder's name as it stands in a command."""
    escaped = wire_name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def value_of(given: dict[bytes, Any], prefix: bytes) -> bytes | None:
    """Return the literal of the item that begins with *prefix*; servers add `<0>` to the name or leave it out."""
    return next((v for k, v in given.items() if k.startswith(prefix) and isinstance(v, bytes)), None)


def flag(given: object) -> str:
    """Return one flag as text."""
    return given.decode("latin-1") if isinstance(given, bytes) else str(given)


def flags(given: dict[bytes, Any]) -> frozenset[str]:
    """Return the flags of a FETCH answer."""
    return _flags(tuple(given.get(b"FLAGS") or ()))


@lru_cache(maxsize=256)  # messages by the thousand have the same
def _flags(given: tuple[object, ...]) -> frozenset[str]:
    return frozenset(map(flag, given))


def received(given: dict[bytes, Any]) -> datetime | None:
    """Return the INTERNALDATE of a FETCH answer, aware; None where it is none."""
    when = given.get(b"INTERNALDATE")
    try:
        offset = when.utcoffset() if isinstance(when, datetime) else None
    except ValueError:  # a day or more
        return None
    return when.replace(tzinfo=_zone(offset or timedelta(0))) if isinstance(when, datetime) else None


@lru_cache(maxsize=64)  # imapclient makes a zone for each date, of 450 octets
def _zone(offset: timedelta) -> timezone:
    return timezone(offset)


def size(given: dict[bytes, Any]) -> int:
    """Return the RFC822.SIZE of a FETCH answer; 0 where it is none."""
    octets = given.get(b"RFC822.SIZE")
    return octets if isinstance(octets, int) and octets >= 0 else 0


def permanent_flags(answer: dict[bytes, Any]) -> frozenset[str]:
    """
    Return the flags that stay, lower case, from the answer to a SELECT.

    Without PERMANENTFLAGS every flag does (RFC 9051 §7.1), which is believed of the system's own only.
    """
    told = answer.get(b"PERMANENTFLAGS")
    flags = [flag(one).lower() for one in (answer.get(b"FLAGS") if told is None else told) or ()]
    return frozenset(one for one in flags if told is not None or one.startswith("\\"))


def personal_prefix(line: Any) -> str:
    """Return what the names of the user's own folders begin with, from an answer to NAMESPACE (RFC 2342)."""
    found = _PREFIX.match(line) if isinstance(line, bytes) else None
    return unquote(found[1]) if found else ""


def checked_flags(flags: Collection[str]) -> list[str]:
    """Return *flags*, each of which can stand in a command: the configuration names them."""
    for one in flags:
        if not _KEYWORD.fullmatch(one):
            raise MessageError(f"{printable(one)} is no flag; correct tone.mark in the configuration")
    return list(flags)
