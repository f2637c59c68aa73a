"""How the customer and their matter are named: the greeting, the reference, the one sentence of theirs to say back."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from mailassist.answering.locale import Locale
from mailassist.values import Particulars, Reading

MOST_NAME_LETTERS = 48
MOST_NAME_WORDS = 5
QUOTED_WORDS = range(4, 31)  # shorter says nothing, longer is no longer a quotation
TOPIC_WORDS = range(1, 9)
MONEY = {"billing_dispute", "refund_request", "terms_dispute", "hardship"}
ASKING = {"question", "status_request", "technical_help", "out_of_scope", "other", "no_response"}
NO_PERSON = re.compile(
    r"(?:no|do.?not|ne).?reply|mailer|daemon|postmaster|newsletter|webmaster|notif|noreply|contact|info|www|http|[@\d<>{}\[\]|_/\\#*=+]",
    re.I,
)
QUOTE_MARKS = '"“”„«»‟'
_PREFIX = re.compile(r"^\s*(?:[^\W\d]{1,10}(?:\[\d+\]|\(\d+\))?\s*[::]\s*|\[[^\]]*\]\s*)+", re.I)
_END = re.compile(r"(?<=[.!?…])[\"”»’')]*\s+(?=[^\W\d_a-zß-öø-ÿа-яё]|[\d„“«\"'¿¡])|\n+")


def as_value(text: str) -> str:
    """Return *text* on one line, without control, direction or invisible characters and without our gap marks."""
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    kept = "".join(c for c in shown if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn") or c in "\u200c\u200d")
    return " ".join(kept.replace("[[", "[").replace("]]", "]").split())


class PersonName(NamedTuple):
    """A name, and what of it is known."""

    full: str
    first: str = ""
    last: str = ""
    title: str = ""
    patronymic: str = ""
    several: bool = False


def greeting(signed: str, from_name: str, locale: Locale) -> str:
    """Return the salutation: by the name the mail is signed with, else by the From name, else by none."""
    name = person(signed, locale) or person(from_name, locale)
    if name is None:
        return locale.text("greeting", "nobody")
    for form in _forms(name, locale):
        if pattern := locale.text("greeting", form):
            return pattern.format(**name._asdict())
    return locale.text("greeting", "nobody")


def _forms(name: PersonName, locale: Locale) -> Sequence[str]:
    """Return the greetings that fit *name*, the most telling first."""
    if name.several:
        return ("several", "full", "nobody")
    if name.patronymic:
        return ("patronymic", "full", "nobody")
    if name.title:
        return ("titled", "full") if name.last else ("nobody",)
    if not name.last:
        return ("first", "full")
    given = name.first.casefold()
    gender = next((g for g in ("female", "male") if given in map(str.casefold, locale.texts("names", g))), "")
    return (gender, "full", "nobody") if gender else ("full", "nobody")


def person(text: str, locale: Locale) -> PersonName | None:
    """Return the person's name in *text*; None where it is no person's: an address, a company, a role, an emoji."""
    words, swapped = _name_words(text)
    titles = {key.casefold(): shown for key, shown in locale.table("names", "titles").items()}
    title = []
    while words and (key := words[0].rstrip(".").casefold()) in titles:
        title += [titles[key]] if titles[key] else []
        words = words[1:]
    joined = " ".join(words)
    roles = {one.casefold() for one in locale.texts("names", "no_person")}
    if not words or len(words) > MOST_NAME_WORDS or len(joined) > MOST_NAME_LETTERS or NO_PERSON.search(joined):
        return None
    if any(word.strip(".").casefold() in roles for word in words) or not all(map(_is_name_word, words)):
        return None
    words = _order([_capitalised(word, words) for word in words], swapped)
    full = " ".join(words)
    if {one.casefold() for one in locale.texts("names", "and")} & {word.casefold() for word in words[1:-1]}:
        return PersonName(full, first=full, several=True)
    if len(words) == 1:
        return PersonName(full, "", full, " ".join(title)) if title else PersonName(full, full)
    if patronymic := _patronymic(words, locale):
        return PersonName(full, words[patronymic - 1], words[0], " ".join(title), words[patronymic])
    if len(words) == 2 and len(words[1].rstrip(".")) == 1 and len(words[0].rstrip(".")) > 1:
        return PersonName(full, words[0])  # "Gitte R": the initial is no surname to greet by
    return PersonName(full, words[0], words[-1], " ".join(title))


def _name_words(text: str) -> tuple[list[str], bool]:
    """Return the words of the name at the start of *text*, and whether it was written surname first: "Holm, Anna"."""
    shown = as_value(text).strip(" -–—,.;:'\"()")
    swap = re.fullmatch(r"([^\s,]+(?: [^\s,]+)?), ([^\s,]+(?: [^\s,]+)?)", shown)
    if swap and NO_PERSON.search(swap[2]) is None and swap[2][:1].isupper():
        return [*swap[2].split(), *swap[1].split()], True
    return re.split(r"[,;(/|]| [-–—] ", shown)[0].split(), False


def _is_name_word(word: str) -> bool:
    letters = re.sub(r"[-'’.·]", "", word)
    return word == "&" or (bool(letters) and all(unicodedata.category(c)[0] in "LM" for c in letters))


def _capitalised(word: str, words: Sequence[str]) -> str:
    """Return *word* as a name is written, where the whole name was written small or shouted."""
    whole = "".join(words)
    if len(words[0]) > 1 and (whole.islower() or (whole.isupper() and len(whole) > 3)):
        return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
    return word


def _order(words: list[str], swapped: bool) -> list[str]:
    """Return *words* with the surname last, where it alone is written in capitals: "DUBOIS Marie"."""
    loud = [word for word in words if len(word) > 2 and word.isupper()]
    if not swapped and len(loud) == 1 and loud[0] == words[0] and len(words) > 1:
        return [*words[1:], words[0]]
    return words


def _patronymic(words: Sequence[str], locale: Locale) -> int:
    """Return the place of the patronymic in *words*, 0 where there is none; a given name stands before it."""
    pattern = locale.text("names", "patronymic")
    places = [n for n, word in enumerate(words) if n and pattern and re.fullmatch(pattern, word, re.I)]
    return places[0] if places else 0


def numbered(particulars: Particulars, said: str, locale: Locale) -> list[str]:
    """Return the numbers of the mail, each with the word for what it numbers: "order 30-55817"."""
    labels = {key.casefold(): shown for key, shown in locale.table("numbers", "labels").items()}
    shown = []
    for number in particulars.numbers[:2]:
        value = as_value(number)
        before = re.search(rf"([^\W\d_]+)[\W_]*(?:[^\W\d_]{{1,7}}[\W_]*)?{re.escape(number)}", said)
        known = (before and [labels[w] for w in re.findall(r"[^\W\d_]+", before[0].casefold()) if w in labels]) or []
        label = "" if re.match(r"[^\W\d_]{3,} ", value) else known[0] if known else locale.text("numbers", "other")
        shown.append(f"{label} {value}".strip())
    return shown


def reference(reading: Reading, intent: str, locale: Locale) -> tuple[str, str]:
    """Return what stands behind the name of the matter, " (order 30-55817)", with the thing and without; or ""."""
    particulars = reading.particulars
    numbers = numbered(particulars, reading.mail.said + "\n" + reading.mail.subject, locale)
    amounts = [as_value(one) for one in particulars.amounts[:2]] if intent in MONEY else []
    title = "" if numbers else topic(reading, locale)
    named = [*numbers, *amounts, *([locale.quoted(title)] if title else [])]
    return _bracketed(named), _bracketed(numbers)


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
    """Return the subject line, or the thing, where it names the matter and can be said back; else ""."""
    subject = _PREFIX.sub("", as_value(reading.mail.subject)).strip(" .-–—")
    words = subject.split()
    loud = sum(c.isupper() for c in subject) > len(subject) / 2
    harmless = not (loud or re.search(r"[!?*]{1}", subject) or locale.matches("sentences", "unquotable", subject))
    if reading.tone.level == "hostile" or "hardship" in {one.name for one in reading.intents}:
        return ""
    return subject if harmless and len(words) in TOPIC_WORDS and len(subject) > 3 else thing(reading, locale)


def telling_sentence(reading: Reading, locale: Locale) -> tuple[str, bool]:
    """
    Return the sentence of the customer's that says most of the matter, and whether it is a question; or ("", False).

    Nothing of a hostile mail is said back, no sentence with rude words or in capitals, none that quotes somebody else.
    """
    if reading.tone.level == "hostile":
        return "", False
    asked = {as_value(one).rstrip("?!. ") for one in reading.particulars.questions}
    said = [as_value(one) for one in _END.split(reading.mail.said) if one and one.strip()]
    scored = [
        (_weight(one, n, len(said), one.rstrip("?!. ") in asked or one.endswith("?"), reading, locale), -n, one)
        for n, one in enumerate(said)
        if _quotable(one, reading, locale)
    ]
    weight, _, best = max(scored, default=(0.0, 0, ""))
    if not best or weight < 1.0:
        return "", False
    return best, best.endswith("?")


def _quotable(sentence: str, reading: Reading, locale: Locale) -> bool:
    words = sentence.split()
    shouted = sum(len(word) > 3 and word.isupper() for word in words)
    return (
        len(words) in QUOTED_WORDS
        and sentence[-1:] in ".?…"
        and shouted * 4 <= len(words)
        and not re.search(r"https?:|www\.|@|[<>{}\[\]|*^~`\\=#]|[!?]{2}", sentence)
        and not any(mark in sentence for mark in QUOTE_MARKS)
        and not any(as_value(one) and as_value(one) in sentence for one in reading.tone.evidence if " " in one)
        and not locale.matches("sentences", "unquotable", sentence)
        and not locale.matches("sentences", "courtesy", sentence)
    )


def _weight(sentence: str, place: int, count: int, asks: bool, reading: Reading, locale: Locale) -> float:
    """Return how much *sentence* says of the matter: facts, what gave the intent away, a question, an early place."""
    particulars = reading.particulars
    facts = (*particulars.numbers, *particulars.dates, *particulars.amounts, *particulars.things)
    top = reading.intents[0]
    evident = any(one and one.casefold() in sentence.casefold() for one in top.evidence)
    weight = sum(fact in sentence for fact in facts) + 1.5 * evident
    if asks:
        weight += 2.5 if top.name in ASKING else 0.5
    return weight + 0.5 * (1 - place / max(count, 1)) + 0.3 * (len(sentence.split()) in range(7, 22))
