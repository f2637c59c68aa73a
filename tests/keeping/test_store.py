"""The store keeps keys, hashes and times, in a file for its owner alone, and no word of a customer."""

import sqlite3
import stat
from datetime import UTC, datetime, timedelta

import pytest

from mailassist.errors import StoreError
from mailassist.keeping.customers import Forgotten
from mailassist.keeping.schema import MIGRATIONS
from mailassist.keeping.store import open_store
from mailassist.one_pass import Options, run_pass
from mailassist.values import History, MessageKey
from tests.servers.memory import Memory
from tests.support import answer, mail

KEY = b"k" * 32
AT = MessageKey("shop", "INBOX", 7, 12)
CUSTOMER = "ann.example@customer.example"


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "store.sqlite", KEY) as store:
        yield store


def worked(store, *messages: bytes) -> Memory:
    memory = Memory()
    for octets in messages:
        memory.put("INBOX", octets)
    account = memory.account()
    run_pass(account, "INBOX", store, answer, Options())
    return memory


def test_the_file_is_for_its_owner_alone(store, tmp_path):
    worked(store, mail(1))
    files = [path for path in tmp_path.iterdir() if path.name.startswith("store.sqlite")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_no_word_and_no_address_of_a_customer_is_in_it(store, tmp_path):
    worked(store, mail(1, "a canary sings in Q-4711 keys", sender=CUSTOMER, message_id="<plain-id@mx.example>"))
    store.set_hostile(CUSTOMER, True)
    store.set_language(CUSTOMER, "da")
    store.close()
    octets = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"<plain-id@mx.example>" in octets
    for word in (b"canary", b"Q-4711", b"ann.example", b"customer.example", b"Order 1", b"service@shop"):
        assert word not in octets


def test_another_key_gives_other_hashes(tmp_path):
    with open_store(None, KEY) as one, open_store(None, b"j" * 32) as other:
        assert one.hash(CUSTOMER) != other.hash(CUSTOMER)
        assert one.hash(CUSTOMER) == one.hash(CUSTOMER.upper())


def test_a_key_is_found_by_its_end(store):
    store.claim(AT, None)
    assert store.find("shop/INBOX/7/12").key == AT
    assert store.find("INBOX/7/12").key == AT
    assert store.find("12").key == AT
    assert store.find("2") is None
    assert store.find("no number") is None


def test_a_number_that_names_two_messages_names_none(store):
    store.claim(AT, None)
    store.claim(MessageKey("other", "INBOX", 7, 12), None)
    assert store.find("12") is None
    assert store.find("other/INBOX/7/12").key.account == "other"


def test_what_a_person_said_of_a_customer_is_remembered(store):
    assert store.history("shop", CUSTOMER) == History()
    store.set_hostile(CUSTOMER, False)
    store.set_language(CUSTOMER, "fr")
    history = store.history("shop", CUSTOMER)
    assert history.hostile is False
    assert history.sender_language == "fr"
    store.set_hostile(CUSTOMER, None)
    assert store.history("shop", CUSTOMER).hostile is None


def test_a_customer_is_counted_with_mails_and_drafts(store):
    worked(store, mail(1, sender=CUSTOMER), mail(2, "a newsletter", sender=CUSTOMER), mail(3))
    by_hash = {sender.hash: sender for sender in store.senders()}
    sender = by_hash[store.hash(CUSTOMER)]
    assert (sender.mails, sender.drafts, len(sender.contacts)) == (2, 1, 2)
    assert sender.latest.uid == 2
    assert len(by_hash) == 2


def test_forgetting_a_customer_leaves_no_trace_and_makes_no_second_draft(store):
    memory = worked(store, mail(1, sender=CUSTOMER))
    store.set_hostile(CUSTOMER, True)
    assert store.forget(CUSTOMER) == Forgotten(mails=1, exceptions=True)
    assert store.senders() == ()
    assert store.history("shop", CUSTOMER) == History()
    run_pass(memory.account(), "INBOX", store, answer, Options())
    assert len(memory.listing("Drafts")) == 1


def test_an_exception_alone_is_forgotten_too(store):
    store.set_language(CUSTOMER, "fr")
    assert store.forget(CUSTOMER) == Forgotten(mails=0, exceptions=True)
    store.set_hostile(CUSTOMER, None)  # taken back: nothing is left of it
    assert store.forget(CUSTOMER) == Forgotten(mails=0, exceptions=False)


def test_what_is_older_than_it_is_kept_for_is_forgotten(tmp_path):
    with open_store(tmp_path / "s", KEY) as store:
        worked(store, mail(1))
    with open_store(tmp_path / "s", KEY, keep=timedelta(days=1)) as store:
        assert len(store.senders()) == 1
        store.prune(datetime.now(UTC) + timedelta(days=1))
        assert store.senders() == ()


def test_what_is_still_to_be_done_is_kept_however_old(store):
    store.claim(AT, None)
    store.prune(datetime.now(UTC) + timedelta(days=999))
    assert store.record(AT) is not None


def test_a_copy_in_memory_is_written_to_and_the_file_is_not(store):
    store.claim(AT, None)
    with store.copy() as copy:
        copy.finish(AT, "skipped")
        assert copy.record(AT).state == "skipped"
    assert store.record(AT).state == "seen"


def test_a_store_of_a_newer_version_is_left_alone(tmp_path):
    path = tmp_path / "store.sqlite"
    open_store(path, KEY).close()
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(StoreError, match="newer"):
        open_store(path, KEY)


def test_a_folder_that_cannot_be_written_to_is_named_with_what_to_do(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="permissions"):
        open_store(tmp_path / "file" / "store.sqlite", KEY)


def test_the_file_can_be_copied_once_it_is_closed(store, tmp_path):
    store.claim(AT, None)
    store.close()
    (tmp_path / "copied").write_bytes((tmp_path / "store.sqlite").read_bytes())
    with open_store(tmp_path / "copied", KEY) as copied:
        assert copied.record(AT) is not None
