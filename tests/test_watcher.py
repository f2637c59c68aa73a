"""The daemon: it sees what comes, comes back by itself, and leaves when asked to."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager

import pytest

from mailassist.errors import AccountError, LoginRefused, StoreError
from mailassist.keeping.store import open_store
from mailassist.mailbox.fake import FakeAccount, FakeServer
from mailassist.one_pass import Options
from mailassist.watcher import Job, Pace, Stop, pause_s, watch
from tests.servers.memory import Memory
from tests.support import answer, mail

QUICK = Pace(
    slice_s=2.0, settle_down_s=0.05, first_pause_s=0.05, longest_pause_s=0.4, setup_pauses_s=(0.05, 0.05), beat_s=0.1
)


class Watching:
    """`watch` in a thread of its own."""

    def __init__(self, jobs, store, pace=QUICK) -> None:
        self.stop = Stop()
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(jobs, store, pace), daemon=True)
        self._thread.start()

    def _run(self, jobs, store, pace) -> None:
        try:
            watch(jobs, store, self.stop, pace)
        except Exception as error:
            self.error = error

    def end(self, within_s: float = 10) -> None:
        self.stop.set()
        self.join(within_s)

    def join(self, within_s: float = 10) -> None:
        self._thread.join(within_s)
        assert not self._thread.is_alive(), "the watcher does not end"


@contextmanager
def watching(jobs, store, pace=QUICK):
    running = Watching(jobs, store, pace)
    try:
        yield running
    finally:
        running.end()


def until(condition: Callable[[], bool], within_s: float = 10) -> float:
    """Wait for *condition*; return how long that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + within_s, "it does not come about"
        time.sleep(0.01)
    return time.monotonic() - began


def job(open_account, name="shop", answer=answer, **options) -> Job:
    return Job(name, open_account, ("INBOX",), answer, Options(**options))


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "store.sqlite", b"k" * 32) as store:
        yield store


def test_new_mail_gets_its_draft_within_a_second_and_a_half(mailbox, store):
    """Dovecot tells half a second late, by its source."""
    count = lambda: len(mailbox.listing(mailbox.drafts))  # noqa: E731
    with watching([job(mailbox.account)], store, Pace(slice_s=60)):
        mailbox.put("INBOX", mail(1))
        until(lambda: count() == 1)
        time.sleep(0.3)  # it waits in IDLE now
        mailbox.put("INBOX", mail(2))
        assert until(lambda: count() == 2) < (2.5 if mailbox.name in ("courier",) else 1.5)


def test_mail_that_came_before_the_wait_began_is_not_missed(dovecot, store):
    with watching([job(dovecot.account)], store, Pace(slice_s=60)):
        for number in range(1, 13):
            dovecot.put("INBOX", mail(number))
            until(lambda n=number: len(dovecot.listing("Drafts")) == n, within_s=20)


def test_without_idle_the_folder_is_polled(store):
    memory = Memory()
    with watching([job(memory.account)], store):
        memory.put("INBOX", mail(1))
        until(lambda: len(memory.listing("Drafts")) == 1)


def test_a_cut_connection_is_made_anew_within_seconds(dovecot, store):
    with watching([job(dovecot.account)], store, Pace(slice_s=60)):
        dovecot.put("INBOX", mail(1))
        until(lambda: len(dovecot.listing("Drafts")) == 1)
        dovecot.proxy.cut()
        dovecot.put("INBOX", mail(2))
        assert until(lambda: len(dovecot.listing("Drafts")) == 2) < 6


def test_a_connection_that_falls_silent_is_noticed_at_the_end_of_a_slice(dovecot, store):
    """A firewall that forgets a connection tells nobody."""
    stalled = []

    def faults(command):
        if command == b"IDLE" and not stalled:
            stalled.append(command)
            return "stall"
        return None

    dovecot.proxy.faults = faults
    try:
        with watching([job(lambda: dovecot.account(timeout_s=0.5))], store, Pace(slice_s=0.5, first_pause_s=0.1)):
            until(lambda: bool(stalled))
            dovecot.put("INBOX", mail(1))
            until(lambda: len(dovecot.listing("Drafts")) == 1, within_s=5)
    finally:
        dovecot.proxy.faults = lambda command: None


