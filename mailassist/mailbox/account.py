"""An account on a server: find folders, list, fetch, append, mark, remove, wait. Decides nothing."""

import logging
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from typing import Any, Self

from mailassist.errors import AccountError, FolderMissing, MessageError, SetupError
from mailassist.mailbox import parsing
from mailassist.mailbox.connection import Connection, Credential
from mailassist.mailbox.creating import create_for_drafts, full_name
from mailassist.mailbox.folders import Found, Listed, Role, find_folder, find_role
from mailassist.mailbox.idle import Stop, idle
from mailassist.mailbox.protocol import FETCH_OCTETS, Account, Appended, Outline, Selected
from mailassist.mailbox.responses import FIELD_NAMES, Refusal, append_uid, printable, read_fields, refusal, retry_after
from mailassist.mailbox.wire import Declined, Server
from mailassist.values import FetchedMessage, MessageKey

__all__ = ["Account", "Appended", "Credential", "ImapAccount", "Outline", "Refusal", "Selected", "Server", "Stop"]

log = logging.getLogger(__name__)

BATCH = 200  # messages in one FETCH; more gains little (7,600 a second against 6,200) and costs memory
BATCH_OCTETS = 4 * 1024 * 1024
MAX_EXISTS = 10_000_000  # messages in a folder; a server that names more is not believed
SEARCH_WINDOW = 20_000  # messages in one SEARCH; a line of all of a large folder is longer than imaplib reads
POLL_S = 60.0  # between NOOPs where there is no IDLE


