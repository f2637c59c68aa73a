"""A message, and an answer to it, for tests that are about the mailbox: no template, no model, the same every time."""

import hashlib
import re
from datetime import UTC, datetime

from mailassist.mailbox.responses import read_fields
from mailassist.values import (
    Address,
    Detection,
    Draft,
    History,
    IncomingMail,
    Intent,
    Reading,
    Skipped,
    Standing,
    Strategy,
    Tone,
)

OURS = Address("service@shop.example", "The Shop")
TEXT = "My order 4711 has not arrived. When will it come?"


def mail(
    number: int | str,
    text: str = TEXT,
    sender: str = "",
    references: str = "",
    message_id: str = "",
    extra: str = "",
    date: str = "Mon, 24 Nov 2025 10:00:00 +0000",
) -> bytes:
    """Return a customer's message. *references*: the Message-ID it replies to."""
    sender = sender or f"customer-{number}@customer.example"
    lines = [
        "Received: from mx.customer.example by mx.shop.example; Mon, 24 Nov 2025 10:00:01 +0000",
        f"From: Customer {number} <{sender}>",
        f"To: {OURS}",
        f"Subject: Order {number}",
        f"Date: {date}",
        f"Message-ID: {message_id or f'<mail-{number}@customer.example>'}",
    ]
    if references:
        lines += [f"In-Reply-To: {references}", f"References: {references}"]
    if extra:
        lines.append(extra)
    return ("\r\n".join(lines) + "\r\n\r\n" + text + "\r\n").encode()


def id_of(octets: bytes) -> str:
    return read_fields(octets).message_id


def draft_id(octets: bytes) -> str:
    """Return the Message-ID of the draft that answers *octets*."""
    fields = read_fields(octets)
    body = octets.partition(b"\r\n\r\n")[2]
    facts = "\0".join((fields.message_id, fields.from_line, fields.date_line, body.decode("utf-8", "replace").strip()))
    return f"<{hashlib.sha256(facts.encode()).hexdigest()[:32]}@shop.example>"


def answer(octets: bytes, history: History, now: datetime) -> Draft | Skipped:
    """
    Answer *octets*: `hostile` in the text makes it hostile, `newsletter` gets nothing, `burst` raises.

    The same octets and *now* give the same draft.
    """
    fields = read_fields(octets)
    text = octets.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")
    incoming = IncomingMail(
        fields.message_id, fields.subject, Address(fields.sender), (Address(fields.sender),), text, text
    )
    if "burst" in text:
        raise ZeroDivisionError("a fault on purpose")
    hostile = "hostile" in text
    reading = Reading(
        incoming,
        Detection("en", 1.0, "text", "it says so"),
        Tone("hostile", 0.9, "insult") if hostile else Tone("calm", 0.0),
        (Intent("late_delivery"),),
    )
    if "newsletter" in text:
        return Skipped(incoming, "it is a newsletter", reading)
    strategy = Strategy("pause_and_deescalate" if hostile else "acknowledge_and_fix", "it is a test")
    message_id = draft_id(octets)
    references = " ".join((*fields.references, fields.message_id))
    body = f"Hello,\r\n\r\nthank you for your message. We look into it by [[date]].\r\n\r\n{_quoted(text)}\r\n"
    header = (
        f"From: {OURS}\r\nTo: {fields.sender}\r\nSubject: Re: {fields.subject}\r\n"
        f"Date: {now.astimezone(UTC):%a, %d %b %Y %H:%M:%S +0000}\r\nMessage-ID: {message_id}\r\n"
        + (f"In-Reply-To: {fields.message_id}\r\nReferences: {references}\r\n" if fields.message_id else "")
        + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    )
    return Draft(
        reading=reading,
        standing=Standing("ordinary", None, "a first contact"),
        strategy=strategy,
        message_id=message_id,
        from_=OURS,
        to=(Address(fields.sender),),
        cc=(),
        subject=f"Re: {fields.subject}",
        body=body,
        gaps=("date",),
        remarks=(),
        octets=(header + "\r\n" + body).encode("ascii", "replace"),
    )


def _quoted(text: str) -> str:
    return "\r\n".join("> " + line for line in re.split(r"\r?\n", text.strip())[:20])
