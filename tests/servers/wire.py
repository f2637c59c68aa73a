"""A proxy before a server: it writes down every command, and breaks connections where it is told to."""

import contextlib
import queue
import random
import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Self

LOOPBACK = "127.0.0.1"

Fault = Literal["lose answer", "cut literal", "hold literal", "stall", "reset", "split"]

_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")
_NO_LINGER = struct.pack("ii", 1, 0)


@dataclass
class Session:
    """One connection through the proxy: what the client sent, command by command, without its literals."""

    client: socket.socket
    server: socket.socket
    commands: list[bytes] = field(default_factory=list)
    deaf: bool = False  # nothing is passed on any more, in either direction
    dropping: bool = False  # the server's next words are lost, and the connection with them
    verdicts: "queue.SimpleQueue[bool]" = field(default_factory=queue.SimpleQueue)
    tag: bytes = b""  # of the command whose literal waits for the server's "+", or for its refusal

    def reset(self) -> None:
        for sock in (self.client, self.server):
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class Proxy:
    """
    Listens on a port of its own. `faults` is asked for each command and says what goes wrong at it, if anything.

    "lose answer": the server does what was asked, the client never learns. "cut literal": half of it arrives.
    "hold literal": it arrives `hold_s` later, even when the client is dead by then. "stall": silence, both ways.
    "split": every line of the server comes in two pieces.
    """

    def __init__(self, target: int, faults: Callable[[bytes], Fault | None] = lambda command: None) -> None:
        self.target = target
        self.faults = faults
        self.hold_s = 1.5
        self.sessions: list[Session] = []
        self.refusing = False
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Reset every connection."""
        for session in self.sessions:
            session.reset()

    @property
    def commands(self) -> list[bytes]:
        """Every command of every session, without its tag."""
        return [command for session in self.sessions for command in session.commands]

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.refusing:
                client.close()
                continue
            try:
                server = socket.create_connection((LOOPBACK, self.target), 5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            for sock in (client, server):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session = Session(client, server)
            self.sessions.append(session)
            for pump in (self._from_client, self._from_server):
                threading.Thread(target=self._guarded, args=(pump, session), daemon=True).start()

    def _guarded(self, pump: Callable[[Session], None], session: Session) -> None:
        try:
            pump(session)
        except (OSError, ValueError, queue.Empty):
            pass
        finally:
            if not session.deaf:
                for sock in (session.client, session.server):
                    with contextlib.suppress(OSError):
                        sock.shutdown(socket.SHUT_RDWR)

    def _from_client(self, session: Session) -> None:
        lines = session.client.makefile("rb")
        for line in lines:
            command = line.rstrip(b"\r\n").partition(b" ")[2] or line.rstrip(b"\r\n")
            session.commands.append(command)
            fault = self.faults(command)
            if fault == "reset":
                return session.reset()
            if fault == "stall":
                session.deaf = True
            while literal := _LITERAL.search(line):
                session.tag = line.partition(b" ")[0]
                self._send(session, line)
                if not session.deaf and not session.verdicts.get(timeout=30):
                    break
                octets = lines.read(int(literal[1]))
                rest = lines.readline()
                if fault == "cut literal":
                    self._send(session, octets[: len(octets) // 2])
                    time.sleep(0.05)
                    return session.reset()
                if fault == "hold literal":
                    time.sleep(self.hold_s)
                session.dropping = fault == "lose answer"
                self._send(session, octets)
                line = rest
            else:
                self._finish(session, line, fault)
        return None

    def _finish(self, session: Session, line: bytes, fault: Fault | None) -> None:
        session.dropping = session.dropping or fault == "lose answer"
        self._send(session, line)

    def _send(self, session: Session, octets: bytes) -> None:
        if not session.deaf:
            session.server.sendall(octets)

    def _from_server(self, session: Session) -> None:
        while octets := session.server.recv(65_536):
            if session.dropping:
                return session.reset()
            if session.tag and re.search(rb"(?m)^(\+|" + re.escape(session.tag) + rb" )", octets):
                tag, session.tag = session.tag, b""
                session.verdicts.put(re.search(rb"(?m)^" + re.escape(tag) + rb" ", octets) is None)
            if not session.deaf:
                with contextlib.suppress(OSError):  # the client may be dead, and its literal still under way
                    session.client.sendall(octets)
        return None


def now_and_then(seed: int, chances: dict[Fault, float], at: bytes = rb"APPEND ") -> Callable[[bytes], Fault | None]:
    """Return faults that strike commands matching *at* with the given chances."""
    dice = random.Random(seed)

    def faults(command: bytes) -> Fault | None:
        if not re.match(at, command):
            return None
        roll = dice.random()
        for fault, chance in chances.items():
            roll -= chance
            if roll < 0:
                return fault
        return None

    return faults


_ALLOWED = re.compile(
    rb"CAPABILITY|ID \(|AUTHENTICATE |LOGIN |LIST \"\" \"\*\"$|NAMESPACE$|NOOP$|IDLE$|DONE$|LOGOUT$|CREATE |SUBSCRIBE "
    rb"|SELECT |EXAMINE |UID SEARCH [A-Za-z0-9:,* -]+$|UID FETCH [0-9,]+ \(|APPEND |UID STORE |UID EXPUNGE \d+$"
)
_SASL = re.compile(rb"[A-Za-z0-9+/=]*$")


def check_wire(commands: list[bytes], drafts: str, marks: tuple[bytes, ...] = (b"$Hostile", rb"\Flagged")) -> None:
    """
    Fail unless *commands* (of one session) are such as mailassist may send.

    Text is fetched with PEEK only; drafts are appended to Drafts and nowhere else; flags are the marks, outside of
    Drafts, and \\Deleted, within it; and only single messages of Drafts are expunged.
    """
    folder, expecting_sasl = "", False
    quoted_drafts = f'"{drafts}"'.encode()
    for command in commands:
        if expecting_sasl and _SASL.match(command):
            expecting_sasl = False
            continue
        expecting_sasl = command.startswith(b"AUTHENTICATE ")
        assert _ALLOWED.match(command), f"not allowed: {command!r}"
        assert all(32 <= octet < 127 for octet in command) or b"LOGIN" in command, f"not ASCII: {command!r}"
        verb, _, rest = command.partition(b" ")
        if verb in (b"SELECT", b"EXAMINE"):
            folder = rest.strip(b'"').decode()
        if command.startswith(b"UID FETCH"):
            assert not re.search(rb"BODY\[|RFC822[ )]", command), command
        if verb == b"APPEND":
            assert rest.startswith(quoted_drafts + rb" (\Draft \Seen) "), command
        if command.startswith(b"UID STORE"):
            flags = re.search(rb"\+FLAGS\.SILENT \(([^)]*)\)$", command)
            assert flags, command
            allowed = (rb"\Deleted",) if folder == drafts else marks
            assert set(flags[1].split()) <= set(allowed), command
        if command.startswith(b"UID EXPUNGE"):
            assert folder == drafts, command
