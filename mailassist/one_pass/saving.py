"""Drafts that are composed and not saved yet: for each customer and thread one, which answers the newest message."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mailassist.errors import AccountError, FolderMissing, MailassistError
from mailassist.keeping.drafts import Intent, save
from mailassist.keeping.records import Record
from mailassist.mailbox.protocol import Account, Outline
from mailassist.mailbox.responses import Refusal
from mailassist.one_pass.ledger import Group, Ledger
from mailassist.values import Draft

log = logging.getLogger(__name__)

QUOTA_PAUSE_S = 3600.0
COVERING = frozenset({"appending", "saved", "covered", "closed", "removed", "answered"})


@dataclass(frozen=True, slots=True)
class Composed:
    """A draft that is not saved yet."""

    outline: Outline
    record: Record
    draft: Draft
    composed: datetime  # what it is dated


@dataclass(slots=True)
class Saving:
    """What waits to be saved, oldest first in each group."""

    ledger: Ledger
    last: dict[Group, int] = field(default_factory=dict)  # UID of the newest message that is still to be met
    waiting: dict[Group, list[Composed]] = field(default_factory=dict)
    ready: list[Group] = field(default_factory=list)

    def expect(self, outlines: Sequence[Outline]) -> None:
        """Take note of what is to be dealt with, in the order it came."""
        self.ledger.total = len(outlines)
        self.last = {self.ledger.groups[outline.uid]: outline.uid for outline in outlines}

    def add(self, piece: Composed) -> None:
        """Keep *piece* until the newest message of its group has been met."""
        group = self.ledger.groups[piece.outline.uid]
        self.waiting.setdefault(group, []).append(piece)
        if self.last.get(group, piece.outline.uid) == piece.outline.uid:
            self.ready.append(group)

    def save_ready(self) -> None:
        """Save a draft for the newest message of each group that is ready; the older ones are covered by it."""
        ready, self.ready = self.ready, []
        self._save_newest([self.waiting.pop(group) for group in ready])

    def save_rest(self) -> None:
        """Save what waits for a newer message of its thread that got no draft."""
        self.ready = list(self.waiting)
        self.save_ready()

    def _save_newest(self, groups: Sequence[list[Composed]]) -> None:
        while groups:
            saved = {piece.record.id for piece in self._save([group[-1] for group in groups])}
            for *older, newest in groups:
                if newest.record.id in saved:
                    for piece in reversed(older):
                        self.ledger.cover(piece.record, newest.record, piece.draft)
            groups = [older for *older, newest in groups if older and newest.record.id not in saved]

    def _save(self, pieces: Iterable[Composed]) -> list[Composed]:
        """Save drafts exactly once; return those that are there."""
        ledger, saved = self.ledger, list[Composed]()
        with ledger.store.together():
            pieces = [piece for piece in pieces if self._is_wanted(piece)]
        pieces = self._still_open(pieces)
        intents = [Intent(piece.record, piece.draft, piece.composed) for piece in pieces]
        answers = save(ledger.account, ledger.store, intents, ledger.now, ledger.is_stopped)
        ending: Refusal | None = None
        for piece, answer in zip(pieces, answers, strict=False):
            if not isinstance(answer, Refusal):
                self._tell_saved(piece)
                saved.append(piece)
            elif answer.ends_pass:
                ending = answer
            else:
                ledger.fault(piece.record, f"the server refuses the draft: {answer.text}")
        if ending:
            raise _ended(ending, ledger.account)
        return saved

    def _tell_saved(self, piece: Composed) -> None:
        key, draft = piece.record.key, piece.draft
        log.info(
            "draft saved folder=%s uid=%d strategy=%s language=%s",
            key.folder, key.uid, draft.strategy.name, draft.language,
        )  # fmt: skip
        self.ledger.tell(key, "drafts", "", draft)

    def _is_wanted(self, piece: Composed) -> bool:
        """Say whether the draft is to be saved now; if not, that is told and written down."""
        ledger, record, draft, outline = self.ledger, piece.record, piece.draft, piece.outline
        if draft.tone.level == "hostile" and ledger.is_held(outline):
            ledger.hold(record, outline, draft)
        elif newer := self.newer(record):
            ledger.cover(record, newer, draft)
        elif ledger.names_one_mail(outline) and ledger.replies.is_being_answered(record.message_id, draft.message_id):
            ledger.settle(outline, "covered", "a draft of yours answers it already", draft)
        else:
            return True
        return False

    def _still_open(self, pieces: Sequence[Composed]) -> list[Composed]:
        """Return those of *pieces* whose message is there, as it is now, and not answered."""
        told = self.ledger.account.flags([piece.outline.uid for piece in pieces]) if pieces else {}
        still = []
        for piece in pieces:
            flags = told.get(piece.outline.uid)
            if flags is None:
                self.ledger.settle(piece.outline, "gone", "it was deleted meanwhile", piece.draft)
            elif "\\answered" in {flag.lower() for flag in flags}:
                self.ledger.settle(piece.outline, "answered", "you answered it meanwhile", piece.draft)
            else:
                still.append(piece)
        return still

    def newer(self, record: Record) -> Record | None:
        """Return a later message of the same customer and thread that has had, or may have, a draft or an answer."""
        later = self.ledger.store.in_thread(record.key.account, record.thread, record.sender)
        return next((r for r in reversed(later) if r.state in COVERING and _order(r) > _order(record)), None)


def _order(record: Record) -> tuple[float, int]:
    return (record.received.timestamp() if record.received else 0.0, record.key.uid)


def _ended(refusal: Refusal, account: Account) -> MailassistError:
    """Return what a refused APPEND means for the rest of the pass."""
    if refusal.kind == "quota":
        return AccountError(
            f"account {account.name} has no room for drafts ({refusal.text}); delete what is not needed", QUOTA_PAUSE_S
        )
    if refusal.kind == "busy":
        return AccountError(
            f"account {account.name} takes no drafts at present ({refusal.text}); try again later",
            refusal.retry_after_s,
        )
    return FolderMissing(
        f"account {account.name} has lost its folder for drafts; make one in your mail client", "drafts"
    )
