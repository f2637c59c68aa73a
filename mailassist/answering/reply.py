"""A reply as a mail client makes one: header fields, quoted original, octets (RFC 5322, 2045, 3676)."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from mailassist.answering.locale import Locale
from mailassist.answering.plain import as_value
from mailassist.values import Address, IncomingMail

MOST_REFERENCES = 20
MOST_COPIES = 10  # a reply to all of a circular is no reply
MOST_QUOTED_LINES = 200
MOST_QUOTED_LETTERS = 12_000
MOST_SUBJECT_LETTERS = 250
SHORT_SUBJECT = 60  # characters that need no second line
FLOWED_WIDTH = 72  # RFC 3676 §4.2: lines of at most 78, better fewer
# Reply prefixes of the mail clients of many languages, with Outlook's and mutt's counters: "Re[2]:", "AW (3):".
PREFIX = re.compile(
    r"\s*(?:re|aw|sv|vs|antw|antwort|odp|r|rif|rép|rep|res|ynt|vá|ref|ответ|на|відп|отв|atb|vl|bls|回复|答复)"
    r"\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[::]\s*",
    re.I,
)
_MESSAGE_ID = re.compile(r"<[^\s<>@]+@[^\s<>@]+>")


def from_identity(mail: IncomingMail, identities: Sequence[Address]) -> Address | None:
    """Return the one of our *identities* the mail was written to, else the first; None where there is none."""
    own = {one.spec.casefold(): one for one in identities}
    written_to = [*(one.spec for one in (*mail.to, *mail.cc)), *mail.delivered_to]
    for spec in written_to:
        if found := own.get(spec.casefold()) or own.get(_without_plus(spec).casefold()):
            return found
    return identities[0] if identities else None


def _without_plus(spec: str) -> str:
    """Return *spec* without its detail: service+vip@example.org -> service@example.org (RFC 5233)."""
    local, _, domain = spec.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def subject(original: str, locale: Locale) -> str:
    """Return the reply's subject: the original's with one reply prefix, however many it has."""
    rest = as_value(original)[:MOST_SUBJECT_LETTERS]
    while found := PREFIX.match(rest):
        rest = rest[found.end() :]
    return f"{locale.text('reply', 'prefix') or 'Re: '}{rest}".strip()


def references(mail: IncomingMail) -> tuple[str, ...]:
    """Return the identifiers for References (RFC 5322 §3.6.4): the thread's, then the mail's; a long chain is cut."""
    parents = mail.references or (mail.in_reply_to if len(mail.in_reply_to) == 1 else ())
    chain = [one for one in dict.fromkeys((*parents, mail.message_id)) if _MESSAGE_ID.fullmatch(one)]
    return tuple(chain if len(chain) <= MOST_REFERENCES else [chain[0], *chain[-(MOST_REFERENCES - 1) :]])


def copies(mail: IncomingMail, to: Sequence[Address], own: Sequence[Address]) -> tuple[Address, ...]:
    """Return whom else a reply to all goes to: the mail's To and Cc without ourselves and without *to*."""
    left_out = {one.spec.casefold() for one in (*to, *own)}
    others = {one.spec.casefold(): one for one in (*mail.to, *mail.cc)}
    kept = [one for spec, one in others.items() if spec not in left_out and _without_plus(spec) not in left_out]
    return tuple(kept) if len(kept) <= MOST_COPIES else ()


def message_key(mail: IncomingMail, identity: Address | None, override: str | None) -> str:
    """
    Return 32 hex digits that follow from the message answered and the identity answering.

    override: the strategy a person asked for by name; their draft is another one than ours.
    """
    sender = mail.from_.spec if mail.from_ else ""
    date = mail.date.isoformat() if mail.date else ""
    facts = (identity.spec if identity else "", mail.message_id, sender, date, mail.subject, mail.body, override or "")
    digest = hashlib.blake2b(digest_size=16)
    for one in facts:
        octets = one.encode("utf-8", "surrogatepass")
        digest.update(len(octets).to_bytes(8, "big") + octets)
    return digest.hexdigest()


def message_id(key: str, identity: Address | None) -> str:
    """Return the Message-ID made of *key* and the domain of our identity."""
    domain = identity.spec.rpartition("@")[2] if identity else ""
    return f"<{key}@{_ascii_domain(domain) or 'localhost'}>"


