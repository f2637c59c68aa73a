"""
One connection to an IMAP server: the only door to imapclient.

imapclient stands on the standard library's imaplib; what both leave open is closed here: an operation has a deadline
and a budget of octets, a literal and a line have a limit, and of the zoo of exceptions that come out of ordinary calls
(OSError, ValueError, KeyError, UnicodeError, TypeError, IMAP4.error, .abort …) three are left: `Declined` for a tagged
NO or BAD, AccountError for all that makes the connection useless, LoginRefused for the credentials.
"""

import ipaddress
import logging
import re
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from imaplib import IMAP4
from typing import TYPE_CHECKING, Any, Literal

from imapclient import IMAPClient, SocketTimeout

from mailassist import __version__
from mailassist.errors import AccountError, LoginRefused, MailassistError, SetupError
from mailassist.mailbox.responses import is_temporary, printable, retry_after

log = logging.getLogger(__name__)
# Whole messages at DEBUG, and a non-ASCII password at WARNING, whatever the rest of the program logs.
logging.getLogger("imapclient.imaplib").setLevel(logging.CRITICAL)
logging.getLogger("imapclient.util").setLevel(logging.CRITICAL)

CONNECT_S = 15.0
LOGOUT_S = 5.0
KEEPALIVE_S, KEEPALIVE_EVERY_S, KEEPALIVE_PROBES = 60, 20, 3
USER_TIMEOUT_MS = 20_000  # how long the kernel goes on delivering an APPEND of a process that was killed
MAX_LITERAL = 32 * 1024 * 1024  # octets; a message is asked for in parts of 1 MB, which some servers ignore
MAX_LINE = 1_000_000  # octets; imaplib's own, after which it goes on reading in the middle of the line
MAX_ANSWER = 96 * 1024 * 1024  # octets within one operation
LINE_COST = 200  # octets that keeping a line costs beyond its own; a flood of short ones counts too


@dataclass(frozen=True, slots=True)
class Server:
    """Where an account's mail lies, and who logs in there."""

    host: str
    port: int = 993
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    ca_file: str = ""  # PEM of an authority of one's own; empty for the system's
    username: str = ""
    timeout_s: float = 60.0  # for one operation, from the first octet to the last


@dataclass(frozen=True, slots=True)
class Credential:
    """What proves the user: a password, or an access token (RFC 6750)."""

    secret: str
    mechanism: Literal["password", "oauth2"] = "password"

    def __repr__(self) -> str:
        return f"Credential(mechanism={self.mechanism!r})"


class Declined(Exception):
    """The server answered NO or BAD: what was asked has not been done, and the connection is fit for more."""

    def __init__(self, command: str, text: str) -> None:
        super().__init__(f"{command}: {text}")
        self.text = text


class Bye(IMAP4.abort):
    """The server said BYE; the text is its reason."""


