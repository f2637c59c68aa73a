"""What a pass and the watcher need of a mail server, and the values it gives them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from mailassist.errors import MessageError
from mailassist.mailbox.folders import Found
from mailassist.mailbox.idle import Stop
from mailassist.mailbox.responses import Fields, Refusal
from mailassist.values import FetchedMessage

FETCH_OCTETS = 1024 * 1024  # of a message, header included: more text than anybody reads


@dataclass(frozen=True, slots=True)
class Selected:
    """The folder that is open, and what it lets us do."""

    folder: str  # on the wire
    uid_validity: int
    exists: int
    permanent: frozenset[str]  # PERMANENTFLAGS, lower case; "\\*" where keywords of one's own stay
    readonly: bool

    def keeps(self, flag: str) -> bool:
        """Say whether *flag*, once stored, stays. A tagged OK to a STORE proves nothing: pymap says it and forgets."""
        is_keyword = not flag.startswith("\\")
        return not self.readonly and (flag.lower() in self.permanent or (is_keyword and "\\*" in self.permanent))


@dataclass(frozen=True, slots=True)
class Outline:
    """What a listing tells of a message, without its text."""

    uid: int
    flags: frozenset[str]  # as the server writes them, system flags as RFC 9051 does
    received: datetime | None  # INTERNALDATE, aware
    size: int
    fields: Fields


@dataclass(frozen=True, slots=True)
class Appended:
    """The server has the message. The numbers are those of APPENDUID, and None where it did not tell them."""

    uid_validity: int | None = None
    uid: int | None = None


class Account(Protocol):
    """What a pass and the watcher need of a mail server; folders are named as on the wire."""

    name: str

    @property
    def drafts(self) -> Found: ...
    @property
    def sent(self) -> Found | None: ...
    @property
    def trash(self) -> Found | None: ...
    @property
    def can_remove(self) -> bool:
        """Whether one message can be expunged without touching others (UIDPLUS, RFC 4315)."""

    def open(self) -> None: ...
    def close(self) -> None: ...
    def folder(self, name: str) -> Found: ...
    def select(self, folder: str, readonly: bool = True) -> Selected: ...
    def uids(self, since: date | None = None) -> list[int]: ...
    def outlines(self, uids: Sequence[int]) -> Iterator[Outline]: ...
    def fetch(self, outlines: Sequence[Outline]) -> Iterator[FetchedMessage | MessageError]: ...
    def flags(self, uids: Sequence[int]) -> dict[int, frozenset[str]]: ...
    def append(self, folder: str, octets: bytes, flags: Collection[str]) -> Appended | Refusal: ...
    def mark(self, uid: int, flags: Collection[str]) -> frozenset[str]: ...
    def remove(self, uid: int) -> None: ...
    def wait(self, seconds: float, stop: Stop) -> bool: ...
