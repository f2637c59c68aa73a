"""One pass over a folder: what has come is read, answered with a draft, marked; what is no longer needed is removed."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mailassist.errors import MailassistError
from mailassist.keeping.drafts import tidy
from mailassist.keeping.records import Record
from mailassist.keeping.replies import Replies
from mailassist.keeping.store import Store
from mailassist.mailbox.dry import DryAccount
from mailassist.mailbox.idle import Stop
from mailassist.mailbox.protocol import Account, Outline
from mailassist.one_pass.ledger import Ledger
from mailassist.one_pass.message import Messages
from mailassist.one_pass.saving import Saving
from mailassist.one_pass.terms import Answer, Options, Outcome, Progress, Report
from mailassist.values import FetchedMessage

__all__ = ["Answer", "Options", "Outcome", "Progress", "Report", "run_pass"]

DEFAULT_SINCE = timedelta(days=7)
LOOK_BACK = timedelta(days=1)  # before the last complete pass: front ends of one server may disagree for a while
SENT_WINDOW = timedelta(days=60)  # how long an answer in Sent is looked for
CHUNK = 50  # messages dealt with together, in a few transactions
CHUNK_OCTETS = 1024 * 1024  # of their texts: others wait for the store meanwhile
HEAVY = 4 * 1024 * 1024  # octets from which a fetch may be what ends the connection, or this process
USUAL = Options()
HEADERS_BEYOND_LIMIT = 1000  # more than a limit lets in, to tell how many of them the time window holds


def run_pass(
    account: Account,
    folder: str,
    store: Store,
    answer: Answer,
    options: Options = USUAL,
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
        one = _Pass(account, account.folder(folder).wire, store, options, now, stop, replies or Replies())
        return one.run(answer, progress)


@dataclass(slots=True)
class _Pass:
    """The state of one pass; `run` says the order."""

    account: Account
    folder: str  # on the wire
    store: Store
    options: Options
    now: Callable[[], datetime]
    stop: Stop | None
    replies: Replies
    ledger: Ledger = field(init=False)
    saving: Saving = field(init=False)
    messages: Messages = field(init=False)

    def run(self, answer: Answer, progress: Progress) -> Report:
        began = self.now()
        pending = self.store.open_records(self.account.name, self.folder)
        is_first = self.store.complete_until(self.account.name, self.folder) is None  # or the store was lost
        with_trash = is_first or any(record.state == "appending" for record in pending)
        self.replies.refresh(self.account, began, (began - SENT_WINDOW).date(), with_trash)
        selected = self.account.select(self.folder, readonly=self.options.dry_run or not self.options.marks)
        self.ledger = Ledger(
            self.account, selected, self.store, self.options, self.now, self.replies, progress, self.stop
        )
        self.saving = Saving(self.ledger)
        self.messages = Messages(self.ledger, self.saving, answer)
        todo, left = self._todo(self._since(began), selected.uid_validity)
        self.saving.expect(todo)
        tried = {record.key.uid for record in pending if record.attempts}
        if self._handle_all(_chunks(todo, tried)):
            self._finish(began, left)
        return self._report(left)

    def _since(self, began: datetime) -> datetime:
        if self.options.since is not None:
            return began - self.options.since
        complete = self.store.complete_until(self.account.name, self.folder)
        return min(began - DEFAULT_SINCE, complete - LOOK_BACK) if complete else began - DEFAULT_SINCE

    def _todo(self, since: datetime, uid_validity: int) -> tuple[list[Outline], int]:
        """Return what is to be dealt with, oldest first, and how many more messages the limit leaves out."""
        account, folder = self.account.name, self.folder
        listed = self.account.uids((since - timedelta(days=1)).date())
        settled = self.store.settled_uids(account, folder, uid_validity, min(listed, default=0))
        known = {r.key.uid for r in self.store.open_records(account, folder) if r.key.uid_validity == uid_validity}
        uids = sorted({uid for uid in listed if uid not in settled} | known)
        limit = len(uids) if self.options.limit is None else self.options.limit
        unseen = max(0, len(uids) - limit - HEADERS_BEYOND_LIMIT)  # of so many not even the header is fetched
        new = [
            outline
            for outline in self.account.outlines(uids[unseen:])
            if outline.uid in known or outline.received is None or outline.received >= since
        ]
        new.sort(key=_by_arrival)
        self.ledger.present |= set(uids[:unseen])
        self.ledger.listed(new)
        left = max(0, len(new) - limit)
        return new[left:], left + unseen

    def _handle_all(self, chunks: Iterator[list[Outline]]) -> bool:
        """Deal with each message; say whether the end was reached."""
        for chunk in chunks:
            if self.ledger.is_stopped():
                return False
            self._handle(chunk)
        self.saving.save_rest()
        return not self.ledger.is_stopped()

    def _handle(self, chunk: Sequence[Outline]) -> None:
        """
        Read what is in *chunk*, then save the drafts that are ready.

        The attempt is counted before anything that may end this process: reading, and fetching what is heavy. If one
        message does, all of the chunk have an attempt and are met alone from then on: only that one gets its third.
        """
        with self.store.together():
            unread = [outline for outline in chunk if not self.messages.needs_no_reading(outline)]
        is_heavy = any(outline.size > HEAVY for outline in unread)
        claimed = self._claim(unread) if is_heavy else {}
        fetched = {m.key.uid: m for m in self.account.fetch(unread) if isinstance(m, FetchedMessage)}
        missing = [outline.uid for outline in unread if outline.uid not in fetched]
        gone = set(missing) - set(self.account.flags(missing)) if missing else set()
        claimed = claimed or self._claim(unread)
        try:
            self._read(unread, claimed, fetched, gone)
        except MailassistError:
            self._uncount(claimed.values())
            raise
        self.ledger.mark_noted()
        self.saving.save_ready()

    def _claim(self, outlines: Sequence[Outline]) -> dict[int, Record]:
        """Count an attempt at each message; return the records by UID."""
        with self.store.together():
            return {one.uid: self.store.claim(self.ledger.key(one.uid), one.received) for one in outlines}

    def _read(
        self, unread: Sequence[Outline], claimed: dict[int, Record], fetched: dict[int, FetchedMessage], gone: set[int]
    ) -> None:
        """Read messages, all of them or as many as there is time for."""
        with self.store.together():
            for number, outline in enumerate(unread):
                if self.ledger.is_stopped():
                    self._uncount(claimed[left.uid] for left in unread[number:])
                    break
                uid = outline.uid
                self.messages.read(outline, claimed[uid], fetched.pop(uid, None), is_gone=uid in gone)

    def _uncount(self, records: Iterable[Record]) -> None:
        with self.store.together():
            for record in records:
                self.store.uncount(record)

    def _finish(self, began: datetime, left: int) -> None:
        """Do what is left to do once every message was met."""
        uid_validity = self.ledger.selected.uid_validity
        for record in self.store.unmarked(self.account.name, self.folder, uid_validity):
            self.ledger.mark(record)
        if not left:
            self.messages.settle_orphans()
            self.store.set_complete(self.account.name, self.folder, began)
        how = self.options
        tidy(
            self.account, self.store, self.replies, self.folder, how.remove_when_answered, self.now(), how.max_age,
            how.holds_boundary,
        )  # fmt: skip

    def _report(self, left: int) -> Report:
        counts, soonest = self.ledger.counts, min(self.ledger.due, default=None)
        return Report(
            drafts=counts["drafts"],
            skipped=counts["skipped"],
            faults=counts["faults"],
            left=left,
            doubtful=counts["doubtful"],
            held=counts["held"],
            next_s=max(0.0, (soonest - self.now()).total_seconds()) if soonest else None,
        )


def _by_arrival(outline: Outline) -> tuple[float, int]:
    """Order messages as they came: UIDs are given anew when UIDVALIDITY changes, INTERNALDATE stays."""
    return (outline.received.timestamp() if outline.received else math.inf, outline.uid)


def _chunks(outlines: Iterable[Outline], tried: Collection[int]) -> Iterator[list[Outline]]:
    """Yield *outlines* in the pieces that are dealt with together; alone what is heavy or was *tried* in vain."""
    chunk: list[Outline] = []
    octets = 0
    for outline in outlines:
        is_alone = outline.size > HEAVY or outline.uid in tried
        if chunk and (is_alone or len(chunk) >= CHUNK or octets + outline.size > CHUNK_OCTETS):
            yield chunk
            chunk, octets = [], 0
        chunk.append(outline)
        octets += CHUNK_OCTETS if is_alone else outline.size
    if chunk:
        yield chunk
