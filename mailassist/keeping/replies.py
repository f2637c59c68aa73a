"""What lies in Drafts and Sent, by what it answers: the only witness of answers that survives every mail client."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from mailassist.errors import FolderMissing
from mailassist.mailbox.protocol import Account, Outline

_WINDOW = 2000  # outlines that are asked for at a time


def octets_hash(octets: bytes) -> str:
    """Return the hash by which a draft is known again; how lines end makes no difference to it."""
    lines = octets.replace(b"\r\n", b"\n").rstrip(b"\n")
    return hashlib.sha256(lines).hexdigest()


@dataclass(slots=True)
class _Folder:
    """The outlines of one folder, kept between passes."""

    uid_validity: int = 0
    outlines: dict[int, Outline] = field(default_factory=dict)
    by_id: dict[str, list[Outline]] = field(default_factory=dict)
    answering: dict[str, list[Outline]] = field(default_factory=dict)

    def index(self, outlines: Iterable[Outline]) -> None:
        """Add *outlines*, but for what a client has marked as deleted (Thunderbird expunges late)."""
        for outline in outlines:
            self.outlines[outline.uid] = outline
            if "\\deleted" in {flag.lower() for flag in outline.flags}:
                continue
            if outline.fields.message_id:
                self.by_id.setdefault(outline.fields.message_id, []).append(outline)
            for message_id in outline.fields.answers:
                self.answering.setdefault(message_id, []).append(outline)


class Replies:
    """
    The replies of one account, as of the last `refresh`.

    Messages are listed and compared here: SEARCH HEADER is not to be relied on (Exchange, Yahoo, Gmail), and a
    Message-ID of a stranger has no place in a command.
    """

    def __init__(self) -> None:
        self._drafts, self._sent, self._trash = _Folder(), _Folder(), _Folder()
        self.as_of: datetime | None = None  # when they were last looked at

    def refresh(self, account: Account, now: datetime, since: date | None, with_trash: bool = False) -> None:
        """Look anew; *since* bounds Sent and Trash. Leaves one of the folders selected."""
        self.as_of = now
        # Drafts is listed whole each time, as a flag that changed there matters. It may be gone: Alpine deletes it with
        # its last draft, and the next APPEND makes it anew.
        self._drafts = self._look_if_there(account, account.drafts.wire, None, _Folder())
        self._sent = self._look_if_there(account, account.sent.wire if account.sent else "", since, self._sent)
        if with_trash:
            trash = account.trash.wire if account.trash else ""
            self._trash = self._look_if_there(account, trash, since, _Folder())

    def _look_if_there(self, account: Account, folder: str, since: date | None, known: _Folder) -> _Folder:
        try:
            return _look(account, folder, since, known) if folder else _Folder()
        except FolderMissing:
            return _Folder()

    def drafts_with_id(self, message_id: str) -> list[Outline]:
        """Return the messages in Drafts that bear *message_id*."""
        return self._drafts.by_id.get(message_id, [])

    def place_of(self, draft_id: str) -> Literal["drafts", "sent", "trash"] | None:
        """Return where our draft *draft_id* lies, wherever a person has put it; None when it is nowhere."""
        if draft_id in self._drafts.by_id:
            return "drafts"
        if draft_id in self._sent.by_id:
            return "sent"
        return "trash" if draft_id in self._trash.by_id else None

    def is_being_answered(self, message_id: str, draft_id: str = "") -> bool:
        """Say whether Drafts has a reply to *message_id* other than our own *draft_id*."""
        return any(o.fields.message_id != draft_id for o in self._drafts.answering.get(message_id, []))

    def is_answered(self, message_id: str, draft_id: str = "") -> bool:
        """Say whether Sent has a reply to *message_id*, or our draft itself."""
        return message_id in self._sent.answering or draft_id in self._sent.by_id

    def answers(self, message_id: str, draft_id: str = "") -> list[Outline]:
        """Return the replies to *message_id* in Sent, our draft itself among them."""
        return [*self._sent.answering.get(message_id, ()), *self._sent.by_id.get(draft_id, ())]

    def answered_at(self, message_id: str, draft_id: str = "") -> datetime | None:
        """Return when the first reply in Sent was sent; None where the server does not say."""
        return min((o.received for o in self.answers(message_id, draft_id) if o.received), default=None)


def _look(account: Account, folder: str, since: date | None, known: _Folder) -> _Folder:
    selected = account.select(folder, readonly=True)
    uids = account.uids(since)
    kept = known.outlines if known.uid_validity == selected.uid_validity else {}
    found = _Folder(selected.uid_validity)
    found.index(kept[uid] for uid in uids if uid in kept)
    new = [uid for uid in uids if uid not in kept]
    for low in range(0, len(new), _WINDOW):
        found.index(account.outlines(new[low : low + _WINDOW]))
    return found
