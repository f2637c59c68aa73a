"""Servers that are set up otherwise: folders with other names or none, no IDLE, no UIDPLUS, no room, no rights."""

import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from mailassist.errors import AccountError, FolderMissing, SetupError
from mailassist.keeping.drafts import undo
from mailassist.keeping.store import open_store
from mailassist.mailbox.idle import Stop
from mailassist.mailbox.responses import read_fields
from mailassist.one_pass import Options, run_pass
from tests.servers import Courier, Cyrus, Dovecot, NotInstalled
from tests.servers.dovecot import MAIL_OWNER
from tests.support import answer, mail

NOW = datetime.now(UTC)
LATER = NOW + timedelta(minutes=5)


@contextmanager
def running(kind, *variants):
    try:
        server = kind(*variants).__enter__()
    except NotInstalled as reason:
        pytest.skip(str(reason))
    try:
        yield server
        server.check_wire()
    finally:
        server.__exit__()


@pytest.fixture
def store():
    with open_store(None, b"k" * 32) as store:
        yield store


def one_pass(account, store, now=NOW, progress=lambda *_: None, **options):
    try:
        return run_pass(account, "INBOX", store, answer, Options(**options), now=lambda: now, progress=progress)
    finally:
        account.close()


@pytest.mark.parametrize(
    ("variant", "how"), [("localised", "special-use"), ("no-special-use", "name")], ids=["marked", "by its name"]
)
def test_drafts_is_found_under_a_german_name(variant, how, store):
    with running(Dovecot, variant) as server:
        server.put("INBOX", mail(1))
        account = server.account()
        account.open()
        assert (account.drafts.name, account.drafts.how) == ("Entwürfe", how)
        assert account.sent.name == "Gesendet"
        assert one_pass(account, store).drafts == 1
        assert len(server.listing("Entw&APw-rfe")) == 1


@pytest.mark.parametrize("kind", [Dovecot, Cyrus, Courier])
def test_without_a_drafts_folder_the_next_step_is_told_and_a_named_one_is_made(kind, store):
    with running(kind, "no-drafts") as server:
        server.put("INBOX", mail(1))
        with pytest.raises(FolderMissing, match=r"account\.drafts"):
            one_pass(server.account(), store)
        account = server.account(drafts="Answers to check")
        assert one_pass(account, store).drafts == 1
        prefix = server.drafts.removesuffix("Drafts")
        server.drafts = prefix + "Answers to check"
        assert len(server.listing(server.drafts)) == 1
        again = server.account(drafts="Answers to check")
        again.open()
        assert again.drafts.wire == server.drafts
        again.close()


def test_no_draft_goes_where_sent_mail_is(store):
    with running(Dovecot) as server:
        server.put("INBOX", mail(1))
        with pytest.raises(SetupError, match="Sent holds sent or deleted mail"):
            one_pass(server.account(drafts="Sent"), store)
        assert not server.listing("Sent")


def test_a_drafts_folder_that_vanished_is_made_anew(store):
    """Alpine deletes it when its last draft leaves."""
    with running(Dovecot) as server:
        account = server.account()
        account.open()
        with server.client() as other:
            other.delete("Drafts")
        server.put("INBOX", mail(1))
        assert one_pass(account, store).drafts == 1
        assert len(server.listing("Drafts")) == 1


def test_without_idle_a_wait_polls(store):
    with running(Dovecot, "no-idle") as server:
        account = server.account()
        account.open()
        account.select("INBOX")
        assert account.wait(0.2, Stop())
        account.close()


def test_without_uidplus_nothing_is_removed(store):
    with running(Dovecot, "no-uidplus") as server:
        server.put("INBOX", mail(1, sender="a@customer.example"))
        one_pass(server.account(), store)
        server.put("INBOX", mail(2, "More.", sender="a@customer.example", references="<mail-1@customer.example>"))
        one_pass(server.account(), store, LATER)
        one_pass(server.account(), store, LATER)
        answered = [read_fields(m.octets).in_reply_to[0] for m in server.listing("Drafts")]
        assert answered == ["<mail-1@customer.example>", "<mail-2@customer.example>"]
        account = server.account()
        assert undo(account, store, None).kept >= 1
        account.close()
        assert len(server.listing("Drafts")) == 2


def test_a_folder_that_keeps_no_flags_gets_drafts_and_no_marks(store):
    with running(Dovecot, "read-only") as server:
        with server.client() as other:
            other.append("INBOX", None, None, mail(1, "hostile text"))
        assert one_pass(server.account(), store).drafts == 1
        assert server.listing("INBOX")[0].flags == frozenset()
        assert one_pass(server.account(), store, LATER).drafts == 0


def fill_dovecot(server):
    """Every APPEND is over quota there; what a delivery agent puts into the folder arrives."""
    with server.client("INBOX"):  # which makes it
        pass
    path = server.dir / "mail" / "alice" / "new" / "1.0.test"
    path.write_bytes(mail(1))
    os.chown(path, *(MAIL_OWNER, MAIL_OWNER) if os.geteuid() == 0 else (-1, -1))


def fill_cyrus(server):
    server.put("INBOX", mail(1))
    with server.client(user="cyrus") as admin:
        admin.setquota("user.alice", "(STORAGE 0)")


@pytest.mark.parametrize(
    ("kind", "variants", "fill"),
    [pytest.param(Dovecot, ["quota"], fill_dovecot, id="dovecot"), pytest.param(Cyrus, [], fill_cyrus, id="cyrus")],
)
def test_a_mailbox_without_room_stops_the_pass_and_the_message_waits(kind, variants, fill, store):
    with running(kind, *variants) as server:
        fill(server)
        with pytest.raises(AccountError, match="no room") as error:
            one_pass(server.account(), store)
        assert error.value.retry_after_s >= 600
        assert store.waiting() == ()
        [record] = store.open_records("shop", "INBOX")
        assert record.state == "seen"


def test_a_draft_that_is_too_large_is_skipped_with_a_reason(store):
    with running(Dovecot, "small") as server:
        server.put("INBOX", mail(1, "word " * 3000))
        server.put("INBOX", mail(2))
        told = []

        def long_winded(octets, history, now):
            draft = answer(octets, history, now)
            if b"word" not in octets:
                return draft
            octets = draft.octets + b"more\r\n" * 5000
            return type(draft)(**{f: getattr(draft, f) for f in draft.__dataclass_fields__} | {"octets": octets})

        account = server.account()
        report = run_pass(
            account, "INBOX", store, long_winded, Options(), progress=lambda outcome, *_: told.append(outcome.reason)
        )
        account.close()
        assert (report.drafts, report.faults) == (1, 1)
        assert any("server refuses" in reason for reason in told)
