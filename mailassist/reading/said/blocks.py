"""Header blocks, as Outlook puts them above older mail, and the dashed lines that say what follows."""

import re
from collections.abc import Iterable, Sequence

from mailassist.reading.said.lines import (
    LOOKED_AT,
    RULE,
    Line,
    folded,
    has_address,
    has_date,
    has_time,
    plain_digits,
    skip_blank,
)
from mailassist.reading.said.phrases import LABEL, NO_ROLES, Roles, label_of, phrases
from mailassist.reading.said.replies import reply_line_end

FRAME = " \t-–—―━─_=*~|#<>·•.+"  # what stands around the words of a dashed line

_PREFIX = re.compile(r"(?:re|aw|sv|vs|fw|fwd|wg|antw|odp|rv|tr|ynt|hv)\s?(?:\[\d+\])?[:：]", re.IGNORECASE)
_DASHES = frozenset(("----", "====", "____", "––––", "————"))


def delimiter_kind(lines: list[Line], at: int) -> str:
    """
    Return the kind of delimiter that line *at* is, "" where it is none.

    "forward" for "---------- Forwarded message ---------", "marker" for "-----Original Message-----". A dashed line of
    other words is none: people rule off their text, and forms say "---- Enter feedback below ----".
    """
    text = lines[at].text
    core = text[:120].strip(FRAME)
    if len(core) < 3:
        return ""
    words = folded(core)
    framed = not text[0].isalnum() and len(text) - len(text.lstrip(FRAME)) >= 2
    for kind, known in (("forward", phrases().forwarded), ("marker", phrases().original)):
        if words in known:
            return kind if framed or _introduces(lines, at) else ""
        if framed and any(opening in known for opening in _openings(words)):
            return kind
    return ""


def _openings(words: str) -> Iterable[str]:
    """Yield the first word, the first two words, and so on, up to eight."""
    tokens = words.split()[:8]
    return (" ".join(tokens[:count]) for count in range(1, len(tokens)))


def asks_to_write_above(text: str) -> bool:
    """Say whether *text* is the line of a help desk, "##- Please type your reply above this line -##"."""
    if len(text) > 200 or (len(text) > 120 and not any(char in text for char in "-#=_*~")):
        return False
    return phrases().above.search(folded(text)) is not None


def rule_above(lines: Sequence[Line], at: int) -> int:
    """Return the index of the dashed line right above *at*, which belongs to what begins there, or *at*."""
    above = at - 1
    while above >= 0 and not lines[above].text and at - above < 3:
        above -= 1
    if above < 0 or lines[above].kind:
        return at
    text = lines[above].text[:LOOKED_AT]
    return above if RULE.match(text) or (text[:4] in _DASHES and text[-4:] in _DASHES) else at


def _introduces(lines: list[Line], at: int) -> bool:
    """Say whether header lines, a reply line or quoted lines follow line *at*."""
    following = skip_blank(lines, at + 1)
    if following >= len(lines):
        return False
    after = lines[following]
    return bool(after.kind == "quote" or label_of(after.text)[0] or reply_line_end(lines, following))


def header_block_end(lines: Sequence[Line], at: int) -> int | None:
    """
    Return the line after the block of header lines that begins at *at*, None where none does.

    Blank lines between the fields, wrapped values and bold labels are taken as they come.
    """
    if at >= len(lines) or not (":" in lines[at].text or "：" in lines[at].text):
        return None
    seen: list[Roles] = []
    values: list[str] = []
    end = look = at
    while look < len(lines) and look - end <= 3 and look - at < 40:
        line = lines[look]
        roles = label_of(line.text)[0] if line.text and not line.kind else NO_ROLES
        if roles:
            if roles in seen and len(roles) == 1 and not roles & {"other", "cc"}:
                break
            seen.append(roles)
            values.append(line.text)
            end = look + 1
        elif look == at or (not line.text and not lines[look - 1].text and look > end):
            break
        look += 1
    joined = plain_digits(" ".join(values)[:2000])
    if _is_block(seen, joined):
        return end if _is_whole(seen, joined) or not is_form(lines[max(at - 8, 0) : end + 12]) else None
    return _unknown_block_end(lines, at) or _one_line_block_end(lines, at)


