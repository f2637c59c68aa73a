"""
Which lines of a body are older mail, and the lines that introduce it.

Structure comes first and words second: a reply line holds a date or an address and ends in a colon, a header block is
labels with values, whatever the language. Words decide where structure leaves a doubt, and a doubt that remains keeps
the text. All of it is done line by line, on at most LOOKED_AT characters, so that time is linear in the body.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from mailassist.reading.lines import LOOKED_AT, Line, folded, has_address, has_date, has_time, plain_digits
from mailassist.reading.signature import is_device_line, is_postscript
from mailassist.reading.words import table

_MAX_REPLY_LINES = 5  # over which clients and gateways wrap a reply line
_FRAME = " \t-–—―━─_=*~|#<>·•.+"
_LINK_STARTS = ("(http", "<http", "[http")
_DASHES = frozenset(("--", "––", "——", "- "))
_LABEL = re.compile(r"[\s*_|>\[]*([^\W\d_][^:：<>@\d]{0,28}?)[\s*_\]]*[:：][*_]*(?:\s|(?=\S))(.*)")
_RULE = re.compile(r"(?:[-–—―━─_=*~#+.•·]\s?){3,}$")
_ISO_LINE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:,? \d{1,2}:\d\d(?::\d\d)?)?(?: (?:GMT|UTC)?[+-]\d{1,2}:?\d\d)? (?:[^\W\d]|[\"'<])"
)
_SHARED = re.compile(
    r"(?:(?<=\s)|(?<=[-–—]))(?:On|Am|Le|El|Il|Den|Op|Em|Dnia|W dniu|Dne)\s(?:[^\W\d]{2,10}\.?,?\s){0,2}\d"
)
_RFC_LINE = re.compile(r"(?:On )?(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d(?::\d\d)? [+-]\d{4}(?: \(\w+\))?[,:]?$")


# ── words ──


@dataclass(frozen=True, slots=True)
class _Words:
    """The table of reply words, folded and turned for look-up."""

    verbs: frozenset[str]  # single words
    phrases: tuple[str, ...]  # several words, or of scripts without blanks
    before_date: frozenset[str]
    quoting: tuple[str, ...]
    labels: dict[str, frozenset[str]]  # folded label -> roles
    original: tuple[str, ...]
    forwarded: tuple[str, ...]
    above: tuple[str, ...]


@cache
def _words() -> _Words:
    languages = table("reply")
    verbs: set[str] = set()
    phrases: set[str] = set()
    labels: dict[str, set[str]] = {}
    for language in languages.values():
        for verb in language.get("wrote", ()):
            pieces = [folded(piece) for piece in verb.split("…")]
            word = pieces[-1]  # "hat … geschrieben": its end tells
            (phrases if " " in word or not _has_blanks(word) else verbs).add(word)
        for role in ("from", "sent", "to", "cc", "subject", "other"):
            for label in language.get(role, ()):
                labels.setdefault(folded(label), set()).add(role)
    return _Words(
        verbs=frozenset(verbs),
        phrases=tuple(phrases),
        before_date=frozenset(map(folded, languages["before_date"]["words"])),
        quoting=tuple(map(folded, languages["quoting"]["words"])),
        labels={label: frozenset(roles) for label, roles in labels.items()},
        original=_phrases(languages.values(), "original"),
        forwarded=_phrases(languages.values(), "forwarded"),
        above=_phrases(languages.values(), "above"),
    )


def _phrases(languages: Iterable[dict[str, list[str]]], key: str) -> tuple[str, ...]:
    return tuple({folded(phrase) for language in languages for phrase in language.get(key, ())})


def _has_blanks(word: str) -> bool:
    """Say whether the script of *word* puts blanks between words (CJK, Thai, Lao, Khmer and Burmese do not)."""
    return not any("\u0e00" <= char <= "\u0eff" or "\u1000" <= char <= "\u109f" or char >= "\u1780" for char in word)


def _has_verb(words: str) -> bool:
    known = _words()
    return not known.verbs.isdisjoint(words.split()) or any(
        phrase in words if not _has_blanks(phrase) else f" {phrase} " in f" {words} " for phrase in known.phrases
    )


# ── the walk over the lines ──


def mark_quotes(lines: list[Line]) -> None:
    """
    Give each line that is older mail, or introduces it, its kind.

    Text below `>` lines is the customer's, who answers in between or at the bottom. Text below a reply line or header
    block without `>` lines is not, unless nothing stands above: then the customer writes below.
    """
    _mark_quoted(lines)
    at, first_said = 0, len(lines)
    while at < len(lines):
        line = lines[at]
        if line.kind or not line.text:
            at += 1
            continue
        found = _introduction(lines, at)
        if found is None:
            if is_device_line(line.text):
                line.kind = "footer"
                if first_said < at and _is_unmarked_thread(lines, at + 1):
                    _mark_rest(lines, at + 1, "quote")
            elif not _RULE.match(line.text[:LOOKED_AT]):
                first_said = min(first_said, at)
            at += 1
            continue
        start, end, kind, opens = found
        if kind == "attribution" and _part_from_said(lines[start]):
            first_said = min(first_said, start)
            start += 1
        for introducing in lines[start:end]:
            introducing.kind = introducing.kind or kind
        if opens and first_said < start and not _next_is_quoted(lines, end):
            _mark_rest(lines, end, "forward" if kind == "forward" else "quote")
        at = end


def _mark_rest(lines: Sequence[Line], at: int, kind: str) -> None:
    for line in lines[at:]:
        line.kind = line.kind or kind


def _is_unmarked_thread(lines: Sequence[Line], at: int) -> bool:
    """
    Say whether the text below a device line is older mail.

    A phone writes its line below what was typed and above the thread; some of them introduce the thread with nothing.
    """
    following = _skip_blank(lines, at)
    if following >= len(lines) or lines[following].kind:
        return False
    text = lines[following].text
    return not is_device_line(text) and not is_postscript(text) and _introduction(lines, following) is None


def _introduction(lines: Sequence[Line], at: int) -> tuple[int, int, str, bool] | None:
    """
    Return what begins at line *at*: its first line, the line after its last, its kind, and whether older mail follows.

    None where the line introduces nothing.
    """
    text = lines[at].text
    if _asks_to_write_above(text):
        return at, at + 1, "marker", True
    if kind := _delimiter(lines, at):
        end = _header_block(lines, _skip_blank(lines, at + 1)) or at + 1
        return at, end, kind, True
    if end := _header_block(lines, at):
        return _rule_above(lines, at), end, "attribution", True
    return _reply_line(lines, at)


def _asks_to_write_above(text: str) -> bool:
    if len(text) > 200 or not any(char in text for char in "-#=_*~.") and len(text) > 120:
        return False
    words = folded(text)
    return any(phrase in words for phrase in _words().above)


def _rule_above(lines: Sequence[Line], at: int) -> int:
    """Return the index of the dashed or underscored line right above *at*, or *at*."""
    above = at - 1
    while above >= 0 and not lines[above].text and at - above < 3:
        above -= 1
    return above if above >= 0 and not lines[above].kind and _RULE.match(lines[above].text[:200]) else at


def _skip_blank(lines: Sequence[Line], at: int) -> int:
    while at < len(lines) and not lines[at].text:
        at += 1
    return at


def _next_is_quoted(lines: Sequence[Line], at: int) -> bool:
    following = _skip_blank(lines, at)
    return following < len(lines) and following - at <= 3 and lines[following].kind == "quote"


# ── quote marks ──

_PIPE = re.compile(r"\|(?: |$)")
_INITIALS = re.compile(r"[A-Za-z]{1,12}>")


def _mark_quoted(lines: list[Line]) -> None:
    """Mark the lines with a quote mark, and the tails of such lines that a client has wrapped."""
    for at, line in enumerate(lines):
        stripped = line.raw.strip()
        if line.depth >= 3 and stripped.startswith(">>>") and stripped.endswith(">>>") and len(stripped) > 8:
            line.depth, line.text = 0, stripped.strip("> ")  # GroupWise's reply line
            line.text += ":"
        elif line.depth and not _is_no_quote(lines, at, stripped):
            if _ends_reply_line(lines, at):
                line.depth = 0
            else:
                line.kind = "quote"
    _mark_other_marks(lines)
    _mark_wrapped_tails(lines)


def _is_no_quote(lines: Sequence[Line], at: int, stripped: str) -> bool:
    """Say whether the mark is none: `>From` that an mbox escaped, or arrows around a headline, `>> here <<`."""
    if stripped.endswith("<<"):
        return True
    neighbours = (*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2])
    return stripped.startswith(">From ") and not any(line.depth for line in neighbours)


def _ends_reply_line(lines: Sequence[Line], at: int) -> bool:
    """Say whether the mark closes the address of a reply line: `<`, `anna@b.example`, `> wrote:` on three lines."""
    line, above = lines[at], lines[at - 1].text if at else ""
    if line.depth > 1 or len(line.text) > 40 or not line.text.endswith((":", "：")) or lines[at - 1].kind:
        return False
    return (has_address(above) or above.endswith("<")) and _has_verb(folded(line.text))


def _mark_other_marks(lines: list[Line]) -> None:
    """Mark runs of at least three lines that begin with `| ` or, as Emacs quotes, with the same `Anna>`."""
    run: list[Line] = []
    prefix = ""
    for line in [*lines, Line("", "")]:
        if line.kind:
            mark = ""
        elif _PIPE.match(line.text):
            mark = "|"
        else:
            initials = _INITIALS.match(line.text)
            mark = initials[0] if initials else ""
        if mark and mark == prefix:
            run.append(line)
            continue
        if len(run) >= 3 and not all(line.text.endswith("|") for line in run):  # a table has bars at both ends
            for quoted in run:
                quoted.kind = "quote"
        run, prefix = ([line], mark) if mark else ([], "")


def _mark_wrapped_tails(lines: list[Line]) -> None:
    """Mark short lines that continue a long quoted line above and stand between two quoted lines."""
    for above, line, below in zip(lines, lines[1:], lines[2:], strict=False):
        if line.kind or not line.text or above.kind != "quote" or below.kind != "quote" or not above.depth:
            continue
        if line.text.startswith(_LINK_STARTS) or " " not in line.text and above.text.rfind("(") > above.text.rfind(")"):
            line.kind = "quote"
            continue
        continues = len(above.raw) >= 60 and above.text[-1:] not in ".!?:" and len(line.text) <= 40
        if continues and (line.text[0].islower() or line.text[0] in "<([" or len(above.raw) >= 72):
            line.kind = "quote"


# ── lines that say what follows ──


def _delimiter(lines: Sequence[Line], at: int) -> str:
    """Return the kind of delimiter line *at* is ("marker" or "forward"), "" where it is none."""
    text = lines[at].text
    core = text[:120].strip(_FRAME)
    if len(core) < 3:
        return ""
    words = folded(core)
    framed = len(text) - len(text.lstrip(_FRAME)) >= 2 and not text[0].isalnum()
    for kind, phrases in (("forward", _words().forwarded), ("marker", _words().original)):
        for phrase in phrases:
            if words == phrase:
                return kind if framed or _introduces(lines, at) else ""
            if framed and words.startswith(phrase + " "):
                return kind
    return ""


def _introduces(lines: Sequence[Line], at: int) -> bool:
    """Say whether header lines, a reply line or quoted lines follow line *at*."""
    following = _skip_blank(lines, at + 1)
    if following >= len(lines):
        return False
    after = lines[following]
    return bool(after.kind == "quote" or _label(after.text)[0] or _reply_line_end(lines, following))


def _label(text: str) -> tuple[frozenset[str], str]:
    """Return the roles that the label of a header line may have, and its value; no roles where it is none."""
    if ":" not in text[:40] and "：" not in text[:40]:
        return frozenset(), ""
    found = _LABEL.match(text[:LOOKED_AT])
    if found is None:
        return frozenset(), ""
    return _words().labels.get(folded(found[1]), frozenset()), found[2]


def _header_block(lines: Sequence[Line], at: int) -> int | None:
    """
    Return the line after the block of header lines that begins at *at*, None where none does.

    A block names a sender and a subject or an address besides, or three different things with an address or a prefix:
    "From: Hamburg, To: Berlin, Date: 3 May" is a booking.
    """
    if at >= len(lines) or not (roles := _label(lines[at].text)[0]):
        return _one_line_block(lines, at)
    seen = [roles]
    values = [lines[at].text]
    end = at + 1
    look = end
    while look < len(lines) and look - end <= 3 and look - at < 40:
        line = lines[look]
        roles = _label(line.text)[0] if line.text else frozenset()
        if roles and not line.kind:
            if roles in seen and len(roles) == 1 and "other" not in roles and "cc" not in roles:
                break
            seen.append(roles)
            values.append(line.text)
            end = look + 1
        elif not line.text and not lines[look - 1].text and look - end > 0:
            break
        look += 1
    distinct = _distinct(seen)
    joined = plain_digits(" ".join(values)[:2000])
    if "from" not in distinct and "sent" not in distinct:
        return None
    if len(seen) >= 4 and "subject" in distinct:
        return end
    if len(seen) >= 3 and ("subject" in distinct or has_address(joined) or "mailto:" in joined):
        return end
    if len(seen) == 2 and has_address(joined) and "from" in distinct and (has_date(joined) or "subject" in distinct):
        return end
    if len(seen) == 2 and has_address(joined) and distinct == {"sent", "to"} and has_date(joined) and has_time(joined):
        return end
    return None


def _distinct(seen: Iterable[frozenset[str]]) -> set[str]:
    return {role for roles in seen for role in roles}


def _one_line_block(lines: Sequence[Line], at: int) -> int | None:
    """Return *at* + 1 where the line is a whole header block that lost its line breaks, else None."""
    if at >= len(lines):
        return None
    text = lines[at].text[:LOOKED_AT]
    if text.count(":") < 3:
        return None
    roles: set[str] = set()
    for piece in text.split(":")[:-1]:
        last = piece.split()[-2:]
        for label in (" ".join(last), " ".join(last[-1:])):
            roles |= _words().labels.get(folded(label), frozenset())
    first = folded(text.partition(":")[0])
    return at + 1 if {"from", "sent", "subject"} <= roles and first in _words().labels else None


# ── reply lines ──


def _reply_line(lines: Sequence[Line], at: int) -> tuple[int, int, str, bool] | None:
    end = _reply_line_end(lines, at)
    if end is None:
        return None
    return _begin_of_reply_line(lines, at, end), end, "attribution", True


def _begin_of_reply_line(lines: Sequence[Line], at: int, end: int) -> int:
    """
    Return the line on which the reply line in *at*..*end* really begins.

    Later, where *at* is a sentence with a date of its own; earlier, where a name was wrapped away from its address.
    """
    while at + 1 < end:
        rest = plain_digits(" ".join(line.text for line in lines[at + 1 : end]))
        begun = _begins_with_date(folded(lines[at].text)) or has_address(lines[at].text)
        if not (has_date(rest) and _begins_with_date(folded(rest)) and _is_reply_line(rest, False)):
            if (
                begun
                or not _is_reply_line(rest, _next_is_quoted(lines, end))
                or not lines[at].text.endswith((".", "!", "?"))
            ):
                break
        at += 1
    above = lines[at - 1].text if at else ""
    if above and not lines[at - 1].kind and len(above) < 120 and above[-1] not in ".!?:":
        if lines[at].text.startswith("<") and (_begins_with_date(folded(above)) or len(above.split()) <= 4):
            return at - 1
    return at


def _part_from_said(line: Line) -> bool:
    """Cut the reply line off *line*, where it shares it with what was said; say whether it did."""
    shared = _SHARED.search(line.text[:LOOKED_AT])
    if shared is None:
        return False
    said = line.text[: shared.start()].rstrip(_FRAME)
    if not said or has_address(said) or _has_verb(folded(said)):
        return False
    cut = line.raw.find(shared[0])
    line.raw, line.tail = line.raw[:cut].rstrip(_FRAME), line.raw[cut:]
    line.text = said
    return True


def _reply_line_end(lines: Sequence[Line], at: int) -> int | None:
    """Return the line after the reply line that begins at *at*, None where none does."""
    end = _shortest_reply_line(lines, at)
    if end is None or lines[end - 1].text.endswith((":", "：")):
        return end
    # "On 3 May 2024, Anna <" or "… <anna@b.example>" can be half of it: the verb may stand on the next line.
    joined = plain_digits(" ".join(line.text for line in lines[at:end]))
    for look in range(end, min(end + 2, len(lines))):
        text = lines[look].text
        if not text or lines[look].kind or len(text) > 80:
            break
        joined += " " + plain_digits(text)
        if text.endswith((":", "：")) and (_has_verb(folded(text)) or has_address(text) or ">" in text):
            return look + 1
    return end


def _shortest_reply_line(lines: Sequence[Line], at: int) -> int | None:
    first = plain_digits(lines[at].text)
    if not _may_begin_reply_line(first):
        return None
    joined = ""
    blanks = 0
    for end in range(at, min(at + _MAX_REPLY_LINES + 2, len(lines))):
        line = lines[end]
        if not line.text:
            blanks += 1
            if blanks > 1 or not _goes_on(lines, end):
                return None
            continue
        if line.kind and not (line.depth == 1 and end > at and line.text.endswith((":", "："))):
            return None
        joined = f"{joined} {plain_digits(line.text)}".strip()
        if len(joined) > LOOKED_AT:
            return None
        if _is_reply_line(joined, _next_is_quoted(lines, end + 1)):
            return end + 1
    return None


def _goes_on(lines: Sequence[Line], blank: int) -> bool:
    """Say whether a reply line goes on below a *blank* line: Polymail writes name, blank line, `<` and address."""
    below = lines[blank + 1].text if blank + 1 < len(lines) else ""
    return lines[blank - 1].text.endswith(("<", ",")) or below.startswith("<")


def _may_begin_reply_line(text: str) -> bool:
    if len(text) > LOOKED_AT:
        return False
    if text.endswith((":", "：", ">", "<", "-", ":*")) or has_address(text):
        return True
    if any(char.isdigit() for char in text):
        return has_date(text) or has_time(text)
    return _has_verb(folded(text[-60:]))


def _is_reply_line(text: str, quote_follows: bool) -> bool:
    """Say whether *text*, lines joined, introduces older mail."""
    core = text.strip(_FRAME)
    if not 6 <= len(core) <= LOOKED_AT:
        return False
    words = folded(core)
    count = len(words.split())
    if count > 45:
        return False
    colon = core.endswith((":", "："))
    date, time, address = has_date(core), has_time(core), has_address(core)
    if quote_follows:
        if colon and (date or time or address or _has_verb(words)):
            return True
        return (date or time or address) and (_has_verb(words) or text.rstrip().endswith(">") and address)
    if _RFC_LINE.match(core) or _ISO_LINE.match(core) and (address or count <= 12):
        return True
    if address and (date or time):
        return colon or _has_verb(words) or text.rstrip().endswith((">", "-"))
    if address:
        return colon and _has_verb(words) and count <= 16
    if date and (time or colon) and _has_verb(words) and (colon or _ends_in_verb(words)):
        return _begins_with_date(words) or count <= 14
    # "---- John Smith wrote ----"
    return text[:2] in _DASHES and text[-2:] in _DASHES and count <= 8 and _ends_in_verb(words)


def _ends_in_verb(words: str) -> bool:
    return _has_verb(" ".join(words.split()[-2:])) or _has_verb(words.split()[-1])


def _begins_with_date(words: str) -> bool:
    """Say whether a date stands at the beginning, but for the words that lead to one."""
    for position, word in enumerate(words.split()[:4]):
        if any(char.isdigit() for char in word):
            return True
        if position and word not in _words().before_date and len(word) > 12:
            return False
    return words.split()[0] in _words().before_date