class Wire(IMAP4):
    """imaplib's IMAP4 with a reader of its own: bounded in time and size, and able to say what is there already."""

    tagged_commands: dict[bytes, Any]
    untagged_responses: dict[str, list[Any]]

    def __init__(self, server: Server, context: ssl.SSLContext | None) -> None:
        self.server, self._context = server, context
        self._buffer = bytearray()
        self._budget = MAX_ANSWER
        self.allow(min(CONNECT_S, server.timeout_s))
        super().__init__(server.host, server.port)
        self._encoding = "latin-1"  # folder names of servers that send 8-bit go back as they came

    if TYPE_CHECKING:  # imaplib's own, which its stubs leave out

        def _command(self, name: str, *args: Any) -> bytes: ...
        def _simple_command(self, name: str, *args: Any) -> tuple[str, list[Any]]: ...
        def _get_response(self) -> bytes | None: ...
        def _get_tagged_response(self, tag: bytes, expect_bye: bool = False) -> tuple[str, list[Any]]: ...
        def _get_capabilities(self) -> None: ...
        def _quote(self, arg: str) -> str: ...

    def allow(self, seconds: float) -> None:
        """Begin an operation: from now on *seconds* and MAX_ANSWER octets are left."""
        self._until = time.monotonic() + seconds
        self._budget = MAX_ANSWER

    def _left(self) -> float:
        rest = self._until - time.monotonic()
        if rest <= 0:
            raise TimeoutError("the operation took too long")
        return rest

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        sock = socket.create_connection((self.server.host, self.server.port), timeout=self._left())
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else 40 ms an APPEND on all but Dovecot
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (
            ("TCP_KEEPIDLE", KEEPALIVE_S),
            ("TCP_KEEPINTVL", KEEPALIVE_EVERY_S),
            ("TCP_KEEPCNT", KEEPALIVE_PROBES),
            ("TCP_USER_TIMEOUT", USER_TIMEOUT_MS),
        ):
            if hasattr(socket, name):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        return self._context.wrap_socket(sock, server_hostname=self.server.host) if self._context else sock

    def _fill(self) -> None:
        self.sock.settimeout(self._left())
        self._take(self.sock.recv(65_536))

    def _take(self, octets: bytes) -> None:
        if not octets:
            raise self.abort("socket error: EOF")
        self._budget -= len(octets)
        if self._budget < 0:
            raise self.abort("the server sends without end")
        self._buffer += octets

    def take_what_is_there(self) -> bool:
        """Say whether octets wait to be read; raise IMAP4.abort at the end of the stream."""
        self.sock.setblocking(False)
        try:
            while not self._buffer:
                self._take(self.sock.recv(65_536))
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        finally:
            self.sock.setblocking(True)
        return bool(self._buffer)

    def read(self, size: int) -> bytes:
        if size > MAX_LITERAL:
            raise self.abort("the server announces more than a message holds")
        while len(self._buffer) < size:
            self._fill()
        return self._cut(size)

    def readline(self) -> bytes:
        seen = 0
        while (end := self._buffer.find(b"\n", seen)) < 0:
            seen = len(self._buffer)
            if seen > MAX_LINE:
                raise self.abort("the server sends a line without end")
            self._fill()
        self._budget -= LINE_COST
        line = self._cut(end + 1)
        # Some end lines with LF alone, or say "a1 OK" without the text that imaplib insists on
        return _BARE.sub(rb"\1 \r\n", line) if _BARE.match(line) else line.rstrip(b"\r\n") + b"\r\n"

    def _cut(self, size: int) -> bytes:
        octets = bytes(self._buffer[:size])
        del self._buffer[:size]
        return octets

    def send(self, data: Any) -> None:
        self.sock.settimeout(self._left())
        self.sock.sendall(data)

    def begin_tls(self, ssl_context: ssl.SSLContext | None) -> None:
        """STARTTLS; what came in clear after the OK makes it fail, as nobody but an attacker sends that."""
        assert ssl_context is not None
        if "STARTTLS" not in self.capabilities:
            raise self.abort("the server offers no STARTTLS")
        self._simple_command("STARTTLS")
        if self._buffer:
            raise self.abort("octets in clear after STARTTLS")
        self.sock.settimeout(self._left())
        self.sock = ssl_context.wrap_socket(self.sock, server_hostname=self.server.host)
        self._tls_established = True
        self._get_capabilities()

    def _check_bye(self) -> None:
        if bye := self.untagged_responses.get("BYE"):
            raise Bye(_words(bye[-1:]))

    def _command_complete(self, name: str, tag: bytes) -> tuple[str, list[Any]]:
        """Return the tagged OK; raise Declined for NO and BAD, which imaplib and imapclient tell in many ways."""
        if name != "LOGOUT":
            self._check_bye()
        typ, data = self._get_tagged_response(tag, expect_bye=name == "LOGOUT")
        if name != "LOGOUT":
            self._check_bye()
            if typ != "OK":
                raise Declined(name, _words(data))
        return typ, data


_BARE = re.compile(rb"([A-Za-z0-9]+ (?:OK|NO|BAD)) *\r?\n")


def _words(data: list[Any]) -> str:
    """Return the text of a tagged answer."""
    first = data[0] if data else b""
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first or "")


