"""What is known of the messages of one folder during a pass, and what is told of each."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mailassist.errors import MessageError
from mailassist.keeping.records import Record, State
from mailassist.keeping.replies import Replies
from mailassist.keeping.store import Store
from mailassist.mailbox.idle import Stop
from mailassist.mailbox.protocol import Account, Outline, Selected
from mailassist.one_pass.terms import Options, Outcome, Progress
from mailassist.values import Draft, MessageKey, Skipped

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
COVERED = "the draft for a later message of its thread covers it"

Group = tuple[str, str]  # thread and sender; of what has none, "" and something of its own


@dataclass(slots=True)
class Ledger:
    """The messages of one folder, which stays selected meanwhile."""

    account: Account
    selected: Selected
    store: Store
    options: Options
    now: Callable[[], datetime]
    replies: Replies
    progress: Progress
    stop: Stop | None = None
    total: int = 0
    present: set[int] = field(default_factory=set)  # UIDs of what was listed
    threads: dict[str, str] = field(default_factory=dict)  # Message-ID -> thread, of what was listed
    groups: dict[int, Group] = field(default_factory=dict)  # by UID
    counts: Counter[str] = field(default_factory=Counter)
    due: list[datetime] = field(default_factory=list)
    to_mark: list[Record] = field(default_factory=list)

    def is_stopped(self) -> bool:
        """Say whether the pass is to end after the message in hand."""
        return self.stop is not None and self.stop.is_set()

    def listed(self, outlines: Sequence[Outline]) -> None:
        """Take note of what was listed, in the order it came, whether it is dealt with in this pass or not."""
        for outline in outlines:
            self.present.add(outline.uid)
            self.groups[outline.uid] = thread, _ = self._group(outline)
            if thread:
                self.threads[outline.fields.message_id] = thread

    def _group(self, outline: Outline) -> Group:
        fields = outline.fields
        ids = (*fields.references, *fields.in_reply_to)
        thread = next((self.threads[one] for one in ids if one in self.threads), "")
        thread = thread or self.store.thread_of(self.account.name, ids, fields.message_id)
        return (thread, self.store.hash(fields.sender)) if thread and fields.sender else ("", f"uid {outline.uid}")

    def key(self, uid: int) -> MessageKey:
        """Return the key of a message in the selected folder."""
        return MessageKey(self.account.name, self.selected.folder, self.selected.uid_validity, uid)

    def sender(self, outline: Outline) -> str:
        """Return the keyed hash of who wrote the message; empty where nobody says."""
        return self.store.hash(outline.fields.sender) if outline.fields.sender else ""

    def names_one_mail(self, outline: Outline) -> bool:
        """
        Say whether a reply to this Message-ID answers this mail.

        It may not where somebody else has sent a mail under the same one, by mistake or to keep this from being seen:
        then a reply proves nothing, as a draft too many does less harm than an answer too few.
        """
        message_id, sender = outline.fields.message_id, self.sender(outline)
        return message_id != "" and not self.store.is_claimed_by_another(self.account.name, message_id, sender)

    def is_held(self, outline: Outline) -> bool:
        """Say whether the draft for a hostile message waits still."""
        hold, received = self.options.hold, outline.received
        return bool(hold) and received is not None and self.now() < received + hold

    # -- what becomes of one

    def settle(self, outline: Outline, state: State, reason: str, result: Draft | Skipped | None = None) -> None:
        """Nothing more is to be done with the message."""
        key = self.key(outline.uid)
        thread, _ = self.groups[outline.uid]
        self.store.finish(key, state, outline.received, outline.fields.message_id, thread, self.sender(outline))
        if state == "answered" and (record := self.store.record(key)):
            self.store.set_answered(record, self.now())
        self.tell(key, "faults" if state == "quarantined" else "skipped", reason, result)

    def cover(self, record: Record, by: Record, draft: Draft) -> None:
        """The draft of a newer message of the thread answers this one too."""
        self.store.cover(record, by.id)
        self.tell(record.key, "skipped", COVERED, draft)

    def hold(self, record: Record, outline: Outline, draft: Draft | None) -> None:
        """The draft for a hostile message is made later."""
        until = (outline.received or self.now()) + self.options.hold
        self.due.append(until)
        self.tell(record.key, "held", f"it is hostile; its draft is held back until {until:%d %b %H:%M} UTC", draft)

    def fault(self, record: Record, reason: str) -> None:
        """Something is wrong with the message; after so many attempts it is left alone."""
        if record.attempts >= MAX_ATTEMPTS:
            self.store.finish(record.key, "quarantined")
            reason += "; it is left alone from now on"
        self.tell(record.key, "faults", reason)

    def tell(self, key: MessageKey, count: str, reason: str, result: Draft | Skipped | None = None) -> None:
        """Count the message under *count* and tell the caller."""
        self.counts[count] += 1
        outcome = Outcome(key, result, count == "drafts", reason, count == "faults")
        log.debug("message done folder=%s uid=%d as=%s", key.folder, key.uid, count)
        self.progress(outcome, self.counts.total(), max(self.total, self.counts.total()))

    # -- marks

    def mark_noted(self) -> None:
        """Mark the messages of `to_mark`."""
        noted, self.to_mark = self.to_mark, []
        for record in noted:
            self.mark(record)

    def mark(self, record: Record) -> None:
        """Mark a hostile message, once: a person who takes the marks away is right."""
        if record.tone != "hostile" or record.marked or not self.options.marks:
            return
        try:
            kept = self.account.mark(record.key.uid, self.options.marks)
        except MessageError as error:  # a draft is worth more than its mark
            log.warning("not marked folder=%s uid=%d reason=%s", self.selected.folder, record.key.uid, error)
            return
        self.store.set_marked(record)
        log.info(
            "marked folder=%s uid=%d flags=%s", self.selected.folder, record.key.uid, " ".join(sorted(kept)) or "none"
        )
