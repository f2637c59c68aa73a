"""Waiting for news: IDLE (RFC 2177) without its traps, polling where there is none, and the signal that ends a wait."""

import os
import select
import time

from mailassist.mailbox.wire import Declined, Wire

ANSWER_S = 15.0  # a live server answers IDLE and DONE at once


class Stop:
    """A request to finish the message in hand and end. A signal handler may make it; every wait ends by it."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        self._set = False

    def set(self) -> None:
        """Ask for the end; once is enough, more does no harm."""
        if not self._set:
            self._set = True
            os.write(self._write, b"x")  # never read, so that every waiter sees it

    def is_set(self) -> bool:
        return self._set

    def fileno(self) -> int:
        """A descriptor that is readable from the moment the end was asked for."""
        return self._read

    def wait(self, seconds: float) -> bool:
        """Wait *seconds* or for the request; say whether it was made."""
        select.select([self._read], [], [], max(0.0, seconds))
        return self._set


def idle(wire: Wire, seconds: float, stop: Stop) -> bool:
    """
    Let the server speak for up to *seconds*; say whether it said anything.

    The answer is a hint: the caller lists the folder anew in any case. Raises IMAP4.abort when the connection is
    gone, Declined when the server refuses IDLE.

    imapclient's idle_check looks at the socket only: an EXISTS that came in one segment with "+ idling" already lies
    in the reader's buffer and is missed (Dovecot and Courier, every time), and an EOF reads as "no news", 80,000
    times a second.
    """
    wire.allow(min(ANSWER_S, wire.server.timeout_s))
    tag = wire._command("IDLE")
    said = False
    while wire._get_response() is not None:  # None is the "+"; others may come before it (RFC 3501 §5.2)
        if wire.tagged_commands[tag]:
            raise Declined("IDLE", "refused")
        said = True
    said = said or _listen(wire, time.monotonic() + seconds, stop)
    wire.allow(min(ANSWER_S, wire.server.timeout_s))
    wire.send(b"DONE\r\n")
    wire._command_complete("IDLE", tag)
    return said


def _listen(wire: Wire, until: float, stop: Stop) -> bool:
    """Say whether octets came before *until*; they stay in the buffer, as whole lines are read afterwards."""
    while not stop.is_set():
        if wire.take_what_is_there():
            return True
        rest = until - time.monotonic()
        if rest <= 0:
            return False
        select.select([wire.sock.fileno(), stop.fileno()], [], [], rest)
    return False
