"""How the matter is named: the reference with its numbers, the subject line, the thing it is about."""

import re
from collections.abc import Sequence

from mailassist.answering.locale import Locale
from mailassist.answering.plain import as_value
from mailassist.reading.rude import is_heated, is_rude
from mailassist.values import Number, Particulars, Reading

MOST_NUMBERS = 2
TOPIC_WORDS = range(1, 9)
MONEY = {"billing_dispute", "refund_request", "terms_dispute"}
_PREFIX = re.compile(r"^\s*(?:[^\W\d]{1,10}(?:\[\d+\]|\(\d+\))?\s*[::]\s*|\[[^\]]*\]\s*)+", re.I)


def numbered(particulars: Particulars, locale: Locale) -> list[str]:
    """Return the first numbers of the mail, each with the word for what it numbers: "order 30-55817"."""
    labels = locale.table("numbers", "labels")
    known = particulars.numbered or tuple(Number("other", one) for one in particulars.numbers)
    shown = ((labels.get(one.kind) or labels.get("other", ""), as_value(one.text)) for one in known[:MOST_NUMBERS])
    return [f"{label} {text}".strip() for label, text in shown]


def reference(reading: Reading, matter: str, locale: Locale, said: str = "") -> tuple[str, str]:
    """
    Return what stands behind the name of the matter, " (order 30-55817, 49 €)", and that without amounts; or "".

    said: what stands in the draft already; its numbers and amounts are not said again.
    """
    particulars = reading.particulars
    numbers = [one for one in numbered(particulars, locale) if one.split()[-1] not in said]
    amounts = [figure(one, locale) for one in particulars.amounts[:2] if as_value(one) not in said]
    return _bracketed([*numbers, *(amounts if matter in MONEY else [])]), _bracketed(numbers)


def figure(text: str, locale: Locale) -> str:
    """Return a date or an amount as it stands in a draft: "2. oktober" for "2. OKTOBER", the unit as the set has it."""
    months = {one.casefold(): one for one in locale.texts("locale", "months")}
    units = {one.casefold(): shown for one, shown in locale.table("numbers", "units").items()}

    def shown(word: str) -> str:
        plain = word.casefold()
        quiet = word.lower() if word.isalpha() and word.isupper() and len(word) > 3 else word  # "EUR" stays
        return units.get(plain) or (months.get(plain, quiet) if word.isupper() else word)

    return " ".join(map(shown, as_value(text).split()))


def _bracketed(items: Sequence[str]) -> str:
    return f" ({', '.join(items)})" if items else ""


def thing(reading: Reading, locale: Locale) -> str:
    """Return what the mail is about without its article, "blue kettle"; empty when that is not known."""
    articles = {one.casefold() for one in locale.texts("numbers", "articles")}
    for one in reading.particulars.things[:1]:
        words = as_value(one).split()
        while words and words[0].casefold() in articles:
            words = words[1:]
        return " ".join(words)
    return ""


def topic(reading: Reading, locale: Locale) -> str:
    """Return the subject line where it names the matter and can be said back, else the thing it is about; else ""."""
    if "hardship" in {one.name for one in reading.intents}:
        return ""
    subject = _PREFIX.sub("", as_value(reading.mail.subject)).strip(" .-–—")
    for title in (subject, thing(reading, locale)):
        shouted = title.isupper() or any(len(word) > 3 and word.isupper() for word in title.split())
        named = len(title) > 3 and (" " in title or title[0].isupper())  # "squeaky" alone names nothing
        plain = named and not shouted and not re.search(r"[!?*\[\]{}<>@]|https?:", title)
        heated = reading.tone.level == "hostile" and is_heated(title, reading.language.tag)
        if plain and not heated and len(title.split()) in TOPIC_WORDS and harmless(title, reading, locale):
            return title
    return ""


def harmless(text: str, reading: Reading, locale: Locale) -> bool:
    """Say whether *text*, the customer's own words, can be said back to them: nothing rude, no mere courtesy."""
    if locale.matches("sentences", "unquotable", text) or locale.matches("sentences", "courtesy", text):
        return False
    return not is_rude(text, reading.language.tag)
