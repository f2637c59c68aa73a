"""What is remembered of one message."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from mailassist.keeping.database import Row, moment
from mailassist.values import MessageKey

State = Literal[
    "seen", "appending", "saved", "closed", "removed",
    "skipped", "answered", "gone", "duplicate", "covered", "quarantined",
]  # fmt: skip
OPEN: frozenset[str] = frozenset({"seen", "appending"})


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


def record_of(row: Row) -> Record:
    """Return a row of the table `message` as a value."""
    values: dict[str, Any] = {name: row[name] for name in _PLAIN}
    times: dict[str, Any] = {name: moment(row[name]) for name in _TIMES}
    key = MessageKey(row["account"], row["folder"], row["uid_validity"], row["uid"])
    return Record(key=key, marked=bool(row["marked"]), attention=tuple(row["attention"].split()), **values, **times)


_PLAIN = (
    "id", "state", "attempts", "content", "message_id", "thread", "sender", "tone", "kind", "language", "strategy",
    "gaps", "draft_id", "draft_hash", "old_id", "old_hash", "covered_by",
)  # fmt: skip
_TIMES = ("received", "composed", "attempted", "saved", "answered")
