"""What a mail names, as the customer wrote it: numbers, dates, amounts, things, questions, and who signed it."""

import re
from functools import cache

from mailassist.reading.aspects import find_dated, find_wait
from mailassist.reading.cues import fold
from mailassist.reading.particulars.numbers import find_numbers
from mailassist.reading.particulars.signed import find_signature
from mailassist.reading.particulars.things import find_things
from mailassist.reading.sentences import split_sentences, without_salutation
from mailassist.reading.vocabulary import Vocabulary, vocabulary
from mailassist.values import Particulars

MOST_READ = 12_000  # characters of a mail that are read
MOST_QUESTIONS = 8
LONGEST_QUESTION = 300  # characters

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_NUMERIC_DATE = re.compile(
    rf"(?<![\w.,/-])(?:{_DAY}[./-]{_MONTH}[./-](?:20)?\d\d|20\d\d-{_MONTH}-{_DAY}|{_DAY}\.{_MONTH}\.|{_DAY}/{_MONTH})(?![\w/-]|[.,]\d)"
)
_BARE_DATE = re.compile(rf"({_DAY})/{_MONTH}")  # may be a fraction, or "24/7"
# of the sentence, not of "Aug."; May is no shorter written out
_FULL_STOP = re.compile(r"(?:(?<=[^\W\d_]{4})|(?<=\b(?:may|mai|maj|mei|мая)))\.$", re.IGNORECASE)
_ORDINAL = r"(?:st|nd|rd|th|er|º|°|\.)?"
_AND_WORDS = "and|or|to|und|oder|bis|og|eller|till|til|och|en|of|tot|et|ou|au|y|o|al|e|i|oraz|lub|do|и|или|по"
_AND = rf"(?:[&/+–-]|(?:{_AND_WORDS})(?=\s))"
_FIGURE = r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_SIGN = r"€|£|\$|₽|zł|R\$|US\$|A\$|C\$"
_CODE = r"EUR|USD|GBP|CHF|DKK|SEK|NOK|PLN|RUB|Fr\.?|Rs\.?"
_TAIL = r"(?:[.,][-–]+|,-)?"
_AMOUNT_BEFORE = re.compile(rf"(?<!\w)(?:{_SIGN}|{_CODE})\s?(?:{_FIGURE}){_TAIL}(?![\w]|[.,]\d)")
_AMOUNT_BEHIND = re.compile(rf"(?<![\w.,'’-])(?:{_FIGURE}){_TAIL}\s?(?:{_SIGN}|{_CODE}|[^\W\d_]+)(?!\w)")
_ORDINAL_E = re.compile(r"\d{1,2} ?e", re.IGNORECASE)  # "3e" is the third; "300e" is money
_QUOTED_MARK = "\x1a"  # stands for a question mark in somebody else's words
_QUOTED = re.compile(r"[“„\"«»][^“”„\"«»\n]{1,300}[”“\"»«]")


def find_particulars(said: str, language: str, sender: str = "", subject: str = "") -> Particulars:
    """
    Return what *said* names, each thing as written and in the order it appears.

    said: the text, with or without its subject in front and its signature behind it. sender: the
    name in the From field, if any. subject: the subject line, again where it stands in *said*.
    """
    text = said if len(said) <= MOST_READ else said[: MOST_READ - 2000] + "\n" + said[-2000:]
    words = vocabulary(language)
    numbered, dates = find_numbers(text, language), _dates(text, words, language)
    named = find_things(text, language, subject)
    signature = find_signature(text, language, sender)
    return Particulars(
        numbers=tuple(number.text for number in numbered),
        dates=dates,
        amounts=_amounts(text, words),
        things=tuple(thing.text for thing in named),
        questions=_questions(text, language),
        sender_name=signature.name,
        numbered=numbered,
        named=named,
        dated=find_dated(text, dates, language),
        waited=find_wait(text, language),
        signed_plainly=signature.plain,
    )


