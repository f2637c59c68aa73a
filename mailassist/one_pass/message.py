"""One message: told from a copy, answered, saved exactly once, marked."""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mailassist.errors import AccountError, FolderMissing, MailassistError, MessageError
from mailassist.keeping.drafts import save
from mailassist.keeping.records import OPEN, Record, State
from mailassist.keeping.replies import Replies, octets_hash
from mailassist.keeping.store import Store
from mailassist.mailbox.protocol import Account, Outline, Selected
from mailassist.mailbox.responses import Refusal
from mailassist.one_pass.terms import Answer, Options, Outcome, Progress
from mailassist.reading.header import parse_date
from mailassist.values import Draft, FetchedMessage, History, MessageKey, Skipped

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
QUOTA_PAUSE_S = 3600.0
BODY_HASHED = 65_536  # octets of the text that tell copies from namesakes
COVERING = frozenset({"appending", "saved", "covered", "closed", "removed", "answered"})
COVERED = "the draft for a later message of its thread covers it"


@dataclass(frozen=True, slots=True)
class _Composed:
    """A draft that is not saved yet."""

    outline: Outline
    record: Record
    draft: Draft
    composed: datetime  # what it is dated


@dataclass(slots=True)
class Messages:
    """What is done with each message of one folder, which stays selected meanwhile."""

    account: Account
    selected: Selected
    store: Store
    answer: Answer
    options: Options
    now: Callable[[], datetime]
    replies: Replies
    progress: Progress
    total: int = 0
    present: set[int] = field(default_factory=set)  # UIDs of what was listed
    threads: dict[str, str] = field(default_factory=dict)  # Message-ID -> thread, of what was listed
    groups: dict[int, tuple[str, str]] = field(default_factory=dict)  # UID -> thread and sender
    last_in_thread: dict[tuple[str, str], int] = field(default_factory=dict)  # thread and sender -> UID of the newest
    waiting: dict[tuple[str, str], list[_Composed]] = field(default_factory=dict)  # older ones of such a thread
    counts: Counter[str] = field(default_factory=Counter)
    due: list[datetime] = field(default_factory=list)

    def listed(self, outlines: Sequence[Outline]) -> None:
        """Take note of what was listed, in the order it came, whether it is dealt with in this pass or not."""
        for outline in outlines:
            self.present.add(outline.uid)
            self.groups[outline.uid] = thread, _ = self._group(outline)
            if thread:
                self.threads[outline.fields.message_id] = thread

    def expect(self, outlines: Sequence[Outline]) -> None:
        """Take note of what is to be dealt with, in the order it came."""
        self.total = len(outlines)
        self.last_in_thread = {self.groups[outline.uid]: outline.uid for outline in outlines}

    def key(self, uid: int) -> MessageKey:
        """Return the key of a message in the selected folder."""
        return MessageKey(self.account.name, self.selected.folder, self.selected.uid_validity, uid)

    def _group(self, outline: Outline) -> tuple[str, str]:
        """Return thread and sender of a message; something of its own where it has none."""
        fields = outline.fields
        ids = (*fields.references, *fields.in_reply_to)
        thread = next((self.threads[one] for one in ids if one in self.threads), "")
        thread = thread or self.store.thread_of(self.account.name, ids, fields.message_id)
        return (thread, self.store.hash(fields.sender)) if thread and fields.sender else ("", f"uid {outline.uid}")

    def needs_no_reading(self, outline: Outline) -> bool:
        """Deal with a message whose text need not be fetched; say whether it was one."""
        key, flags = self.key(outline.uid), {flag.lower() for flag in outline.flags}
        record = self.store.record(key)
        message_id, draft_id = outline.fields.message_id, record.draft_id if record else ""
        # A draft that an older store knew: it is ours to remove when its octets say so, which takes reading.
        is_unknown = record is None and self.replies.is_being_answered(message_id)
        if record and record.state == "appending" and self._may_still_arrive(record):
            self._tell(key, "doubtful", "its draft may still be on its way; a later pass looks for it")
        elif record and record.state == "appending" and self.replies.place_of(draft_id):
            self._found(record, None)
        elif record and record.state == "appending" and self.replies.place_of(record.old_id):
            self.store.restore_draft(record, record.old_id, record.old_hash)
            self._tell(key, "drafts", "")
        elif "\\deleted" in flags:
            self._settle(outline, "gone", "it was deleted")
        elif is_unknown:
            return False
        elif "\\answered" in flags:
            self._settle(outline, "answered", "you have answered it")
        elif self._names_one_mail(outline) and self.replies.is_answered(message_id, draft_id):
            self._settle(outline, "answered", "your reply to it lies in Sent")
        elif record and record.attempts >= MAX_ATTEMPTS:
            self._settle(outline, "quarantined", f"it ended {MAX_ATTEMPTS} attempts to read it; it is left alone")
        elif record and record.tone == "hostile" and self._is_held(outline):
            self._hold(record, outline, None)
        else:
            return False
        return True

    def handle(self, outline: Outline, message: FetchedMessage | None, is_gone: bool) -> None:
        """Deal with a message that was fetched; None: the server did not give its text."""
        if is_gone:
            self._settle(outline, "gone", "it was deleted meanwhile")
            return
        record = self.store.claim(self.key(outline.uid), outline.received)
        if message is None:
            self._fault(record, "the server does not give its text")
            return
        try:
            self._answer(outline, record, message)
        except MessageError as error:
            self._fault(record, str(error))
        except MailassistError:
            self.store.uncount(record)
            raise
        except Exception as error:  # a fault of ours, met by a stranger's mail: the others go on
            log.error(
                "message failed folder=%s uid=%d error=%s", self.selected.folder, outline.uid, type(error).__name__
            )
            self._fault(record, f"mailassist failed on it ({type(error).__name__}); please report that")

    def _answer(self, outline: Outline, record: Record, message: FetchedMessage) -> None:
        """Answer *message*, unless it is a copy of one that is known."""
        content = self._content(message.octets, outline)
        if self._copy_of(record, content):
            self._tell(record.key, "skipped", "it is a copy of a message that is known")
            return
        record = self.store.record(record.key) or record
        if record.state == "appending" and self._may_still_arrive(record):
            self._tell(record.key, "doubtful", "its draft may still be on its way; a later pass looks for it")
            return
        group = self.groups[outline.uid]
        thread = group[0]
        history = self.store.history(self.account.name, outline.fields.sender, thread, but=record.key)
        composed = record.composed or self.now()  # a retry is dated as the first attempt: the same octets again
        result = self.answer(message.octets, history, composed)
        sender = self._sender(outline)
        self.store.note(record, content, outline.fields.message_id, thread, sender, result.reading)
        if isinstance(result, Skipped):
            self._settle(outline, "skipped", result.reason, result)
            self.mark(self.store.record(record.key))
            return
        record = self.store.record(record.key) or record
        if self.replies.place_of(result.message_id):
            self.mark(record)
            self._found(record, result if record.draft_id else self._as_dated(message, history, result))
            return
        piece = _Composed(outline, record, result, composed)
        self.waiting.setdefault(group, []).append(piece)
        if self.last_in_thread.get(group, outline.uid) == outline.uid:
            self._save_newest(group)

    def _content(self, octets: bytes, outline: Outline) -> str:
        """Return the hash by which a copy is known. The Message-ID alone is no proof: anybody can write it."""
        body = octets.replace(b"\r\n", b"\n").partition(b"\n\n")[2][:BODY_HASHED]
        fields = outline.fields
        digest = hashlib.sha256(body).hexdigest()
        return self.store.hash("\0".join(("message", fields.message_id, fields.from_line, fields.date_line, digest)))

    def _copy_of(self, record: Record, content: str) -> bool:
        """
        Say whether a message with this content was met before, elsewhere in the account.

        Where it lies under a new UID now (UIDVALIDITY changed, or it was moved away and back) what is known of it
        moves along; unless that was still open, it is dealt with.
        """
        for other in self.store.by_content(self.account.name, content):
            if other.id == record.id or other.state == "gone":
                continue
            is_here = other.key.folder == self.selected.folder
            has_moved = is_here and other.key.uid_validity != self.selected.uid_validity
            if other.state in OPEN and not (is_here and other.key.uid in self.present):
                has_moved = True  # and if it has not, it is the copy that is told there
            if not has_moved:
                self.store.finish(record.key, "duplicate")
                return True
            self.store.move(other, record.key)
            return other.state not in OPEN
        return False

    def finish_threads(self) -> None:
        """Save what waits for a newer message of its thread that got no draft."""
        for group in list(self.waiting):
            self._save_newest(group)

    def _names_one_mail(self, outline: Outline) -> bool:
        """
        Say whether a reply to this Message-ID answers this mail.

        It may not where somebody else has sent a mail under the same one, by mistake or to keep this from being seen:
        then a reply proves nothing, as a draft too many does less harm than an answer too few.
        """
        message_id, sender = outline.fields.message_id, self._sender(outline)
        return message_id != "" and not self.store.is_claimed_by_another(self.account.name, message_id, sender)

    # -- saving

    def _save_newest(self, group: tuple[str, str]) -> None:
        """Save a draft for the newest waiting message of a thread; the older ones are covered by it."""
        covering: Record | None = None
        for piece in reversed(self.waiting.pop(group, [])):
            if covering is not None:
                self.store.cover(piece.record, covering.id)
                self._tell(piece.record.key, "skipped", COVERED, piece.draft)
                continue
            try:
                covering = piece.record if self._save(piece) else None
            except MessageError as error:
                self._fault(piece.record, str(error))

    def _save(self, piece: _Composed) -> bool:
        """Save a draft exactly once; say whether it is there. Raises MessageError when the server will not have it."""
        record, draft, outline = piece.record, piece.draft, piece.outline
        self.mark(record)
        if draft.tone.level == "hostile" and self._is_held(outline):
            self._hold(record, outline, draft)
            return False
        if newer := self._newer(record):
            self.store.cover(record, newer.id)
            self._tell(record.key, "skipped", COVERED, draft)
            return False
        if self._names_one_mail(outline) and self.replies.is_being_answered(record.message_id, draft.message_id):
            self._settle(outline, "covered", "a draft of yours answers it already", draft)
            return False
        flags = self.account.flags([outline.uid]).get(outline.uid)
        if flags is None or "\\answered" in {flag.lower() for flag in flags}:
            if flags is None:
                self._settle(outline, "gone", "it was deleted meanwhile", draft)
            else:
                self._settle(outline, "answered", "you answered it meanwhile", draft)
            return False
        answer = save(self.account, self.store, record, draft, piece.composed, self.now)
        if isinstance(answer, Refusal):
            raise _refused(answer, self.account)
        log.info(
            "draft saved folder=%s uid=%d strategy=%s language=%s",
            self.selected.folder, outline.uid, draft.strategy.name, draft.language,
        )  # fmt: skip
        self._tell(record.key, "drafts", "", draft)
        return True

    def _newer(self, record: Record) -> Record | None:
        """Return a later message of the same customer and thread that has had, or may have, a draft or an answer."""
        later = self.store.in_thread(record.key.account, record.thread, record.sender)
        return next((r for r in reversed(later) if r.state in COVERING and _order(r) > _order(record)), None)

    def _found(self, record: Record, draft: Draft | None) -> None:
        """The draft is there: an APPEND whose answer was lost had worked, or the store is younger than the draft."""
        place = self.replies.place_of(draft.message_id if draft else record.draft_id)
        if draft and not record.draft_id:
            self.store.recall(record, draft, octets_hash(draft.octets))
        self.store.saved(record, self.now())
        if place != "drafts":
            self.store.close_draft(record, "closed")
        elif (newer := self._newer(record)) and newer.answered:
            self.store.set_answered(record, newer.answered)
        log.info("draft found folder=%s uid=%d place=%s", self.selected.folder, record.key.uid, place)
        self._tell(record.key, "drafts", "", draft)

    def _as_dated(self, message: FetchedMessage, history: History, draft: Draft) -> Draft:
        """Return *draft* with the date of the one in Drafts: octets alike then prove that nobody touched that one."""
        there = self.replies.drafts_with_id(draft.message_id)
        dated = parse_date(there[0].fields.date_line) if there else None
        again = self.answer(message.octets, history, dated) if dated else draft
        return again if isinstance(again, Draft) else draft

    def _may_still_arrive(self, record: Record) -> bool:
        """Say whether an APPEND that was begun may still be delivered, by a kernel or a proxy."""
        now, attempted = self.now(), record.attempted
        if attempted is None:
            return False
        if attempted > now:  # the clock went back
            self.store.restart_clock(record, now)
            attempted = now
        if now >= attempted + self.options.settle:
            return False
        self.due.append(attempted + self.options.settle)
        return True

    def settle_orphans(self) -> None:
        """Deal with open messages that are no longer in the folder."""
        for record in self.store.open_records(self.account.name, self.selected.folder):
            if record.key.uid_validity == self.selected.uid_validity and record.key.uid in self.present:
                continue
            if record.state == "appending" and self.replies.place_of(record.draft_id):
                self._found(record, None)
            elif not (record.state == "appending" and self._may_still_arrive(record)):
                self.store.finish(record.key, "gone")

    # -- small things

    def _is_held(self, outline: Outline) -> bool:
        hold, received = self.options.hold, outline.received
        return bool(hold) and received is not None and self.now() < received + hold

    def _hold(self, record: Record, outline: Outline, draft: Draft | None) -> None:
        until = (outline.received or self.now()) + self.options.hold
        self.due.append(until)
        self._tell(record.key, "held", f"it is hostile; its draft is held back until {until:%d %b %H:%M} UTC", draft)

    def mark(self, record: Record | None) -> None:
        """Mark a hostile message, once: a person who takes the marks away is right."""
        if record is None or record.tone != "hostile" or record.marked or not self.options.marks:
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

    def _settle(self, outline: Outline, state: State, reason: str, result: Draft | Skipped | None = None) -> None:
        key = self.key(outline.uid)
        thread, _ = self.groups[outline.uid]
        self.store.finish(key, state, outline.received, outline.fields.message_id, thread, self._sender(outline))
        if state == "answered" and (record := self.store.record(key)):
            self.store.set_answered(record, self.now())
        self._tell(key, "faults" if state == "quarantined" else "skipped", reason, result)

    def _sender(self, outline: Outline) -> str:
        """Return the keyed hash of who wrote the message; empty where nobody says."""
        return self.store.hash(outline.fields.sender) if outline.fields.sender else ""

    def _fault(self, record: Record, reason: str) -> None:
        if record.attempts >= MAX_ATTEMPTS:
            self.store.finish(record.key, "quarantined")
            reason += "; it is left alone from now on"
        self._tell(record.key, "faults", reason)

    def _tell(self, key: MessageKey, count: str, reason: str, result: Draft | Skipped | None = None) -> None:
        self.counts[count] += 1
        outcome = Outcome(key, result, count == "drafts", reason, count == "faults")
        log.debug("message done folder=%s uid=%d as=%s", key.folder, key.uid, count)
        self.progress(outcome, self.counts.total(), max(self.total, self.counts.total()))


def _order(record: Record) -> tuple[float, int]:
    return (record.received.timestamp() if record.received else 0.0, record.key.uid)


def _refused(refusal: Refusal, account: Account) -> MailassistError:
    """Return what a refused APPEND means for the rest of the pass."""
    if refusal.kind == "quota":
        return AccountError(
            f"account {account.name} has no room for drafts ({refusal.text}); delete what is not needed", QUOTA_PAUSE_S
        )
    if refusal.kind == "busy":
        return AccountError(f"account {account.name} takes no drafts at present: {refusal.text}", refusal.retry_after_s)
    if refusal.kind == "no folder":
        return FolderMissing(f"account {account.name} has lost its folder for drafts; make one", "drafts")
    return MessageError(f"the server refuses the draft: {refusal.text}")
