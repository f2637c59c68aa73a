"""Octets -> IncomingMail: who wrote, to whom, where a reply goes, and what is newly said."""

import re

from mailassist.errors import UnreadableMessage
from mailassist.reading.address import parse_addresses, specs, valid_address
from mailassist.reading.header import decode_header, message_ids, parse_date
from mailassist.reading.message.mime import (
    MAX_TEXT,
    bounded,
    content_type,
    declared_charset,
    fields_of,
    parse_tree,
    read_body,
)
from mailassist.reading.said import split
from mailassist.values import Address, IncomingMail

_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "apparently-to")


def parse(octets: bytes) -> IncomingMail:
    """
    Return the message that *octets* are (RFC 5322, MIME), decoded as far as an answer needs it.

    Whatever is broken is left out or shown as it is. Raises UnreadableMessage where there is nothing to read at all.
    """
    within, cut = bounded(octets)
    root = parse_tree(within)
    fields = fields_of(root)
    if not fields and not within.strip():
        raise UnreadableMessage("the message is empty; look at it in the mail client")
    text, parts, in_text = read_body(root)
    raw = {name: values[0] for name, values in fields.items()}
    charset = declared_charset(root)
    headers = {name: tuple(decode_header(value, charset) for value in values) for name, values in fields.items()}
    to, cc = _addresses(fields, "to", charset), _addresses(fields, "cc", charset)
    delivered_to = _delivered_to(headers)
    senders = _addresses(fields, "from", charset)
    from_ = senders[0] if senders else None
    said, removed = split(text[:MAX_TEXT], from_.name if from_ else "")
    return IncomingMail(
        message_id=next(iter(message_ids(raw.get("message-id", ""))), ""),
        subject=headers.get("subject", ("",))[0],
        from_=from_,
        reply_to=_reply_to(fields, senders, {*specs(to), *delivered_to}),
        said=said,
        body=text[:MAX_TEXT],
        removed=removed,
        sender=next(iter(_addresses(fields, "sender", charset)), None),
        to=to,
        cc=cc,
        delivered_to=delivered_to,
        date=parse_date(raw.get("date", "")),
        in_reply_to=message_ids(raw.get("in-reply-to", "")),
        references=message_ids(raw.get("references", "")),
        content_language=headers.get("content-language", ("",))[0].partition(",")[0].strip(),
        content_type=content_type(root),
        parts=parts,
        truncated=(cut and in_text) or len(text) > MAX_TEXT,
        headers=headers,
    )


# ── addresses ──


def _addresses(fields: dict[str, list[str]], name: str, charset: str = "") -> tuple[Address, ...]:
    found: dict[str, Address] = {}
    for value in fields.get(name, ()):
        for address in parse_addresses(value, charset):
            found.setdefault(address.spec.casefold(), address)
    return tuple(found.values())


def _delivered_to(headers: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    found = (valid_address(value) for name in _DELIVERED for value in headers.get(name, ()))
    return tuple(dict.fromkeys(spec for spec in found if spec))


_NO_REPLY = re.compile(r"(?:no|do[-_.]?not|kein|ne)[-_.]?(?:reply|antwort|repondre)|mailer-daemon|bounces?\b")


def _reply_to(fields: dict[str, list[str]], senders: tuple[Address, ...], ours: set[str]) -> tuple[Address, ...]:
    """
    Return where a reply goes: Reply-To (RFC 5322 §3.6.2), where it leads to anyone but ourselves or a dead end.

    ours: the addresses the message was sent to. A mailing tool that puts us into Reply-To does not want us to write to
    ourselves, unless we are the sender too: then it is our own contact form.
    """
    wanted = _addresses(fields, "reply-to")
    usable = [address for address in wanted if not _NO_REPLY.match(address.spec.lower()) and address.spec not in ours]
    if usable:
        return tuple(usable[:10])
    alive = [address for address in senders if not _NO_REPLY.match(address.spec.lower())]
    original = _addresses(fields, "x-original-from")  # a list that put itself into From for DMARC's sake
    return tuple(alive[:1] or original[:1] or wanted[:1] or senders[:1])