def _once(found: list[tuple[int, str]]) -> tuple[str, ...]:
    """Return the texts in the order of their places, each once."""
    return tuple(dict.fromkeys(" ".join(text.split()) for _, text in sorted(found)))


def _dates(text: str, words: Vocabulary, language: str) -> tuple[str, ...]:
    numeric = (match for match in _NUMERIC_DATE.finditer(text) if _is_date(text, match, words))
    named = (match for match in _named_date(language).finditer(text) if _has_month(match[0], words))
    return _once([(match.start(), _FULL_STOP.sub("", match[0])) for match in (*numeric, *named)])


def _is_date(text: str, match: re.Match[str], words: Vocabulary) -> bool:
    """Say whether what looks like a date is none of the others that do: a fraction, a number, "24/7"."""
    bare = _BARE_DATE.fullmatch(match[0])
    if bare is None:
        return True
    before = re.findall(r"[^\W\d_]+|[№#]", text[max(0, match.start() - 12) : match.start()])[-1:]
    named = any(words.has("day", word) for word in before)
    return match[0] != "24/7" and (named or (int(bare[1]) > 12 and not {"№", "#"} & set(before)))


@cache
def _named_date(language: str) -> re.Pattern[str]:
    """Return the pattern of a day and a month in words: "3 April 2025", "le 2 mars", "April 3rd"."""
    between = "|".join(sorted(map(re.escape, vocabulary(language).words("day")), key=len, reverse=True)) or "of"
    month = r"[^\W\d_]{3,12}\.?"
    year = rf"(?:,?\s+(?:{between})?\s*(?:19|20)\d\d)?"
    several = rf"(?:\d{{1,2}}{_ORDINAL}(?:,\s?|\s?{_AND}\s?))*"  # "2 and 4 December", "12. und 17. November"
    day_first = rf"(?<![\w.,]){several}\d{{1,2}}{_ORDINAL}\s?(?:(?:{between})\s)?{month}{year}"
    months = "|".join(sorted(vocabulary(language).words("months"), key=len, reverse=True))
    month_first = rf"(?<!\w)(?:{months})\.?\s(?:the\s)?\d{{1,2}}(?:st|nd|rd|th)?(?![\w.:]\d|\w)(?:,?\s(?:19|20)\d\d)?"
    return re.compile(f"{day_first}|{month_first}" if language.startswith("en") else day_first, re.IGNORECASE)


def _has_month(date: str, words: Vocabulary) -> bool:
    return any(fold(word) in words.words("months") for word in re.findall(r"[^\W\d_]{3,}", date))


def _amounts(text: str, words: Vocabulary) -> tuple[str, ...]:
    found = [(match.start(), match[0]) for match in _AMOUNT_BEFORE.finditer(text)]
    taken = [(start, start + len(amount)) for start, amount in found]
    for match in _AMOUNT_BEHIND.finditer(text):
        unit = re.search(rf"(?:{_SIGN}|[^\W\d_]+\.?)$", match[0])
        is_money = unit is not None and (not unit[0][0].isalpha() or words.has("money", unit[0].strip(".")))
        if _ORDINAL_E.fullmatch(match[0]):
            continue
        if is_money and not any(start <= match.start() < end for start, end in taken):
            found.append((match.start(), match[0]))
    return _once(found)


def _questions(text: str, language: str) -> tuple[str, ...]:
    """Return the whole sentences that ask, without the salutation before them, none that is quoted."""
    own = _QUOTED.sub(lambda match: match[0].replace("?", _QUOTED_MARK), text)
    found = [without_salutation(one, language) for one in split_sentences(own, language) if one.endswith("?")]
    asked = [one.replace(_QUOTED_MARK, "?") for one in found]
    fitting = [one for one in asked if len(one) <= LONGEST_QUESTION and any(map(str.isalpha, one))]
    return tuple(dict.fromkeys(fitting))[:MOST_QUESTIONS]
