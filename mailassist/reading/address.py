"""Addresses: read leniently, checked strictly, told apart. The only door to email_validator; DNS is never asked."""

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from mailassist.reading.header import MAX_VALUE, decode_header
from mailassist.values import Address

MAX_ADDRESSES = 100  # of one field; a field with more is a mailing, and nobody is answered from its end
_CLOSES = {'"': '"', "(": ")", "<": ">"}


def parse_addresses(raw: str, charset: str = "") -> tuple[Address, ...]:
    """
    Return the addresses of an address field (RFC 5322 §3.4) that can be written to, in order, each once.

    raw: the undecoded value. charset: that of the body, for octets that are not encoded.

    Groups are opened, comments become the name where there is no other, and what people and programs really write is
    understood: `a@b.example (Anna)`, `Doe, John <j@b.example>`, semicolons, missing quotes.
    """
    found: dict[str, Address] = {}
    pending = ""
    raw = raw[:MAX_VALUE]
    if "@" not in raw and "=?" in raw:
        raw = decode_header(raw)  # some programs encode the whole field, angle brackets and all
    for piece in _pieces(raw):
        if "@" not in piece:
            pending += piece + ", "  # an unquoted comma in a display name: "Doe, John <…>"
            continue
        address = _parse_one(pending + piece, charset) or _parse_one(piece, charset)
        pending = ""
        if address is not None:
            found.setdefault(address.spec.casefold(), address)
        if len(found) >= MAX_ADDRESSES:
            break
    return tuple(found.values())


@lru_cache(maxsize=256)  # each mail has ours in it
def valid_address(spec: str) -> str:
    """
    Return *spec* with its domain in lower case and Unicode, or "" where it is no address one can write to.

    A local part beyond ASCII is refused: a draft to it needs SMTPUTF8, which few servers offer (RFC 6531).
    """
    spec = spec.strip().strip("<>").strip()
    if spec.count("@") != 1 or len(spec) > 254 or not spec.partition("@")[0].isascii():
        return ""
    local, _, domain = spec.rpartition("@")
    if domain.lower().endswith(".local"):  # reserved for mDNS, and the domain of many an office server
        return spec.partition("@")[0] + "@" + domain.lower() if valid_address(local + "@example.org") else ""
    from email_validator import EmailNotValidError, validate_email  # takes 40 ms to load

    try:
        checked = validate_email(spec, check_deliverability=False, test_environment=True)
    except (EmailNotValidError, ValueError):
        return ""
    return checked.normalized


def is_same(one: str, other: str) -> bool:
    """Say whether two addresses are one mailbox: letter case and a `+detail` (RFC 5233) make no difference."""
    return _mailbox(one) == _mailbox(other)


def is_ours(spec: str, own: Collection[str]) -> bool:
    """Say whether *spec* is one of the *own* addresses; an own entry `@domain` stands for all of its domain."""
    mailbox = _mailbox(spec)
    domain = "@" + mailbox.rpartition("@")[2]
    return any(_mailbox(entry) == mailbox or entry.strip().casefold() == domain for entry in own)


def _mailbox(spec: str) -> str:
    local, _, domain = spec.strip().casefold().rpartition("@")
    return local.partition("+")[0] + "@" + domain


def _pieces(raw: str) -> Iterator[str]:
    """Yield what stands between the separators of an address list, groups opened. One pass over *raw*."""
    start, closing, depth = 0, "", 0
    at = 0
    while at < len(raw):
        char = raw[at]
        if char == "\\" and closing:
            at += 1
        elif closing:
            if closing == ")" and char == "(":
                depth += 1
            elif char == closing and depth:
                depth -= 1
            elif char == closing or (closing == '"' and char == "<" and '"' not in raw[at:]):
                closing = _CLOSES.get(char, "")
        elif char in _CLOSES:
            closing = _CLOSES[char]
        elif char in ",;" or (char == ":" and "@" not in raw[start:at]):
            if char != ":":
                yield raw[start:at].strip()
            start = at + 1
        at += 1
    yield raw[start:].strip()


def _parse_one(piece: str, charset: str) -> Address | None:
    """Return the address that *piece* of a list is, None where it is none."""
    bare, comments = _without_comments(piece)
    opening = bare.rfind("<")
    if opening >= 0:
        spec, name = bare[opening + 1 :].partition(">")[0], bare[:opening]
        spec = spec.rpartition(":")[2]  # a source route, "<@relay:a@b>" (RFC 5322 §4.4)
    else:
        spec = next((word for word in bare.split() if "@" in word.strip("@")), bare)
        name = bare.replace(spec, "") if spec != bare else ""
    spec = "".join(spec.split()) if '"' not in spec else spec.strip()
    checked = valid_address(spec.strip("'\",;")) or valid_address(decode_header(spec))
    if not checked:
        return None
    shown = _display_name(name, charset) or _display_name(" ".join(comments), charset)
    return Address(checked, "" if is_same(shown, checked) else shown)


def _display_name(raw: str, charset: str) -> str:
    """Return the decoded display name, without the quotes around it and the backslashes in it."""
    name = decode_header(raw.strip(), charset)
    for quote in ('"', "'"):
        if len(name) >= 2 and name[0] == name[-1] == quote:
            name = name[1:-1].strip()
    return " ".join(name.replace("\\", "").replace('"', "").split())[:200]


def _without_comments(piece: str) -> tuple[str, list[str]]:
    """Return *piece* without its comments (RFC 5322 §3.2.2), and the comments without their parentheses."""
    if "(" not in piece:
        return piece, []
    kept: list[str] = []
    comments: list[str] = []
    depth, quoted, start = 0, False, 0
    for at, char in enumerate(piece):
        if char == '"' and not depth and piece[at - 1 : at] != "\\":
            quoted = not quoted
        elif char == "(" and not quoted:
            if not depth:
                kept.append(piece[start:at])
                start = at + 1
            depth += 1
        elif char == ")" and depth and not quoted:
            depth -= 1
            if not depth:
                comments.append(piece[start:at].strip())
                start = at + 1
    kept.append(piece[start:] if not depth else " " + piece[start:])
    return "".join(kept).strip(), comments


def specs(addresses: Iterable[Address]) -> tuple[str, ...]:
    """Return the bare `local@domain` of each address."""
    return tuple(address.spec for address in addresses)
