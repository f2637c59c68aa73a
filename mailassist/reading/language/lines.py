"""
The lines of a mail that its writer wrote in sentences: no quotation, no signature, no code, no log.

The reply parser leaves what is in doubt, as a reader wants it; here a line of a program, or a block of addresses and
telephone numbers, is better left out. Every pattern looks at one line, and at a limited part of it.
"""

import re
from collections.abc import Sequence

from mailassist.reading.said import extract_said

LINE_AT_MOST = 2_000  # characters of a line that are looked at
_WORD = re.compile(r"[^\W\d_]+")
# Without a line break, an address or the name of a device there is nothing that the reply parser would take away.
_MARKED = re.compile(r"\n|[@>]|iphone|ipad|android|samsung|huawei|outlook|thunderbird|айфон")  # in small letters
_CONTACT = re.compile(  # in small letters
    r"@|\bwww\.|https?:|\+?\d[\d ()/.-]{6,}\d|\b(?:tel|tlf|mob|fax|phone|gsm|cvr|ust|vat|nip|iban)\b"
)
_SYMBOL = re.compile(r"[{}()<>=;_/\\|$#*@\[\]`~^+&%]")
_LEVEL = "ERROR|WARN|WARNING|INFO|DEBUG|FATAL|TRACE|CRITICAL|NOTICE|SEVERE|Error|Warning|Fatal"
_PROGRAM = "npm|yarn|pip|apt|git|docker|kernel|systemd|sshd|nginx|cron|fatal|error|warning|panic"
_HEADER = (
    "Received|Return-Path|DKIM-Signature|Message-ID|MIME-Version|X-[\\w-]{1,40}|Content-[\\w-]{1,40}|List-[\\w-]{1,30}"
)
_BEGINNINGS = (  # of lines that no person writes, after any spaces
    # a log: a time, "Mar  3 09:12:01", a level, a program
    r"\[[^\]]{0,30}\d\d:\d\d:\d\d[^\]]{0,12}\]|\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|\[?\d\d:\d\d:\d\d",
    r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d ",
    rf"[\[<]?(?:{_LEVEL})[\]>]?(?::|\s-|\s*\[| \d{{4}})",
    rf"(?:{_PROGRAM})(?:\[\d+\])?(?: (?:ERR|WARN|notice)\b!?|:)",
    # a stack trace
    r"at [\w$.<>/]{1,100} ?\(|File \"[^\"]{1,120}\", line \d|Traceback \(most recent|Caused by: |\.\.\. \d+ more",
    r"(?:[\w$]{1,40}\.){0,8}[A-Z]\w{0,40}(?:Exception|Error)\b(?::|\s*$)|Exception in thread",
    # SQL, HTTP, a shell
    r"(?:SELECT|INSERT INTO|UPDATE \S+ SET|DELETE FROM)\b.{0,200}[=*;,()]",  # "DELETE MY ACCOUNT, NOW!" is shouted
    r"(?:CREATE|ALTER|DROP) (?:TABLE|INDEX|VIEW|DATABASE|USER)\b|(?:FROM|WHERE|VALUES|JOIN)\b.{0,200}[=;]|SQLSTATE",
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
    said = extract_said(text) if _MARKED.search(text.lower()) else text
    lines = [line[:LINE_AT_MOST] for line in said.splitlines()]
    return [line for line in _before_contacts(lines) if not is_machine(line)]


def is_machine(line: str) -> bool:
    """Say whether *line* was written by a program or for one."""
    if _MACHINE.match(line):
        return True
    symbols = len(_SYMBOL.findall(line))
    return symbols >= 4 and symbols * 6 > sum(map(len, _WORD.findall(line)))


def _before_contacts(lines: Sequence[str]) -> list[str]:
    """Cut at a block of short lines, a third of them with a telephone number, an address or a link, below sentences."""
    kept: list[str] = []
    above = 0  # words
    for block in _blocks(lines):
        words = [len(_WORD.findall(line)) for line in block]
        contacts = sum(1 for line in block if _CONTACT.search(line.lower()))
        if above >= 4 and len(block) >= 2 and contacts * 3 >= len(block) and max(words) <= 8:
            break
        kept += [*block, ""]
        above += sum(words)
    return kept


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    """Return the runs of lines that no empty line parts."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return blocks
