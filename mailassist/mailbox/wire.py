"""
The line to an IMAP server: imaplib with a reader of its own, bounded in time and size. The only door to imaplib.

An operation has a deadline and a budget of octets; a literal, a line and an answer have a limit; and what is there
already can be told from what is still to come, which IDLE needs.
"""

import re
import socket
import ssl
import time
from dataclasses import dataclass
from imaplib import IMAP4
from typing import TYPE_CHECKING, Any, Literal

CONNECT_S = 15.0
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
            raise Bye(words(bye[-1:]))

    def _command_complete(self, name: str, tag: bytes) -> tuple[str, list[Any]]:
        """Return the tagged OK; raise Declined for NO and BAD, which imaplib and imapclient tell in many ways."""
        if name != "LOGOUT":
            self._check_bye()
        typ, data = self._get_tagged_response(tag, expect_bye=name == "LOGOUT")
        if name != "LOGOUT":
            self._check_bye()
            if typ != "OK":
                raise Declined(name, words(data))
        return typ, data


_BARE = re.compile(rb"([A-Za-z0-9]+ (?:OK|NO|BAD)) *\r?\n")


def words(data: list[Any]) -> str:
    """Return the text of a tagged answer."""
    first = data[0] if data else b""
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first or "")