class _Client(IMAPClient):  # type: ignore[misc]
    """imapclient on our wire."""

    def __init__(self, server: Server, context: ssl.SSLContext | None) -> None:
        self._server, self._context = server, context
        super().__init__(server.host, server.port, ssl=False, timeout=SocketTimeout(CONNECT_S, server.timeout_s))
        self.folder_encode = False  # one name in broken UTF-7 would hide all folders
        self.normalise_times = False
        self._imap.debug = 0  # imapclient sets 5, at which imaplib formats every literal: nine times its size

    def _create_IMAP4(self) -> Wire:
        return Wire(self._server, self._context)


class Connection:
    """An open connection, logged in. One thread uses it."""

    def __init__(self, server: Server, credential: Callable[[], Credential]) -> None:
        self.server = server
        self.capabilities: frozenset[str] = frozenset()
        self._client: Any = None
        context = _tls_context(server)
        secret = credential()
        self._connect(context)
        if self.wire.state == "NONAUTH":
            self._log_in(secret)
        try:
            self._introduce()
        except AccountError:
            self.drop()
            raise

    def _connect(self, context: ssl.SSLContext | None) -> None:
        with self.operation(min(CONNECT_S, self.server.timeout_s)):
            self._client = _Client(self.server, context if self.server.tls == "implicit" else None)
            if self.server.tls == "starttls":
                self.wire.begin_tls(context)

    def _introduce(self) -> None:
        """Learn what the server can do, and say who we are."""
        with self.operation():
            # Asked for even where the OK to the login named them: until then iCloud's front end puts words of its own
            # into what the client sends.
            _, data = self.wire.capability()
            self.capabilities = frozenset(_words(data[-1:]).upper().split())
            self._client._cached_capabilities = tuple(name.encode() for name in self.capabilities)
        if "ID" in self.capabilities:  # 163.com refuses SELECT to whom has not said who they are
            with suppress(Declined), self.operation(may_decline=True):
                self.wire._simple_command("ID", f'("name" "mailassist" "version" "{__version__}")')

    @property
    def wire(self) -> Wire:
        wire: Wire = self._client._imap
        return wire

    @property
    def is_open(self) -> bool:
        return self._client is not None

    @property
    def client(self) -> Any:
        """The IMAPClient, for use within an `operation`."""
        return self._client

    @contextmanager
    def operation(self, seconds: float | None = None, may_decline: bool = False) -> Iterator[None]:
        """
        Bound what happens inside in time, and translate what goes wrong.

        Declined passes through where the caller says so: there NO is an answer like any other. After another
        AccountError the connection is closed, and its unsent octets are thrown away.
        """
        if self._client is not None:
            self.wire.allow(seconds or self.server.timeout_s)
            self.wire.untagged_responses.clear()  # what came unasked earlier is not an answer to this
        try:
            yield
        except MailassistError:
            raise
        except Declined as error:
            if may_decline:
                raise
            said = printable(error.text)
            raise AccountError(f"{self.server.host} declines at present: {said}", retry_after(error.text)) from error
        except Exception as error:  # anything at all: the octets are a stranger's, the parser is not ours
            self.drop()
            raise _account_error(self.server.host, error) from error
        except BaseException:
            self.drop()
            raise

    def _log_in(self, credential: Credential) -> None:
        server, wire = self.server, self.wire
        if "LOGINDISABLED" in wire.capabilities and not _sasl_mechanisms(wire):
            self.drop()
            raise SetupError(f'{server.host} allows no login without TLS; set tls = "starttls" or "implicit"')
        try:
            with self.operation(may_decline=True):
                if credential.mechanism == "oauth2":
                    _bearer(wire, server, credential.secret)
                elif "PLAIN" in _sasl_mechanisms(wire):
                    self._client.plain_login(server.username, credential.secret)
                else:
                    _login(wire, server.username, credential.secret)
        except Declined as error:
            self.drop()
            raise _login_error(server, error.text) from error

    def close(self) -> None:
        """Log out, if the server lets us within a few seconds, and close; never raises."""
        if self._client is None:
            return
        with suppress(Exception):
            self.wire.allow(min(LOGOUT_S, self.server.timeout_s))
            self.wire.logout()
        self.drop()

    def drop(self) -> None:
        """Close without a word and throw away what has not been sent (RST), so that no old APPEND arrives later."""
        if self._client is None:
            return
        with suppress(OSError):
            self.wire.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with suppress(Exception):
            self.wire.sock.close()
        self._client = None