def _is_whole(seen: Sequence[Roles], values: str) -> bool:
    """Say whether nothing is missing from a block: who, when, to whom; no form names them all."""
    named = {role for roles in seen for role in roles}
    return len(seen) >= 3 and {"from", "sent", "to"} <= named and has_date(values)


def is_form(lines: Sequence[Line]) -> bool:
    """Say whether *lines* are of a contact form: its label for the message, or two labels that no mail header has."""
    known = phrases()
    labels = [folded(found[1]) for line in lines if (found := _form_label(line.text))]
    return (
        any(label in known.form_message for label in labels) or sum(label in known.form_other for label in labels) >= 2
    )


def _form_label(text: str) -> re.Match[str] | None:
    return LABEL.match(text[:LOOKED_AT]) if ":" in text[:40] else None


def _is_block(seen: Sequence[Roles], values: str) -> bool:
    """
    Say whether header lines for *seen* make up a block.

    It names a sender or a time, and a subject or an address besides: "From: Hamburg, To: Berlin, Date: 3 May" is a
    booking.
    """
    named = {role for roles in seen for role in roles}
    if len(seen) < 2 or not named & {"from", "sent"}:
        return False
    address = has_address(values) or "mailto:" in values
    if len(seen) >= 3:
        if "subject" in named or address:
            return True
        # Windows Mail leaves the subject out; a booking has its date last.
        in_order = [min(roles) for roles in seen[:3]] == ["from", "sent", "to"]
        return in_order and has_date(values) and has_time(values)
    if not address:
        return False
    return has_date(values) and ("from" in named or has_time(values))


def copied_header_end(lines: Sequence[Line], at: int) -> int | None:
    """
    Return the line after the head of a message that was copied out of Gmail's web page at *at*, None where none is.

    Name and address on the first line, the time and how long ago in parentheses, then "to" and names.
    """
    head = [line for line in lines[at : at + 5] if line.text][:3]
    if len(head) < 3 or head[0].text[-1] != ">" or not has_address(head[0].text) or any(line.kind for line in head):
        return None
    when, whom = plain_digits(head[1].text), folded(head[2].text)
    ago = when.endswith(")") and "(" in when and len(when) <= 60 and (has_time(when) or has_date(when))
    addressed = "to" in phrases().labels.get(whom.partition(" ")[0], NO_ROLES) and len(whom) <= 80
    return next(end for end in range(at + 1, at + 6) if lines[end - 1] is head[2]) if ago and addressed else None


def _unknown_block_end(lines: Sequence[Line], at: int) -> int | None:
    """
    Return the line after a header block in a language without a table, None where there is none at *at*.

    Three to eight lines in a row, each a label of up to three words and a value: one of them a date with a time, two of
    them addresses, or one an address and one a subject with a prefix. A form that was sent in has one address.
    """
    values: list[str] = []
    for line in lines[at : at + 8]:
        found = LABEL.match(line.text[:LOOKED_AT]) if ":" in line.text and not line.kind else None
        if found is None or len(found[1].split()) > 3:
            break
        values.append(plain_digits(found[2]))
    if len(values) < 3:
        return None
    dated = any(has_date(value) and has_time(value) and len(value) <= 60 for value in values)
    addresses = sum(has_address(value) and len(value.split()) <= 8 for value in values)
    prefixed = any(_PREFIX.match(value) for value in values)
    return at + len(values) if dated and (addresses >= 2 or (addresses and prefixed)) else None


def _one_line_block_end(lines: Sequence[Line], at: int) -> int | None:
    """Return *at* + 1 where the line is a whole header block that lost its line breaks, else None."""
    text = lines[at].text[:LOOKED_AT]
    if text.count(":") < 3 or folded(text.partition(":")[0]) not in phrases().labels:
        return None
    return at + 1 if {"from", "sent", "subject"} <= set(_labels_within(text)) else None


def _labels_within(text: str) -> Iterable[str]:
    """Yield what the labels within *text* may stand for: one or two words before each colon."""
    for piece in text.split(":")[:-1]:
        words = piece.split()[-2:]
        for label in (" ".join(words), " ".join(words[-1:])):
            yield from phrases().labels.get(folded(label), NO_ROLES)
