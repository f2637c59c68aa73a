"""
Which lines of a body are older mail, and the lines that introduce it.

A doubt keeps the text. All of it is done line by line, on at most LOOKED_AT characters of each, so that time is linear
in the body whatever a stranger sends.
"""

import re
from collections.abc import Sequence

from mailassist.reading.said.blocks import (
    asks_to_write_above,
    copied_header_end,
    delimiter_kind,
    header_block_end,
    rule_above,
)
from mailassist.reading.said.footers import is_device_line
from mailassist.reading.said.lines import LOOKED_AT, RULE, Line, skip_blank
from mailassist.reading.said.replies import ends_reply_line, next_is_quoted, part_from_said, reply_line
from mailassist.reading.said.signatures import is_postscript

_WRAP = 70  # the column at which clients wrap, or less
_LINK_STARTS = ("(http", "<http", "[http")
_PIPE = re.compile(r"\|(?: |$)")
_INITIALS = re.compile(r"[A-Za-z]{1,12}>")


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
        if found is None or found[0] > at:
            if is_device_line(line.text, surely=True):
                line.kind = "footer"
                if first_said < at and _is_unmarked_thread(lines, at + 1):
                    _mark_rest(lines, at + 1, "quote")
            elif not RULE.match(line.text[:LOOKED_AT]):
                first_said = min(first_said, at)
            at += 1
            continue
        start, end, kind = found
        if kind == "attribution" and part_from_said(lines[start]):
            first_said = min(first_said, start)
            start += 1
        for introducing in lines[start:end]:
            introducing.kind = introducing.kind or kind
        if first_said < start and not next_is_quoted(lines, end):
            _mark_rest(lines, end, "forward" if kind == "forward" else "quote")
        at = end
    for line in lines:
        if line.depth < 0 and not line.kind:  # it might have closed a reply line, and does not
            line.kind = "quote"


def _mark_rest(lines: Sequence[Line], at: int, kind: str) -> None:
    for line in lines[at:]:
        line.kind = line.kind or kind


def _introduction(lines: list[Line], at: int) -> tuple[int, int, str] | None:
    """Return what introduces older mail at *at*: its first line, the line after its last, its kind; or None."""
    text = lines[at].text
    if len(text) < 3 or (not text[0].isalnum() and RULE.match(text[:LOOKED_AT])):
        return None
    if asks_to_write_above(text):
        return at, at + 1, "marker"
    if kind := delimiter_kind(lines, at):
        return at, header_block_end(lines, skip_blank(lines, at + 1)) or at + 1, kind
    if end := header_block_end(lines, at) or copied_header_end(lines, at):
        return rule_above(lines, at), end, "attribution"
    if found := reply_line(lines, at):
        return *found, "attribution"
    return None


def begins_with_introduction(lines: Sequence[Line]) -> bool:
    """Say whether the first lines, quote marks taken out, introduce older mail."""
    unmarked = [Line(line.text, line.text) for line in lines[:40]]
    first = skip_blank(unmarked, 0)
    return first < len(unmarked) and _introduction(unmarked, first) is not None


def _is_unmarked_thread(lines: list[Line], at: int) -> bool:
    """
    Say whether the text below a device line is older mail.

    A phone writes its line below what was typed and above the thread; some of them introduce the thread with nothing.
    """
    following = skip_blank(lines, at)
    if following >= len(lines) or lines[following].kind:
        return False
    text = lines[following].text
    return not is_device_line(text) and not is_postscript(text) and _introduction(lines, following) is None


# ── quote marks ──


def _mark_quoted(lines: list[Line]) -> None:
    """Mark the lines with a quote mark, and the tails of such lines that a client has wrapped."""
    for at, line in enumerate(lines):
        if not line.depth:
            continue
        stripped = line.raw.strip()
        if line.depth >= 3 and stripped.endswith(">>>") and len(stripped) > 8:
            line.depth, line.text = 0, stripped.strip("> ") + ":"  # GroupWise's reply line, ">>> Anna 3.5.2024 >>>"
        elif ends_reply_line(lines, at):
            line.depth = -1
        elif not _is_no_quote(lines, at, stripped):
            line.kind = "quote"
    _mark_other_marks(lines)
    _mark_wrapped_tails(lines)


def _is_no_quote(lines: Sequence[Line], at: int, stripped: str) -> bool:
    """Say whether the mark is none: `>From` that an mbox escaped, or arrows around a headline, `>> here <<`."""
    if stripped.endswith("<<"):
        return True
    neighbours = (*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2])
    return stripped.startswith(">From ") and not any(line.depth for line in neighbours)


def _mark_other_marks(lines: list[Line]) -> None:
    """Mark runs of at least three lines that begin with `| ` or, as Emacs quotes, with the same `Anna>`."""
    run: list[Line] = []
    prefix = ""
    for line in [*lines, Line("", "")]:
        mark = "" if line.kind else _other_mark(line.text)
        if mark and mark == prefix:
            run.append(line)
            continue
        if len(run) >= 3 and not all(quoted.text.endswith("|") for quoted in run):  # a table has bars at both ends
            for quoted in run:
                quoted.kind = "quote"
        run, prefix = ([line], mark) if mark else ([], "")


def _other_mark(text: str) -> str:
    if text.startswith("|"):
        return "|" if _PIPE.match(text) else ""
    initials = _INITIALS.match(text) if ">" in text[:13] else None
    return initials[0] if initials else ""


def _mark_wrapped_tails(lines: list[Line]) -> None:
    """Mark lines that continue a long quoted line above and stand between two quoted lines."""
    for above, line, below in zip(lines, lines[1:], lines[2:], strict=False):
        between = above.kind == "quote" and below.kind == "quote" and above.depth
        if between and line.text and not line.kind and _is_wrapped_tail(above, line):
            line.kind = "quote"


def _is_wrapped_tail(above: Line, line: Line) -> bool:
    if line.text.startswith(_LINK_STARTS):
        return True
    if " " not in line.text and above.text.rfind("(") > above.text.rfind(")"):
        return True
    first_word = line.text.split(None, 1)[0]
    if len(above.raw) + 1 + len(first_word) <= _WRAP or len(line.text) > 80 or above.text[-1:] in "?:":
        return False
    return first_word[0].islower() or above.text[-1:] not in ".!"
