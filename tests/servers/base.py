"""What the servers have in common: starting, stopping, and what another client does to the mailbox meanwhile."""

import contextlib
import ctypes
import imaplib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from mailassist.mailbox.account import Credential, ImapAccount, Server
from tests.servers.wire import LOOPBACK, Proxy, check_wire

USER, PASSWORD = "alice", "alice-secret-7361"
UNPACKED = Path(os.environ.get("MAILASSIST_TEST_SERVERS") or "/var/cache/mailassist-test-servers")


class NotInstalled(Exception):
    """The server's programs are not on this machine; the text says how they get there."""


@dataclass(frozen=True)
class Mail:
    """A message as another client sees it."""

    uid: int
    flags: frozenset[str]
    octets: bytes


class Mailbox:
    """What a test asks of a server: accounts of ours on it, and the hand of another client."""

    name = "?"
    drafts, sent, trash = "Drafts", "Sent", "Trash"
    keeps_keywords = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        return None

    def account(self, **options: Any) -> Any: ...
    def put(self, folder: str, octets: bytes, flags: Sequence[str] = (), days_ago: float = 0) -> None: ...
    def listing(self, folder: str) -> list[Mail]: ...
    def set_flags(self, folder: str, uid: int, flags: Sequence[str]) -> None: ...
    def delete(self, folder: str, uid: int) -> None: ...

    def check_wire(self) -> None:
        """Fail if anything was sent since the last time that mailassist must not send."""

    def forget_wire(self) -> None:
        """Leave out of the check what was sent so far: a test did on purpose what mailassist does not."""

    def clear(self) -> None:
        """Empty every folder."""
        for folder in ("INBOX", self.drafts, self.sent, self.trash):
            for mail in self.listing(folder):
                self.delete(folder, mail.uid)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind((LOOPBACK, 0))
        return int(sock.getsockname()[1])


