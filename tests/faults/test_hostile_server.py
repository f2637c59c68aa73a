"""Whatever a server says at whatever command: no unhandled exception, no busy loop, nothing falsely taken for done."""

import resource
import time
from datetime import timedelta

import pytest

from mailassist.errors import MailassistError, SetupError
from mailassist.keeping.store import open_store
from mailassist.mailbox.account import Credential, ImapAccount, Server
from mailassist.one_pass import Options, run_pass
from tests.servers.hostile import (
    Hostile,
    breaks_off,
    closes,
    drips,
    fetch_answer,
    floods,
    is_silent,
    says,
    sends,
)
from tests.servers.wire import LOOPBACK
from tests.support import answer, mail

NOW = timedelta(0)
MAIL = mail(1, "hostile text")
LONG = b"x" * 1_200_000
LIST_OK = (b'* LIST (\\Drafts) "/" Drafts', b'* LIST (\\Sent) "/" Sent')
OPENED = (b"* 1 EXISTS", b"* OK [UIDVALIDITY 42] valid")

# id, at which command, what the server does there
MISBEHAVIOURS = [
    ("greeting: silence", b"greeting", is_silent),
    ("greeting: BYE too many connections", b"greeting", closes(b"* BYE Too many connections")),
    ("greeting: SSH", b"greeting", says(b"SSH-2.0-OpenSSH_9.2")),
    ("greeting: HTTP", b"greeting", closes(b"HTTP/1.1 400 Bad Request", b"", b"<html>")),
    ("greeting: SMTP", b"greeting", says(b"220 mx.example ESMTP")),
    ("greeting: a line without end", b"greeting", floods(b"x" * 3000)),
    ("greeting: octet by octet", b"greeting", drips()),
    ("greeting: closed at once", b"greeting", breaks_off(b"")),
    ("greeting: half a line", b"greeting", breaks_off(b"* OK [CAPABI")),
    ("greeting: NUL octets", b"greeting", sends(b"\0\0\0\0\r\n")),
    ("greeting: no capabilities", b"greeting", says(b"* OK")),
    ("capability: NO", b"CAPABILITY", says(b"TAG NO not now")),
    ("capability: none named", b"CAPABILITY", says(b"TAG OK done")),
    ("capability: BYE", b"CAPABILITY", closes(b"* BYE overloaded")),
    ("capability: not ASCII", b"CAPABILITY", says("* CAPABILITY IMAP4rev1 ÄÖÜ".encode(), b"TAG OK")),
    ("login: NO", b"AUTHENTICATE", says(b"TAG NO [AUTHENTICATIONFAILED] wrong")),
    ("login: BAD", b"AUTHENTICATE", says(b"TAG BAD what")),
    ("login: unavailable", b"AUTHENTICATE", says(b"TAG NO [UNAVAILABLE] try later")),
    ("login: BYE", b"AUTHENTICATE", closes(b"* BYE AccessTokenExpired")),
    ("login: endless challenges", b"AUTHENTICATE", floods(b"+ AAAA")),
    ("login: silence", b"AUTHENTICATE", is_silent),
    ("login: OK without a challenge", b"AUTHENTICATE", says(b"TAG OK welcome")),
    ("id: BAD", b"ID", says(b"TAG BAD what")),
    ("id: closed", b"ID", closes()),
    ("list: NO", b"LIST", says(b"TAG NO [SERVERBUG] oops")),
    ("list: nothing", b"LIST", says(b"TAG OK")),
    ("list: broken modified UTF-7", b"LIST", says(b'* LIST () "/" "&bad"', *LIST_OK, b"TAG OK")),
    ("list: raw 8-bit", b"LIST", says(b'* LIST () "/" "Entw\xfcrfe"', *LIST_OK, b"TAG OK")),
    ("list: NIL as name", b"LIST", says(b'* LIST () "/" NIL', *LIST_OK, b"TAG OK")),
    ("list: a number as name", b"LIST", says(b'* LIST () "/" 123', *LIST_OK, b"TAG OK")),
    ("list: a literal as name", b"LIST", says(b'* LIST () "/" {5}', b"Other", *LIST_OK, b"TAG OK")),
    ("list: unbalanced", b"LIST", says(b'* LIST ((( "/" x', *LIST_OK, b"TAG OK")),
    ("list: a literal without end", b"LIST", says(b'* LIST () "/" {99999999}', b"x")),
    ("list: a literal of a hundred gigabytes", b"LIST", says(b'* LIST () "/" {100000000000}', b"x")),
    ("list: not selectable", b"LIST", says(b'* LIST (\\Noselect \\Drafts) "/" Drafts', b"TAG OK")),
    ("select: NO", b"EXAMINE", says(b"TAG NO [NONEXISTENT] gone")),
    ("select: no UIDVALIDITY", b"EXAMINE", says(b"* 1 EXISTS", b"TAG OK")),
    ("select: UIDVALIDITY 0", b"EXAMINE", says(b"* 1 EXISTS", b"* OK [UIDVALIDITY 0] x", b"TAG OK")),
    ("select: UIDVALIDITY is a word", b"EXAMINE", says(b"* 1 EXISTS", b"* OK [UIDVALIDITY abc] x", b"TAG OK")),
    ("select: EXISTS is immense", b"EXAMINE", says(b"* 4294967295 EXISTS", b"* OK [UIDVALIDITY 42]", b"TAG OK")),
    ("select: EXISTS is no number", b"EXAMINE", says(b"* x EXISTS", b"* OK [UIDVALIDITY 42]", b"TAG OK")),
    ("select: wrong tag", b"EXAMINE", says(*OPENED, b"ZZZ9 OK done")),
    ("select: refused for writing", b"SELECT", says(*OPENED, b"* OK [READ-ONLY]", b"TAG OK [READ-ONLY]")),
    ("search: two answers", b"UID SEARCH", says(b"* SEARCH 1", b"* SEARCH 1", b"TAG OK")),
    ("search: the same twice", b"UID SEARCH", says(b"* SEARCH 1 1", b"TAG OK")),
    ("search: words", b"UID SEARCH", says(b"* SEARCH one two", b"TAG OK")),
    ("search: a line over a megabyte", b"UID SEARCH", says(b"* SEARCH " + b"1 " * 600_000, b"TAG OK")),
    ("search: NO", b"UID SEARCH", says(b"TAG NO [BADCHARSET]")),
    ("search: BAD", b"UID SEARCH", says(b"TAG BAD Command Argument Error. 11")),
    ("search: a UID that is not there", b"UID SEARCH", says(b"* SEARCH 77", b"TAG OK")),
    ("search: a UID over 32 bits", b"UID SEARCH", says(b"* SEARCH 99999999999999999999", b"TAG OK")),
    ("search: a flood of EXISTS", b"UID SEARCH", floods(b"* 1 EXISTS")),
    ("search: BYE in between", b"UID SEARCH", closes(b"* SEARCH 1", b"* BYE going down")),
    ("fetch: nothing", b"UID FETCH", says(b"TAG OK")),
    ("fetch: NO", b"UID FETCH", says(b"TAG NO Some of the requested messages no longer exist")),
    ("fetch: another message", b"UID FETCH", says(b"* 9 FETCH (UID 9 FLAGS (\\Answered))", b"TAG OK")),
    ("fetch: without UID", b"UID FETCH", says(b"* 1 FETCH (FLAGS ())", b"TAG OK")),
    ("fetch: MODSEQ only", b"UID FETCH", says(b"* 1 FETCH (UID 1 MODSEQ (5))", b"TAG OK")),
    ("fetch: unbalanced", b"UID FETCH", says(b"* 1 FETCH (UID 1 FLAGS (", b"TAG OK")),
    ("fetch: odd number of items", b"UID FETCH", says(b"* 1 FETCH (UID 1 FLAGS)", b"TAG OK")),
    ("fetch: UID is a word", b"UID FETCH", says(b"* 1 FETCH (UID one FLAGS ())", b"TAG OK")),
    ("fetch: not a list", b"UID FETCH", says(b"* 1 FETCH UID", b"TAG OK")),
    ("fetch: a date that is none", b"UID FETCH", says(b'* 1 FETCH (UID 1 FLAGS () INTERNALDATE "x")', b"TAG OK")),
    ("fetch: sizes below zero", b"UID FETCH", says(b"* 1 FETCH (UID 1 FLAGS () RFC822.SIZE -5)", b"TAG OK")),
    ("fetch: literal cut", b"UID FETCH", breaks_off(b"* 1 FETCH (UID 1 BODY[]<0> {500}\r\nFrom: ")),
    ("fetch: literal longer than said", b"UID FETCH", sends(b"* 1 FETCH (UID 1 BODY[] {3}\r\nabcdefgh)\r\nTAG OK\r\n")),
    ("fetch: immense literal", b"UID FETCH", says(b"* 1 FETCH (UID 1 BODY[]<0> {4294967295}", b"x")),
    ("fetch: a literal without end", b"UID FETCH", floods(b"* 1 FETCH (UID 1 BODY[]<0> {9}\r\nabcdefghi)")),
    ("fetch: NIL body", b"UID FETCH 1 (UID FLAGS BODY", says(b"* 1 FETCH (UID 1 FLAGS () BODY[]<0> NIL)", b"TAG OK")),
    ("fetch: empty body", b"UID FETCH 1 (UID FLAGS BODY", says(b'* 1 FETCH (UID 1 BODY[] "")', b"TAG OK")),
    ("fetch: silence", b"UID FETCH", is_silent),
    ("fetch: octet by octet", b"UID FETCH", drips()),
    ("fetch: junk line", b"UID FETCH", says(b"", b"TAG OK")),
    ("fetch: bare LF", b"UID FETCH", sends(b"* OK x\nTAG OK\n")),
    ("noop: BYE", b"NOOP", closes(b"* BYE Session invalidated - AccessTokenExpired")),
    ("noop: BAD", b"NOOP", says(b"TAG BAD User is authenticated but not connected.")),
    ("noop: expunges all", b"NOOP", says(b"* 1 EXPUNGE", b"* 0 EXISTS", b"TAG OK")),
    ("append: NO", b"APPEND", says(b"TAG NO [CANNOT] never")),
    ("append: BAD", b"APPEND", says(b"TAG BAD literal size too large")),
    ("append: over quota", b"APPEND", says(b"TAG NO [OVERQUOTA] full")),
    ("append: over quota without a code", b"APPEND", says(b"TAG NO Over quota")),
    ("append: throttled", b"APPEND", says(b"TAG NO Request is throttled. Suggested Backoff Time: 299910 milliseconds")),
    ("append: no such folder", b"APPEND", says(b"TAG NO [TRYCREATE] none")),
    ("append: OK before the message was sent", b"APPEND", says(b"TAG OK [APPENDUID 42 1] taken")),
    ("append: silence", b"APPEND", is_silent),
    ("append: BYE instead of +", b"APPEND", closes(b"* BYE")),
    ("append: NO after the message", b"literal", says(b"TAG NO [UNAVAILABLE] later")),
    ("append: BAD after the message", b"literal", says(b"TAG BAD no")),
    ("append: closed after the message", b"literal", closes()),
    ("append: silence after the message", b"literal", is_silent),
    ("append: BYE after the message", b"literal", closes(b"* BYE Session invalidated")),
    ("append: wrong tag after the message", b"literal", says(b"ZZZ9 OK taken")),
    ("store: NO too many keywords", b"UID STORE", says(b"TAG NO Too many user flags in mailbox")),
    ("store: BAD", b"UID STORE", says(b"TAG BAD Command Argument Error. 11")),
    ("store: OK and forgotten", b"UID STORE", says(b"TAG OK")),
    ("store: MODSEQ only", b"UID STORE", says(b"* 1 FETCH (MODSEQ (7))", b"TAG OK")),
    ("store: closed", b"UID STORE", closes()),
    ("logout: silence", b"LOGOUT", is_silent),
    ("logout: closed", b"LOGOUT", closes()),
]  # fmt: skip
APPENDUIDS = [
    b"",
    b"[APPENDUID 1e5 7]",
    b"[APPENDUID 42 99999999999999999999999]",
    b"[APPENDUID]",
    b"[APPENDUID 42 1:3]",
]


