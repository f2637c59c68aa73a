"""
A small IMAP server that keeps one INBOX and one Drafts, and misbehaves at one command as it is told.

Without a misbehaviour it is an ordinary server, so that what a test shows is due to the misbehaviour alone.
"""

import contextlib
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from tests.servers.wire import LOOPBACK

CAPABILITY = b"IMAP4rev1 AUTH=PLAIN ID IDLE UIDPLUS NAMESPACE"
DATE = b'"24-Nov-2099 10:00:00 +0000"'  # in every window


class Closed(Exception):
    """The misbehaviour ends the connection."""


@dataclass
class Talk:
    """One connection, as a misbehaviour sees it."""

    sock: socket.socket
    tag: bytes = b""

    def say(self, *lines: bytes) -> None:
        self.sock.sendall(b"".join(line + b"\r\n" for line in lines))

    def raw(self, octets: bytes) -> None:
        self.sock.sendall(octets)

    def ok(self, text: bytes = b"done") -> None:
        self.say(self.tag + b" OK " + text)


Misbehaviour = Callable[[Talk], None]


@dataclass
class Hostile:
    """*at*: the first words of the command; b"greeting" and b"literal" are moments too. *once*: only the first time."""

    messages: Sequence[bytes] = ()
    at: bytes = b""
    misbehave: Misbehaviour | None = None
    once: bool = False
    capability: bytes = CAPABILITY
    tls: ssl.SSLContext | None = None  # for a connection that begins with TLS, or for STARTTLS
    implicit: bool = True
    drafts: list[bytes] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        talk = Talk(sock)
        try:
            if self.tls and self.implicit:
                talk.sock = self.tls.wrap_socket(sock, server_side=True)
            if not self._misbehaves(talk, b"greeting"):
                talk.say(b"* OK [CAPABILITY " + self.capability + b"] ready")
            self._converse(talk)
        except (OSError, Closed, ValueError):
            pass
        finally:
            with contextlib.suppress(OSError):
                talk.sock.shutdown(socket.SHUT_RDWR)
            talk.sock.close()

    def _converse(self, talk: Talk) -> None:
        lines = talk.sock.makefile("rb")
        folder = b""
        for line in lines:
            talk.tag, _, command = line.rstrip(b"\r\n").partition(b" ")
            if self._misbehaves(talk, command):
                continue
            if command == b"STARTTLS" and self.tls:
                talk.ok()
                talk.sock = self.tls.wrap_socket(talk.sock, server_side=True)
                return self._converse(talk)
            folder = self._answer(talk, command, folder, lines) or folder
        return None

    def _misbehaves(self, talk: Talk, moment: bytes) -> bool:
        if self.misbehave is None or not self.at or not moment.startswith(self.at):
            return False
        script = self.misbehave
        if self.once:
            self.misbehave = None
        script(talk)
        return True

    def _answer(self, talk: Talk, command: bytes, folder: bytes, lines) -> bytes | None:
        words = command.split()
        verb = words[0].upper() if words else b""
        if verb == b"CAPABILITY":
            talk.say(b"* CAPABILITY " + self.capability)
        elif verb == b"AUTHENTICATE":
            talk.say(b"+ ")
            lines.readline()
        elif verb == b"ID":
            talk.say(b'* ID ("name" "hostile")')
        elif verb == b"NAMESPACE":
            talk.say(b'* NAMESPACE (("" "/")) NIL NIL')
        elif verb == b"LIST":
            talk.say(
                b'* LIST (\\HasNoChildren) "/" INBOX', b'* LIST (\\Drafts) "/" Drafts', b'* LIST (\\Sent) "/" "Sent"'
            )
        elif verb in (b"SELECT", b"EXAMINE"):
            folder = words[1].strip(b'"')
            talk.say(
                b"* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
                b"* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] limited",
                b"* %d EXISTS" % len(self._in(folder)),
                b"* 0 RECENT",
                b"* OK [UIDVALIDITY 42] valid",
            )
            talk.ok(b"[READ-WRITE] open" if verb == b"SELECT" else b"[READ-ONLY] open")
            return folder
        elif verb == b"UID":
            self._answer_uid(talk, words, folder)
        elif verb == b"APPEND":
            literal = re.search(rb"\{(\d+)\}$", command)
            assert literal
            talk.say(b"+ go on")
            octets = lines.read(int(literal[1]))
            lines.readline()
            if self._misbehaves(talk, b"literal"):
                return None
            self.drafts.append(octets)
            talk.ok(b"[APPENDUID 42 %d] taken" % len(self.drafts))
            return None
        elif verb == b"IDLE":
            talk.say(b"+ idling")
            lines.readline()
        elif verb == b"LOGOUT":
            talk.say(b"* BYE bye")
            talk.ok()
            raise Closed
        talk.ok()
        return None

    def _in(self, folder: bytes) -> Sequence[bytes]:
        return self.messages if folder == b"INBOX" else self.drafts if folder == b"Drafts" else ()

    def _answer_uid(self, talk: Talk, words: list[bytes], folder: bytes) -> None:
        messages = self._in(folder)
        if words[1].upper() == b"SEARCH":
            talk.say(b"* SEARCH" + b"".join(b" %d" % n for n in range(1, len(messages) + 1)))
        elif words[1].upper() == b"FETCH":
            wanted = [int(n) for n in words[2].split(b",")]
            items = b" ".join(words[3:])
            for n in wanted:
                if 1 <= n <= len(messages):
                    talk.raw(fetch_answer(n, messages[n - 1], items))


