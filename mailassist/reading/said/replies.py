"""
Reply lines: "On 3 May 2024 at 10:15, Anna Berg <anna@example.org> wrote:", in any language, on one line or several.

Structure first, words second: a date or an address and a colon above quoted lines are a reply line in every language;
where no quoted lines follow, the verb has to be known, or date and address have to stand together.
"""

import re
from collections.abc import Sequence

from mailassist.reading.said.lines import (
    LOOKED_AT,
    Line,
    folded,
    has_address,
    has_date,
    has_time,
    plain_digits,
)
from mailassist.reading.said.phrases import has_verb, label_of, phrases

_MAX_LINES = 7  # over which clients and gateways wrap a reply line, blank ones among them
_MAX_WORDS = 45

_FRAME = " \t-–—―━─_=*~|#<>·•.+"
_DASHED = " \t-–—"
_DASHES = frozenset(("--", "––", "——"))
_COLONS = (":", "：")
_ISO_LINE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:,? \d{1,2}:\d\d(?::\d\d)?)?(?: (?:GMT|UTC)?[+-]\d{1,2}:?\d\d)? (?:[^\W\d]|[\"'<])"
)
_RFC_LINE = re.compile(r"(?:On )?(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d(?::\d\d)? [+-]\d{4}(?: \(\w+\))?[,:]?$")
_SHARED = re.compile(
    r"(?:(?<=\s)|(?<=[-–—]))(?:On|Am|Le|El|Il|Den|Op|Em|Dnia|W dniu|Dne)\s(?:[^\W\d]{2,10}\.?,?\s){0,2}\d"
)

# What a line tells, as bits of Line.facts.
DATE, TIME, ADDRESS, VERB, VERB_LAST, DATE_FIRST = (1 << bit for bit in range(6))
COLON, CLOSED, FRAMED, SIGNED, TOO_LONG, LABELLED = (1 << bit for bit in range(6, 12))
_WORDS_SHIFT = 16  # the number of words stands above the bits


def _facts(line: Line) -> int:
    """Return what *line* tells, found once."""
    if line.facts < 0:
        line.facts = _look(line.text)
    return line.facts


def _look(text: str) -> int:
    if len(text) > LOOKED_AT:
        return TOO_LONG
    core = plain_digits(text).strip(_FRAME)
    words = folded(core)
    tokens = words.split()
    facts = len(tokens) << _WORDS_SHIFT
    if any(map(str.isdigit, core)):
        facts |= DATE * has_date(core) | TIME * has_time(core) | DATE_FIRST * _begins_with_date(tokens)
    elif tokens and tokens[0] in phrases().before_date:
        facts |= DATE_FIRST
    facts |= ADDRESS * has_address(core) | VERB * has_verb(words)
    if facts & VERB:
        facts |= VERB_LAST * (has_verb(" ".join(tokens[-2:])) or has_verb(tokens[-1]))
        facts |= SIGNED * ((tokens[0] == "on" and "i" in tokens) or not _FIRST_PERSON.isdisjoint(tokens))
    if core and (core[-1] in _COLONS or core[0] == ":"):  # right to left, the colon may come first
        facts |= COLON
    if text.endswith((">", "-")):
        facts |= CLOSED
    if text[:2] in _DASHES and text[-2:] in _DASHES:
        facts |= FRAMED
    if label_of(text)[0]:
        facts |= LABELLED
    return facts


_FIRST_PERSON = frozenset(("ich", "ik", "jeg", "jag", "yo"))  # who quotes themselves goes on writing


def _begins_with_date(tokens: Sequence[str]) -> bool:
    """Say whether a date stands at the beginning, but for the words that lead to one."""
    known = phrases().before_date
    for position, token in enumerate(tokens[:4]):
        if any(char.isdigit() for char in token):
            return True
        if position and token not in known and len(token) > 12:
            return False
    return tokens[0] in known


def reply_line(lines: Sequence[Line], at: int) -> tuple[int, int] | None:
    """Return the first line and the line after the last of the reply line at *at*, None where there is none."""
    end = reply_line_end(lines, at)
    return None if end is None else (_begin(lines, at, end), end)


def reply_line_end(lines: Sequence[Line], at: int) -> int | None:
    """Return the line after the reply line that begins at *at*, None where none does."""
    end = _shortest(lines, at)
    if end is None or _facts(lines[end - 1]) & COLON:
        return end
    # "On 3 May 2024, Anna <" or "… <anna@b.example>" can be half of it: the verb may stand on the next line.
    for look in range(end, min(end + 2, len(lines))):
        line = lines[look]
        if not line.text or line.kind or len(line.text) > 80:
            break
        if _facts(line) & COLON and (_facts(line) & (VERB | ADDRESS) or ">" in line.text):
            return look + 1
    return end


def _shortest(lines: Sequence[Line], at: int) -> int | None:
    first = lines[at].text
    if not _facts(lines[at]) & (DATE | TIME | ADDRESS | VERB | COLON | CLOSED) and not first.endswith("<"):
        return None
    if label_of(first)[1]:
        return None  # "Date: 3 May 2021" is a line of a header or a form
    length = facts = words = blanks = 0
    for end in range(at, min(at + _MAX_LINES, len(lines))):
        line = lines[end]
        if not line.text:
            blanks += 1
            if blanks > 1 or not _goes_on(lines, end):
                return None
            continue
        if line.kind:
            return None
        length += len(line.text) + 1
        found = _facts(line)
        words += found >> _WORDS_SHIFT
        if length > LOOKED_AT or words > _MAX_WORDS or found & (TOO_LONG | LABELLED):
            return None
        # Of the first line holds how it begins, of the last how it ends, of all what they name.
        facts |= found & (DATE | TIME | ADDRESS | VERB | SIGNED)
        if end == at:
            facts |= found & (DATE_FIRST | FRAMED)
        ends = facts | found & (COLON | CLOSED | VERB_LAST)
        if _is_reply_line(ends, words, next_is_quoted(lines, end + 1)):
            return end + 1
        if end == at and (_is_bare(first, ends) or (_stands_alone(lines, at) and _is_whole(first, ends))):
            return end + 1
    return None


def _is_reply_line(facts: int, words: int, quote_follows: bool) -> bool:
    """Say whether lines that tell *facts* introduce older mail."""
    named = facts & (DATE | TIME | ADDRESS)
    if quote_follows:
        if facts & COLON and (named or facts & VERB):
            return True
        return bool((named and facts & VERB) or (facts & ADDRESS and facts & CLOSED))
    if facts & ADDRESS:
        if facts & (DATE | TIME):
            return bool(facts & (COLON | VERB | CLOSED))
        return bool(facts & COLON and facts & VERB) and words <= 16
    if facts & DATE and facts & VERB and facts & (TIME | COLON) and facts & (COLON | VERB_LAST) and not facts & SIGNED:
        return bool(facts & DATE_FIRST) or words <= 14
    return bool(facts & FRAMED and facts & VERB_LAST) and words <= 8  # "---- John Smith wrote ----"


def _stands_alone(lines: Sequence[Line], at: int) -> bool:
    return at > 0 and not lines[at - 1].text and at + 1 < len(lines) and not lines[at + 1].text


def _is_whole(text: str, facts: int) -> bool:
    return bool(facts & DATE and facts & TIME and facts & VERB and not facts & SIGNED) and _is_closed_form(text)


def _is_bare(text: str, facts: int) -> bool:
    """Say whether *text* is a date in the form of a program and, at most, a name: "2016-03-03 17:21 GMT+01:00 Anna"."""
    core = text.strip(_FRAME)
    if not facts & DATE:
        return False
    return bool(_RFC_LINE.match(core) or (_ISO_LINE.match(core) and (facts & ADDRESS or " GMT" in core)))


def _is_closed_form(text: str) -> bool:
    """Say whether *text* is a date, a verb and a name and nothing else: "Anna Berg skrev 03.05.2021 10:15"."""
    words = plain_digits(text).strip(_FRAME).split()
    dated = [any(char.isdigit() for char in word) for word in words]
    rest = [
        word
        for at, word in enumerate(words)
        if not any(dated[max(at - 1, 0) : at + 2])
        and folded(word) not in phrases().before_date
        and not has_verb(folded(word))
    ]
    return 1 <= len(rest) <= 4 and all(word[0].isupper() for word in rest)


def next_is_quoted(lines: Sequence[Line], at: int) -> bool:
    """Say whether quoted lines begin at *at*, or below up to three blank lines."""
    for line in lines[at : at + 4]:
        if line.text or line.kind:
            return line.kind == "quote"
    return False


def _goes_on(lines: Sequence[Line], blank: int) -> bool:
    """Say whether a reply line goes on below a *blank* line: Polymail writes name, blank line, `<` and address."""
    below = lines[blank + 1].text if blank + 1 < len(lines) else ""
    return lines[blank - 1].text.endswith(("<", ",")) or below.startswith("<")


def _begin(lines: Sequence[Line], at: int, end: int) -> int:
    """
    Return the line on which the reply line in *at*..*end* really begins.

    Later, where *at* is a sentence with a date of its own; earlier, where a name was wrapped away from its address.
    """
    while at + 1 < end and _shortest(lines, at + 1) is not None and _is_apart(lines[at], lines[at + 1]):
        at += 1
    above = lines[at - 1] if at else None
    if above is None or above.kind or not above.text or len(above.text) > 120 or above.text[-1] in ".!?:":
        return at
    wrapped = lines[at].text.startswith("<") and (_facts(above) & DATE_FIRST or len(above.text.split()) <= 4)
    return at - 1 if wrapped else at


def _is_apart(line: Line, below: Line) -> bool:
    """Say whether a reply line begins *below* rather than on *line*."""
    if _facts(below) & DATE_FIRST and _facts(below) & DATE:
        return not _facts(line) & ADDRESS
    return not _facts(line) & (DATE_FIRST | ADDRESS) and line.text.endswith((".", "!", "?"))


def part_from_said(line: Line) -> bool:
    """Cut the reply line off *line*, where it shares it with what was said; say whether it did."""
    shared = _SHARED.search(line.text[:LOOKED_AT])
    if shared is None:
        return False
    said = line.text[: shared.start()].rstrip(_DASHED)
    if not said or has_address(said) or has_verb(folded(said)):
        return False
    cut = line.raw.find(shared[0])
    line.raw, line.tail = line.raw[:cut].rstrip(_DASHED), line.raw[cut:]
    line.text, line.facts = said, -1
    return True


def ends_reply_line(lines: Sequence[Line], at: int) -> bool:
    """Say whether the mark closes the address of a reply line: `<`, `anna@b.example`, `> wrote:` on three lines."""
    line, above = lines[at], lines[at - 1].text if at else ""
    if line.depth > 1 or len(line.text) > 40 or not line.text.endswith(_COLONS) or lines[at - 1].kind:
        return False
    return (has_address(above) or above.endswith("<")) and has_verb(folded(line.text))