def account_on(server: Hostile, timeout_s: float = 0.5) -> ImapAccount:
    where = Server(LOOPBACK, server.port, "none", username="alice", timeout_s=timeout_s)
    return ImapAccount("shop", where, lambda: Credential("secret"))


def one_pass(server: Hostile, store, **options):
    account = account_on(server)
    try:
        return run_pass(account, "INBOX", store, answer, Options(**options))
    finally:
        account.close()


def cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_THREAD)
    return usage.ru_utime + usage.ru_stime


@pytest.fixture
def store():
    with open_store(None, b"k" * 32) as store:
        yield store


def test_it_is_an_ordinary_server_when_it_behaves(store):
    with Hostile([MAIL]) as server:
        assert one_pass(server, store).drafts == 1
        assert one_pass(server, store).drafts == 0
        assert len(server.drafts) == 1


@pytest.mark.parametrize(("at", "misbehave"), [row[1:] for row in MISBEHAVIOURS], ids=[row[0] for row in MISBEHAVIOURS])
def test_a_misbehaviour_ends_in_a_translated_error_or_in_none_and_afterwards_all_is_well(at, misbehave, store):
    with Hostile([MAIL], at, misbehave) as server:
        began, used = time.monotonic(), cpu_s()
        error = None
        try:
            one_pass(server, store, settle=NOW)
        except MailassistError as raised:
            error = raised
        assert time.monotonic() - began < 20
        assert cpu_s() - used < 1.5
        waiting = [record for record in store.waiting() if record.state == "saved"]
        assert len(waiting) <= len(server.drafts), "taken for saved, and the server has nothing"
        if error is not None:
            assert "\n" not in str(error)
            assert len(str(error)) < 300
            assert "customer" not in str(error).replace("customer.example", "customer")
        server.misbehave = None
        for _ in range(2):
            one_pass(server, store, settle=NOW)
        assert len(server.drafts) == 1


