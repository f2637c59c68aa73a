"""One pass over a folder: what has come is read, answered with a draft, marked; what is no longer needed is removed."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mailassist.keeping.drafts import tidy
from mailassist.keeping.replies import Replies
from mailassist.keeping.store import Store
from mailassist.mailbox.dry import DryAccount
from mailassist.mailbox.idle import Stop
from mailassist.mailbox.protocol import Account, Outline
from mailassist.one_pass.message import Messages
from mailassist.one_pass.terms import Answer, Options, Outcome, Progress, Report
from mailassist.values import FetchedMessage

__all__ = ["Answer", "Options", "Outcome", "Progress", "Report", "run_pass"]

DEFAULT_SINCE = timedelta(days=7)
LOOK_BACK = timedelta(days=1)  # before the last complete pass: front ends of one server may disagree for a while
SENT_WINDOW = timedelta(days=60)  # how long an answer in Sent is looked for
HEAVY = 4 * 1024 * 1024  # octets from which a message is fetched alone, its attempt counted before
CHUNK = 50  # messages fetched ahead
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
    messages: Messages = field(init=False)

    def run(self, answer: Answer, progress: Progress) -> Report:
        began = self.now()
        pending = self.store.open_records(self.account.name, self.folder)
        is_first = self.store.complete_until(self.account.name, self.folder) is None  # or the store was lost
        with_trash = is_first or any(record.state == "appending" for record in pending)
        self.replies.refresh(self.account, began, (began - SENT_WINDOW).date(), with_trash)
        selected = self.account.select(self.folder, readonly=self.options.dry_run or not self.options.marks)
        self.messages = Messages(
            self.account, selected, self.store, answer, self.options, self.now, self.replies, progress
        )
        todo, left = self._todo(self._since(began), selected.uid_validity)
        self.messages.expect(todo)
        if self._handle_all(todo):
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
        self.messages.present |= set(uids[:unseen])
        self.messages.listed(new)
        left = max(0, len(new) - limit)
        return new[left:], left + unseen

    def _handle_all(self, todo: Sequence[Outline]) -> bool:
        """Deal with each message; say whether the end was reached."""
        messages = self.messages
        for chunk in _chunks(todo):
            unread = [outline for outline in chunk if not messages.needs_no_reading(outline)]
            if len(unread) == 1 and unread[0].size > HEAVY:
                self.store.claim(messages.key(unread[0].uid), unread[0].received)
            fetched = {m.key.uid: m for m in self.account.fetch(unread) if isinstance(m, FetchedMessage)}
            missing = [outline.uid for outline in unread if outline.uid not in fetched]
            present = self.account.flags(missing) if missing else {}
            for outline in unread:
                if self._is_stopped:
                    return False
                uid = outline.uid
                messages.handle(outline, fetched.pop(uid, None), is_gone=uid in missing and uid not in present)
        messages.finish_threads()
        return not self._is_stopped

    @property
    def _is_stopped(self) -> bool:
        return self.stop is not None and self.stop.is_set()

    def _finish(self, began: datetime, left: int) -> None:
        """Do what is left to do once every message was met."""
        uid_validity = self.messages.selected.uid_validity
        for record in self.store.unmarked(self.account.name, self.folder, uid_validity):
            self.messages.mark(record)
        if not left:
            self.messages.settle_orphans()
            self.store.set_complete(self.account.name, self.folder, began)
        how = self.options
        tidy(
            self.account, self.store, self.replies, self.folder, how.remove_when_answered, self.now(), how.max_age,
            how.holds_boundary,
        )  # fmt: skip

    def _report(self, left: int) -> Report:
        counts, soonest = self.messages.counts, min(self.messages.due, default=None)
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
