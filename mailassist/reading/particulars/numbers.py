"""
The numbers a mail refers to, exactly as written: of orders, invoices, tickets, customers, bookings, parcels, devices.

A number counts when a word for its kind stands before it ("Rechnung Nr. 55102-A"), or when nothing else is written like
it ("30-55817", "#4471", "RE-2024/881"). Telephone numbers, dates, times, amounts, counts, years, bank accounts and
addresses on the web are none.
"""

import re
from collections.abc import Iterator
from typing import cast, get_args

from mailassist.reading.vocabulary import Vocabulary, vocabulary
from mailassist.values import Number, NumberKind

LOOK_BACK = 45  # characters in which the word for a number stands before it
LONGEST = 30  # characters of a number
FEW_DIGITS, FEWEST_DIGITS, SOME_DIGITS = 2, 3, 4  # behind "order no."; behind "order"; behind "no." or "contract"
SMALL_WORDS = frozenset({"a", "à", "w"})  # ampere and watt have capitals, or stand close to the figure: "60w"
KINDS: tuple[NumberKind, ...] = get_args(NumberKind)

_NO_NUMBER = re.compile(  # addresses on the web and bank accounts
    r"https?://\S+|www\.\S+|[^\s@]{1,64}@\S+|\b[\w-]{1,63}\.(?:com|de|fr|ru|dk|org|net)/\S+"
    r"|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"
)
_TOKEN = re.compile(r"(?<![\w.,@€£$+])[#№]?\w+(?:[-/.]\w+)*")
_GROUPS = re.compile(r"(?: \d{3,4})* \d{2,4}(?![\w.,]\d|\w)")  # the rest of "700 331 8842"
_WORD = re.compile(r"[sS]/[nN]|[^\W\d_]+|[#№º°]")
_APART = re.compile(
    r"[^\W\d_]{5,}(?<!nr)\.\s|[!?;]|\n\s*\n|\)\s*$", re.IGNORECASE
)  # a word and a number do not belong together across it
_AND = re.compile(r"\s*(?:[,/&+]|und|and|og|et|i|и|y|e|en|och|oraz)\s*(?:[^\W\d_]{1,2}\.?\s*)?")

_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})|(?:19|20)\d\d-[01]\d-[0-3]\d|[0-3]?\d[./][01]?\d")
_TIME = re.compile(r"\d{1,2}[.:h]\d\d|\d{1,2}h")
_FIGURE = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+\.\d{1,2}")
_YEAR = re.compile(r"(?:18|19|20)\d\d(?:[-/](?:19|20)?\d\d)?")
_COUNT = re.compile(r"\d+(?:st|nd|rd|th|er|e|ème|º|ª|x|s)|\d+[x×]\d+|\d+-(?:го|му|ый|ая|[а-яё])", re.IGNORECASE)
_MIXED = re.compile(r"\d\d[-/][A-ZА-Я]|[A-ZА-Я]{1,4}[-/]\d\d|[A-Z]\d(?:[-/]\w+)+|\d\d[-/]\d\d")
_PHONE = re.compile(r"0\d{1,5}[-/.]\d[\d\-/.]{4,}|0\d{8,11}")
_RANGE = re.compile(r"(\d{1,3})-(\d{1,3})")
_MONEY_BEFORE = re.compile(r"(?:[€£$]|\b(?:CHF|EUR|USD|GBP|R\$|Fr|Rs|kr|DKK|SEK|NOK|PLN)\.?)\s?$", re.IGNORECASE)
_BEHIND = re.compile(r"[.,]\d|[.,]?[-–]?\s?([€£$%°]|[^\W\d_]+)")

_SHAPES = (
    re.compile(r"[#№](?=(?:[\w/-]*?\d){3})[\w/-]+"),
    re.compile(r"[A-ZА-ЯÄÖÜ]{1,5}[-/]\d{3,}(?:[-/]\w+)*"),  # F-2209, HB/7719
    re.compile(r"[A-ZА-ЯÄÖÜ]{1,5}[-/]?\d{2,}(?:[-/]\w+)+"),  # RE-2024/881
    re.compile(r"[A-Z]{2,4}\d{4,}"),  # GH7720
    re.compile(r"\d{2,6}-\d{3,8}(?:-\d+)*|\d{3,8}-\d{2,6}"),  # 30-55817
    re.compile(r"\d{4,8}[-/][A-Z]\d{0,3}"),  # 55102-A
    re.compile(r"[1-9]\d{8,21}|[1-9]\d{5,6}"),
)


