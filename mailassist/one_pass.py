"""One pass over a folder: what has come is read, answered with a draft, marked; what is no longer needed is removed."""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from mailassist.errors import AccountError, FolderMissing, MailassistError, MessageError
from mailassist.keeping.drafts import save, tidy
from mailassist.keeping.records import OPEN, Record, State
from mailassist.keeping.replies import Replies, octets_hash
from mailassist.keeping.store import Store
from mailassist.mailbox.dry import DryAccount
from mailassist.mailbox.folders import Found
from mailassist.mailbox.idle import Stop
from mailassist.mailbox.protocol import Account, Outline, Selected
from mailassist.mailbox.responses import Refusal
from mailassist.values import Draft, FetchedMessage, History, MessageKey, Skipped

log = logging.getLogger(__name__)

DEFAULT_SINCE = timedelta(days=7)
LOOK_BACK = timedelta(days=1)  # before the last complete pass: front ends of one server may disagree for a while
SENT_WINDOW = timedelta(days=60)  # how long an answer in Sent is looked for
MAX_ATTEMPTS = 3
HEAVY = 4 * 1024 * 1024  # octets from which a message is fetched alone, its attempt counted before
CHUNK = 50  # messages fetched ahead
QUOTA_PAUSE_S = 3600.0
BODY_HASHED = 65_536  # octets of the text that tell copies from namesakes
HEADERS_BEYOND_LIMIT = 1000  # more than a limit lets in, to tell how many of them the time window holds
COVERED = "the draft for a later message of its thread covers it"


class Answer(Protocol):
    """The pure core: a message, and what bears on it, to a draft or a reason."""

    def __call__(self, octets: bytes, history: History, now: datetime, /) -> Draft | Skipped: ...


