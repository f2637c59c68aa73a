"""
The life of a draft: saved exactly once, replaced or removed while nobody has touched it, left alone afterwards.

IMAP has no name for one APPEND, so exactly once is: an intent on the disk before it, the draft's Message-ID as its
name, and, where the answer got lost, a look at what is there before it is tried again.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from mailassist.errors import MessageError
from mailassist.keeping.records import Record
from mailassist.keeping.replies import Replies, octets_hash
from mailassist.keeping.store import Store
from mailassist.mailbox.protocol import Account, Appended, Outline
from mailassist.mailbox.responses import Refusal
from mailassist.values import Draft, FetchedMessage

log = logging.getLogger(__name__)

DRAFT_FLAGS = ("\\Draft", "\\Seen")  # without \Seen the Drafts folder counts as unread in Thunderbird and Roundcube
ANSWER_WINDOW = timedelta(days=60)  # how long after a message its answer is looked for

FOREVER = timedelta(0)
VISIBLE_AFTER = timedelta(minutes=2)  # by then a new message shows in every listing of any front end

Fate = Literal["removed", "edited", "gone", "kept"]


@dataclass(frozen=True, slots=True)
class Intent:
    """A draft that is to be saved for the message of *record*."""

    record: Record
    draft: Draft
    composed: datetime  # what it is dated
    replacing: bool = False  # the one there is stays until this one has arrived


def save(
    account: Account,
    store: Store,
    intents: Sequence[Intent],
    now: Callable[[], datetime],
    is_stopped: Callable[[], bool] = lambda: False,
) -> list[Appended | Refusal]:
    """
    Append the draft of each of *intents*; return what the server said of each that was begun: all, unless it refused
    one in a way that ends the pass, or *is_stopped* after one.

    All are on the disk as `appending` before the first octet goes out, and stay so when this process ends in between.
    Raises AccountError when nobody knows of one whether it was saved: that one stays `appending`. Raises StoreError
    before anything was sent, or after.
    """
    folder = account.drafts.wire
    with store.together():
        for one in intents:
            store.intend(one.record, one.draft, octets_hash(one.draft.octets), one.composed, now(), one.replacing)
    begun, answers = 0, list[Appended | Refusal]()
    try:
        for one in intents:
            begun += 1
            answers.append(answer := account.append(folder, one.draft.octets, DRAFT_FLAGS))
            if is_stopped() or (isinstance(answer, Refusal) and answer.ends_pass):
                break
    finally:
        with store.together():
            for one, answer in zip(intents, answers, strict=False):
                store.declined(one.record) if isinstance(answer, Refusal) else store.saved(one.record, now())
            for one in intents[begun:]:
                store.declined(one.record)
    return answers


def remove_if_untouched(account: Account, outlines: list[Outline], draft_hash: str) -> Fate:
    """
    Remove the draft with *draft_hash* among *outlines* of the Drafts folder, which is selected for writing.

    "edited": there is one with our Message-ID and other octets, as mutt and Roundcube leave it. "kept": the server
    has no way to remove one message alone.
    """
    fate: Fate = "gone"
    for fetched in account.fetch(outlines):
        if isinstance(fetched, MessageError):
            return "kept"
        if octets_hash(fetched.octets) != draft_hash:
            fate = "edited" if fate == "gone" else fate
        elif not account.can_remove:
            fate = "kept"
        else:
            account.remove(fetched.key.uid)
            log.info("draft removed account=%s uid=%d", account.name, fetched.key.uid)
            fate = "removed"
    return fate


HoldsBoundary = Callable[[bytes, str], bool]  # a sent mail and the customer's language -> whether it draws a line


def tidy(
    account: Account,
    store: Store,
    replies: Replies,
    folder: str,
    remove_when_answered: bool,
    now: datetime,
    max_age: timedelta = FOREVER,
    holds_boundary: HoldsBoundary = lambda octets, language: False,
) -> None:
    """
    Note what a person has answered since; remove our drafts that are answered, covered by a newer one, or too old.

    Only a draft of ours with its own octets is removed, by its UID. Called with *folder* selected; leaves Drafts so.
    """
    _note_answers(account, store, replies, folder, now, holds_boundary)
    over = []
    for record in store.drafted(account.name):
        is_old = record.saved is not None and bool(max_age) and now - record.saved > max_age
        is_over = record.covered_by is not None or (record.answered is not None and remove_when_answered) or is_old
        if not replies.drafts_with_id(record.draft_id):
            if not _is_fresh(record, replies.as_of or now):
                store.close_draft(record, "covered" if record.covered_by else "closed")
        elif is_over or record.old_id:
            over.append((record, is_over))
    if over:
        account.select(account.drafts.wire, readonly=False)
    for record, is_over in over:
        _remove(account, store, replies, record, is_over)


def _is_fresh(record: Record, as_of: datetime) -> bool:
    """Say whether the draft was saved so late that the listing of *as_of* may not show it yet."""
    return record.saved is not None and record.saved > as_of - VISIBLE_AFTER


def _remove(account: Account, store: Store, replies: Replies, record: Record, is_over: bool) -> None:
    if record.old_id:  # a replacement was cut off after the new draft had arrived
        remove_if_untouched(account, replies.drafts_with_id(record.old_id), record.old_hash)
        store.end_replacement(record)
    if is_over:
        fate = remove_if_untouched(account, replies.drafts_with_id(record.draft_id), record.draft_hash)
        if fate != "kept":
            store.close_draft(record, "covered" if record.covered_by else "removed" if fate == "removed" else "closed")


def _note_answers(
    account: Account, store: Store, replies: Replies, folder: str, now: datetime, holds_boundary: HoldsBoundary
) -> None:
    """Note the answers that Sent shows, and those that only the flag \\Answered tells of."""
    open_questions = store.unanswered(account.name, now - ANSWER_WINDOW)
    flagged = _flagged_answered(account, folder, open_questions)
    for record in open_questions:
        if record.message_id and replies.is_answered(record.message_id, record.draft_id):
            boundary = record.tone == "hostile" and _wrote_boundary(account, replies, record, holds_boundary)
            store.set_answered(record, replies.answered_at(record.message_id, record.draft_id) or now, boundary)
        elif record.key in flagged:
            store.set_answered(record, now)


def _wrote_boundary(account: Account, replies: Replies, record: Record, holds_boundary: HoldsBoundary) -> bool:
    """Say whether a reply to *record* in Sent asks to leave insults out; its words are read here and not kept."""
    if account.sent is None:
        return False
    account.select(account.sent.wire, readonly=True)
    sent = account.fetch(replies.answers(record.message_id, record.draft_id))
    return any(holds_boundary(one.octets, record.language) for one in sent if isinstance(one, FetchedMessage))


def _flagged_answered(account: Account, folder: str, records: list[Record]) -> set[object]:
    here = account.select(folder, readonly=True)
    by_uid = {r.key.uid: r.key for r in records if r.key.folder == folder and r.key.uid_validity == here.uid_validity}
    told = account.flags(sorted(by_uid)) if by_uid else {}
    return {by_uid[uid] for uid, flags in told.items() if "\\answered" in {flag.lower() for flag in flags}}


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of the drafts that were to be undone."""

    removed: int = 0
    edited: int = 0  # a person has touched them: theirs
    gone: int = 0  # no longer in Drafts
    kept: int = 0  # the server cannot remove one message alone


