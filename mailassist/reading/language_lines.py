"""
The lines of a mail that its writer wrote in sentences: no quotation, no signature, no code, no log.

Coarser than what a reader is shown: it only has to keep other languages out, and works on text that has been through
the reply parser as well as on text that has not. Every pattern looks at one line, and at a limited part of it.
"""

import re
from collections.abc import Sequence
from functools import cache

from mailassist.reading.tables import table

LINE_AT_MOST = 2_000  # characters of a line that are looked at
LINES_AT_MOST = 400
HEADERS_AT_MOST = 12  # lines of a header block that are looked at
_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"\s{0,3}(?:>|\|\s)")
_RULER = re.compile(r"\s*(?:[-_=*]{2,}.{1,60}[-_=*]{2,}|[-_=]{8,})\s*$")
_LABEL = re.compile(r"\s*\*?[^\W\d_][^\W\d_-]{1,15}(?:[ -][^\W\d_]{1,12})?\*?\s?:(?=\*?\s|$)")
_STAMP = re.compile(r"\d{1,2}[:.]\d{2}(?!\d)|\b(?:19|20)\d\d\b|@")
_DELIMITER = re.compile(r"\s*(?:--|—|––)\s*$")
_CONTACT = re.compile(
    r"@|\bwww\.|https?:|\+?\d[\d ()/.-]{6,}\d|\b(?:tel|tlf|mob|fax|phone|gsm|cvr|ust|vat|nip|iban)\b", re.IGNORECASE
)
_DEVICE = re.compile(
    r"\b(?:iphone|ipad|android|samsung|huawei|galaxy|outlook|gmail|yahoo|gmx|thunderbird|айфона?)\b", re.IGNORECASE
)
_SYMBOL = re.compile(r"[{}()<>=;_/\\|$#*@\[\]`~^+&%]")
_LEVEL = "ERROR|WARN|WARNING|INFO|DEBUG|FATAL|TRACE|CRITICAL|NOTICE|SEVERE|Error|Warning|Fatal"
_PROGRAM = "npm|yarn|pip|apt|git|docker|kernel|systemd|sshd|nginx|cron|fatal|error|warning|panic"
_HEADER = (
    "Received|Return-Path|DKIM-Signature|Message-ID|MIME-Version|X-[\\w-]{1,40}|Content-[\\w-]{1,40}|List-[\\w-]{1,30}"
)
_BEGINNINGS = (  # of lines that no person writes, after any spaces
    # a log: a time, "Mar  3 09:12:01", a level, a program
    r"\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|\[?\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d ",
    rf"[\[<]?(?:{_LEVEL})[\]>]?(?::|\s-|\s*\[| \d{{4}})",
    rf"(?:{_PROGRAM})(?:\[\d+\])?(?: (?:ERR|WARN|notice)\b!?|:)",
    # a stack trace
    r"at [\w$.<>/]{1,100} ?\(|File \"[^\"]{1,120}\", line \d|Traceback \(most recent|Caused by: |\.\.\. \d+ more",
    r"(?:[\w$]{1,40}\.){0,8}[A-Z]\w{0,40}(?:Exception|Error)\b(?::|\s*$)|Exception in thread",
    # SQL, HTTP, a shell
    r"(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|FROM|WHERE|VALUES|JOIN)\b.{0,200}[=*;,()]|SQLSTATE",
    r"(?:GET|POST|PUT|HEAD|DELETE|PATCH) /|HTTP/\d",
    r"(?:\$|#|>>>|C:\\\S{0,80}>|PS [A-Z]:|[\w-]{1,30}@[\w-]{1,30}:\S{0,60}[$#]) \S",
    r"(?:sudo|curl|wget|npm|pip|apt-get|docker|git) [\w-]+(?: |$)",
    # a program
    r"(?:def|class|for|while|if|elif|with)\b(?=.{0,200}[()=]).{0,200}[)\w]:\s*$",
    r"(?:else|try|except|finally)\b.{0,40}:\s*$|(?:from [\w.]{1,60} )?import [\w.*{]",
    r"(?:const|let|var|return|import|export|public|private|static|using|package|#include)\b.{0,200}[;{]\s*$",
    r"[\w.\[\]'\"]{1,60}\s*(?:=|:=|\+=|=>|->)\s*\S|[}\])]+[;,]?\s*$|[{\[(]\s*$",
    r"</?\w{1,20}[ >]|//|/\*|\"[\w-]{1,40}\"\s*:|.{0,200}[)}\"'][;{}]\s*$",
    # bytes, the header of a mail
    rf"(?:[0-9a-fA-F]{{2}}\s+){{3,}}[0-9a-fA-F]{{2}}\s*$|(?:0x)?[0-9a-fA-F]{{8}}\b|(?:{_HEADER}): ",
)
_MACHINE = re.compile(rf"\s*(?:{'|'.join(_BEGINNINGS)})")