def _tls_context(server: Server) -> ssl.SSLContext | None:
    """Return a verifying context, or None for a connection in clear, which is for this machine only."""
    if server.tls == "none":
        if not _is_loopback(server.host):
            raise SetupError(f'tls = "none" is for servers on this machine; {server.host} is not: set tls = "implicit"')
        return None
    try:
        return ssl.create_default_context(cafile=server.ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise SetupError(f"ca_file {server.ca_file} cannot be read as PEM certificates: {error}") from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _sasl_mechanisms(wire: Wire) -> frozenset[str]:
    return frozenset(name[5:] for name in wire.capabilities if name.startswith("AUTH="))


def _login(wire: Wire, username: str, password: str) -> None:
    """LOGIN, for servers without AUTH=PLAIN (Courier): a quoted string has no room for controls (RFC 3501 §4.3)."""
    if re.search(r"[\x00\r\n]", username + password):
        raise LoginRefused(
            "the user name or password holds a line break, which LOGIN cannot send; set another password"
        )
    arguments = (wire._quote(word.encode().decode("latin-1")) for word in (username, password))
    wire._simple_command("LOGIN", *arguments)
    wire.state = "AUTH"


def _bearer(wire: Wire, server: Server, token: str) -> None:
    """OAUTHBEARER (RFC 7628) or XOAUTH2, whichever is offered. A challenge is a refusal, and is answered as such."""
    if "OAUTHBEARER" in _sasl_mechanisms(wire):
        user = server.username.replace("=", "=3D").replace(",", "=2C")
        name, end = "OAUTHBEARER", b"\x01"
        first = f"n,a={user},\x01host={server.host}\x01port={server.port}\x01auth=Bearer {token}\x01\x01"
    else:
        name, end = "XOAUTH2", b""
        first = f"user={server.username}\x01auth=Bearer {token}\x01\x01"
    answers = iter([first.encode()])
    wire.authenticate(name, lambda _challenge: next(answers, end))


def _login_error(server: Server, text: str) -> MailassistError:
    """Return what a refused login means: another time, or another password."""
    said = printable(text)
    if is_temporary(text):
        return AccountError(f"{server.host} takes no login at present: {said}", retry_after(text))
    return LoginRefused(
        f"{server.host} refused the login: {said}; give the right password with `mailassist login` "
        "(some providers want an app password)"
    )


def _account_error(host: str, error: Exception) -> AccountError:
    """Return *error* as one sentence; what the server sent is not repeated, but for the words of a BYE."""
    if isinstance(error, Bye):
        return AccountError(f"{host} closed the connection: {printable(error)}", retry_after(str(error)))
    if isinstance(error, ssl.SSLCertVerificationError):
        return AccountError(
            f"the certificate of {host} cannot be trusted: {printable(error.verify_message)}; "
            "for an authority of your own set ca_file"
        )
    if isinstance(error, TimeoutError):
        return AccountError(f"{host} did not answer in time")
    if isinstance(error, socket.gaierror):
        return AccountError(f"the name {host} cannot be resolved at present; check the network and account.host")
    if isinstance(error, ConnectionRefusedError):
        return AccountError(f"{host} refuses connections; check account.host and account.port, or wait")
    if isinstance(error, OSError) or "socket error" in str(error):
        return AccountError(f"the connection to {host} was lost; nothing to do but wait")
    log.debug("not IMAP host=%s error=%s", host, type(error).__name__)
    return AccountError(f"{host} answered with something that is not IMAP; check account.port and account.tls")
