"""
What is remembered: which message has which draft, and a customer over time, without their words.

A file of mode 0600 with keys, Message-IDs, hashes, outcomes and times. Customers and message contents are keyed HMACs;
the key lies elsewhere. No subject, no body, no address.

A message goes one way through its states:

    seen ── read ──> skipped · answered · gone · duplicate · covered · quarantined
      └──> appending ── the server has it ──> saved ──> closed · removed
              └── the server has declined ──> seen

`appending` is written, and on the disk, before the first octet of the APPEND goes out. Whoever finds it afterwards does
not know whether the server has the draft, waits for what may still be on its way, and looks.
"""

import fcntl
import hashlib
import hmac
import os
import sqlite3
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Any, Literal, Self

from mailassist.errors import AccountError, StoreError
from mailassist.keeping.schema import MIGRATIONS
from mailassist.reading.address import valid_address
from mailassist.values import Contact, History, MessageKey, Reading

State = Literal[
    "seen", "appending", "saved", "closed", "removed",
    "skipped", "answered", "gone", "duplicate", "covered", "quarantined",
]  # fmt: skip
OPEN: frozenset[str] = frozenset({"seen", "appending"})
BOUNDARY: frozenset[str] = frozenset({"pause_and_deescalate", "firm_boundary"})  # strategies whose draft states one
KEEP = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered of one message. Times are aware; None and "" are what is not known."""

    id: int
    key: MessageKey
    state: State
    attempts: int
    content: str
    message_id: str
    thread: str
    sender: str
    received: datetime | None
    tone: str
    kind: str
    language: str
    strategy: str
    gaps: int
    attention: tuple[str, ...]
    draft_id: str
    draft_hash: str
    old_id: str
    old_hash: str
    composed: datetime | None
    attempted: datetime | None
    saved: datetime | None
    answered: datetime | None
    marked: bool
    covered_by: int | None


@dataclass(frozen=True, slots=True)
class Sender:
    """A customer over time. `latest` is where a name and address can be read from the server."""

    hash: str
    latest: MessageKey
    mails: int
    drafts: int
    contacts: tuple[Contact, ...]
    hostile: bool | None
    language: str | None


def open_store(path: Path | None, key: bytes, keep: timedelta = KEEP) -> "Store":
    """Return the store at *path*, made where there is none; None is one in memory. Raises StoreError."""
    store = Store(path, key)
    store.prune(datetime.now(UTC) - keep)
    return store


class Store:
    """The open store. Threads may share it; each method is one transaction, on the disk when it returns."""

    def __init__(self, path: Path | None, key: bytes) -> None:
        self.path = path
        self._key = key
        self._mutex = RLock()
        self.is_new = path is not None and not path.exists()
        try:
            self._database = self._open(path)
        except (sqlite3.Error, OSError) as error:
            raise self._error(error) from error

    def _open(self, path: Path | None) -> sqlite3.Connection:
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            path.chmod(0o600)  # -wal and -shm take theirs from it
        database = sqlite3.connect(
            path or ":memory:", timeout=10, check_same_thread=False, isolation_level=None, cached_statements=200
        )
        database.row_factory = sqlite3.Row
        try:
            _patiently(database, "PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")  # NORMAL forgets the last commits when the power fails
            problems = [row[0] for row in database.execute("PRAGMA quick_check(1)")]
            if problems != ["ok"]:
                raise sqlite3.DatabaseError("damaged")
            self._migrate(database)
        except BaseException:
            database.close()
            raise
        return database

    def _migrate(self, database: sqlite3.Connection) -> None:
        database.execute("BEGIN IMMEDIATE")  # another process may be making the same tables
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise StoreError(f"{self.path} was written by a newer mailassist; install that one")
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            for statement in script.split(";"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {number}")
        database.execute("COMMIT")

    def _error(self, error: Exception) -> StoreError:
        """Return *error* with what to do. Where the file is unsound it is left as it is."""
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            return StoreError(
                f"the store {self.path} is damaged; move it away and start again: "
                "what has a draft is then found in Drafts and Sent"
            )
        if "full" in str(error) or getattr(error, "errno", 0) == 28:
            return StoreError(f"the disk with the store {self.path} is full; make room and start again")
        return StoreError(f"the store {self.path} cannot be used ({error}); check its folder, owner and permissions")

    def copy(self) -> "Store":
        """Return a copy in memory: what is written to it is forgotten."""
        with self._transaction():
            pass
        other = Store(None, self._key)
        with self._mutex:
            self._database.backup(other._database)
        return other

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; never raises."""
        with suppress(sqlite3.Error), self._mutex:
            self._database.close()

    @contextmanager
    def lock(self, account: str, wait_s: float = 30.0) -> Iterator[None]:
        """Hold *account* for one writer: no other thread or process works on it. Raises AccountError after *wait_s*."""
        if self.path is None:
            yield
            return
        name = hashlib.sha256(account.encode()).hexdigest()[:12]
        try:
            handle = os.open(self.path.with_name(f"{self.path.name}.{name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise self._error(error) from error
        try:
            until = time.monotonic() + wait_s
            while not _flocked(handle):
                if time.monotonic() >= until:
                    raise AccountError(f"another mailassist is at work on account {account}; wait until it is done")
                time.sleep(0.1)
            yield
        finally:
            os.close(handle)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the database for one transaction; everything that SQLite raises becomes a StoreError."""
        with self._mutex:
            try:
                self._database.execute("BEGIN IMMEDIATE")
                try:
                    yield self._database
                except BaseException:
                    if self._database.in_transaction:
                        self._database.execute("ROLLBACK")
                    raise
                self._database.execute("COMMIT")
            except sqlite3.Error as error:
                with suppress(sqlite3.Error):
                    if self._database.in_transaction:
                        self._database.execute("ROLLBACK")
                raise self._error(error) from error

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._mutex:
            try:
                return self._database.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise self._error(error) from error

    def hash(self, text: str) -> str:
        """Return the keyed hash of an address, however it is spelled, or of other text as it stands."""
        return self._hmac(_normal(text) if "@" in text else text)

    def _hmac(self, text: str) -> str:
        return hmac.new(self._key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]

    # -- one message through its states

    def record(self, key: MessageKey) -> Record | None:
        """Return what is remembered of the message at *key*."""
        place = (key.account, key.folder, key.uid_validity, key.uid)
        rows = self._rows(
            "SELECT * FROM message WHERE account = ? AND folder = ? AND uid_validity = ? AND uid = ?", *place
        )
        return _record(rows[0]) if rows else None

    def settled_uids(self, account: str, folder: str, uid_validity: int, lowest: int = 0) -> set[int]:
        """Return the UIDs, from *lowest* on, of messages with which nothing more is to be done."""
        rows = self._rows(
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
        return [_record(r) for r in self._rows(f"SELECT * FROM message WHERE {where} ORDER BY received, id", *values)]

    def claim(self, key: MessageKey, received: datetime | None) -> Record:
        """Count an attempt at the message, before anything is done with it that might end this process."""
        with self._transaction() as database:
            database.execute(
                "INSERT INTO message (account, folder, uid_validity, uid, received, state, attempts, first_seen) "
                "VALUES (?, ?, ?, ?, ?, 'seen', 1, ?) "
                "ON CONFLICT (account, folder, uid_validity, uid) DO UPDATE SET attempts = attempts + 1",
                (key.account, key.folder, key.uid_validity, key.uid, _seconds(received), time.time()),
            )
        record = self.record(key)
        assert record is not None
        return record

    def finish(self, key: MessageKey, state: State, received: datetime | None = None) -> None:
        """Write down that nothing is to be done with the message, and why in one word."""
        with self._transaction() as database:
            database.execute(
                "INSERT INTO message (account, folder, uid_validity, uid, received, state, attempts, first_seen) "
                "VALUES (?, ?, ?, ?, ?, ?, 0, ?) "
                "ON CONFLICT (account, folder, uid_validity, uid) DO UPDATE SET state = excluded.state",
                (key.account, key.folder, key.uid_validity, key.uid, _seconds(received), state, time.time()),
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
        with self._transaction() as database:
            database.execute(
                "DELETE FROM message WHERE account = ? AND folder = ? AND uid_validity = ? AND uid = ?",
                (key.account, key.folder, key.uid_validity, key.uid),
            )
            database.execute(
                "UPDATE message SET folder = ?, uid_validity = ?, uid = ? WHERE id = ?",
                (key.folder, key.uid_validity, key.uid, record.id),
            )

    def intend(
        self,
        record: Record,
        draft_id: str,
        draft_hash: str,
        strategy: str,
        gaps: int,
        composed: datetime,
        now: datetime,
    ) -> None:
        """Write down, before it is appended, which draft this message gets."""
        self._set(
            record.id,
            state="appending",
            draft_id=draft_id,
            draft_hash=draft_hash,
            strategy=strategy,
            gaps=gaps,
            composed=_seconds(composed),
            attempted=_seconds(now),
        )

    def recall(self, record: Record, draft_id: str, draft_hash: str, strategy: str, gaps: int) -> None:
        """The draft of a message that was not known is there already: an older store, or none, has been in use."""
        self._set(record.id, draft_id=draft_id, draft_hash=draft_hash, strategy=strategy, gaps=gaps)

    def declined(self, record: Record) -> None:
        """The server has certainly not taken the draft: it is composed again, with the same date."""
        self._set(record.id, state="seen")

    def uncount(self, record: Record) -> None:
        """The attempt ended for a reason that lies outside of the message."""
        self._set(record.id, attempts=max(0, record.attempts - 1))

    def restart_clock(self, record: Record, now: datetime) -> None:
        """The clock went back behind the attempt: the time to settle begins anew."""
        self._set(record.id, attempted=_seconds(now))

    def saved(self, record: Record, now: datetime) -> None:
        """The draft is on the server. Earlier drafts for the same customer and thread are covered by it."""
        with self._transaction() as database:
            database.execute("UPDATE message SET state = 'saved', saved = ? WHERE id = ?", (_seconds(now), record.id))
            database.execute(
                "UPDATE message SET covered_by = ?1 WHERE state = 'saved' AND covered_by IS NULL AND id != ?1 "
                "AND thread != '' AND (account, thread, sender) = "
                "(SELECT account, thread, sender FROM message WHERE id = ?1) "
                "AND coalesce(received, 0) <= (SELECT coalesce(received, 0) FROM message WHERE id = ?1)",
                (record.id,),
            )

    def cover(self, record: Record, by: int | None) -> None:
        """The message is covered by another draft of its thread."""
        self._set(record.id, state="covered", covered_by=by)

    def close_draft(self, record: Record, state: Literal["closed", "removed", "covered"]) -> None:
        """The draft is no longer ours to touch: gone from Drafts, edited, or removed by us."""
        self._set(record.id, state=state)

    def begin_replacement(self, record: Record) -> None:
        """Remember the draft that waits as the one which the next replaces."""
        self._set(record.id, old_id=record.draft_id, old_hash=record.draft_hash)

    def end_replacement(self, record: Record) -> None:
        """The draft that was replaced is gone, or a person's."""
        self._set(record.id, old_id="", old_hash="")

    def restore_draft(self, record: Record, draft_id: str, draft_hash: str) -> None:
        """The draft that was to be replaced is still the one that waits."""
        self._set(record.id, state="saved", draft_id=draft_id, draft_hash=draft_hash, old_id="", old_hash="")

    def set_answered(self, record: Record, when: datetime) -> None:
        """The business has answered the message."""
        self._set(record.id, answered=_seconds(when))

    def set_marked(self, record: Record) -> None:
        """The marks were set once; a person who takes them away is right."""
        self._set(record.id, marked=1)

    def _set(self, identity: int, **columns: object) -> None:
        names = ", ".join(f"{name} = ?" for name in columns)
        with self._transaction() as database:
            database.execute(f"UPDATE message SET {names} WHERE id = ?", (*columns.values(), identity))

    # -- threads

    def thread_of(self, account: str, ids: Sequence[str], own: str) -> str:
        """
        Return the name of the thread of a message: the first of its References, as far back as is known.

        ids: References and In-Reply-To, oldest first. own: its Message-ID.
        """
        for chunk in (ids[:50], [own] if own else []):
            marks = ", ".join("?" * len(chunk))
            rows = self._rows(
                f"SELECT thread FROM message WHERE account = ? AND thread != '' "
                f"AND (message_id IN ({marks}) OR draft_id IN ({marks})) ORDER BY received LIMIT 1",
                account, *chunk, *chunk,
            )  # fmt: skip
            if rows:
                return str(rows[0][0])
        return ids[0] if ids else own

    # -- folders

    def complete_until(self, account: str, folder: str) -> datetime | None:
        """Return when the last pass over *folder* began that left nothing; None before the first."""
        rows = self._rows("SELECT complete FROM folder WHERE account = ? AND folder = ?", account, folder)
        return _time(rows[0][0]) if rows else None

    def set_complete(self, account: str, folder: str, began: datetime) -> None:
        """Write down that a pass that *began* then has left nothing."""
        with self._transaction() as database:
            database.execute(
                "INSERT INTO folder (account, folder, complete) VALUES (?, ?, ?) "
                "ON CONFLICT (account, folder) DO UPDATE SET complete = excluded.complete",
                (account, folder, _seconds(began)),
            )

    # -- customers

    def history(self, account: str, address: str, thread: str = "", but: MessageKey | None = None) -> History:
        """Return what is remembered that bears on a message of *address*, but for the message at *but* itself."""
        sender = self.hash(address)
        own = self.record(but) if but else None
        rows = [
            row
            for row in self._rows("SELECT * FROM message WHERE sender = ? AND tone != '' ORDER BY received, id", sender)
            if not own or row["id"] != own.id
        ]
        wishes = self._rows("SELECT hostile, language FROM sender WHERE sender = ?", sender)
        languages = [r["language"] for r in rows if r["language"] not in ("", "und")]
        in_thread = [
            r["language"]
            for r in rows
            if thread and r["thread"] == thread and r["account"] == account and r["language"]
        ]
        wished = wishes[0]["language"] if wishes else None
        return History(
            contacts=tuple(_contact(row) for row in rows),
            thread_language=in_thread[-1] if in_thread else None,
            sender_language=wished or (languages[-1] if languages else None),
            hostile=_maybe(wishes[0]["hostile"]) if wishes else None,
        )

    def senders(self, account: str | None = None) -> tuple[Sender, ...]:
        """Return every customer that is remembered, the latest first."""
        where, values = ("AND account = ?", (account,)) if account else ("", ())
        rows = self._rows(f"SELECT * FROM message WHERE sender != '' {where} ORDER BY received, id", *values)
        wishes = {row["sender"]: row for row in self._rows("SELECT * FROM sender")}
        by_sender: dict[str, list[sqlite3.Row]] = {}
        for row in rows:
            by_sender.setdefault(row["sender"], []).append(row)
        found = [_sender(name, theirs, wishes.get(name)) for name, theirs in by_sender.items()]
        return tuple(sorted(found, key=lambda s: s.contacts[-1].when if s.contacts else _EPOCH, reverse=True))

    def set_hostile(self, address: str, hostile: bool | None) -> None:
        """Remember what a person says of this customer: hostile, not hostile, or nothing any more."""
        self._wish(address, "hostile", None if hostile is None else int(hostile))

    def set_language(self, address: str, language: str | None) -> None:
        """Remember the language that a person wants this customer to be answered in."""
        self._wish(address, "language", language)

    def _wish(self, address: str, column: str, value: object) -> None:
        with self._transaction() as database:
            database.execute(
                f"INSERT INTO sender (sender, {column}) VALUES (?, ?) "
                f"ON CONFLICT (sender) DO UPDATE SET {column} = excluded.{column}",
                (self.hash(address), value),
            )

    def forget(self, address: str) -> int:
        """Delete what is remembered of a customer; return of how many mails. That a draft was made stays, nameless."""
        sender = self.hash(address)
        with self._transaction() as database:
            database.execute("DELETE FROM sender WHERE sender = ?", (sender,))
            return database.execute(
                "UPDATE message SET sender = '', message_id = '', thread = '', content = '', tone = '', kind = '', "
                "intents = '', language = '', attention = '', strategy = '', gaps = 0, answered = NULL "
                "WHERE sender = ?",
                (sender,),
            ).rowcount

    # -- people's questions

    def waiting(self, account: str | None = None) -> tuple[Record, ...]:
        """Return the messages whose draft waits for a person, the longest waiting first."""
        where, values = ("AND account = ?", (account,)) if account else ("", ())
        return tuple(self._records(f"state = 'saved' AND covered_by IS NULL {where}", *values))

    def find(self, text: str) -> Record | None:
        """Return the one message that *text* names: `account/folder/uid_validity/uid` or the end of it."""
        number = text.rpartition("/")[2]
        if not number.isdecimal() or len(number) > 10:
            return None
        found = [r for r in self._records("uid = ?", int(number)) if f"/{r.key}".endswith("/" + text.lstrip("/"))]
        return found[0] if len(found) == 1 else None

    def prune(self, before: datetime) -> None:
        """Forget the messages that were met before *before* and are done with."""
        with self._transaction() as database:
            database.execute(
                "DELETE FROM message WHERE first_seen < ? AND state NOT IN ('seen', 'appending')", (_seconds(before),)
            )


_EPOCH = datetime.fromtimestamp(0, UTC)


def _patiently(database: sqlite3.Connection, sql: str) -> None:
    """Execute *sql*; SQLite does not wait by itself where another process changes the journal's mode."""
    for pause_s in (0.05, 0.1, 0.2, 0.5, 1.0):
        with suppress(sqlite3.OperationalError):
            database.execute(sql)
            return
        time.sleep(pause_s)
    database.execute(sql)


def _flocked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _normal(address: str) -> str:
    return (valid_address(address) or address).strip().casefold()


def _seconds(when: datetime | None) -> float | None:
    return when.timestamp() if when else None


def _time(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def _maybe(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _record(row: sqlite3.Row) -> Record:
    values: dict[str, Any] = {name: row[name] for name in _PLAIN}
    times: dict[str, Any] = {name: _time(row[name]) for name in _TIMES}
    key = MessageKey(row["account"], row["folder"], row["uid_validity"], row["uid"])
    return Record(key=key, marked=bool(row["marked"]), attention=tuple(row["attention"].split()), **values, **times)


_PLAIN = (
    "id", "state", "attempts", "content", "message_id", "thread", "sender", "tone", "kind", "language", "strategy",
    "gaps", "draft_id", "draft_hash", "old_id", "old_hash", "covered_by",
)  # fmt: skip
_TIMES = ("received", "composed", "attempted", "saved", "answered")


def _contact(row: sqlite3.Row) -> Contact:
    when = _time(row["received"] or row["first_seen"]) or _EPOCH
    answered = _time(row["answered"])
    return Contact(
        when=when,
        tone=row["tone"],
        intents=tuple(row["intents"].split()),
        answered_after=max(timedelta(0), answered - when) if answered else None,
        boundary_sent=answered is not None and row["strategy"] in BOUNDARY,
    )


def _sender(name: str, rows: Collection[sqlite3.Row], wish: sqlite3.Row | None) -> Sender:
    latest = _record(list(rows)[-1])
    languages = [row["language"] for row in rows if row["language"] not in ("", "und")]
    return Sender(
        hash=name,
        latest=latest.key,
        mails=len(rows),
        drafts=sum(1 for row in rows if row["saved"] is not None),
        contacts=tuple(_contact(row) for row in rows if row["tone"]),
        hostile=_maybe(wish["hostile"]) if wish else None,
        language=(wish["language"] if wish else None) or (languages[-1] if languages else None),
    )
