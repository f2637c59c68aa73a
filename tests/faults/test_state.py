"""The store fills up, breaks, goes back in time; a folder is made anew; two are at work: still one draft a message."""

import shutil
import subprocess
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailassist.errors import AccountError, StoreError
from mailassist.keeping.store import open_store
from mailassist.mailbox.fake import FakeAccount
from mailassist.mailbox.responses import read_fields
from mailassist.one_pass import Options, run_pass
from tests.faults.worker import KEY, start
from tests.servers import Mailbox
from tests.servers.memory import Memory
from tests.support import answer, mail


def one_pass(account, store, now=None, **options):
    options = {"settle": timedelta(0), **options}
    try:
        clock = (lambda: now) if now else (lambda: datetime.now(UTC))
        return run_pass(account, "INBOX", store, answer, Options(**options), now=clock)
    finally:
        account.close()


def drafts(mailbox: Mailbox) -> Counter[str]:
    return Counter(read_fields(m.octets).in_reply_to[0] for m in mailbox.listing(mailbox.drafts))


def ids(*numbers) -> dict[str, int]:
    return {f"<mail-{number}@customer.example>": 1 for number in numbers}


@pytest.fixture
def memory():
    return Memory()


# -- a full disk


@pytest.fixture
def small_disk(tmp_path):
    """A file system of half a megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a full disk is left out: only root can mount a small one")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 512)
        except OSError:
            pass
    return ballast


def test_on_a_full_disk_nothing_is_appended(memory, small_disk):
    memory.put("INBOX", mail(1))
    with open_store(small_disk / "store.sqlite", KEY) as store:
        ballast = fill(small_disk)
        with pytest.raises(StoreError, match="full"):
            one_pass(memory.account(), store)
        assert memory.fake.log == []
        ballast.unlink()
        one_pass(memory.account(), store)
    assert drafts(memory) == ids(1)


def test_a_disk_that_is_full_once_the_draft_is_out_costs_no_second_draft(memory, small_disk):
    class Filling(FakeAccount):
        def append(self, folder, octets, flags):
            fill(small_disk)
            return super().append(folder, octets, flags)

    memory.put("INBOX", mail(1))
    memory.put("INBOX", mail(2))
    with open_store(small_disk / "store.sqlite", KEY) as store, pytest.raises(StoreError, match="full"):
        one_pass(Filling(memory.fake), store)
    assert drafts(memory) == ids(1, 2)
    (small_disk / "ballast").unlink()
    with open_store(small_disk / "store.sqlite", KEY) as store:
        one_pass(memory.account(), store)
    assert drafts(memory) == ids(1, 2)


# -- a broken store


def test_a_damaged_store_stops_and_is_left_as_it_is(memory, tmp_path):
    path = tmp_path / "store.sqlite"
    for number in range(30):
        memory.put("INBOX", mail(number))
    with open_store(path, KEY) as store:
        one_pass(memory.account(), store)
    octets = bytearray(path.read_bytes())
    octets[5000:9000] = b"\xff" * 4000
    path.write_bytes(octets)
    with pytest.raises(StoreError, match="move it away"):
        open_store(path, KEY)
    assert path.read_bytes() == octets
    path.rename(tmp_path / "damaged")
    with open_store(path, KEY) as store:
        one_pass(memory.account(), store)
        assert len(store.waiting()) == 30
    assert drafts(memory) == ids(*range(30))


def test_no_store_is_no_store(tmp_path):
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"this is a letter to my aunt\n" * 50)
    with pytest.raises(StoreError):
        open_store(path, KEY)
    assert path.read_bytes().startswith(b"this is a letter")


def test_a_store_of_yesterday_costs_no_second_draft(memory, tmp_path):
    path, backup = tmp_path / "store.sqlite", tmp_path / "backup"
    memory.put("INBOX", mail(1))
    with open_store(path, KEY) as store:
        one_pass(memory.account(), store)
    shutil.copy(path, backup)
    memory.put("INBOX", mail(2))
    memory.put("INBOX", mail(3))
    with open_store(path, KEY) as store:
        one_pass(memory.account(), store)
    sent = next(m for m in memory.listing("Drafts") if b"mail-3@" in m.octets)
    memory.put("Sent", sent.octets)
    memory.delete("Drafts", sent.uid)
    shutil.copy(backup, path)
    with open_store(path, KEY) as store:
        one_pass(memory.account(), store)
    assert drafts(memory) == ids(1, 2)


# -- a folder made anew


class LosingAnswers(FakeAccount):
    """The server takes the draft, and the answer is lost."""

    def append(self, folder, octets, flags):
        super().append(folder, octets, flags)
        raise AccountError("the connection was lost")


def make_anew(memory: Memory) -> None:
    """Give INBOX a new UIDVALIDITY and its messages the UIDs in another order, so that each means another mail."""
    box = memory.fake.folders["INBOX"]
    messages = sorted(box.messages.values(), key=lambda m: -m.uid)
    box.messages.clear()
    box.uid_validity, box.uid_next = box.uid_validity + 1, 1
    for message in messages:
        memory.fake.put("INBOX", message.octets, message.flags, message.received)


def test_a_new_uidvalidity_with_the_same_uids_makes_no_second_draft_and_loses_none(memory, tmp_path):
    for number in range(5):
        memory.put("INBOX", mail(number))
    with open_store(tmp_path / "store.sqlite", KEY) as store:
        one_pass(memory.account(), store)
        make_anew(memory)
        memory.put("INBOX", mail("new"))
        assert one_pass(memory.account(), store).drafts == 1
        assert drafts(memory) == ids(*range(5), "new")
        assert {record.key.uid_validity for record in store.waiting()} == {2}


def test_a_new_uidvalidity_while_a_draft_is_in_doubt(memory, tmp_path):
    memory.put("INBOX", mail(1))
    memory.put("INBOX", mail(2))
    with open_store(tmp_path / "store.sqlite", KEY) as store:
        with pytest.raises(AccountError):
            one_pass(LosingAnswers(memory.fake), store)
        make_anew(memory)
        assert one_pass(memory.account(), store, settle=timedelta(seconds=90)).doubtful == 1
        one_pass(memory.account(), store)
        one_pass(memory.account(), store)
    assert drafts(memory) == ids(1, 2)


def test_a_new_uidvalidity_on_a_real_server(dovecot, tmp_path):
    for number in range(6):
        dovecot.put("INBOX", mail(number))
    with open_store(tmp_path / "store.sqlite", KEY) as store:
        one_pass(dovecot.account(), store)
        before = {record.key.uid_validity for record in store.waiting()}
        dovecot.hang_up()
        time.sleep(1.1)  # Dovecot takes the time in seconds for it
        for path in (dovecot.dir / "mail" / "alice").glob("dovecot*"):
            path.unlink()  # the index and the list of UIDs: both begin anew
        dovecot.put("INBOX", mail("new"))
        assert one_pass(dovecot.account(), store).drafts == 1
        assert {record.key.uid_validity for record in store.waiting()} != before
    assert drafts(dovecot) == ids(*range(6), "new")


# -- a draft in doubt


def test_a_draft_in_doubt_waits_until_it_has_settled(memory, tmp_path):
    memory.put("INBOX", mail(1))
    began = datetime.now(UTC)
    settle = timedelta(seconds=90)
    with open_store(tmp_path / "store.sqlite", KEY) as store:
        with pytest.raises(AccountError):
            one_pass(LosingAnswers(memory.fake), store, began, settle=settle)
        report = one_pass(memory.account(), store, began + timedelta(seconds=89), settle=settle)
        assert (report.doubtful, report.drafts) == (1, 0)
        assert report.next_s == pytest.approx(1.0)
        assert one_pass(memory.account(), store, began + timedelta(seconds=91), settle=settle).drafts == 1
    assert drafts(memory) == ids(1)


def test_a_clock_that_goes_back_does_not_cut_the_time_to_settle_short(memory, tmp_path):
    memory.put("INBOX", mail(1))
    began = datetime.now(UTC)
    settle = timedelta(seconds=90)
    with open_store(tmp_path / "store.sqlite", KEY) as store:
        with pytest.raises(AccountError):
            one_pass(LosingAnswers(memory.fake), store, began, settle=settle)
        back = began - timedelta(hours=5)
        assert one_pass(memory.account(), store, back, settle=settle).doubtful == 1
        assert one_pass(memory.account(), store, back + timedelta(seconds=91), settle=settle).drafts == 1
    assert drafts(memory) == ids(1)


def test_a_draft_that_was_sent_or_thrown_away_while_in_doubt_is_not_made_again(memory, tmp_path):
    for folder, number in (("Sent", 1), ("Trash", 2)):
        memory.put("INBOX", mail(number))
        with open_store(tmp_path / "store.sqlite", KEY) as store:
            with pytest.raises(AccountError):
                one_pass(LosingAnswers(memory.fake), store)
            [draft] = memory.listing("Drafts")
            memory.put(folder, draft.octets)
            memory.delete("Drafts", draft.uid)
            one_pass(memory.account(), store)
            one_pass(memory.account(), store)
        assert memory.listing("Drafts") == []


def test_a_retry_appends_the_same_octets(memory, tmp_path):
    seen = []

    class Losing(FakeAccount):
        def append(self, folder, octets, flags):
            seen.append(octets)
            raise AccountError("the connection was lost before the server had it")

    memory.put("INBOX", mail(1))
    began = datetime.now(UTC)
    with open_store(tmp_path / "store.sqlite", KEY) as store:
        for minutes in range(3):
            with pytest.raises(AccountError):
                one_pass(Losing(memory.fake), store, began + timedelta(minutes=minutes))
        one_pass(memory.account(), store, began + timedelta(minutes=9))
    assert len(set(seen)) == 1
    assert memory.listing("Drafts")[0].octets == seen[0]


# -- two at work


def test_two_at_work_on_one_mailbox_make_one_draft_each(dovecot, tmp_path):
    for number in range(12):
        dovecot.put("INBOX", mail(number))
    workers = [start(dovecot.server(), ("", ""), tmp_path / "store.sqlite", 0.5, None) for _ in range(3)]
    reports = [reported() for _, reported in workers]
    assert sum(report[1] for report in reports) == 12
    assert drafts(dovecot) == ids(*range(12))


def test_two_with_stores_of_their_own_make_one_draft_when_one_comes_after_the_other(memory, tmp_path):
    memory.put("INBOX", mail(1))
    for name in ("one", "other"):
        with open_store(tmp_path / name, KEY) as store:
            one_pass(memory.account(), store)
    assert drafts(memory) == ids(1)


def test_who_comes_second_is_told_to_wait(tmp_path):
    path = tmp_path / "store.sqlite"
    with open_store(path, KEY) as one, open_store(path, KEY) as other, one.lock("shop"):
        with other.lock("another account"):
            pass
        with pytest.raises(AccountError, match="another mailassist"), other.lock("shop", wait_s=0.1):
            pass
    with open_store(path, KEY) as other, other.lock("shop", wait_s=0.1):
        pass