class ImapAccount:
    """One login on one IMAP server. One thread uses it at a time; after an AccountError, `open` it again."""

    def __init__(
        self, name: str, server: Server, credential: Callable[[], Credential], drafts: str = "", sent: str = ""
    ) -> None:
        self.name = name
        self.server = server
        self._credential = credential
        self._configured: dict[Role, str] = {"drafts": drafts, "sent": sent}
        self._connection: Connection | None = None
        self._selected: Selected | None = None
        self._roles: dict[Role, Found | None] = {}
        self._no_idle = False

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def open(self) -> None:
        """Connect and log in, unless that holds already, and find the folders."""
        if self._connection is not None and self._connection.is_open:
            return
        self._selected = None
        self._connection = Connection(self.server, self._credential)
        self._find_roles()

    def close(self) -> None:
        """Log out and close; never raises."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    @property
    def capabilities(self) -> frozenset[str]:
        return self._open_connection.capabilities

    @property
    def can_remove(self) -> bool:
        return "UIDPLUS" in self.capabilities

    @property
    def _open_connection(self) -> Connection:
        if self._connection is None or not self._connection.is_open:
            raise AccountError(f"there is no connection to {self.server.host}; it is made anew")
        return self._connection

    # -- folders

    @property
    def drafts(self) -> Found:
        """The folder for drafts. Raises FolderMissing."""
        if found := self._roles.get("drafts"):
            return found
        raise FolderMissing(
            f"account {self.name} has no folder for drafts; save a draft in your mail client once, which makes one, "
            f"or set account.drafts in the configuration to a name, and it is made",
            "drafts",
        )

    @property
    def sent(self) -> Found | None:
        return self._roles.get("sent")

    @property
    def trash(self) -> Found | None:
        return self._roles.get("trash")

    def folders(self) -> list[Listed]:
        """Return every folder of the account, in the server's order."""
        connection = self._open_connection
        with connection.operation():
            typ, data = connection.wire._simple_command("LIST", '""', '"*"')
            _, lines = connection.wire._untagged_response(typ, data, "LIST")
        return [folder for line in lines if (folder := parsing.listed(line))]

    def folder(self, name: str) -> Found:
        """Return the folder that the configuration calls *name*. Raises FolderMissing."""
        found = find_folder([] if name.upper() == "INBOX" else self.folders(), name)
        if found is None:
            raise FolderMissing(
                f"account {self.name} has no folder {name}; correct account.folders in the configuration", name
            )
        return found

    def _find_roles(self) -> None:
        folders = self.folders()
        roles: tuple[Role, ...] = ("drafts", "sent", "trash")
        self._roles = {role: find_role(folders, role, self._configured.get(role, "")) for role in roles}
        wanted, drafts, *others = self._configured["drafts"], *self._roles.values()
        if wanted and not drafts:
            self._roles["drafts"] = self._create(full_name(self._open_connection, wanted, folders))
        elif wanted and drafts and drafts.wire in {one.wire for one in others if one}:
            raise SetupError(
                f"account {self.name}: {wanted} holds sent or deleted mail; name another folder as account.drafts"
            )

    def _create(self, name: str) -> Found:
        """Make the folder for drafts that the configuration names, or that has vanished, and return it."""
        made = create_for_drafts(self._open_connection, name)
        log.info("folder made account=%s", self.name)
        return made

    def select(self, folder: str, readonly: bool = True) -> Selected:
        """Open *folder*, afresh each time: what has come since is seen. Raises FolderMissing when it is not there."""
        connection = self._open_connection
        try:
            with connection.operation(may_decline=True):
                answer = self._select_or_examine(connection, folder, readonly)
        except Declined as error:
            connection.wire.state = "AUTH"  # RFC 9051 §6.3.2: a refused SELECT leaves no folder open
            self._selected = None
            said = printable(error.text)
            # A NO may pass. Taken for a folder that is not there, it would mean that no draft lies in it.
            if any(f.wire.upper() == folder.upper() for f in self.folders()):
                message = f"the folder {folder} cannot be opened at present ({said}); try again later"
                raise AccountError(message, retry_after(error.text)) from error
            raise FolderMissing(
                f"there is no folder {folder} any more ({said}); correct account.folders in the configuration", folder
            ) from error
        validity = int(answer.get(b"UIDVALIDITY") or 0)
        if not 0 < validity < 1 << 32:
            connection.drop()
            raise AccountError(
                f"{self.server.host} names no UIDVALIDITY, without which messages cannot be told apart; "
                "ask whoever runs that server"
            )
        self._selected = Selected(
            folder,
            validity,
            self._believable(int(answer.get(b"EXISTS") or 0)),
            parsing.permanent_flags(answer),
            bool(connection.wire.is_readonly),
        )
        return self._selected

    def _believable(self, exists: int) -> int:
        if exists > MAX_EXISTS:
            raise AccountError(
                f"{self.server.host} names {exists} messages in one folder, which cannot be right; "
                "ask whoever runs that server"
            )
        return exists

    def _select_or_examine(self, connection: Connection, folder: str, readonly: bool) -> dict[bytes, Any]:
        try:
            answer: dict[bytes, Any] = connection.client.select_folder(folder, readonly)
        except connection.client.ReadOnlyError:  # a folder that is shared, or an ACL: marks cannot be set then
            answer = connection.client.select_folder(folder, True)
        return answer

    @property
    def _here(self) -> Selected:
        if self._selected is None:
            raise AccountError("no folder is open; the connection is made anew")
        return self._selected

    # -- messages

    def uids(self, since: date | None = None) -> list[int]:
        """
        Return the UIDs in the selected folder, ascending; with *since*, of messages received on that day or later.

        The server compares days of its own time zone, so ask for a day more than is needed.
        """
        connection, found = self._open_connection, set[int]()
        criteria = [f"SINCE {since:%d}-{_MONTHS[since.month - 1]}-{since:%Y}"] if since else []
        if self._here.exists <= SEARCH_WINDOW:
            return sorted(self._search(connection, *(criteria or ["ALL"])))
        for low in range(1, self._here.exists + 1, SEARCH_WINDOW):
            window = f"{low}:{min(low + SEARCH_WINDOW - 1, self._here.exists)}"  # sequence numbers: without holes
            found |= self._search(connection, window, *criteria)
        return sorted(found)

    def _search(self, connection: Connection, *criteria: str) -> set[int]:
        with connection.operation():
            _, lines = connection.wire.uid("SEARCH", *criteria)
        # Some servers answer in two lines, or name a UID twice
        numbers = (int(n) for line in lines if line for n in re.findall(rb"\b\d{1,10}\b", line.split(b"(")[0]))
        return {number for number in numbers if 0 < number < 1 << 32}

    def outlines(self, uids: Sequence[int]) -> Iterator[Outline]:
        """Yield what a listing tells of *uids*; one that is gone is left out."""
        items = ["UID", "FLAGS", "INTERNALDATE", "RFC822.SIZE", f"BODY.PEEK[HEADER.FIELDS ({' '.join(FIELD_NAMES)})]"]
        for low in range(0, len(uids), BATCH):
            batch = uids[low : low + BATCH]
            answer = self._fetch(batch, items)
            for uid in batch:
                given = answer.get(uid)
                header = parsing.value_of(given, b"BODY[HEADER.FIELDS") if given else None
                if given and header is not None:  # only an answer to this question has both
                    yield Outline(
                        uid, parsing.flags(given), parsing.received(given), parsing.size(given), read_fields(header)
                    )

    def fetch(self, outlines: Sequence[Outline]) -> Iterator[FetchedMessage | MessageError]:
        """
        Yield, in order, each message of *outlines* up to FETCH_OCTETS, or why it could not be had.

        One that has gone meanwhile is left out, which takes a NOOP to know: Courier answers a FETCH of an expunged
        message with a forged one from "System Administrator", and Cyrus with the real one.
        """
        for batch in _batches(outlines):
            answer = self._fetch([o.uid for o in batch], ["UID", "FLAGS", f"BODY.PEEK[]<0.{FETCH_OCTETS}>"])
            present = self._still_there([o.uid for o in batch])
            for outline in batch:
                if outline.uid in present:
                    yield self._message(outline, answer.get(outline.uid))

    def _message(self, outline: Outline, given: dict[bytes, Any] | None) -> FetchedMessage | MessageError:
        here = self._here
        key = MessageKey(self.name, here.folder, here.uid_validity, outline.uid)
        octets = parsing.value_of(given, b"BODY[]") if given else None
        if not octets:
            return MessageError(f"the server does not give message {key}; it is asked again on the next pass")
        flags = parsing.flags(given) if given and b"FLAGS" in given else outline.flags
        return FetchedMessage(key, octets[:FETCH_OCTETS], max(outline.size, len(octets)), flags, outline.received)

    def _fetch(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        """Return what the server says of *uids*; when it declines or says it wrongly, one by one, without those."""
        connection = self._open_connection
        try:
            with connection.operation(may_decline=True):
                try:
                    answer: dict[int, dict[bytes, Any]] = connection.client.fetch(list(uids), items)
                except (connection.client.AbortError, OSError):
                    raise
                except (connection.client.Error, ValueError, TypeError, AttributeError) as error:
                    raise Declined("FETCH", "the answer cannot be parsed") from error  # read to its end, so go on
        except Declined:
            if len(uids) <= 1:
                return {}
            return {uid: given for one in uids for uid, given in self._fetch([one], items).items()}
        return answer

    def _still_there(self, uids: Sequence[int]) -> set[int]:
        connection = self._open_connection
        with connection.operation():
            connection.wire.noop()
        return self._search(connection, "UID", ",".join(map(str, uids)))

    def flags(self, uids: Sequence[int]) -> dict[int, frozenset[str]]:
        """Return the flags of those of *uids* that are still there, as they are now."""
        told: dict[int, frozenset[str]] = {}
        for low in range(0, len(uids), BATCH):
            batch = sorted(self._still_there(uids[low : low + BATCH]))
            answer = self._fetch(batch, ["UID", "FLAGS", "RFC822.SIZE"]) if batch else {}
            told |= {uid: parsing.flags(given) for uid, given in answer.items() if b"FLAGS" in given}
        return told

    def append(self, folder: str, octets: bytes, flags: Collection[str]) -> Appended | Refusal:
        """
        Save *octets* in *folder*. Refusal: it has certainly not been saved. AccountError: nobody knows.

        A folder that has vanished is made anew once: Alpine deletes Drafts when its last draft leaves.
        """
        if self._selected and self._selected.readonly and self._selected.folder == folder:
            self.select(folder, readonly=False)  # Courier takes none into a folder that is open for reading only
        answer = self._append(folder, octets, flags)
        if isinstance(answer, Refusal) and answer.kind == "no folder" and folder == self.drafts.wire:
            self._create(self.drafts.name)
            answer = self._append(folder, octets, flags)
        return answer

    def _append(self, folder: str, octets: bytes, flags: Collection[str]) -> Appended | Refusal:
        connection = self._open_connection
        wire: Any = connection.wire
        try:
            with connection.operation(may_decline=True):
                wire.continuation_response = None
                _, data = wire.append(
                    parsing.quoted(folder), f"({' '.join(parsing.checked_flags(flags))})", None, octets
                )
                if wire.continuation_response is None:
                    raise wire.abort("the server took a message before it was sent")
        except Declined as error:
            return refusal(error.text)
        uid = append_uid(data[0] if data else b"")
        return Appended(*uid) if uid else Appended()

    def mark(self, uid: int, flags: Collection[str]) -> frozenset[str]:
        """Set those of *flags* that the selected folder keeps; return the ones that are set afterwards."""
        wanted = [flag for flag in parsing.checked_flags(flags) if self._here.keeps(flag)]
        if not wanted:
            return frozenset()
        connection = self._open_connection
        try:
            with connection.operation(may_decline=True):
                connection.wire.uid("STORE", str(uid), "+FLAGS.SILENT", f"({' '.join(wanted)})")
        except Declined as error:  # Cyrus keeps a hundred keywords a folder
            log.debug("flags refused uid=%d text=%s", uid, printable(error.text))
            return self._mark_singly(uid, wanted) if len(wanted) > 1 else frozenset()
        now = {flag.lower() for flag in self.flags([uid]).get(uid, ())}
        return frozenset(flag for flag in wanted if flag.lower() in now)

    def _mark_singly(self, uid: int, flags: Sequence[str]) -> frozenset[str]:
        return frozenset[str]().union(*(self.mark(uid, [flag]) for flag in flags))

    def remove(self, uid: int) -> None:
        """Expunge one message of the selected folder, and no other (UIDPLUS). Raises MessageError when not allowed."""
        connection = self._open_connection
        if not self.can_remove:
            raise MessageError("the server cannot remove one message alone (no UIDPLUS); remove it in your mail client")
        try:
            with connection.operation(may_decline=True):
                connection.wire.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Deleted)")
                connection.wire.uid("EXPUNGE", str(uid))
        except Declined as error:
            raise MessageError(
                f"the server does not remove the message ({printable(error.text)}); remove it in your mail client"
            ) from error

    def wait(self, seconds: float, stop: Stop) -> bool:
        """Wait for news in the selected folder, for up to *seconds*; say whether there may be some."""
        connection = self._open_connection
        told = connection.wire.untagged_responses.get("EXISTS") or [b"0"]
        if int(told[-1]) > self._here.exists:  # told while the folder was listed; IDLE does not tell it again
            return True
        if "IDLE" not in self.capabilities or self._no_idle:
            stop.wait(min(seconds, POLL_S))
            return not stop.is_set()
        try:
            with connection.operation(may_decline=True):
                return idle(connection.wire, seconds, stop) and not stop.is_set()
        except Declined:
            self._no_idle = True  # offered and refused: poll from now on
            return True


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # not the locale's


def _batches(outlines: Sequence[Outline]) -> Iterator[list[Outline]]:
    """Yield runs of *outlines* that together stay within BATCH and BATCH_OCTETS; a large one goes alone."""
    batch: list[Outline] = []
    octets = 0
    for outline in outlines:
        size = min(outline.size, FETCH_OCTETS)
        if batch and (len(batch) >= BATCH or octets + size > BATCH_OCTETS):
            yield batch
            batch, octets = [], 0
        batch.append(outline)
        octets += size
    if batch:
        yield batch