@pytest.mark.parametrize("appenduid", APPENDUIDS, ids=[repr(word) for word in APPENDUIDS])
def test_an_odd_appenduid_does_not_change_that_the_draft_was_saved(appenduid, store):
    with Hostile([MAIL], b"literal") as server:

        def takes(talk):
            server.drafts.append(b"taken")
            talk.ok(appenduid)

        server.misbehave = takes
        assert one_pass(server, store).drafts == 1
        assert len(store.waiting()) == 1


def test_a_flag_told_of_another_message_is_not_taken_for_ours(store):
    """Untagged data that came earlier, and for a sequence number that equals our UID, say nothing of our message."""
    with Hostile([MAIL, mail(2)], b"NOOP", says(b"* 1 FETCH (FLAGS (\\Answered))", b"TAG OK")) as server:
        assert one_pass(server, store).drafts == 2


def test_a_server_that_ignores_the_partial_fetch_gives_the_whole_message(store):
    with Hostile([MAIL]) as server:
        server.at = b"UID FETCH 1 (UID FLAGS BODY"
        server.misbehave = lambda talk: (
            talk.raw(fetch_answer(1, MAIL, b"BODY.PEEK[]").replace(b"BODY[]<0>", b"BODY[]")),
            talk.ok(),
        )
        assert one_pass(server, store).drafts == 1


def test_login_is_not_sent_in_clear_where_the_server_forbids_it(store):
    server = Hostile([MAIL], capability=b"IMAP4rev1 LOGINDISABLED STARTTLS")
    with server, pytest.raises(SetupError, match="TLS"):
        one_pass(server, store)