@pytest.mark.parametrize("dice", [0.0, 0.5, 1.0])
def test_a_server_that_is_away_is_asked_at_most_thirty_times_an_hour(dice):
    logins, clock = 0, 0.0
    while clock < 3600:
        logins += 1
        clock += pause_s(logins, Pace(), dice)
    assert logins <= 30
    assert pause_s(1, Pace(), 0.0) <= 10
    assert pause_s(10_000, Pace(), 0.0) == Pace().longest_pause_s


def test_a_server_that_is_away_is_tried_again_and_not_hammered(dovecot, store):
    attempts = []

    def account():
        attempts.append(time.monotonic())
        return dovecot.account()

    dovecot.proxy.refusing = True
    try:
        with watching([job(account)], store):
            until(lambda: len(attempts) >= 4)
            time.sleep(0.5)
            assert len(attempts) < 10
            dovecot.put("INBOX", mail(1))
            dovecot.proxy.refusing = False
            until(lambda: len(dovecot.listing("Drafts")) == 1)
    finally:
        dovecot.proxy.refusing = False


class Refusing(FakeAccount):
    """An account whose password is not right."""

    def open(self) -> None:
        raise LoginRefused("the server refused the login; give the right password")


def test_a_refused_account_is_parked_and_the_others_go_on(store):
    memory, refused = Memory(), []

    def refusing():
        refused.append(1)
        return Refusing(FakeServer())

    with watching([job(refusing, "wrong"), job(memory.account)], store) as running:
        until(lambda: len(refused) == 3)
        memory.put("INBOX", mail(1))
        until(lambda: len(memory.listing("Drafts")) == 1)
        time.sleep(0.3)
        assert len(refused) == 3
    assert running.error is None


def test_the_folders_of_a_refused_account_knock_together_no_more_often_than_one(store):
    refused = []

    class Counting(Refusing):
        def open(self):
            refused.append(1)
            super().open()

    wrong = Job("wrong", lambda: Counting(FakeServer()), ("INBOX", "Orders", "Repairs"), answer, Options())
    running = Watching([wrong], store, Pace(setup_pauses_s=(0.3, 0.3), beat_s=0.1))
    running.join()
    assert isinstance(running.error, LoginRefused)
    assert len(refused) == 3


def test_when_no_account_is_left_the_reason_is_raised(store):
    running = Watching([job(lambda: Refusing(FakeServer()))], store)
    running.join()
    assert isinstance(running.error, LoginRefused)


def test_a_store_that_fails_stops_everything(tmp_path):
    memory = Memory()
    store = open_store(tmp_path / "store.sqlite", b"k" * 32)
    running = Watching([job(memory.account)], store)
    until(lambda: (tmp_path / "store.sqlite").exists())
    store.close()
    memory.put("INBOX", mail(1))
    running.join()
    assert isinstance(running.error, StoreError)


def test_a_fault_of_ours_is_survived(store):
    memory, opened = Memory(), []

    class Bursting(FakeAccount):
        def uids(self, since=None):
            opened.append(1)
            if len(opened) < 3:
                raise ZeroDivisionError
            return super().uids(since)

    memory.put("INBOX", mail(1))
    with watching([job(lambda: Bursting(memory.fake))], store):
        until(lambda: len(memory.listing("Drafts")) == 1)


def test_the_end_is_quick_while_it_waits(mailbox, store):
    with watching([job(mailbox.account)], store, Pace(slice_s=60)) as running:
        mailbox.put("INBOX", mail(1))
        until(lambda: len(mailbox.listing(mailbox.drafts)) == 1)
        time.sleep(0.2)
        began = time.monotonic()
        running.end()
        assert time.monotonic() - began < 3


def test_a_pause_the_server_asks_for_is_kept(store):
    opened = []

    class Throttled(FakeAccount):
        def open(self) -> None:
            opened.append(time.monotonic())
            raise AccountError("too many requests", retry_after_s=0.7)

    with watching([job(lambda: Throttled(FakeServer()))], store):
        until(lambda: len(opened) == 3)
    assert opened[2] - opened[0] >= 1.4


def test_systemd_is_told_that_it_runs_and_that_it_gets_on(store, tmp_path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        heard = []
        with watching([job(Memory().account)], store):
            while "WATCHDOG=1" not in heard:
                heard.append(listener.recv(200).decode())
        assert heard[0] == "READY=1"
        while "STOPPING=1" not in heard:
            heard.append(listener.recv(200).decode())
        assert any(word.startswith("STATUS=1 ") for word in heard)
