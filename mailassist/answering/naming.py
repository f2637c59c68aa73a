"""How the matter is named: the reference with its numbers, the subject line, the thing it is about."""

import re
from collections.abc import Sequence, Set

from mailassist.answering.locale import Locale
from mailassist.answering.plain import as_value
from mailassist.reading.rude import is_heated, is_rude
from mailassist.values import Number, Particulars, Reading

MOST_NUMBERS = 2
THING = {"thing", "the_thing", "The_thing", "your_thing", "Your_thing"}
TOPIC_WORDS = range(1, 9)
MONEY = {"billing_dispute", "refund_request", "terms_dispute"}
OF_A_THING = {
    "late_delivery", "wrong_item", "defective", "not_as_expected", "refund_request", "status_request", "technical_help",
}  # fmt: skip
_PREFIX = re.compile(r"^\s*(?:[^\W\d]{1,10}(?:\[\d+\]|\(\d+\))?\s*[::]\s*|\[[^\]]*\]\s*)+", re.I)


def numbered(particulars: Particulars, locale: Locale) -> list[str]:
    """Return the first numbers of the mail, each with the word for what it numbers: "order 30-55817"."""
    labels = locale.table("numbers", "labels")
    known = particulars.numbered or tuple(Number("other", one) for one in particulars.numbers)
    shown = ((labels.get(one.kind) or labels.get("other", ""), as_value(one.text)) for one in known[:MOST_NUMBERS])
    return [f"{label} {text}".strip() for label, text in shown]


def reference(
    reading: Reading, matter: str, locale: Locale, said: str = "", named: Set[str] = frozenset()
) -> tuple[str, str]:
    """
    Return what stands behind the name of the matter, " (kettle, order 30-55817, 49 €)", and its numbers alone; or "".

    said: what stands in the draft already, named: the names its sentence uses; they are not said again.
    """
    particulars = reading.particulars
    numbers = [one for one in numbered(particulars, locale) if one.split()[-1] not in said]
    amounts = [figure(one, locale) for one in sole_amount(particulars) if as_value(one) not in said]
    about = thing(reading, locale)
    known = not about or about.casefold() in said.casefold() or named & THING
    money = amounts if matter in MONEY and "amount" not in named else []
    if "threat" in reading.attention:
        known, money = True, []  # what it holds is said by a person
    if matter not in OF_A_THING and (not numbers or matter == "hardship"):
        known = True  # "You were right to write (the bed)" reads like a form
    return _bracketed([*([] if known else [about]), *numbers, *money]), _bracketed(numbers)


def sole_amount(particulars: Particulars) -> tuple[str, ...]:
    """Return the amount of the mail, where there is but one: of two, nothing tells which is wanted back."""
    return particulars.amounts if len(particulars.amounts) == 1 else ()


ROLES = {
    "ordered": "ordered_on", "promised": "promised_for", "needed": "needed_by", "charged": "charged_on",
    "written": "written_on", "cancelled": "cancelled_on", "returned": "returned_on",
}  # fmt: skip


def dated(particulars: Particulars, locale: Locale) -> dict[str, str]:
    """
    Return the dates that are known to be the date of something, and how long the customer has waited.

    named_day: the only date of the mail, where nothing tells what it is the date of.
    """
    days = {ROLES[one.role]: figure(one.text, locale) for one in particulars.dated if one.role in ROLES}
    alone = particulars.dates[0] if len(particulars.dates) == 1 and not particulars.dated else ""
    return {**days, "named_day": figure(alone, locale), "waited": figure(particulars.waited, locale)}


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
        return " ".join(word.lower() if word.isupper() and len(word) > 3 else word for word in words)
    return ""


def things(reading: Reading, locale: Locale) -> dict[str, str]:
    """
    Return what the mail is about as `thing`, and, where it is one thing, as the subject of a sentence.

    the_thing, The_thing: "die Bohrmaschine"; your_thing, Your_thing: "Ihre Bohrmaschine", where the set says how.
    """
    named = {"thing": thing(reading, locale)}
    one = next(iter(reading.particulars.named), None)
    if one is None or one.plural:
        return named
    named["the_thing"] = one.definite
    if yours := locale.table("numbers", "yours").get(one.gender or "any"):
        named["your_thing"] = f"{yours} {one.text}"
    subjects = {name: text for name, text in named.items() if name != "thing"}
    return {**named, **{_raised(name): _raised(text) for name, text in subjects.items()}}


def _raised(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def topic(reading: Reading, locale: Locale) -> str:
    """Return the subject line where it names the matter and can be said back, else ""."""
    title = _PREFIX.sub("", as_value(reading.mail.subject)).strip(" .-–—")
    shouted = title.isupper() or any(len(word) > 3 and word.isupper() for word in title.split())
    named = len(title) > 3 and (" " in title or title[0].isupper())  # "squeaky" alone names nothing
    plain = named and not shouted and not re.search(r"[!?*\[\]{}<>@]|https?:", title)
    in_grief = any(one.name == "hardship" for one in reading.intents)
    if not plain or in_grief or len(title.split()) not in TOPIC_WORDS or _mirrors(title, reading):
        return ""
    return title if harmless(title, reading, locale) else ""


def _mirrors(title: str, reading: Reading) -> bool:
    """Say whether *title* would give a hostile mail its contempt back: heated, or naming neither thing nor number."""
    if reading.tone.level != "hostile":
        return False
    named = any(one.casefold() in title.casefold() for one in reading.particulars.things)
    return is_heated(title, reading.language.tag) or not (named or any(map(str.isdigit, title)))


def harmless(text: str, reading: Reading, locale: Locale) -> bool:
    """Say whether *text*, the customer's own words, can be said back to them: nothing rude, no mere courtesy."""
    if locale.matches("sentences", "unquotable", text) or locale.matches("sentences", "courtesy", text):
        return False
    return not is_rude(text, reading.language.tag)
