"""An account in memory, for tests and dry runs: it passes the same suite as the real one does against real servers."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from threading import RLock

from mailassist.errors import AccountError, FolderMissing, MessageError
from mailassist.mailbox.folders import Found
from mailassist.mailbox.idle import Stop
from mailassist.mailbox.parsing import checked_flags
from mailassist.mailbox.protocol import FETCH_OCTETS, Appended, Outline, Selected
from mailassist.mailbox.responses import Refusal, read_fields
from mailassist.values import FetchedMessage, MessageKey

SYSTEM_FLAGS = ("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft")


@dataclass(frozen=True, slots=True)
class Stored:
    """A message in a folder of the memory."""

    uid: int
    octets: bytes
    flags: frozenset[str]
    received: datetime


@dataclass(slots=True)
class FakeFolder:
    """A folder in memory."""

    uid_validity: int = 1
    uid_next: int = 1
    messages: dict[int, Stored] = field(default_factory=dict)
    permanent: frozenset[str] = frozenset({*(flag.lower() for flag in SYSTEM_FLAGS), "\\*"})


class FakeServer:
    """What several sessions see: folders with messages. `log` names each change in order."""

    def __init__(self, folders: Sequence[str] = ("INBOX", "Drafts", "Sent", "Trash")) -> None:
        self.folders = {name: FakeFolder() for name in folders}
        self.lock = RLock()
        self.log: list[str] = []

    def put(self, folder: str, octets: bytes, flags: Collection[str] = (), received: datetime | None = None) -> int:
        """Deliver a message and return its UID."""
        with self.lock:
            box = self.folders[folder]
            uid, box.uid_next = box.uid_next, box.uid_next + 1
            box.messages[uid] = Stored(uid, octets, frozenset(flags), received or datetime.now(UTC))
            return uid

    def listing(self, folder: str) -> list[Stored]:
        """Return the messages of *folder*, oldest first."""
        with self.lock:
            return sorted(self.folders[folder].messages.values(), key=lambda m: m.uid)

    def set_flags(self, folder: str, uid: int, flags: Collection[str]) -> None:
        """Replace the flags of a message, as another client does."""
        with self.lock:
            box = self.folders[folder]
            box.messages[uid] = replace(box.messages[uid], flags=frozenset(flags))

    def delete(self, folder: str, uid: int) -> None:
        """Expunge a message, as another client does."""
        with self.lock:
            del self.folders[folder].messages[uid]


class FakeAccount:
    """A session on a FakeServer."""

    def __init__(self, server: FakeServer, name: str = "shop", can_remove: bool = True) -> None:
        self.name = name
        self.server = server
        self.can_remove = can_remove
        self._selected: Selected | None = None
        self._is_open = False

    def open(self) -> None:
        self._is_open = True

    def close(self) -> None:
        self._is_open, self._selected = False, None

    @property
    def drafts(self) -> Found:
        if found := self._role("Drafts"):
            return found
        raise FolderMissing(f"account {self.name} has no folder for drafts; make one", "drafts")

    @property
    def sent(self) -> Found | None:
        return self._role("Sent")

    @property
    def trash(self) -> Found | None:
        return self._role("Trash")

    def _role(self, name: str) -> Found | None:
        return Found(name, name, "name") if name in self.server.folders else None

    def folder(self, name: str) -> Found:
        if name in self.server.folders:
            return Found(name, name, "configuration")
        raise FolderMissing(f"account {self.name} has no folder {name}; correct account.folders", name)

    def select(self, folder: str, readonly: bool = True) -> Selected:
        if not self._is_open:
            raise AccountError("there is no connection; it is made anew")
        if folder not in self.server.folders:
            raise FolderMissing(f"there is no folder {folder}; correct account.folders", folder)
        box = self.server.folders[folder]
        self._selected = Selected(folder, box.uid_validity, len(box.messages), box.permanent, readonly)
        return self._selected

    @property
    def _here(self) -> Selected:
        if self._selected is None:
            raise AccountError("no folder is open; the connection is made anew")
        return self._selected

    def _messages(self) -> dict[int, Stored]:
        return self.server.folders[self._here.folder].messages

    def uids(self, since: date | None = None) -> list[int]:
        with self.server.lock:
            return sorted(u for u, m in self._messages().items() if since is None or m.received.date() >= since)

    def outlines(self, uids: Sequence[int]) -> Iterator[Outline]:
        for uid in uids:
            if m := self._messages().get(uid):
                yield Outline(uid, m.flags, m.received, len(m.octets), read_fields(m.octets))

    def fetch(self, outlines: Sequence[Outline]) -> Iterator[FetchedMessage | MessageError]:
        here = self._here
        for outline in outlines:
            if m := self._messages().get(outline.uid):
                key = MessageKey(self.name, here.folder, here.uid_validity, outline.uid)
                yield FetchedMessage(key, m.octets[:FETCH_OCTETS], len(m.octets), m.flags, m.received)

    def flags(self, uids: Sequence[int]) -> dict[int, frozenset[str]]:
        return {uid: m.flags for uid in uids if (m := self._messages().get(uid))}

    def append(self, folder: str, octets: bytes, flags: Collection[str]) -> Appended | Refusal:
        if folder not in self.server.folders:
            return Refusal("no folder", "no such folder")
        self.server.log.append(f"APPEND {folder}")
        return Appended(self.server.folders[folder].uid_validity, self.server.put(folder, octets, flags))

    def mark(self, uid: int, flags: Collection[str]) -> frozenset[str]:
        with self.server.lock:
            m = self._messages().get(uid)
            kept = frozenset(flag for flag in checked_flags(flags) if self._here.keeps(flag))
            if not m or not kept:
                return frozenset()
            self.server.log.append(f"STORE {self._here.folder} {uid} {' '.join(sorted(kept))}")
            self.server.set_flags(self._here.folder, uid, m.flags | kept)
            return kept

    def remove(self, uid: int) -> None:
        if not self.can_remove:
            raise MessageError("the server cannot remove one message alone; remove it in your mail client")
        self.server.log.append(f"EXPUNGE {self._here.folder} {uid}")
        self.server.delete(self._here.folder, uid)

    def wait(self, seconds: float, stop: Stop) -> bool:
        box = self.server.folders[self._here.folder]
        before = box.uid_next
        while seconds > 0 and not stop.wait(min(seconds, 0.02)):
            seconds -= 0.02
            if box.uid_next != before:
                return True
        return False
