"""One message: told from a copy, read, answered."""

import hashlib
import logging
from dataclasses import dataclass

from mailassist.errors import MailassistError, MessageError
from mailassist.keeping.records import OPEN, Record
from mailassist.keeping.replies import octets_hash
from mailassist.mailbox.protocol import Outline
from mailassist.one_pass.ledger import MAX_ATTEMPTS, Ledger
from mailassist.one_pass.saving import Composed, Saving
from mailassist.one_pass.terms import Answer
from mailassist.reading.header import parse_date
from mailassist.values import Draft, FetchedMessage, History, Skipped

log = logging.getLogger(__name__)

BODY_HASHED = 65_536  # octets of the text that tell copies from namesakes
ON_ITS_WAY = "its draft may still be on its way; a later pass looks for it"


@dataclass(slots=True)
class Messages:
    """What is done with each message of a pass until its draft is composed. Speaks to the store, not to the server."""

    ledger: Ledger
    saving: Saving
    answer: Answer

    def needs_no_reading(self, outline: Outline) -> bool:
        """Deal with a message whose text need not be fetched; say whether it was one."""
        ledger, replies = self.ledger, self.ledger.replies
        key, flags = ledger.key(outline.uid), {flag.lower() for flag in outline.flags}
        record = ledger.store.record(key)
        message_id, draft_id = outline.fields.message_id, record.draft_id if record else ""
        # A draft that an older store knew: it is ours to remove when its octets say so, which takes reading.
        is_unknown = record is None and replies.is_being_answered(message_id)
        if record and record.state == "appending" and self._may_still_arrive(record):
            ledger.tell(key, "doubtful", ON_ITS_WAY)
        elif record and record.state == "appending" and replies.place_of(draft_id):
            self._found(record, None)
        elif record and record.state == "appending" and replies.place_of(record.old_id):
            ledger.store.restore_draft(record, record.old_id, record.old_hash)
            ledger.tell(key, "drafts", "")
        elif "\\deleted" in flags:
            ledger.settle(outline, "gone", "it was deleted")
        elif is_unknown:
            return False
        elif "\\answered" in flags:
            ledger.settle(outline, "answered", "you have answered it")
        elif ledger.names_one_mail(outline) and replies.is_answered(message_id, draft_id):
            ledger.settle(outline, "answered", "your reply to it lies in Sent")
        elif record and record.attempts >= MAX_ATTEMPTS:
            ledger.settle(outline, "quarantined", f"it ended {MAX_ATTEMPTS} attempts to read it; it is left alone")
        elif record and record.tone == "hostile" and ledger.is_held(outline):
            ledger.hold(record, outline, None)
        else:
            return False
        return True

    def read(self, outline: Outline, record: Record, message: FetchedMessage | None, is_gone: bool) -> None:
        """Deal with a message that was fetched; None: the server did not give its text."""
        if is_gone:
            self.ledger.settle(outline, "gone", "it was deleted meanwhile")
            return
        if message is None:
            self.ledger.fault(record, "the server does not give its text")
            return
        try:
            self._answer(outline, record, message)
        except MessageError as error:
            self.ledger.fault(record, str(error))
        except MailassistError:
            raise
        except Exception as error:  # a fault of ours, met by a stranger's mail: the others go on
            key, name = record.key, type(error).__name__
            log.error("message failed folder=%s uid=%d error=%s", key.folder, key.uid, name)
            self.ledger.fault(record, f"mailassist failed on it ({name}); please report that")

    def _answer(self, outline: Outline, record: Record, message: FetchedMessage) -> None:
        """Answer *message*, unless it is a copy of one that is known."""
        ledger, store = self.ledger, self.ledger.store
        content = self._content(message.octets, outline)
        if self._copy_of(record, content):
            ledger.tell(record.key, "skipped", "it is a copy of a message that is known")
            return
        record = store.record(record.key) or record
        if record.state == "appending" and self._may_still_arrive(record):
            ledger.tell(record.key, "doubtful", ON_ITS_WAY)
            return
        thread, _ = ledger.groups[outline.uid]
        history = store.history(ledger.account.name, outline.fields.sender, thread, but=record.key)
        composed = record.composed or ledger.now()  # a retry is dated as the first attempt: the same octets again
        result = self.answer(message.octets, history, composed)
        store.note(record, content, outline.fields.message_id, thread, ledger.sender(outline), result.reading)
        record = store.record(record.key) or record
        ledger.to_mark.append(record)
        if isinstance(result, Skipped):
            ledger.settle(outline, "skipped", result.reason, result)
        elif ledger.replies.place_of(result.message_id):
            self._found(record, result if record.draft_id else self._as_dated(message, history, result))
        else:
            self.saving.add(Composed(outline, record, result, composed))

    def _content(self, octets: bytes, outline: Outline) -> str:
        """Return the hash by which a copy is known. The Message-ID alone is no proof: anybody can write it."""
        body = octets.replace(b"\r\n", b"\n").partition(b"\n\n")[2][:BODY_HASHED]
        fields = outline.fields
        digest = hashlib.sha256(body).hexdigest()
        parts = ("message", fields.message_id, fields.from_line, fields.date_line, digest)
        return self.ledger.store.hash("\0".join(parts))

    def _copy_of(self, record: Record, content: str) -> bool:
        """
        Say whether a message with this content was met before, elsewhere in the account.

        Where it lies under a new UID now (UIDVALIDITY changed, or it was moved away and back) what is known of it
        moves along; unless that was still open, it is dealt with.
        """
        ledger, selected = self.ledger, self.ledger.selected
        for other in ledger.store.by_content(ledger.account.name, content):
            if other.id == record.id or other.state == "gone":
                continue
            is_here = other.key.folder == selected.folder
            has_moved = is_here and other.key.uid_validity != selected.uid_validity
            if other.state in OPEN and not (is_here and other.key.uid in ledger.present):
                has_moved = True  # and if it has not, it is the copy that is told there
            if not has_moved:
                ledger.store.finish(record.key, "duplicate")
                return True
            ledger.store.move(other, record.key)
            return other.state not in OPEN
        return False

    def _found(self, record: Record, draft: Draft | None) -> None:
        """The draft is there: an APPEND whose answer was lost had worked, or the store is younger than the draft."""
        ledger, store = self.ledger, self.ledger.store
        place = ledger.replies.place_of(draft.message_id if draft else record.draft_id)
        if draft and not record.draft_id:
            store.recall(record, draft, octets_hash(draft.octets))
        store.saved(record, ledger.now())
        if place != "drafts":
            store.close_draft(record, "closed")
        elif (newer := self.saving.newer(record)) and newer.answered:
            store.set_answered(record, newer.answered)
        log.info("draft found folder=%s uid=%d place=%s", record.key.folder, record.key.uid, place)
        ledger.tell(record.key, "drafts", "", draft)

    def _as_dated(self, message: FetchedMessage, history: History, draft: Draft) -> Draft:
        """Return *draft* with the date of the one in Drafts: octets alike then prove that nobody touched that one."""
        there = self.ledger.replies.drafts_with_id(draft.message_id)
        dated = parse_date(there[0].fields.date_line) if there else None
        again = self.answer(message.octets, history, dated) if dated else draft
        return again if isinstance(again, Draft) else draft

    def _may_still_arrive(self, record: Record) -> bool:
        """Say whether an APPEND that was begun may still be delivered, by a kernel or a proxy."""
        now, attempted = self.ledger.now(), record.attempted
        if attempted is None:
            return False
        if attempted > now:  # the clock went back
            self.ledger.store.restart_clock(record, now)
            attempted = now
        if now >= attempted + self.ledger.options.settle:
            return False
        self.ledger.due.append(attempted + self.ledger.options.settle)
        return True

    def settle_orphans(self) -> None:
        """Deal with open messages that are no longer in the folder."""
        ledger = self.ledger
        for record in ledger.store.open_records(ledger.account.name, ledger.selected.folder):
            if record.key.uid_validity == ledger.selected.uid_validity and record.key.uid in ledger.present:
                continue
            if record.state == "appending" and ledger.replies.place_of(record.draft_id):
                self._found(record, None)
            elif not (record.state == "appending" and self._may_still_arrive(record)):
                ledger.store.finish(record.key, "gone")
