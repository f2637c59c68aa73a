"""
What is remembered: which message has which draft, and a customer over time, without their words.

A message goes one way through its states:

    seen ── read ──> skipped · answered · gone · duplicate · covered · quarantined
      └──> appending ── the server has it ──> saved ──> closed · removed
              └── the server has declined ──> seen

`appending` is written, and on the disk, before the first octet of the APPEND goes out. Whoever finds it afterwards does
not know whether the server has the draft, waits for what may still be on its way, and looks.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from mailassist.keeping.customers import Customers, Sender
from mailassist.keeping.database import moment, seconds
from mailassist.keeping.records import Record, State, record_of
from mailassist.values import Draft, MessageKey, Reading

__all__ = ["Record", "Sender", "Store", "open_store"]

KEEP = timedelta(days=365)


def open_store(path: Path | None, key: bytes, keep: timedelta = KEEP) -> "Store":
    """Return the store at *path*, made where there is none; None is one in memory. Raises StoreError."""
    store = Store(path, key)
    store.prune(datetime.now(UTC) - keep)
    return store


class Store(Customers):
    """The open store. Threads may share it; each method is one transaction, on the disk when it returns."""

    # -- one message through its states

    def record(self, key: MessageKey) -> Record | None:
        """Return what is remembered of the message at *key*."""
        place = (key.account, key.folder, key.uid_validity, key.uid)
        rows = self.rows(
            "SELECT * FROM message WHERE account = ? AND folder = ? AND uid_validity = ? AND uid = ?", *place
        )
        return record_of(rows[0]) if rows else None

    def settled_uids(self, account: str, folder: str, uid_validity: int, lowest: int = 0) -> set[int]:
        """Return the UIDs, from *lowest* on, of messages with which nothing more is to be done."""
        rows = self.rows(
            "SELECT uid FROM message WHERE account = ? AND folder = ? AND uid_validity = ? AND uid >= ? "
            "AND state NOT IN ('seen', 'appending')",
            account, folder, uid_validity, lowest,
        )  # fmt: skip
        return {row[0] for row in rows}

    def open_records(self, account: str, folder: str) -> list[Record]:
        """Return the messages of *folder* that are still to be dealt with, of whatever epoch."""
        return self._records("account = ? AND folder = ? AND state IN ('seen', 'appending')", account, folder)

    def by_content(self, account: str, content: str) -> list[Record]:
        """Return the messages with this content hash, first known first."""
        return self._records("account = ? AND content = ?", account, content)

    def in_thread(self, account: str, thread: str, sender: str) -> list[Record]:
        """Return the messages that *sender* wrote in *thread*, in the order they were received."""
        if not thread or not sender:
            return []
        return self._records("account = ? AND thread = ? AND sender = ?", account, thread, sender)

    def drafted(self, account: str) -> list[Record]:
        """Return the messages whose draft was saved and, as far as is known, lies in Drafts as it was."""
        return self._records("account = ? AND state = 'saved'", account)

    def unmarked(self, account: str, folder: str, uid_validity: int) -> list[Record]:
        """Return the hostile messages that were dealt with and not marked, because that was cut off."""
        return self._records(
            "account = ? AND folder = ? AND uid_validity = ? AND tone = 'hostile' AND marked = 0 "
            "AND state IN ('saved', 'skipped', 'covered')",
            account, folder, uid_validity,
        )  # fmt: skip

    def unanswered(self, account: str, since: datetime) -> list[Record]:
        """Return the messages received after *since* that had a draft and no answer yet."""
        return self._records(
            "account = ? AND state IN ('saved', 'closed', 'covered', 'removed') AND answered IS NULL AND received > ?",
            account, since.timestamp(),
        )  # fmt: skip

    def _records(self, where: str, *values: object) -> list[Record]:
        return [record_of(r) for r in self.rows(f"SELECT * FROM message WHERE {where} ORDER BY received, id", *values)]

    def claim(self, key: MessageKey, received: datetime | None) -> Record:
        """Count an attempt at the message, before anything is done with it that might end this process."""
        with self.transaction() as database:
            database.execute(
                "INSERT INTO message (account, folder, uid_validity, uid, received, state, attempts, first_seen) "
                "VALUES (?, ?, ?, ?, ?, 'seen', 1, ?) "
                "ON CONFLICT (account, folder, uid_validity, uid) DO UPDATE SET attempts = attempts + 1",
                (key.account, key.folder, key.uid_validity, key.uid, seconds(received), time.time()),
            )
        record = self.record(key)
        assert record is not None
        return record

    def finish(
        self,
        key: MessageKey,
        state: State,
        received: datetime | None = None,
        message_id: str = "",
        thread: str = "",
        sender: str = "",
    ) -> None:
        """Write down that nothing is to be done with the message, why in one word, and which one it was."""
        with self.transaction() as database:
            database.execute(
                "INSERT INTO message (account, folder, uid_validity, uid, received, state, message_id, thread, sender, "
                "attempts, first_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?) "
                "ON CONFLICT (account, folder, uid_validity, uid) DO UPDATE SET state = excluded.state, "
                "message_id = coalesce(nullif(message_id, ''), excluded.message_id), "
                "thread = coalesce(nullif(thread, ''), excluded.thread), "
                "sender = coalesce(nullif(sender, ''), excluded.sender)",
                (
                    key.account,
                    key.folder,
                    key.uid_validity,
                    key.uid,
                    seconds(received),
                    state,
                    message_id,
                    thread,
                    sender,
                    time.time(),
                ),
            )

    def note(
        self, record: Record, content: str, message_id: str, thread: str, sender: str, reading: Reading | None
    ) -> None:
        """Write down which message it is, whose, and what was understood. Reading it did no harm: no attempt counts."""
        understood: dict[str, object] = {}
        if reading is not None:
            understood = {
                "tone": reading.tone.level,
                "kind": reading.tone.kind or "",
                "intents": " ".join(intent.name for intent in reading.intents),
                "language": reading.language.tag,
                "attention": " ".join(reading.attention),
            }
        self._set(
            record.id, content=content, message_id=message_id, thread=thread, sender=sender, attempts=0, **understood
        )

    def move(self, record: Record, key: MessageKey) -> None:
        """The message of *record* lies at *key* now: the folder's UIDVALIDITY changed, or somebody moved it."""
        with self.transaction() as database:
            database.execute(
                "DELETE FROM message WHERE account = ? AND folder = ? AND uid_validity = ? AND uid = ?",
                (key.account, key.folder, key.uid_validity, key.uid),
            )
            database.execute(
                "UPDATE message SET folder = ?, uid_validity = ?, uid = ? WHERE id = ?",
                (key.folder, key.uid_validity, key.uid, record.id),
            )

    def intend(
        self, record: Record, draft: Draft, draft_hash: str, composed: datetime, now: datetime, replacing: bool = False
    ) -> None:
        """
        Write down, before it is appended, which draft this message gets.

        replacing: the one it has is remembered, and stays until this one has arrived.
        """
        old = {"old_id": record.draft_id, "old_hash": record.draft_hash} if replacing else {}
        self._set(
            record.id, state="appending", composed=seconds(composed), attempted=seconds(now),
            **_facts(draft, draft_hash), **old,
        )  # fmt: skip

    def recall(self, record: Record, draft: Draft, draft_hash: str) -> None:
        """The draft of a message that was not known is there already: an older store, or none, has been in use."""
        self._set(record.id, **_facts(draft, draft_hash))

    def declined(self, record: Record) -> None:
        """The server has certainly not taken the draft: it is composed again, with the same date."""
        self._set(record.id, state="seen")

    def uncount(self, record: Record) -> None:
        """The attempt ended for a reason that lies outside of the message."""
        self._set(record.id, attempts=max(0, record.attempts - 1))

    def restart_clock(self, record: Record, now: datetime) -> None:
        """The clock went back behind the attempt: the time to settle begins anew."""
        self._set(record.id, attempted=seconds(now))

    def saved(self, record: Record, now: datetime) -> None:
        """The draft is on the server. Of several for one customer and thread the newest mail's covers the others."""
        with self.transaction() as database:
            database.execute("UPDATE message SET state = 'saved', saved = ? WHERE id = ?", (seconds(now), record.id))
            beside = database.execute(
                "SELECT other.id FROM message AS other JOIN message AS this USING (account, thread, sender) "
                "WHERE this.id = ? AND thread != '' AND other.state = 'saved' AND other.covered_by IS NULL "
                "ORDER BY other.received, other.id",
                (record.id,),
            ).fetchall()
            for row in beside[:-1]:
                database.execute("UPDATE message SET covered_by = ? WHERE id = ?", (beside[-1][0], row[0]))

    def cover(self, record: Record, by: int | None) -> None:
        """The message is covered by another draft of its thread."""
        self._set(record.id, state="covered", covered_by=by)

    def close_draft(self, record: Record, state: Literal["closed", "removed", "covered"]) -> None:
        """The draft is no longer ours to touch: gone from Drafts, edited, or removed by us."""
        self._set(record.id, state=state)

    def end_replacement(self, record: Record) -> None:
        """The draft that was replaced is gone, or a person's."""
        self._set(record.id, old_id="", old_hash="")

    def restore_draft(self, record: Record, draft_id: str, draft_hash: str) -> None:
        """The draft that was to be replaced is still the one that waits."""
        self._set(record.id, state="saved", draft_id=draft_id, draft_hash=draft_hash, old_id="", old_hash="")

    def set_answered(self, record: Record, when: datetime, boundary: bool = False) -> None:
        """
        The business has answered the message, and with it what the customer wrote earlier in the thread.

        boundary: in words that ask to leave insults out.
        """
        with self.transaction() as database:
            database.execute(
                "UPDATE message SET answered = ?2, boundary = max(boundary, ?3 AND id = ?1) WHERE answered IS NULL AND "
                "(id = ?1 OR EXISTS (SELECT 1 FROM message AS this WHERE this.id = ?1 AND this.sender != '' "
                "AND this.account = message.account AND this.sender = message.sender "
                "AND (this.message_id != '' AND this.message_id = message.message_id "
                "OR this.thread != '' AND this.thread = message.thread "
                "AND coalesce(message.received, 0) <= coalesce(this.received, 0))))",
                (record.id, seconds(when), int(boundary)),
            )

    def set_marked(self, record: Record) -> None:
        """The marks were set once; a person who takes them away is right."""
        self._set(record.id, marked=1)

    def _set(self, identity: int, **columns: object) -> None:
        names = ", ".join(f"{name} = ?" for name in columns)
        with self.transaction() as database:
            database.execute(f"UPDATE message SET {names} WHERE id = ?", (*columns.values(), identity))

    # -- threads

    def thread_of(self, account: str, ids: Sequence[str], own: str) -> str:
        """
        Return the name of the thread of a message: the first of its References, as far back as is known.

        ids: References and In-Reply-To, oldest first. own: its Message-ID.
        """
        for chunk in (ids[:50], [own] if own else []):
            marks = ", ".join("?" * len(chunk))
            rows = self.rows(
                f"SELECT thread FROM message WHERE account = ? AND thread != '' "
                f"AND (message_id IN ({marks}) OR draft_id IN ({marks})) ORDER BY received LIMIT 1",
                account, *chunk, *chunk,
            )  # fmt: skip
            if rows:
                return str(rows[0][0])
        return ids[0] if ids else own

    def is_claimed_by_another(self, account: str, message_id: str, sender: str) -> bool:
        """Say whether somebody but *sender* has sent a mail under *message_id*."""
        sql = "SELECT 1 FROM message WHERE account = ? AND message_id = ? AND sender NOT IN ('', ?) LIMIT 1"
        return bool(self.rows(sql, account, message_id, sender))

    # -- folders

    def complete_until(self, account: str, folder: str) -> datetime | None:
        """Return when the last pass over *folder* began that left nothing; None before the first."""
        rows = self.rows("SELECT complete FROM folder WHERE account = ? AND folder = ?", account, folder)
        return moment(rows[0][0]) if rows else None

    def set_complete(self, account: str, folder: str, began: datetime) -> None:
        """Write down that a pass that *began* then has left nothing."""
        with self.transaction() as database:
            database.execute(
                "INSERT INTO folder (account, folder, complete) VALUES (?, ?, ?) "
                "ON CONFLICT (account, folder) DO UPDATE SET complete = excluded.complete",
                (account, folder, seconds(began)),
            )

    # -- people's questions

    def waiting(self, account: str | None = None) -> tuple[Record, ...]:
        """Return the messages whose draft waits for a person, the longest waiting first."""
        where, values = ("AND account = ?", (account,)) if account else ("", ())
        return tuple(self._records(f"state = 'saved' AND covered_by IS NULL {where}", *values))

    def matching(self, text: str) -> list[Record]:
        """Return the messages that *text* names: `account/folder/uid_validity/uid` or the end of it."""
        number = text.rpartition("/")[2]
        if not number.isdecimal() or len(number) > 10:
            return []
        return [r for r in self._records("uid = ?", int(number)) if f"/{r.key}".endswith("/" + text.lstrip("/"))]

    def find(self, text: str) -> Record | None:
        """Return the one message that *text* names; None where it names none, or several."""
        found = self.matching(text)
        return found[0] if len(found) == 1 else None

    def prune(self, before: datetime) -> None:
        """Forget the messages that were met before *before* and are done with."""
        with self.transaction() as database:
            database.execute(
                "DELETE FROM message WHERE first_seen < ? AND state NOT IN ('seen', 'appending')", (seconds(before),)
            )


def _facts(draft: Draft, draft_hash: str) -> dict[str, object]:
    """Return what is remembered of a draft."""
    return {
        "draft_id": draft.message_id,
        "draft_hash": draft_hash,
        "strategy": draft.strategy.name,
        "gaps": len(draft.gaps),
    }
