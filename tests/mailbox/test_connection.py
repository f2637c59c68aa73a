"""TLS is verified, passwords are sent to whom they belong, and a wait ends when there is something to hear."""

import contextlib
import logging
import os
import shutil
import ssl
import subprocess
import threading
import time

import pytest

from mailassist.errors import AccountError, LoginRefused, MailassistError, SetupError
from mailassist.mailbox.account import Credential, ImapAccount, Server, Stop
from tests.servers.hostile import Closed, Hostile, closes, says
from tests.servers.wire import LOOPBACK
from tests.support import mail

STARTTLS = b"IMAP4rev1 AUTH=PLAIN STARTTLS"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A folder with an authority of our own, `ca.pem`, and a certificate of it for this machine, `both.pem`."""
    if not shutil.which("openssl"):
        pytest.skip("TLS is left out: openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "ca.key",
        "-out", "ca.pem", "-days", "3650", "-subj", "/CN=Test authority",
    )  # fmt: skip
    for name, host in (("both", "IP:127.0.0.1"), ("other", "DNS:elsewhere.example")):
        (folder / "ext").write_text(f"subjectAltName={host}\n")
        openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key",
            "-out", f"{name}.csr", "-subj", "/CN=test",
        )  # fmt: skip
        openssl(
            "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days",
            "3650", "-extfile", "ext", "-out", f"{name}.crt",
        )  # fmt: skip
        (folder / f"{name}.pem").write_text((folder / f"{name}.key").read_text() + (folder / f"{name}.crt").read_text())
    return folder


def context(authority, name="both") -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(authority / f"{name}.pem")
    return made


def account_on(server: Hostile, tls="none", ca_file="", credential=None, username="alice"):
    where = Server(LOOPBACK, server.port, tls, str(ca_file), username, timeout_s=2)
    return ImapAccount("shop", where, lambda: credential or Credential("secret"))


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_an_authority_of_ones_own_is_trusted_where_it_is_named(authority, tls):
    how = {"tls": context(authority), "implicit": tls == "implicit", "capability": STARTTLS}
    with Hostile([mail(1)], **how) as server, account_on(server, tls, authority / "ca.pem") as account:
        account.select("INBOX")
        assert account.uids() == [1]


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("name", ["both", "other"], ids=["an unknown authority", "another host's certificate"])
def test_a_certificate_that_proves_nothing_is_refused(authority, tls, name):
    ca_file = authority / "ca.pem" if name == "other" else ""
    said = []
    with Hostile(
        tls=context(authority, name), implicit=tls == "implicit", capability=STARTTLS, at=b"AUTHENTICATE",
        misbehave=lambda talk: said.append(talk),
    ) as server:  # fmt: skip
        with pytest.raises(AccountError, match="cannot be trusted"):
            account_on(server, tls, ca_file).open()
        assert said == []


def test_where_starttls_is_wanted_and_not_offered_nothing_is_sent():
    with Hostile() as server, pytest.raises(AccountError):
        account_on(server, "starttls").open()


def test_words_in_clear_behind_the_answer_to_starttls_end_the_connection(authority):
    def injects(talk):
        talk.say(talk.tag + b" OK go", b"* CAPABILITY IMAP4rev1 AUTH=PLAIN", b"x OK injected")

    server = Hostile(at=b"STARTTLS", misbehave=injects, tls=context(authority), implicit=False, capability=STARTTLS)
    with server, pytest.raises(AccountError):
        account_on(server, "starttls", authority / "ca.pem").open()


def test_a_server_that_needs_no_login_is_not_believed_before_starttls(authority):
    server = Hostile(at=b"greeting", misbehave=says(b"* PREAUTH welcome"), tls=context(authority), implicit=False)
    with server, pytest.raises(AccountError):
        account_on(server, "starttls", authority / "ca.pem").open()


def test_without_tls_only_this_machine_is_spoken_to():
    account = ImapAccount("shop", Server("imap.example.org", 143, "none"), lambda: Credential("secret"))
    with pytest.raises(SetupError, match="implicit"):
        account.open()


def test_a_missing_ca_file_is_named():
    with Hostile() as server, pytest.raises(SetupError, match="no-such"):
        account_on(server, "implicit", "/no-such/file.pem").open()


def test_a_host_that_refuses_connections_is_waited_for():
    with Hostile() as server:
        port = server.port
    account = ImapAccount("shop", Server(LOOPBACK, port, "none"), lambda: Credential("secret"))
    with pytest.raises(AccountError, match=r"account\.port"):
        account.open()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"TAG NO [AUTHENTICATIONFAILED] no", LoginRefused),
        (b"TAG NO [UNAVAILABLE] later", AccountError),
        (b"TAG NO Maximum number of connections from user+IP exceeded", AccountError),
    ],
)
def test_a_refused_login_is_told_from_a_busy_server(answer, error):
    with Hostile(at=b"AUTHENTICATE", misbehave=says(answer)) as server, pytest.raises(error):
        account_on(server).open()


def test_neither_password_nor_mail_is_in_a_log_or_an_error(caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("imapclient", "imapclient.imaplib", "mailassist"):
        logging.getLogger(name).info("on")
    password = "geheim-Ø-4711"
    octets = mail(1, "a canary sings")
    with Hostile([octets]) as server, account_on(server, credential=Credential(password)) as account:
        account.select("INBOX")
        list(account.fetch(list(account.outlines(account.uids()))))
    with Hostile(at=b"AUTHENTICATE", misbehave=says(b"TAG NO no")) as server, pytest.raises(LoginRefused) as refused:
        account_on(server, credential=Credential(password)).open()
    told = caplog.text + str(refused.value) + repr(Credential(password))
    for secret in ("geheim", "4711", "canary", "customer.example"):
        assert secret not in told


def login_of(capability: bytes, credential: Credential, username: str = "alice") -> list[bytes]:
    """Return what the client says to log in."""
    heard: list[bytes] = []

    class Listening(Hostile):
        def _answer(self, talk, command, folder, lines):
            if command.startswith(b"AUTHENTICATE"):
                talk.say(b"+ ")
                heard.extend([command, lines.readline().strip()])
                talk.ok()
                return None
            if command.startswith(b"LOGIN"):
                heard.append(command)
            return super()._answer(talk, command, folder, lines)

    with Listening(capability=capability) as server, account_on(server, credential=credential, username=username):
        return heard


def test_a_password_in_any_script_goes_by_plain():
    import base64

    _, token = login_of(b"IMAP4rev1 AUTH=PLAIN", Credential("пароль"))
    assert base64.b64decode(token).split(b"\0") == [b"", b"alice", "пароль".encode()]


def test_login_is_quoted_where_there_is_no_plain():
    [command] = login_of(b"IMAP4rev1", Credential('pass "word"\\'), "a user")
    assert command == b'LOGIN "a user" "pass \\"word\\"\\\\"'


def test_a_line_break_in_a_password_is_no_second_command():
    with Hostile(capability=b"IMAP4rev1") as server, pytest.raises(LoginRefused, match="line break"):
        account_on(server, credential=Credential("x\r\na1 DELETE INBOX")).open()


@pytest.mark.parametrize("mechanism", [b"XOAUTH2", b"OAUTHBEARER"])
def test_a_token_goes_by_the_mechanism_that_is_offered(mechanism):
    import base64

    command, token = login_of(b"IMAP4rev1 AUTH=" + mechanism, Credential("the-token", "oauth2"))
    assert command == b"AUTHENTICATE " + mechanism
    assert b"auth=Bearer the-token\x01\x01" in base64.b64decode(token)


def test_a_refused_token_is_not_sent_twice():
    heard = []

    def refuses(talk):
        talk.say(b"+ ")
        lines = talk.sock.makefile("rb")
        heard.append(lines.readline())
        talk.say(b"+ eyJzdGF0dXMiOiI0MDAifQ==")
        heard.append(lines.readline())
        talk.say(talk.tag + b" NO [AUTHENTICATIONFAILED] invalid token")

    server = Hostile(at=b"AUTHENTICATE", misbehave=refuses, capability=b"IMAP4rev1 AUTH=XOAUTH2")
    with server, pytest.raises(LoginRefused):
        account_on(server, credential=Credential("the-token", "oauth2")).open()
    assert len(heard) == 2
    assert heard[1].strip() == b""


# -- waiting


def waits(misbehave, seconds=5.0, tls=None, authority=None, capability=b"IMAP4rev1 AUTH=PLAIN IDLE", stop=None):
    """Wait for news on a server that does *misbehave* at IDLE; return the answer and how long it took."""
    how = {"tls": tls, "capability": capability}
    ca_file = authority / "ca.pem" if authority else ""
    server = Hostile([mail(1)], b"IDLE", misbehave, **how)
    with server, account_on(server, "implicit" if tls else "none", ca_file) as account:
        account.select("INBOX")
        began = time.monotonic()
        news = account.wait(seconds, stop or Stop())
        return news, time.monotonic() - began


def hears_done(talk, *lines: bytes, pieces=()):
    talk.say(b"+ idling", *lines)
    for piece in pieces:
        time.sleep(0.1)
        talk.raw(piece)
    done = talk.sock.recv(100)
    assert done.strip() == b"DONE", done
    talk.ok()


@pytest.mark.parametrize("secure", [False, True], ids=["in clear", "TLS"])
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(lambda talk: hears_done(talk, b"* 2 EXISTS"), id="in one segment with the +"),
        pytest.param(lambda talk: hears_done(talk, pieces=[b"* 2 EXI", b"STS\r\n"]), id="a line in two segments"),
        pytest.param(lambda talk: (talk.say(b"* 2 EXISTS"), hears_done(talk)), id="before the +"),
    ],
)
def test_news_are_heard_at_once(script, secure, authority):
    tls = context(authority) if secure else None
    news, took = waits(script, tls=tls, authority=authority if secure else None, seconds=1.0)
    assert news
    assert took < 1.5


def test_news_before_the_plus_do_not_end_the_connection():
    news, took = waits(lambda talk: (talk.say(b"* 2 EXISTS"), hears_done(talk)), seconds=0.3)
    assert news
    assert took < 1


@pytest.mark.parametrize("secure", [False, True], ids=["in clear", "TLS"])
def test_silence_lasts_as_long_as_was_asked_and_costs_nothing(secure, authority):
    used = time.process_time()
    tls = context(authority) if secure else None
    news, took = waits(hears_done, 0.5, tls, authority if secure else None)
    assert not news
    assert 0.4 < took < 1.5
    assert time.process_time() - used < 0.3


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(closes(b"+ idling"), id="closed in silence"),
        pytest.param(closes(b"+ idling", b"* BYE going down"), id="BYE"),
        pytest.param(closes(b"+ idling", b'* BYE "unbalanced ('), id="an odd BYE"),
        pytest.param(closes(), id="closed before the +"),
    ],
)
def test_a_connection_that_ends_is_an_error_at_once_and_no_silence(script):
    began = time.monotonic()
    with pytest.raises(AccountError):
        waits(script, seconds=30)
    assert time.monotonic() - began < 3


def test_a_server_that_refuses_idle_is_polled():
    stop = Stop()
    with Hostile([mail(1)], b"IDLE", says(b"TAG NO not here")) as server, account_on(server) as account:
        account.select("INBOX")
        assert account.wait(1.0, stop)
        began = time.monotonic()
        account.wait(0.3, stop)
        assert 0.2 < time.monotonic() - began < 1


def test_the_stop_signal_ends_a_wait():
    stop = Stop()
    threading.Timer(0.2, stop.set).start()
    news, took = waits(hears_done, 30, stop=stop)
    assert not news
    assert took < 1.5


def test_a_server_that_does_not_answer_done_is_given_up():
    def deaf(talk):
        talk.say(b"+ idling", b"* 2 EXISTS")
        time.sleep(30)
        raise Closed

    with Hostile([mail(1)], b"IDLE", deaf) as server, account_on(server) as account:
        account.select("INBOX")
        began = time.monotonic()
        with pytest.raises(AccountError):
            account.wait(5, Stop())
        assert time.monotonic() - began < 4


def test_no_descriptor_is_left_of_a_connection_that_failed_or_ended(soak):
    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))

    rounds = 1000 if soak else 25
    ways = [("", None), ("AUTHENTICATE", says(b"TAG NO no")), ("EXAMINE", closes()), ("greeting", closes(b"* BYE"))]
    for at, misbehave in ways:
        with Hostile([mail(1)], at.encode(), misbehave) as server:
            for round_ in range(rounds):
                if round_ == 3:
                    time.sleep(0.1)
                    before = descriptors()
                account = account_on(server)
                with contextlib.suppress(MailassistError):
                    account.open()
                    account.select("INBOX")
                account.close()
            time.sleep(0.2)
            assert descriptors() <= before + 2
