"""
The daemon: waits for news in every folder of every account, makes a pass, and comes back by itself.

Each folder has a thread and a connection of its own. A server that is away is tried again after pauses that grow from
seconds to minutes; an account that needs a person is tried a few times more and then parked, while the others go on.
"""

import logging
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mailassist.errors import AccountError, SetupError, StoreError
from mailassist.keeping.replies import Replies
from mailassist.keeping.store import Store
from mailassist.mailbox.idle import Stop
from mailassist.mailbox.protocol import Account
from mailassist.one_pass import Answer, Options, run_pass

__all__ = ["Job", "Pace", "Stop", "install_signals", "watch"]

log = logging.getLogger(__name__)

SUSPENDED_S = 30.0  # by which the clock on the wall may outrun the monotonic one; more, and the machine slept
STUCK_S = 600.0  # without progress; longer than any single operation and wait
ENOUGH_S = 300.0  # a connection that lived so long was a good one: the pauses begin anew
JOIN_S = 20.0  # for the messages in hand, when the end was asked for


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things wait, in seconds."""

    slice_s: float = 240.0  # of one IDLE; firewalls forget a silent connection after five minutes or so
    sweep_s: float = 900.0  # between passes without any news: what a person did in Drafts and Sent is seen then
    settle_down_s: float = 1.0  # after news that were no new mail, so that a storm of flags is not a storm of listings
    first_pause_s: float = 2.0  # after a lost connection; doubles
    longest_pause_s: float = 600.0
    beat_s: float = 20.0  # between two words to systemd
    setup_pauses_s: tuple[float, ...] = (60.0, 300.0, 900.0)  # a person may be at it; after the last one it is parked


@dataclass(frozen=True, slots=True)
class Job:
    """One account to watch. `open` makes an account, not yet connected, for each folder."""

    name: str
    open: Callable[[], Account]
    folders: tuple[str, ...]
    answer: Answer
    options: Options


@dataclass(slots=True)
class _Gate:
    """What the folders of one account share: how often it was refused, and until when none of them knocks again."""

    refusals: int = 0
    until: float = 0.0  # by the monotonic clock
    error: SetupError | None = None  # why the account is parked
    lock: threading.Lock = field(default_factory=threading.Lock)  # one knocks at a time


@dataclass(slots=True)
class _Folder:
    """One folder and its thread; `beat` is when it last got on, by the monotonic clock."""

    job: Job
    folder: str
    store: Store
    stop: Stop
    pace: Pace
    gate: _Gate
    failures: int = 0
    drafts: int = 0
    beat: float = field(default_factory=time.monotonic)
    state: str = "starting"
    error: StoreError | None = None  # why everything stops
    replies: Replies = field(default_factory=Replies)

    @property
    def is_over(self) -> bool:
        return self.error is not None or self.gate.error is not None

    def run(self) -> None:
        """Watch until the end is asked for, the account is parked, or the store fails."""
        while not self.stop.is_set() and not self.is_over:
            if (closed := self.gate.until - time.monotonic()) > 0:
                self.state = "waiting for a person"
                self._pause(closed)
                continue
            account = self.job.open()
            began = time.monotonic()
            try:
                self._watch(account)
            except StoreError as error:
                self.error = error
                self.stop.set()
            except SetupError as error:
                self._refused(error)
            except AccountError as error:
                self._lost(error, time.monotonic() - began)
            except Exception as error:  # a fault of ours is no reason to leave the customers alone
                log.error("watching failed account=%s error=%s", self.job.name, type(error).__name__)
                self._lost(AccountError(f"mailassist failed ({type(error).__name__}); please report that"), 0.0)
            finally:
                account.close()

    def _watch(self, account: Account) -> None:
        """Make a pass whenever there is something new, until the end is asked for or the account is refused."""
        with self.gate.lock:
            if self.gate.until > time.monotonic() or self.is_over:
                return
            try:
                account.open()
            except SetupError as error:
                self._refused(error)
                return
        folder = account.folder(self.folder).wire
        while not self.stop.is_set():
            seen = self._listed(account, folder)
            report = run_pass(
                account, self.folder, self.store, self.job.answer, self.job.options,
                stop=self.stop, progress=lambda *_: self._on(), replies=self.replies,
            )  # fmt: skip
            self.drafts += report.drafts
            self.gate.refusals = 0
            self.state = "watching"
            self._on()
            if not report.left:
                self._wait_for_news(account, folder, seen, report.next_s)

    def _listed(self, account: Account, folder: str) -> set[int]:
        """Return the UIDs of the last days, so that what comes during a pass is not taken for seen."""
        account.select(folder, readonly=True)
        return set(account.uids((datetime.now(UTC) - timedelta(days=2)).date()))

    def _wait_for_news(self, account: Account, folder: str, seen: set[int], next_s: float | None) -> None:
        """Wait until the folder holds a message that is not *seen*, or something falls due."""
        until = time.monotonic() + min(self.pace.sweep_s, self.pace.sweep_s if next_s is None else next_s + 1)
        while not self.stop.is_set() and (rest := until - time.monotonic()) > 0:
            if self._listed(account, folder) - seen:
                return
            clocks = time.time() - time.monotonic()
            news = account.wait(min(rest, self.pace.slice_s), self.stop)
            self._on()
            if abs(time.time() - time.monotonic() - clocks) > SUSPENDED_S:
                raise AccountError("the machine slept or its clock was set; the connection is made anew")
            if news and not self._listed(account, folder) - seen:
                self.stop.wait(self.pace.settle_down_s)

    def _on(self) -> None:
        self.beat = time.monotonic()

    def _lost(self, error: AccountError, lived_s: float) -> None:
        """Pause after a lost connection: longer each time, until one has lived for a while."""
        self.failures = 1 if lived_s >= ENOUGH_S else self.failures + 1
        pause = max(error.retry_after_s, pause_s(self.failures, self.pace, random.random()))
        self.state = "waiting for the server"
        log.warning("connection lost account=%s pause_s=%.0f reason=%s", self.job.name, pause, error)
        self._pause(pause)

    def _refused(self, error: SetupError) -> None:
        """Close the gate for a while, a few times, in case a person is at it; then park the account."""
        gate, now = self.gate, time.monotonic()
        if now < gate.until or gate.error:
            return  # another folder was refused just now
        if gate.refusals >= len(self.pace.setup_pauses_s):
            gate.error = error
            log.error("account parked account=%s reason=%s", self.job.name, error)
            return
        pause = self.pace.setup_pauses_s[gate.refusals]
        gate.refusals += 1
        gate.until = now + pause
        log.warning("account refused account=%s pause_s=%.0f reason=%s", self.job.name, pause, error)

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (rest := until - time.monotonic()) > 0 and not self.stop.wait(min(rest, 60.0)):
            self._on()


def pause_s(failures: int, pace: Pace, dice: float) -> float:
    """
    Return the seconds to wait after *failures* in a row: doubling, with a limit.

    dice: 0..1, by which the pause is shortened down to half, so that not all accounts come back at the same moment.
    """
    longest = min(pace.longest_pause_s, pace.first_pause_s * 2.0 ** min(failures - 1, 30))
    return longest * (1.0 - dice / 2)


def watch(jobs: Sequence[Job], store: Store, stop: Stop, pace: Pace = Pace()) -> None:
    """
    Watch every folder of *jobs* until *stop* is set.

    Raises StoreError when what was answered is unknown, and the SetupError of the account that was parked last when
    none is left to watch.
    """
    gates = {job.name: _Gate() for job in jobs}
    folders = [_Folder(job, folder, store, stop, pace, gates[job.name]) for job in jobs for folder in job.folders]
    threads = [threading.Thread(target=one.run, name=f"watch {one.job.name}", daemon=True) for one in folders]
    for thread in threads:
        thread.start()
    notify("READY=1")
    beat_s = min(pace.beat_s, _watchdog_s() / 3)
    while not stop.wait(beat_s) and any(thread.is_alive() for thread in threads):
        notify(f"STATUS={_status(folders)}")
        alive = [one for one, thread in zip(folders, threads, strict=True) if thread.is_alive()]
        if all(time.monotonic() - one.beat < STUCK_S for one in alive):
            notify("WATCHDOG=1")
    notify("STOPPING=1")
    until = time.monotonic() + JOIN_S
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    for one in folders:
        if one.error:
            raise one.error
    parked = [gate.error for gate in gates.values() if gate.error]
    if parked and not stop.is_set():
        raise parked[-1]


def _status(folders: Sequence[_Folder]) -> str:
    states = ["parked" if one.gate.error else one.state for one in folders]
    told = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    return f"{told}; {sum(one.drafts for one in folders)} drafts since the start"


def install_signals(stop: Stop) -> None:
    """Make SIGTERM and SIGINT ask for the end: the message in hand is finished."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


def notify(state: str) -> None:
    """Tell systemd *state* (sd_notify(3)); nothing where it does not listen."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    name = "\0" + address[1:] if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.connect(name)
            sock.sendall(state.encode())
    except OSError as error:
        log.debug("systemd does not listen error=%s", type(error).__name__)


def _watchdog_s() -> float:
    """Return the seconds within which systemd wants to hear of progress; a minute where it does not ask."""
    given = os.environ.get("WATCHDOG_USEC", "")
    return int(given) / 1e6 if given.isdecimal() and int(given) else 60.0