def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def quoted_original(mail: IncomingMail, locale: Locale) -> str:
    """Return the mail's text as a client quotes it: attribution line, then "> " lines; empty for an empty mail."""
    lines = [_shown(line) for line in mail.body.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    if not any(lines):
        return ""
    kept, letters = [], 0
    for line in lines[:MOST_QUOTED_LINES]:
        letters += len(line)
        if letters > MOST_QUOTED_LETTERS:
            break
        kept.append(line)
    if len(kept) < len(lines):
        kept.append(locale.text("reply", "cut"))
    quoted = "\n".join(f">{line}" if line.startswith(">") or not line else f"> {line}" for line in kept)
    return f"{attribution(mail, locale)}\n{quoted}"


def attribution(mail: IncomingMail, locale: Locale) -> str:
    """Return the line above the quoted text: "On 9 June 2025 at 22:47, Neil Haddow wrote:"."""
    sender = mail.from_
    name = as_value(sender.name) or sender.spec if sender else "?"
    if mail.date is None:
        return locale.text("reply", "attribution_undated").format(name=name)
    shown = {"date": locale.date(mail.date), "time": locale.time(mail.date), "name": name}
    return locale.text("reply", "attribution").format(**shown)


def _shown(line: str) -> str:
    """Return *line* without control and direction characters, lone surrogates replaced."""
    line = line.expandtabs(4)
    if line.isprintable():
        return line.rstrip()
    kept = (c for c in line if unicodedata.category(c) not in ("Cc", "Cf") or c in "\u200c\u200d\u00ad")
    return "".join("\N{REPLACEMENT CHARACTER}" if "\ud800" <= c <= "\udfff" else c for c in kept).rstrip()


def octets_of(
    *,
    from_: Address | None,
    to: Sequence[Address],
    cc: Sequence[Address],
    subject: str,
    date: datetime | None,
    message_id: str,
    in_reply_to: str,
    references: Sequence[str],
    body: str,
) -> bytes:
    """Return the message: ASCII, CRLF, quoted-printable, format=flowed; no field but those of a client's own reply."""
    fields = [
        ("From", _addresses([from_] if from_ else [])),
        ("To", _addresses(to)),
        ("Cc", _addresses(cc)),
        ("Subject", _subject(subject)),
        ("Date", format_datetime(date) if date else ""),
        ("Message-ID", message_id),
        ("In-Reply-To", in_reply_to if _MESSAGE_ID.fullmatch(in_reply_to) and in_reply_to.isascii() else ""),
        ("References", "\r\n ".join(one for one in references if one.isascii())),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8; format=flowed"),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields if value)
    return head.encode("ascii") + b"\r\n" + _quoted_printable(flowed(body))


def _subject(subject: str) -> str:
    """Return *subject* as it stands in its field: folded where it is long, encoded where it is not ASCII."""
    if subject.isascii() and len(subject) <= SHORT_SUBJECT:
        return subject
    return Header(subject, "us-ascii" if subject.isascii() else "utf-8", 76, "Subject").encode(linesep="\r\n")


def _addresses(addresses: Sequence[Address]) -> str:
    return ",\r\n ".join(_address(one) for one in addresses)


def _address(address: Address) -> str:
    """Return *address* as it stands in a header field: the name quoted or encoded, the domain in ASCII."""
    local, _, domain = address.spec.rpartition("@")
    spec = f"{local}@{_ascii_domain(domain) or domain}"
    name = as_value(address.name)
    if not name:
        return spec
    if not name.isascii():
        return f"{Header(name, 'utf-8', 70).encode(linesep=chr(13) + chr(10))} <{spec}>"
    if re.fullmatch(r"[\w !#$%&'*+/=?^`{|}~-]+", name):
        return f"{name} <{spec}>"
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{spec}>'


def flowed(body: str) -> str:
    """Return *body* as format=flowed (RFC 3676): long lines broken behind a space, quoted ones as they are."""
    return "\n".join(piece for line in body.split("\n") for piece in _flow(line))


def _flow(line: str) -> list[str]:
    if line.startswith(">"):
        return [line]
    line = line if line == "-- " else line.rstrip(" ")
    pieces = []
    while len(line) > FLOWED_WIDTH and (cut := line.rfind(" ", 1, FLOWED_WIDTH)) > 0:
        pieces.append(_stuffed(line[: cut + 1]))
        line = line[cut + 1 :]
    return [*pieces, _stuffed(line)]


def _stuffed(line: str) -> str:
    return f" {line}" if line.startswith((" ", ">", "From ")) else line


def _quoted_printable(text: str) -> bytes:
    """Return *text* in quoted-printable with CRLF line ends (RFC 2045 §6.7)."""
    lines = _UNSAFE.sub(_escaped, text.rstrip("\n").encode("utf-8", "replace")).split(b"\n")
    short = (line if len(line) <= LONGEST_LINE else b"=\r\n".join(_PIECE.findall(line)) for line in lines)
    return b"\r\n".join(short) + b"\r\n"


def _escaped(octets: re.Match[bytes]) -> bytes:
    return f"={octets[0].hex('=').upper()}".encode()


_UNSAFE = re.compile(rb"[^\n -<>-~]+| $", re.M)
LONGEST_LINE = 75  # octets
# No escape torn, and the next piece does not begin with a space: Thunderbird's editor takes that for one that was
# stuffed in (RFC 3676 §4.4), and drops it.
_PIECE = re.compile(rb".{1,75}(?<!=)(?<!=.)(?! )|.{1,75}(?<!=)(?<!=.)")
