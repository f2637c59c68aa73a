"""
A body -> what the message adds: no quotes, no signature, no lines that programs write.

Losing the customer's words is worse than showing a quote, so what is in doubt stays. What goes is returned with its
kind, so that a person can see it.
"""

from collections.abc import Iterable, Sequence

from mailassist.reading.said.footers import mark_armour, mark_banners
from mailassist.reading.said.lines import Line, folded, read_lines
from mailassist.reading.said.quotes import begins_with_introduction, mark_quotes
from mailassist.reading.said.signatures import mark_endings
from mailassist.values import Removed

_MAX_PASSES = 4  # what a pass uncovers, the next one sees; mail settles in two


def extract_said(text: str) -> str:
    """Return what *text*, the plain text of a message, newly says."""
    return split(text)[0]


def split(text: str, sender: str = "") -> tuple[str, tuple[Removed, ...]]:
    """
    Return what *text* newly says, and the pieces it has beyond that, in the order they stand.

    sender: the display name of who wrote it, where it is known; a last line of nothing else is their signature.
    """
    lines = read_lines(text.replace("\r\n", "\n").replace("\r", "\n"))
    names = frozenset(folded(sender).split())
    for _ in range(_MAX_PASSES):
        kept = _without_gaps(line for line in lines if not line.kind)
        mark_armour(kept)
        mark_banners(kept)
        mark_quotes(kept)
        mark_endings(kept, names)
        if not any(line.kind for line in kept):
            break
    if all(line.kind == "quote" for line in lines if line.text) and not begins_with_introduction(lines):
        return _joined(lines), ()  # marks all over, and nobody they are ascribed to: it is how the customer writes
    return _joined([line for line in lines if not line.kind]), _removed(lines)


def _without_gaps(lines: Iterable[Line]) -> list[Line]:
    """Return the lines without a blank one at the beginning or below another blank one."""
    kept: list[Line] = []
    for line in lines:
        if line.text or line.depth or (kept and (kept[-1].text or kept[-1].depth)):
            kept.append(line)
    return kept


def _joined(lines: Sequence[Line]) -> str:
    """Return the lines as text: no blank line at either end, and never more than one between two others."""
    kept: list[str] = []
    for line in lines:
        if line.text or (kept and kept[-1]):
            kept.append(line.raw.rstrip() if line.text else "")
    return "\n".join(kept).strip("\n")


def _removed(lines: Sequence[Line]) -> tuple[Removed, ...]:
    """Return the pieces that were marked: neighbouring lines of one kind are one piece."""
    pieces: list[tuple[str, list[str]]] = []
    last = ""
    for line in lines:
        if line.kind and line.kind == last:
            pieces[-1][1].append(line.raw)
        elif line.kind:
            pieces.append((line.kind, [line.raw]))
        last = line.kind
        if line.tail:
            pieces.append(("attribution", [line.tail]))
            last = "attribution"
    return tuple(
        Removed(kind, text)  # type: ignore[arg-type]  # only the kinds of Removed are given to lines
        for kind, raws in pieces
        if (text := "\n".join(raws).strip("\n"))
    )