def own_lines(text: str) -> list[str]:
    """Return the lines of *text* that its writer wrote, in order; empty where there are only others."""
    lines, after = _unquoted(text)
    signed = _before_signature(_before_earlier_mail(lines, after))
    return [line for line in _without_footers(signed) if not is_machine(line)]


def _unquoted(text: str) -> tuple[list[str], set[int]]:
    """Return the lines of *text* that no ">" marks as quoted, and the indices at which quoted ones were left out."""
    lines: list[str] = []
    after: set[int] = set()
    for line in text.splitlines():
        if _QUOTED.match(line):
            after.add(len(lines))
        else:
            lines.append(line[:LINE_AT_MOST])
            if len(lines) == LINES_AT_MOST:
                break
    return lines, after


def is_machine(line: str) -> bool:
    """Say whether *line* was written by a program or for one."""
    if _MACHINE.match(line):
        return True
    symbols = len(_SYMBOL.findall(line))
    return symbols >= 4 and symbols * 6 > sum(map(len, _WORD.findall(line)))


def _before_earlier_mail(lines: list[str], after: set[int]) -> list[str]:
    """Cut where an earlier mail begins; where nothing stands above it, only take out the line that introduces it."""
    above = 0  # words
    for index in range(len(lines)):
        length = _introduction(lines, index, after)
        if length and above >= 2:
            return lines[:index]
        lines[index : index + length] = [""] * length
        above += _words(lines[index : index + 1])
    return lines


def _introduction(lines: Sequence[str], index: int, after: set[int]) -> int:
    """Return the number of lines at *index* that introduce an earlier mail: a ruler, header lines, "… wrote:"; or 0."""
    line = lines[index]
    if not line.strip():
        return 0
    if _RULER.match(line) and (_WORD.search(line) or any(map(_LABEL.match, lines[index + 1 : index + 2]))):
        return 1
    block = 0
    while block < HEADERS_AT_MOST and index + block < len(lines) and _LABEL.match(lines[index + block]):
        block += 1
    if block >= 3 and any(_STAMP.search(label) for label in lines[index : index + block]):
        return block
    for length in (1, 2):
        joined = " ".join(lines[index : index + length]).rstrip()
        if joined.endswith((":", ">")) and len(joined) < 250 and len(_STAMP.findall(joined)) >= 2:
            return length
        if joined.endswith(":") and index + length in after and _STAMP.search(joined):
            return length
    return 0


def _before_signature(lines: Sequence[str]) -> Sequence[str]:
    """Cut at the signature delimiter or at a closing formula that stands on a line of its own or before a name."""
    above = 0  # words
    for index, line in enumerate(lines):
        if above >= 2 and (_DELIMITER.match(line) or _is_closing(line)):
            return lines[:index]
        above += _words([line])
    return lines


def _is_closing(line: str) -> bool:
    words = _WORD.findall(line)
    if not words or len(words) > 8:
        return False
    formulas = _closings()
    if tuple(word.lower() for word in words) in formulas:
        return True
    named = next((i for i in range(1, len(words)) if words[i][0].isupper() and _comma_before(line, words[i])), 0)
    return named > 0 and tuple(word.lower() for word in words[:named]) in formulas


def _comma_before(line: str, word: str) -> bool:
    return line[: line.index(word)].rstrip().endswith((",", ".", "!", "-", "–"))


@cache
def _closings() -> frozenset[tuple[str, ...]]:
    sections = (section for name, section in table("closing").items() if name != "brands")
    return frozenset(
        tuple(_WORD.findall(formula.lower())) for section in sections for formula in section.get("formula", ())
    )


def _without_footers(lines: Sequence[str]) -> list[str]:
    """Take out what a phone adds, and from the first block of contact lines on everything, if sentences stand above."""
    kept: list[str] = []
    above = 0  # words
    for block in _blocks(lines):
        if above >= 4 and _is_contact_block(block):
            break
        block = [line for line in block if not _is_device_line(line)]
        kept += [*block, ""]
        above += _words(block)
    return kept


def _is_device_line(line: str) -> bool:
    """Say whether *line* is what a telephone or an app puts below a mail: "Sent from my …"."""
    return bool(_DEVICE.search(line)) and _words([line]) <= 8 and line.strip().lower().startswith(_device_lines())


@cache
def _device_lines() -> tuple[str, ...]:
    sections = (section for name, section in table("closing").items() if name != "brands")
    return tuple(
        sorted({beginning for section in sections for beginning in section.get("device", ()) if " " in beginning})
    )


def _is_contact_block(block: Sequence[str]) -> bool:
    """Say whether *block* is short lines only, a third of them with a telephone number, an address, a link."""
    contacts = sum(1 for line in block if _CONTACT.search(line))
    return len(block) >= 2 and contacts * 3 >= len(block) and all(_words([line]) <= 8 for line in block)


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    """Return the runs of lines that no empty line parts."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return blocks


def _words(lines: Sequence[str]) -> int:
    return sum(len(_WORD.findall(line)) for line in lines)