def die_with_parent() -> None:
    """Called in the child: a test run that is killed leaves no server behind (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class RealServer(Mailbox):
    """A server of its own process, with its configuration, mail and log below one folder."""

    user, password = USER, PASSWORD

    def __init__(self, *variants: str) -> None:
        self.variants = frozenset(variants)
        self.dir = Path(tempfile.mkdtemp(prefix=f"{self.name}-"))
        self.dir.chmod(0o755)  # servers give up being root and must still get in
        self.port = free_port()
        self._children: list[subprocess.Popen[bytes]] = []
        self._proxy: Proxy | None = None
        self._stack = contextlib.ExitStack()
        self._session: imaplib.IMAP4 | None = None

    def configure(self) -> None:
        """Write the configuration below `dir`; raise NotInstalled where the programs are missing."""

    def launch(self) -> None:
        """Start the processes with `spawn`."""

    def __enter__(self) -> Self:
        try:
            (self.dir / "log").mkdir()
            self.configure()
            self.launch()
            self._await_greeting()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()
        for child in reversed(self._children):
            child.terminate()
        for child in self._children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(5)
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait(5)
        self._children.clear()
        shutil.rmtree(self.dir, ignore_errors=True)

    def spawn(self, *argv: object, env: dict[str, str] | None = None) -> None:
        with (self.dir / "log" / "stdio.log").open("ab") as log:
            child = subprocess.Popen(
                [str(word) for word in argv], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.dir, env=env, start_new_session=True, preexec_fn=die_with_parent,
            )  # fmt: skip
        self._children.append(child)

    def need(self, *paths: str | Path) -> None:
        for path in paths:
            if not Path(path).exists():
                raise NotInstalled(
                    f"{self.name} is left out: {path} is missing; python -m tests.servers install {self.name}"
                )

    def _await_greeting(self) -> None:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if any(child.poll() is not None for child in self._children):
                break
            with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, self.port), 2) as sock:
                sock.settimeout(5)
                if sock.recv(100).startswith(b"* OK"):
                    sock.sendall(b"x LOGOUT\r\n")
                    return
            time.sleep(0.02)
        raise RuntimeError(f"{self.name} does not start:\n{self.log_text()}")

    def log_text(self) -> str:
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in sorted((self.dir / "log").iterdir()))

    # -- ours

    @property
    def proxy(self) -> Proxy:
        """What stands between our accounts and the server, and writes their commands down."""
        if self._proxy is None:
            self._proxy = Proxy(self.port)
        return self._proxy

    def check_wire(self) -> None:
        if self._proxy is not None:
            sessions, self._proxy.sessions = self._proxy.sessions, []
            for session in sessions:
                check_wire(session.commands, self.drafts)

    def forget_wire(self) -> None:
        if self._proxy is not None:
            self._proxy.sessions = []

    def server(self, port: int | None = None, **options: Any) -> Server:
        return Server(LOOPBACK, port or self.proxy.port, "none", username=self.user, **{"timeout_s": 20.0, **options})

    def account(self, port: int | None = None, drafts: str = "", sent: str = "", **options: Any) -> ImapAccount:
        """An account of ours, not yet open."""
        return ImapAccount("shop", self.server(port, **options), lambda: Credential(self.password), drafts, sent)

    # -- another client

    @contextlib.contextmanager
    def client(self, folder: str | None = None, user: str = "") -> Iterator[imaplib.IMAP4]:
        """A plain session, with *folder* selected."""
        session = imaplib.IMAP4(LOOPBACK, self.port, timeout=20)
        session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        session.login(user or self.user, self.password)
        if folder:
            expect(session.select(f'"{folder}"'))
        try:
            yield session
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                session.logout()

    @contextlib.contextmanager
    def _hand(self, folder: str | None = None) -> Iterator[imaplib.IMAP4]:
        """The session of the other client that is kept open, with *folder* selected afresh."""
        if self._session is None:
            self._session = self._stack.enter_context(self.client())
        try:
            if folder:
                expect(self._session.select(f'"{folder}"'))
            yield self._session
        except (OSError, RuntimeError, imaplib.IMAP4.error):
            self.hang_up()
            raise

    def hang_up(self) -> None:
        """Let the other client begin a new session."""
        self._session = None

    def put(self, folder: str, octets: bytes, flags: Sequence[str] = (), days_ago: float = 0) -> None:
        when = imaplib.Time2Internaldate(time.time() - days_ago * 86_400)
        with self._hand() as session:
            expect(session.append(f'"{folder}"', f"({' '.join(flags)})", when, octets))

    def put_all(self, folder: str, messages: Iterable[bytes]) -> None:
        for octets in messages:
            self.put(folder, octets)

    def listing(self, folder: str) -> list[Mail]:
        with self._hand(folder) as session:
            lines = expect(session.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])"))
            return sorted(_mails(lines), key=lambda mail: mail.uid)

    def set_flags(self, folder: str, uid: int, flags: Sequence[str]) -> None:
        with self._hand(folder) as session:
            expect(session.uid("STORE", str(uid), "FLAGS.SILENT", f"({' '.join(flags)})"))

    def delete(self, folder: str, uid: int) -> None:
        with self._hand(folder) as session:
            expect(session.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)"))
            expect(session.uid("EXPUNGE", str(uid)))

    def clear(self) -> None:
        for folder in ("INBOX", self.drafts, self.sent, self.trash):
            with self._hand() as session:
                _, data = session.select(f'"{folder}"')
                if data[0] not in (b"0", None):
                    expect(session.store("1:*", "+FLAGS.SILENT", r"(\Deleted)"))
                    expect(session.expunge())


def expect(answer: tuple[str, list[Any]]) -> list[Any]:
    if answer[0] != "OK":
        raise RuntimeError(f"the server declines: {answer}")
    return answer[1]


def _mails(lines: list[Any]) -> Iterator[Mail]:
    """Read the messages from FETCH answers with one literal each; flags may stand before it or after."""
    for index, line in enumerate(lines):
        if isinstance(line, tuple):
            trailer = lines[index + 1] if index + 1 < len(lines) and isinstance(lines[index + 1], bytes) else b""
            words = line[0] + trailer
            uid = re.search(rb"UID (\d+)", words)
            flags = re.search(rb"FLAGS \(([^)]*)\)", words)
            if uid and flags:
                names = frozenset(flags[1].decode().split()) - {r"\Recent"}
                yield Mail(int(uid[1]), names, line[1])