@dataclass(frozen=True, slots=True)
class Options:
    """How a pass is made."""

    since: timedelta | None = None  # None: DEFAULT_SINCE, and back to the last complete pass
    limit: int | None = 200  # messages; the newest are taken
    dry_run: bool = False  # write nothing, neither to the server nor to the store
    marks: tuple[str, ...] = ("$Hostile", "\\Flagged")
    hold: timedelta = timedelta(0)  # how long a hostile message waits for its draft
    settle: timedelta = timedelta(seconds=90)  # how long an APPEND without an answer may still arrive
    remove_when_answered: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message."""

    key: MessageKey
    result: Draft | Skipped | None  # None where it was not read
    saved: bool  # there is a draft for it; in a dry run: there would be
    reason: str = ""  # why there is none
    fault: bool = False  # an error, not a decision


@dataclass(frozen=True, slots=True)
class Report:
    """A pass in numbers."""

    drafts: int = 0
    skipped: int = 0
    faults: int = 0
    left: int = 0  # messages older than the limit let in
    doubtful: int = 0  # appended without an answer, looked for when the time to settle is over
    held: int = 0
    next_s: float | None = None  # seconds until something falls due; None when nothing does


Progress = Callable[[Outcome, int, int], None]


def run_pass(
    account: Account,
    folder: str,
    store: Store,
    answer: Answer,
    options: Options = Options(),
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    stop: Stop | None = None,
    progress: Progress = lambda outcome, done, total: None,
    replies: Replies | None = None,
) -> Report:
    """
    Deal with what is new in *folder* and return the numbers. Raises SetupError, AccountError, StoreError.

    folder: as the configuration names it. progress: called after each message. stop: ends it after the message in
    hand. replies: what a caller keeps between passes, so that Sent is listed once.
    """
    account.open()
    if options.dry_run:
        account, store = DryAccount(account), store.copy()
    with store.lock(account.name):
        work = _Pass(account, account.folder(folder), store, answer, options, now, stop, progress, replies or Replies())
        return work.run()


@dataclass(frozen=True, slots=True)
class _Composed:
    """A draft that is not saved yet."""

    outline: Outline
    record: Record
    draft: Draft
    composed: datetime  # what it is dated


@dataclass(slots=True)
class _Pass:
    """The state of one pass; `run` says the order."""

    account: Account
    folder: Found
    store: Store
    answer: Answer
    options: Options
    now: Callable[[], datetime]
    stop: Stop | None
    progress: Progress
    replies: Replies
    selected: Selected = field(init=False)
    last_in_thread: dict[tuple[str, str], int] = field(default_factory=dict)  # thread and sender -> UID of the newest
    waiting: dict[tuple[str, str], list[_Composed]] = field(default_factory=dict)  # older ones of such a thread
    counts: Counter[str] = field(default_factory=Counter)
    due: list[datetime] = field(default_factory=list)
    present: set[int] = field(default_factory=set)  # UIDs of this listing
    total: int = 0

    def run(self) -> Report:
        began = self.now()
        pending = self.store.open_records(self.account.name, self.folder.wire)
        with_trash = self.store.is_new or any(record.state == "appending" for record in pending)
        self.replies.refresh(self.account, began, (began - SENT_WINDOW).date(), with_trash)
        readonly = self.options.dry_run or not self.options.marks
        self.selected = self.account.select(self.folder.wire, readonly=readonly)
        todo, left = self._todo(self._since(began))
        self.total = len(todo)
        self.last_in_thread = {self._group(outline): outline.uid for outline in todo}
        if self._handle_all(todo):
            self._finish(began, left)
        return self._report(left)

    def _finish(self, began: datetime, left: int) -> None:
        """Do what is left to do once every message was met."""
        account, folder = self.account.name, self.folder.wire
        for record in self.store.unmarked(account, folder, self.selected.uid_validity):
            self._mark(record)
        if not left:
            self._settle_orphans()
            self.store.set_complete(account, folder, began)
        tidy(self.account, self.store, self.replies, folder, self.options.remove_when_answered, self.now())

    def _report(self, left: int) -> Report:
        soonest = min(self.due, default=None)
        return Report(
            drafts=self.counts["drafts"],
            skipped=self.counts["skipped"],
            faults=self.counts["faults"],
            left=left,
            doubtful=self.counts["doubtful"],
            held=self.counts["held"],
            next_s=max(0.0, (soonest - self.now()).total_seconds()) if soonest else None,
        )

    # -- what there is to do

    def _since(self, began: datetime) -> datetime:
        if self.options.since is not None:
            return began - self.options.since
        complete = self.store.complete_until(self.account.name, self.folder.wire)
        return min(began - DEFAULT_SINCE, complete - LOOK_BACK) if complete else began - DEFAULT_SINCE

    def _key(self, uid: int) -> MessageKey:
        return MessageKey(self.account.name, self.folder.wire, self.selected.uid_validity, uid)

    def _todo(self, since: datetime) -> tuple[list[Outline], int]:
        """Return what is to be dealt with, oldest first, and how many more messages the limit leaves out."""
        account, folder, validity = self.account.name, self.folder.wire, self.selected.uid_validity
        listed = self.account.uids((since - timedelta(days=1)).date())
        settled = self.store.settled_uids(account, folder, validity, min(listed, default=0))
        known = {r.key.uid for r in self.store.open_records(account, folder) if r.key.uid_validity == validity}
        uids = sorted({uid for uid in listed if uid not in settled} | known)
        limit = len(uids) if self.options.limit is None else self.options.limit
        unseen = max(0, len(uids) - limit - HEADERS_BEYOND_LIMIT)  # of so many not even the header is fetched
        new = [
            outline
            for outline in self.account.outlines(uids[unseen:])
            if outline.uid in known or outline.received is None or outline.received >= since
        ]
        left = max(0, len(new) - limit)
        self.present = {outline.uid for outline in new}
        return new[left:], left + unseen

    def _group(self, outline: Outline) -> tuple[str, str]:
        """Return thread and sender of a message; something of its own where it has none."""
        fields = outline.fields
        thread = self.store.thread_of(self.account.name, (*fields.references, *fields.in_reply_to), fields.message_id)
        return (thread, self.store.hash(fields.sender)) if thread and fields.sender else ("", f"uid {outline.uid}")

    # -- each message

    def _handle_all(self, todo: Sequence[Outline]) -> bool:
        """Deal with each message; say whether the end was reached."""
        for chunk in _chunks(todo):
            unread = [outline for outline in chunk if not self._needs_no_reading(outline)]
            if len(unread) == 1 and unread[0].size > HEAVY:
                self.store.claim(self._key(unread[0].uid), unread[0].received)
            fetched = {m.key.uid: m for m in self.account.fetch(unread) if isinstance(m, FetchedMessage)}
            gone = {o.uid for o in unread} - set(fetched) - self._present(o.uid for o in unread if o.uid not in fetched)
            for outline in unread:
                if self.stop and self.stop.is_set():
                    return False
                self._handle(outline, fetched.pop(outline.uid, None), outline.uid in gone)
        for group in list(self.waiting):  # the newest of these threads got no draft: the next newest does
            self._save_newest(group)
        return not (self.stop and self.stop.is_set())

    def _present(self, uids: Iterable[int]) -> set[int]:
        return {uid for uid in uids if self.account.flags(uid) is not None}

    def _needs_no_reading(self, outline: Outline) -> bool:
        """Deal with a message whose text need not be fetched; say whether it was one."""
        key, flags = self._key(outline.uid), {flag.lower() for flag in outline.flags}
        record = self.store.record(key)
        message_id, draft_id = outline.fields.message_id, record.draft_id if record else ""
        if record and record.state == "appending" and self._may_still_arrive(record):
            self._tell(key, "doubtful", "its draft may still be on its way; a later pass looks for it")
        elif record and record.state == "appending" and self.replies.place_of(draft_id):
            self._found(record, None)
        elif record and record.state == "appending" and self.replies.place_of(record.old_id):
            self.store.restore_draft(record, record.old_id, record.old_hash)
            self._tell(key, "drafts", "")
        elif "\\deleted" in flags:
            self._settle(outline, "gone", "it was deleted")
        elif "\\answered" in flags:
            self._settle(outline, "answered", "you have answered it")
        elif message_id and self.replies.is_answered(message_id, draft_id):
            self._settle(outline, "answered", "your reply to it lies in Sent")
        elif record and record.attempts >= MAX_ATTEMPTS:
            self._settle(outline, "quarantined", f"it ended {MAX_ATTEMPTS} attempts to read it; it is left alone")
        elif record and record.tone == "hostile" and self._is_held(outline):
            self._hold(record, outline, None)
        else:
            return False
        return True

    def _handle(self, outline: Outline, message: FetchedMessage | None, is_gone: bool) -> None:
        if is_gone:
            self._settle(outline, "gone", "it was deleted meanwhile")
            return
        record = self.store.claim(self._key(outline.uid), outline.received)
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
            log.error("message failed folder=%s uid=%d error=%s", self.folder.wire, outline.uid, type(error).__name__)
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
        group = self._group(outline)
        thread = group[0]
        history = self.store.history(self.account.name, outline.fields.sender, thread, but=record.key)
        composed = record.composed or self.now()  # a retry is dated as the first attempt: the same octets again
        result = self.answer(message.octets, history, composed)
        customer = self.store.hash(outline.fields.sender) if outline.fields.sender else ""
        self.store.note(record, content, outline.fields.message_id, thread, customer, result.reading)
        if isinstance(result, Skipped):
            self._settle(outline, "skipped", result.reason, result)
            self._mark(self.store.record(record.key))
            return
        piece = _Composed(outline, self.store.record(record.key) or record, result, composed)
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
            key = other.key
            is_elsewhere = key.folder == self.folder.wire and (
                key.uid_validity != self.selected.uid_validity or (other.state in OPEN and key.uid not in self.present)
            )
            if not is_elsewhere:
                self.store.finish(record.key, "duplicate")
                return True
            self.store.move(other, record.key)
            return other.state not in OPEN
        return False

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
        self._mark(record)
        if draft.tone.level == "hostile" and self._is_held(outline):
            self._hold(record, outline, draft)
            return False
        if newer := self._newer(record):
            self.store.cover(record, newer.id)
            self._tell(record.key, "skipped", COVERED, draft)
            return False
        if self.replies.place_of(draft.message_id):
            self._found(record, draft)
            return True
        if record.message_id and self.replies.is_being_answered(record.message_id, draft.message_id):
            self._settle(outline, "covered", "a draft of yours answers it already", draft)
            return False
        flags = self.account.flags(outline.uid)
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
            self.folder.wire, outline.uid, draft.strategy.name, draft.language,
        )  # fmt: skip
        self._tell(record.key, "drafts", "", draft)
        return True

    def _newer(self, record: Record) -> Record | None:
        """Return a later message of the same customer and thread that has, or may have, a draft which waits."""
        later = self.store.in_thread(record.key.account, record.thread, record.sender)
        return next(
            (r for r in reversed(later) if r.state in ("saved", "appending") and _order(r) > _order(record)), None
        )

    def _found(self, record: Record, draft: Draft | None) -> None:
        """The draft is there: an APPEND whose answer was lost had worked, or the store is younger than the draft."""
        place = self.replies.place_of(draft.message_id if draft else record.draft_id)
        if draft and not record.draft_id:
            self.store.recall(record, draft.message_id, octets_hash(draft.octets), draft.strategy.name, len(draft.gaps))
        self.store.saved(record, self.now())
        if place != "drafts":
            self.store.close_draft(record, "closed")
        log.info("draft found folder=%s uid=%d place=%s", self.folder.wire, record.key.uid, place)
        self._tell(record.key, "drafts", "", draft)

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

    def _settle_orphans(self) -> None:
        """Deal with open messages that are no longer in the folder."""
        for record in self.store.open_records(self.account.name, self.folder.wire):
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

    def _mark(self, record: Record | None) -> None:
        """Mark a hostile message, once: a person who takes the marks away is right."""
        if record is None or record.tone != "hostile" or record.marked or not self.options.marks:
            return
        kept = self.account.mark(record.key.uid, self.options.marks)
        self.store.set_marked(record)
        log.info("marked folder=%s uid=%d flags=%s", self.folder.wire, record.key.uid, " ".join(sorted(kept)) or "none")

    def _settle(self, outline: Outline, state: State, reason: str, result: Draft | Skipped | None = None) -> None:
        self.store.finish(self._key(outline.uid), state, outline.received)
        self._tell(self._key(outline.uid), "faults" if state == "quarantined" else "skipped", reason, result)

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


def _chunks(outlines: Sequence[Outline]) -> Iterator[list[Outline]]:
    """Yield *outlines* in the pieces that are fetched ahead: a heavy one alone."""
    chunk: list[Outline] = []
    for outline in outlines:
        if chunk and (len(chunk) >= CHUNK or outline.size > HEAVY or chunk[-1].size > HEAVY):
            yield chunk
            chunk = []
        chunk.append(outline)
    if chunk:
        yield chunk
