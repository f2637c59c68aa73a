"""Folders: their names on the wire, and which of them holds drafts, sent mail, deleted mail."""

import base64
import binascii
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Role = Literal["drafts", "sent", "trash", "junk"]

SPECIAL_USE: dict[Role, str] = {"drafts": "\\drafts", "sent": "\\sent", "trash": "\\trash", "junk": "\\junk"}
_NOT_A_FOLDER = frozenset({"\\noselect", "\\nonexistent"})
_GMAIL_SPAM = "\\spam"  # XLIST and early Gmail; RFC 6154 says \Junk


@dataclass(frozen=True, slots=True)
class Listed:
    """A folder as LIST names it."""

    wire: str  # the name to send back, octet for octet; ASCII, or 8-bit as latin-1 where a server breaks the rule
    delimiter: str  # empty where the hierarchy is flat
    attributes: frozenset[str]  # lower case: Cyrus writes \\drafts

    @property
    def name(self) -> str:
        """The name for people."""
        return decode_name(self.wire)


@dataclass(frozen=True, slots=True)
class Found:
    """A folder with a role, and how it was told."""

    wire: str
    name: str
    how: Literal["configuration", "special-use", "name"]

    def __str__(self) -> str:
        return self.name


def encode_name(name: str) -> str:
    """Return *name* in modified UTF-7 (RFC 3501 §5.1.3)."""
    pieces: list[str] = []
    pending = ""
    for char in [*name, None]:
        if char is not None and not (" " <= char <= "~"):
            pending += char
            continue
        if pending:
            packed = base64.b64encode(pending.encode("utf-16-be", "surrogatepass")).decode().rstrip("=")
            pieces.append("&" + packed.replace("/", ",") + "-")
            pending = ""
        if char is not None:
            pieces.append("&-" if char == "&" else char)
    return "".join(pieces)


def decode_name(wire: str) -> str:
    """Return the readable form of a name in modified UTF-7; a name that is broken comes back as it is."""
    pieces: list[str] = []
    rest = wire
    while rest:
        plain, ampersand, rest = rest.partition("&")
        pieces.append(plain)
        if not ampersand:
            break
        packed, dash, rest = rest.partition("-")
        if not dash:
            return wire
        pieces.append("&" if not packed else _unpack(packed))
        if not pieces[-1]:
            return wire
    name = "".join(pieces)
    return name if name.isascii() or "&" in wire else _unlatin(name)


def _unpack(packed: str) -> str:
    """Return the text of one base64 run, empty when it is broken."""
    try:
        octets = base64.b64decode(packed.replace(",", "/") + "=" * (-len(packed) % 4), validate=True)
        return octets.decode("utf-16-be")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _unlatin(name: str) -> str:
    """Return raw UTF-8 in a name as text (some servers send it unasked)."""
    try:
        return name.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return name


def fold(name: str) -> str:
    """Return *name* for comparing: width, case and outer blanks do not count."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def leaf(folder: Listed) -> str:
    """Return the last part of a folder's name: `Drafts` of `INBOX.Drafts` and `[Gmail]/Drafts`."""
    return folder.name.rsplit(folder.delimiter, 1)[-1] if folder.delimiter else folder.name


@cache
def names_of(role: Role) -> frozenset[str]:
    """Return every folded name that *role* goes by."""
    with (Path(__file__).parent / "folder_names.toml").open("rb") as file:
        table = tomllib.load(file)
    return frozenset(fold(name) for words in table.values() for name in words.get(role, ()))


def find_role(folders: Sequence[Listed], role: Role, configured: str = "") -> Found | None:
    """
    Return the folder that plays *role*, or None.

    The configuration goes first, then the server's own mark (RFC 6154), then the name in one of sixty languages.
    Among several the one nearest the top is taken: a person files `Archive/2019/Drafts` deeper than the one in use.
    """
    usable = [f for f in folders if not f.attributes & _NOT_A_FOLDER]
    if configured:
        return _configured(usable, configured)
    marks = {SPECIAL_USE[role], _GMAIL_SPAM} if role == "junk" else {SPECIAL_USE[role]}
    for how, chosen in (
        ("special-use", [f for f in usable if f.attributes & marks]),
        ("name", [f for f in usable if fold(leaf(f)) in names_of(role)]),
    ):
        if chosen:
            best = min(chosen, key=lambda f: (_depth(f), f.name))
            return Found(best.wire, best.name, "special-use" if how == "special-use" else "name")
    return None


def find_folder(folders: Sequence[Listed], name: str) -> Found | None:
    """Return the folder that a person calls *name*: by its whole name, on the wire or readable, or by its last part."""
    return _configured([f for f in folders if not f.attributes & _NOT_A_FOLDER], name)


def _configured(folders: Sequence[Listed], name: str) -> Found | None:
    if name.upper() == "INBOX":
        return Found("INBOX", "INBOX", "configuration")  # RFC 3501 §5.1: always there, in any case of letters
    wanted = fold(name)
    for matches in (
        [f for f in folders if name in (f.name, f.wire)],
        [f for f in folders if fold(f.name) == wanted],
        [f for f in folders if fold(leaf(f)) == wanted],
    ):
        if matches:
            best = min(matches, key=_depth)
            return Found(best.wire, best.name, "configuration")
    return None


def _depth(folder: Listed) -> int:
    return folder.name.count(folder.delimiter) if folder.delimiter else 0