def find_numbers(text: str, language: str) -> tuple[Number, ...]:
    """Return the numbers *text* refers to, each once, in the order they appear."""
    words = vocabulary(language)
    clear = _NO_NUMBER.sub(lambda match: " " * len(match[0]), text)
    found: dict[str, Number] = {}
    last_end, last_kind = 0, cast(NumberKind | None, None)
    for start, end in _candidates(clear):
        if start < last_end:
            continue  # a part of the one before
        kind, numbered = _label(clear[max(0, start - LOOK_BACK) : start], words)
        if not kind and last_kind and _AND.fullmatch(clear[last_end:start]):
            kind = last_kind  # "invoices 1188 and 1203"
        if kind and clear[start:end].isdigit() and (rest := _GROUPS.match(clear, end)):
            end = rest.end()
        if _counts(clear, start, end, kind, numbered, words):
            written = clear[start:end].lstrip("#№") if kind else clear[start:end]
            found.setdefault(written.lstrip("#№"), Number(kind or "other", written))
            last_end, last_kind = end, kind
    return tuple(found.values())


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    """Return where a word with a digit in it begins and ends."""
    for match in _TOKEN.finditer(text):
        if match.end() - match.start() <= LONGEST and any(map(str.isdigit, match[0])):
            yield match.start(), match.end()


def _label(before: str, words: Vocabulary) -> tuple[NumberKind | None, bool]:
    """Return what the words in front say a number is, and whether they call it a number ("order no.")."""
    apart = [match.end() for match in _APART.finditer(before)]
    numbered = False
    for word in reversed(_WORD.findall(before[apart[-1] if apart else 0 :])):
        if kind := next((kind for kind in KINDS if words.has(kind, word)), None):
            return kind, kind != "other" and (numbered or words.ends_as_number(word))
        if words.has("no_number", word):
            return None, False
        if words.has("number", word) or words.ends_as_number(word):
            numbered = True
        elif not words.has("between", word):
            break
    return ("other", True) if numbered else (None, False)


def _counts(text: str, start: int, end: int, kind: str | None, numbered: bool, words: Vocabulary) -> bool:
    """Say whether text[start:end] is a number that is referred to."""
    token = text[start:end].lstrip("#№")
    if _is_figure(text, start, end, words) or _COUNT.fullmatch(token) or _PHONE.fullmatch(token):
        return False
    digits = sum(map(str.isdigit, token))
    if numbered:
        return digits >= (FEW_DIGITS if kind != "other" else SOME_DIGITS)
    if _DATE.fullmatch(token) or _TIME.fullmatch(token) or _YEAR.fullmatch(token):
        return False
    if kind:
        return digits >= (SOME_DIGITS if kind == "contract" else FEWEST_DIGITS) or bool(_MIXED.fullmatch(token))
    shaped = any(shape.fullmatch(text[start:end]) for shape in _SHAPES)
    return shaped and not _is_range(token) and not _is_other(text, start, end, words)


def _is_figure(text: str, start: int, end: int, words: Vocabulary) -> bool:
    """Say whether text[start:end] is an amount, a measure or a count."""
    if _FIGURE.fullmatch(text[start:end]) or _MONEY_BEFORE.search(text[max(0, start - 6) : start]):
        return True
    behind = _BEHIND.match(text, end)
    if behind is None:
        return False
    word = behind[1]
    if word in SMALL_WORDS and behind[0][0].isspace():
        return False
    return word is None or word in "€£$%°" or words.has("money", word) or words.has("units", word)


def _is_range(token: str) -> bool:
    """Say whether *token* goes from one count to a higher one: "10-12"."""
    ends = _RANGE.fullmatch(token)
    return ends is not None and len(ends[1]) == len(ends[2]) and int(ends[1]) < int(ends[2])


def _is_other(text: str, start: int, end: int, words: Vocabulary) -> bool:
    """Say whether an unlabelled number is one to call, by its groups or its own line, or one of a law or a page."""
    before, behind = text[max(0, start - 20) : start], text[end : end + 3]
    in_groups = re.match(r"[ /]\d{2}", behind) or re.search(r"\d[ /(]$|\+\d*[ (]?$", before)
    line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0].strip()
    alone = line == text[start:end] and line.isdigit()
    named = [*_WORD.findall(before)[-2:]]
    return (
        bool(in_groups)
        or alone
        or any(words.has("phone", word) for word in named)
        or any(words.has("no_number", word) for word in named[-1:])
    )