def fetch_answer(n: int, octets: bytes, items: bytes) -> bytes:
    """Return the untagged FETCH answer for one message."""
    parts = [b"UID %d" % n, b"FLAGS ()"]
    if b"INTERNALDATE" in items:
        parts.append(b"INTERNALDATE " + DATE)
    if b"RFC822.SIZE" in items:
        parts.append(b"RFC822.SIZE %d" % len(octets))
    if b"HEADER.FIELDS" in items:
        header = octets.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        parts.append(b"BODY[HEADER.FIELDS (MESSAGE-ID)] {%d}\r\n%s" % (len(header), header))
    elif b"BODY.PEEK[]" in items:
        parts.append(b"BODY[]<0> {%d}\r\n%s" % (len(octets), octets))
    return b"* %d FETCH (%s)\r\n" % (n, b" ".join(parts))


# -- ways to misbehave


def says(*lines: bytes) -> Misbehaviour:
    """Say *lines*, in which `TAG` is the command's tag, and nothing else."""
    return lambda talk: talk.say(*(line.replace(b"TAG", talk.tag) for line in lines))


def sends(octets: bytes) -> Misbehaviour:
    """Send *octets* as they are, `TAG` replaced."""
    return lambda talk: talk.raw(octets.replace(b"TAG", talk.tag))


def closes(*lines: bytes) -> Misbehaviour:
    """Say *lines* and close the connection."""

    def script(talk: Talk) -> None:
        talk.say(*(line.replace(b"TAG", talk.tag) for line in lines))
        raise Closed

    return script


def breaks_off(octets: bytes) -> Misbehaviour:
    """Send *octets*, perhaps half a line, and close the connection."""

    def script(talk: Talk) -> None:
        talk.raw(octets.replace(b"TAG", talk.tag))
        raise Closed

    return script


def is_silent(talk: Talk) -> None:
    """Say nothing, and keep the connection."""


def drips(line: bytes = b"* OK still working", pause_s: float = 0.05) -> Misbehaviour:
    """Say one octet at a time, without end, always within any timeout of a single read."""

    def script(talk: Talk) -> None:
        while True:
            for octet in line + b"\r\n":
                talk.raw(bytes([octet]))
                time.sleep(pause_s)

    return script


def floods(line: bytes) -> Misbehaviour:
    """Say *line* without end, as fast as it is taken."""

    def script(talk: Talk) -> None:
        block = (line + b"\r\n") * 2000
        while True:
            talk.raw(block)

    return script
