"""
A connection to an IMAP server, logged in: the only door to imapclient.

Of the zoo of exceptions that come out of ordinary calls (OSError, ValueError, KeyError, UnicodeError, TypeError,
IMAP4.error, .abort …) three are left: `Declined` for a tagged NO or BAD where the caller wants to know, AccountError
for all that makes the connection useless, LoginRefused for the credentials.
"""

import ipaddress
import logging
import re
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal

from imapclient import IMAPClient, SocketTimeout

from mailassist import __version__
from mailassist.errors import AccountError, LoginRefused, MailassistError, SetupError
from mailassist.mailbox.responses import is_temporary, printable, retry_after
from mailassist.mailbox.wire import CONNECT_S, Bye, Declined, Server, Wire, words

log = logging.getLogger(__name__)
# Whole messages at DEBUG, and a non-ASCII password at WARNING, whatever the rest of the program logs.
logging.getLogger("imapclient.imaplib").setLevel(logging.CRITICAL)
logging.getLogger("imapclient.util").setLevel(logging.CRITICAL)

LOGOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Credential:
    """What proves the user: a password, or an access token (RFC 6750)."""

    secret: str
    mechanism: Literal["password", "oauth2"] = "password"

    def __repr__(self) -> str:
        return f"Credential(mechanism={self.mechanism!r})"


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
            self.capabilities = frozenset(words(data[-1:]).upper().split())
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
            message = f"{self.server.host} declines at present ({said}); try again later"
            raise AccountError(message, retry_after(error.text)) from error
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
        raise SetupError(
            f"ca_file {server.ca_file} cannot be read as PEM certificates ({error}); correct account.ca_file"
        ) from error


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
        return AccountError(f"{server.host} takes no login at present ({said}); try again later", retry_after(text))
    return LoginRefused(
        f"{server.host} refused the login: {said}; give the right password with `mailassist login` "
        "(some providers want an app password)"
    )


_IN_CLEAR = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")  # what OpenSSL says of "* OK", by its version


def _account_error(host: str, error: Exception) -> AccountError:
    """Return *error* as one sentence; what the server sent is not repeated, but for the words of a BYE."""
    if isinstance(error, Bye):
        return AccountError(
            f"{host} closed the connection ({printable(error)}); try again later", retry_after(str(error))
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return AccountError(
            f"the certificate of {host} cannot be trusted ({printable(error.verify_message)}); "
            "check account.host, or set account.ca_file where the authority is your own"
        )
    if isinstance(error, TimeoutError):  # a server of the other kind of TLS waits for us to begin
        return AccountError(f"{host} did not answer in time; check account.port and account.tls, or try again later")
    if isinstance(error, ssl.SSLError) and error.reason in _IN_CLEAR:
        return AccountError(
            f'{host} does not speak TLS there; check account.port (993 for tls = "implicit", 143 for "starttls")'
        )
    if "offers no STARTTLS" in str(error):
        return AccountError(f'{host} offers no STARTTLS there; set tls = "implicit", with port 993')
    if isinstance(error, socket.gaierror):
        return AccountError(f"the name {host} cannot be resolved at present; check the network and account.host")
    if isinstance(error, ConnectionRefusedError):
        return AccountError(f"{host} refuses connections; check account.host and account.port, or wait")
    if isinstance(error, OSError) or "socket error" in str(error):
        return AccountError(f"the connection to {host} was lost; try again later")
    log.debug("not IMAP host=%s error=%s", host, type(error).__name__)
    return AccountError(f"{host} answered with something that is not IMAP; check account.port and account.tls")