def undo(account: Account, store: Store, since: datetime | None) -> Undone:
    """Remove our drafts saved after *since*, all where None, that nobody has edited. They are not made again."""
    account.open()
    counts: dict[str, int] = {}
    with store.lock(account.name):
        replies = Replies()
        replies.refresh(account, datetime.now(UTC), None if since is None else since.date())
        account.select(account.drafts.wire, readonly=False)
        for record in store.drafted(account.name):
            if since is not None and (record.saved is None or record.saved < since):
                continue
            fate = remove_if_untouched(account, replies.drafts_with_id(record.draft_id), record.draft_hash)
            counts[fate] = counts.get(fate, 0) + 1
            if fate != "kept":
                store.close_draft(record, "removed" if fate == "removed" else "closed")
    return Undone(**counts)


def redraft(
    account: Account,
    store: Store,
    record: Record,
    answer: Callable[[FetchedMessage, Record], Draft],
    now: Callable[[], datetime],
) -> Draft:
    """
    Replace the untouched draft of *record* by the one that *answer* composes; return that.

    The new one is saved before the old one is removed. Raises MessageError when a person has touched the draft, or
    the message has gone.
    """
    account.open()
    with store.lock(account.name):
        replies = Replies()
        replies.refresh(account, now(), now().date())
        old = _untouched(account, replies.drafts_with_id(record.draft_id), record.draft_hash)
        here = account.select(record.key.folder, readonly=True)
        if here.uid_validity != record.key.uid_validity:
            raise MessageError(f"message {record.key} cannot be found any more; run `mailassist run` and look again")
        fetched = next(account.fetch(list(account.outlines([record.key.uid]))), None)
        if not isinstance(fetched, FetchedMessage):
            raise MessageError(
                f"message {record.key} has gone from the folder; its draft stays, change it in your mail client"
            )
        draft = answer(fetched, record)
        [refused] = save(account, store, [Intent(record, draft, now(), replacing=True)], now)
        if isinstance(refused, Refusal):
            store.restore_draft(record, record.draft_id, record.draft_hash)
            raise MessageError(
                f"the server did not take the new draft ({refused.text}), and the old one stays; try again later"
            )
        account.select(account.drafts.wire, readonly=False)
        remove_if_untouched(account, old, record.draft_hash)
        store.end_replacement(record)
    return draft


def _untouched(account: Account, present: list[Outline], draft_hash: str) -> list[Outline]:
    """Return the one of *present* with *draft_hash*. Raises MessageError when there is none."""
    account.select(account.drafts.wire, readonly=True)
    untouched = {
        m.key.uid
        for m in account.fetch(present)
        if isinstance(m, FetchedMessage) and octets_hash(m.octets) == draft_hash
    }
    if not untouched:
        raise MessageError(
            "the draft is gone or a person has edited it, and then it is theirs; change it in your mail client"
        )
    return [outline for outline in present if outline.uid in untouched]
