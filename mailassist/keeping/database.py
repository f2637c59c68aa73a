"""
The file of the store: opened, checked, migrated, written one transaction at a time. The only door to sqlite3.

A file of mode 0600 with keys, Message-IDs, hashes, outcomes and times. Customers and message contents are keyed HMACs;
the key lies elsewhere. No subject, no body, no address.
"""

import fcntl
import hashlib
import hmac
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Self

from mailassist.errors import AccountError, StoreError
from mailassist.keeping.schema import MIGRATIONS
from mailassist.reading.address import valid_address

Row = sqlite3.Row


class Database:
    """The open file. Threads may share it; a transaction is on the disk when it ends."""

    def __init__(self, path: Path | None, key: bytes) -> None:
        self.path = path
        self._key = key
        self._mutex = RLock()
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
        return StoreError(f"the store {self.path} cannot be used ({error}); check its folder, permissions and disk")

    def copy(self) -> Self:
        """Return a copy in memory: what is written to it is forgotten."""
        other = type(self)(None, self._key)
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
    def together(self) -> Iterator[None]:
        """Make one transaction of those within: all of it is on the disk when this ends, or nothing."""
        with self.transaction():
            yield

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the database for one transaction; everything that SQLite raises becomes a StoreError."""
        with self._mutex:
            is_inner = self._database.in_transaction
            try:
                if not is_inner:
                    self._database.execute("BEGIN IMMEDIATE")
                yield self._database
                if not is_inner:
                    self._database.execute("COMMIT")
            except BaseException as error:
                if not is_inner:
                    self._roll_back()
                if isinstance(error, sqlite3.Error):
                    raise self._error(error) from error
                raise

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
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


@lru_cache(4096)  # a message asks for its sender's six times
def _normal(address: str) -> str:
    return (valid_address(address) or address).strip().casefold()


def seconds(when: datetime | None) -> float | None:
    """Return *when* as it is stored."""
    return when.timestamp() if when else None


def moment(stored: float | None) -> datetime | None:
    """Return a stored time, aware."""
    return datetime.fromtimestamp(stored, UTC) if stored is not None else None
