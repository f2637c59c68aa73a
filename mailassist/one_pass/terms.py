"""The words of a pass: what it is given, and what it tells."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from mailassist.keeping.drafts import HoldsBoundary
from mailassist.values import Draft, History, MessageKey, Skipped


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
    max_age: timedelta = timedelta(0)  # of a draft nobody touched, then it is removed; 0: never
    holds_boundary: HoldsBoundary = lambda octets, language: False  # whether a mail of ours asks to leave insults out


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
