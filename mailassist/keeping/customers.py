"""A customer over time, without their words: what bears on the next answer, and what a person said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mailassist.keeping.database import Database, Row, moment
from mailassist.keeping.records import record_of
from mailassist.values import Contact, History, MessageKey

_EPOCH = datetime.fromtimestamp(0, UTC)


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


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was remembered of a customer until now."""

    mails: int
    exceptions: bool  # a person had said something of them


class Customers(Database):
    """The part of the store that is about people."""

    def history(self, account: str, address: str, thread: str = "", but: MessageKey | None = None) -> History:
        """Return what is remembered that bears on a message of *address*, but for the message at *but* itself."""
        sender = self.hash(address)
        rows = [
            row
            for row in self.rows("SELECT * FROM message WHERE sender = ? AND tone != '' ORDER BY received, id", sender)
            if but is None or record_of(row).key != but
        ]
        wishes = self.rows("SELECT hostile, language FROM sender WHERE sender = ?", sender)
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
        rows = self.rows(f"SELECT * FROM message WHERE sender != '' {where} ORDER BY received, id", *values)
        wishes = {row["sender"]: row for row in self.rows("SELECT * FROM sender")}
        by_sender: dict[str, list[Row]] = {}
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
        with self.transaction() as database:
            database.execute(
                f"INSERT INTO sender (sender, {column}) VALUES (?, ?) "
                f"ON CONFLICT (sender) DO UPDATE SET {column} = excluded.{column}",
                (self.hash(address), value),
            )

    def forget(self, address: str) -> Forgotten:
        """Delete what is remembered of a customer and say how much. That a draft was made stays, nameless."""
        sender = self.hash(address)
        with self.transaction() as database:
            wish = "sender = ? AND (hostile IS NOT NULL OR language IS NOT NULL)"
            wished = database.execute(f"DELETE FROM sender WHERE {wish}", (sender,)).rowcount
            database.execute("DELETE FROM sender WHERE sender = ?", (sender,))
            mails = database.execute(
                "UPDATE message SET sender = '', message_id = '', thread = '', content = '', tone = '', kind = '', "
                "intents = '', language = '', attention = '', strategy = '', gaps = 0, answered = NULL, boundary = 0 "
                "WHERE sender = ?",
                (sender,),
            ).rowcount
        return Forgotten(mails, wished > 0)


def _maybe(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _contact(row: Row) -> Contact:
    when = moment(row["received"] or row["first_seen"]) or _EPOCH
    answered = moment(row["answered"])
    return Contact(
        when=when,
        tone=row["tone"],
        intents=tuple(row["intents"].split()),
        answered_after=max(timedelta(0), answered - when) if answered else None,
        boundary_sent=bool(row["boundary"]),
    )


def _sender(name: str, rows: Sequence[Row], wish: Row | None) -> Sender:
    latest = record_of(rows[-1])
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
