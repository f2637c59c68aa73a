"""What a server says, in our words: response codes, refusals, and the header fields a draft is found by."""

import re
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.utils import getaddresses
from typing import Literal

# RFC 3501 §7.1, RFC 5530, RFC 4315: a bracketed word, perhaps with arguments, at the start of the text
_CODE = re.compile(r"\[([A-Z0-9.-]+)(?: ([^\]]*))?\]", re.IGNORECASE)
_APPENDUID = re.compile(rb"\[APPENDUID (\d{1,10}) (\d{1,10})\]", re.IGNORECASE)
_MSG_ID = re.compile(rb"<[^<>\s]{1,996}>")
_BACKOFF_MS = re.compile(r"backoff time: (\d{1,9}) milli", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")

MAX_BACKOFF_S = 600.0  # Exchange has asked for 299910 ms; more than ten minutes is not believed

# RFC 5530: the account itself is refused. Anything else at login is somebody's trouble that may pass.
_AUTH_CODES = frozenset({"AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED", "CONTACTADMIN"})
_TEMPORARY_CODES = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED"})
# Dovecot, Yahoo and Exchange say these without a code, or with [AUTHENTICATIONFAILED] beside them
_TEMPORARY_TEXT = re.compile(
    r"maximum number of connections|too many|rate limit|throttl|unavailable|try again|temporar|internal error"
    r"|timed? ?out",
    re.IGNORECASE,
)

_TOO_LARGE = re.compile(r"too (?:large|big)|(?:mail|message) size|larger than")

RefusalKind = Literal["no folder", "quota", "too large", "busy", "refused"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command the server answered with NO or BAD: it has certainly not been done."""

    kind: RefusalKind
    text: str  # the server's words, printable and short
    retry_after_s: float = 0.0

    @property
    def ends_pass(self) -> bool:
        """Whether the next message would be refused as well."""
        return self.kind in ("no folder", "quota", "busy")


def printable(text: object, limit: int = 120) -> str:
    """Return *text* on one line, without controls and direction marks, fit for a message to a person."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return _CONTROLS.sub(" ", words).strip()[:limit]


def response_code(text: str) -> str:
    """Return the response code in *text*, upper case; empty when there is none."""
    found = _CODE.search(text)
    return found[1].upper() if found else ""


def retry_after(text: str) -> float:
    """Return the seconds that a throttled server asks for (Exchange states milliseconds); 0.0 where it does not say."""
    found = _BACKOFF_MS.search(text)
    return min(int(found[1]) / 1000, MAX_BACKOFF_S) if found else 0.0


def refusal(text: str) -> Refusal:
    """Return what a tagged NO or BAD with *text* means to somebody who wants to save a draft."""
    code, words = response_code(text), text.lower()
    kind: RefusalKind = "refused"
    if code in ("TRYCREATE", "NONEXISTENT"):
        kind = "no folder"
    elif code == "OVERQUOTA" or "quota" in words:  # Cyrus says "Over quota" and gives no code
        kind = "quota"
    elif code == "TOOBIG" or _TOO_LARGE.search(words):  # Dovecot says [LIMIT] and "Mail size is larger than …"
        kind = "too large"
    elif code in _TEMPORARY_CODES or _TEMPORARY_TEXT.search(text):
        kind = "busy"
    return Refusal(kind, printable(text), retry_after(text))


def is_temporary(text: str) -> bool:
    """Say whether a refused login with *text* may succeed later with the same password."""
    code = response_code(text)
    if _TEMPORARY_TEXT.search(text):
        return True
    return code in _TEMPORARY_CODES and code not in _AUTH_CODES


def append_uid(text: object) -> tuple[int, int] | None:
    """Return UIDVALIDITY and UID from the answer to an APPEND (RFC 4315) or None: a hint, and sometimes garbage."""
    found = _APPENDUID.search(text if isinstance(text, bytes) else str(text).encode("ascii", "replace"))
    return (int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Fields:
    """The header fields that tie messages together, and who wrote one."""

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: str = ""  # addr-spec of From, lower case; empty where there is none
    sender_name: str = ""
    subject: str = ""
    from_line: str = ""  # From and Date as they stand, for telling copies from namesakes
    date_line: str = ""

    @property
    def answers(self) -> frozenset[str]:
        """The Message-IDs of the messages that this one replies to, nearest and farther."""
        return frozenset((*self.in_reply_to, *self.references))


FIELD_NAMES = ("MESSAGE-ID", "IN-REPLY-TO", "REFERENCES", "FROM", "DATE", "SUBJECT")
_MAX_HEADER = 262_144  # octets; what stands beyond is not looked at


def header_block(octets: bytes) -> bytes:
    """Return the header of *octets*, without the empty line that ends it."""
    head = octets[:_MAX_HEADER].replace(b"\r\n", b"\n")
    return head.split(b"\n\n", 1)[0] if not head.startswith(b"\n") else b""


def read_fields(octets: bytes) -> Fields:
    """
    Return the fields of a header block or whole message; what is absent or broken is empty.

    A field that stands twice counts the first time. Nothing here raises: the octets are a stranger's.
    """
    raw = _raw_fields(header_block(octets))
    ids = _MSG_ID.findall(raw.get(b"message-id", b""))
    name, address = _first_address(raw.get(b"from", b""))
    return Fields(
        message_id=_text(ids[0]) if ids else "",
        in_reply_to=tuple(_text(i) for i in _MSG_ID.findall(raw.get(b"in-reply-to", b""))),
        references=tuple(_text(i) for i in _MSG_ID.findall(raw.get(b"references", b"")[-65_536:])),
        sender=address,
        sender_name=name,
        subject=_decoded(raw.get(b"subject", b"")[:2000]),
        from_line=" ".join(_text(raw.get(b"from", b"")).split()),
        date_line=" ".join(_text(raw.get(b"date", b"")).split()),
    )


def _raw_fields(head: bytes) -> dict[bytes, bytes]:
    """Return lower-case name -> unfolded value, for the first field of each wanted name."""
    wanted = {name.lower().encode() for name in FIELD_NAMES}
    fields: dict[bytes, bytes] = {}
    current = b""
    for line in head.split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if current:
                fields[current] += b" " + line.strip()
            continue
        name, colon, value = line.partition(b":")
        key = name.strip().lower()
        current = key if colon and key in wanted and key not in fields else b""
        if current:
            fields[current] = value.strip()
    return fields


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")


def _decoded(octets: bytes) -> str:
    """Return an encoded-word text decoded; as it stands where it cannot be (headers of strangers raise many things)."""
    text = _text(octets)
    try:
        return printable(make_header(decode_header(text)), 300) if "=?" in text else printable(text, 300)
    except (LookupError, ValueError, UnicodeError):
        return printable(text, 300)


def _first_address(octets: bytes) -> tuple[str, str]:
    """Return display name and addr-spec, in lower case, of the first address of a From value; empty without one."""
    try:
        pairs = getaddresses([_text(octets[:10_000])])
    except (ValueError, IndexError, AttributeError, TypeError):
        pairs = []
    for name, spec in pairs:
        if "@" in spec:
            return _decoded(name.encode()), printable(spec, 320).lower()
    return "", ""
