"""How the customer and their matter are named: the greeting, the reference, the one sentence of theirs to say back."""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from mailassist.answering.locale import Locale
from mailassist.reading.rude import is_rude
from mailassist.reading.sentences import split_sentences, without_salutation
from mailassist.values import Number, Particulars, Reading

MOST_NAME_LETTERS = 48
MOST_NAME_WORDS = 5
MOST_NUMBERS = 2
LEAST_WEIGHT = 1.0  # of a sentence worth quoting
LEAST_WEIGHT_ALONE = 0.5  # where nothing else shows what the mail is about
QUOTED_WORDS = range(5, 37)  # shorter says nothing, longer is no longer a quotation
TOPIC_WORDS = range(1, 9)
MOST_HOSTILITY = 1 / 3  # of words to say back; whether so few are calm or upset cannot be told
MONEY = {"billing_dispute", "refund_request", "terms_dispute"}
ASKING = {"question", "status_request", "technical_help", "out_of_scope", "other", "no_response"}
NO_PERSON = re.compile(
    r"(?:no|do.?not|ne).?reply|mailer|daemon|postmaster|newsletter|webmaster|notif|noreply|contact|info|www|http|[@\d<>{}\[\]|_/\\#*=+]",
    re.I,
)
QUOTE_MARKS = '"“”„«»‟'
_PREFIX = re.compile(r"^\s*(?:[^\W\d]{1,10}(?:\[\d+\]|\(\d+\))?\s*[::]\s*|\[[^\]]*\]\s*)+", re.I)


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
    name = _fuller(person(signed, locale), person(_surname_last(from_name), locale))
    if name is None:
        return locale.text("greeting", "nobody")
    for form in _forms(name, locale):
        if pattern := locale.text("greeting", form):
            return pattern.format(**name._asdict())
    return locale.text("greeting", "nobody")


def _fuller(signed: PersonName | None, sender: PersonName | None) -> PersonName | None:
    """Return *signed*, but *sender*, whom From names, where the mail is signed with that one's surname or initials."""
    if signed is None or sender is None or not sender.last or signed.title:
        return signed or sender
    surname, alone = sender.last.casefold(), signed.full.casefold()
    same = alone == surname or (_is_initials(signed.first) and signed.last.casefold() == surname)
    return sender if same else signed


def _is_initials(text: str) -> bool:
    return bool(re.fullmatch(r"(?:[^\W\d_]\.-?)+|[^\W\d_]", text))


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
    if _is_initials(name.first):
        return ("initials", "full", "nobody")
    given = {name.first.casefold(), re.split(r"[ -]", name.first)[0].casefold()}
    gender = next((g for g in ("female", "male") if given & set(map(str.casefold, locale.texts("names", g)))), "")
    return (gender, "full", "nobody") if gender else ("full", "nobody")


def _surname_last(from_name: str) -> str:
    """Return *from_name* with the surname last where it stands first, as directories write it: "Holm, Anna"."""
    found = re.fullmatch(r"\s*\"?([^\s,\"]+(?: [^\s,\"]+)?), ([^\s,\"]+(?: [^\s,\"]+)?)\"?\s*", from_name)
    return f"{found[2]} {found[1]}" if found else from_name


def person(text: str, locale: Locale) -> PersonName | None:
    """
    Return the person's name in *text*; None where it is no person's: an address, a company, a role, an emoji.

    None too for a lone word that the language's pattern says is a surname: nobody is greeted by it without a title.
    """
    words = re.split(r"[,;(/|]| [-–—] ", as_value(text).strip(" -–—,.;:'\"()"))[0].split()
    titles = {key.casefold(): shown for key, shown in locale.table("names", "titles").items()}
    title = []
    while words and (key := words[0].rstrip(".").casefold()) in titles:
        title += [titles[key]] if titles[key] else []
        words = words[1:]
    if not _names_a_person(words, locale):
        return None
    words = [_capitalised(word, words) for word in words]
    if {one.casefold() for one in locale.texts("names", "and")} & {word.casefold() for word in words[1:-1]}:
        return PersonName(" ".join(words), first=" ".join(words), several=True)
    words = _surname_in_place(words, locale)
    full, shown_title = " ".join(words), " ".join(title)
    if len(words) == 1 and not title and _is_surname(full, locale):
        return None
    if len(words) == 1:
        return PersonName(full, "", full, shown_title) if title else PersonName(full, full)
    if patronymic := _patronymic(words, locale):
        return PersonName(full, words[patronymic - 1], words[0], shown_title, words[patronymic])
    if len(words) == 2 and len(words[1].rstrip(".")) == 1 and len(words[0].rstrip(".")) > 1:
        return PersonName(full, words[0])  # "Gitte R": the initial is no surname to greet by
    start = _surname_start(words, locale)
    if start == 0:
        return PersonName(full, "", full, shown_title) if title else None
    return PersonName(full, _first_names(words, locale), " ".join(words[start:]), shown_title)


def _surname_start(words: Sequence[str], locale: Locale) -> int:
    """Return where the surname begins in *words*: with its particle, "de Villiers", "Le Bihan", else with the last."""
    particles = {one.casefold() for one in locale.texts("names", "particles")}
    return next((n for n, word in enumerate(words[:-1]) if word.casefold() in particles), len(words) - 1)


def _first_names(words: Sequence[str], locale: Locale) -> str:
    """Return the first names in *words*: those the language lists, "Poul Erik" of "Poul Erik Lassen", else one."""
    listed = _listed(locale)

    def known(word: str) -> bool:
        return word.casefold() in listed or set(word.casefold().split("-")) <= listed

    return " ".join(itertools.takewhile(known, words)) or words[0]


def _listed(locale: Locale) -> set[str]:
    return {one.casefold() for gender in ("female", "male") for one in locale.texts("names", gender)}


def _is_surname(word: str, locale: Locale) -> bool:
    """Say whether *word* looks as a surname does in this language and is no first name that it lists."""
    pattern = locale.text("names", "surname")
    return bool(pattern and re.fullmatch(pattern, word, re.I)) and word.casefold() not in _listed(locale)


def _names_a_person(words: Sequence[str], locale: Locale) -> bool:
    joined = " ".join(words)
    roles = {one.casefold() for one in locale.texts("names", "no_person")}
    return (
        0 < len(words) <= MOST_NAME_WORDS
        and len(joined) <= MOST_NAME_LETTERS
        and not NO_PERSON.search(joined)
        and not any(word.strip(".").casefold() in roles for word in words)
        and all(map(_is_name_word, words))
    )


def _is_name_word(word: str) -> bool:
    letters = re.sub(r"[-'’.·]", "", word)
    return word == "&" or (bool(letters) and all(unicodedata.category(c)[0] in "LM" for c in letters))


def _capitalised(word: str, words: Sequence[str]) -> str:
    """Return *word* as a name is written, where the whole name was written small or shouted."""
    whole = "".join(words)
    if len(words[0]) > 1 and (whole.islower() or (whole.isupper() and len(whole) > 3)):
        return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
    return word


def _surname_in_place(words: list[str], locale: Locale) -> list[str]:
    """Return *words* with the surname last, where it stands first: "DUBOIS Marie" by its capitals, or by its form."""
    loud = [word for word in words if len(word) > 3 and word.isupper()]
    ends = [word for word in words if _is_surname(word, locale)] if _patronymic(words, locale) != 1 else []
    return [*words[1:], words[0]] if len(words) > 1 and [words[0]] in (loud, ends) else words


def _patronymic(words: Sequence[str], locale: Locale) -> int:
    """Return the place of the patronymic in *words*, 0 where there is none; a given name stands before it."""
    pattern = locale.text("names", "patronymic")
    places = [n for n, word in enumerate(words) if n and pattern and re.fullmatch(pattern, word, re.I)]
    return places[0] if places else 0


def numbered(particulars: Particulars, locale: Locale) -> list[str]:
    """Return the first numbers of the mail, each with the word for what it numbers: "order 30-55817"."""
    labels = locale.table("numbers", "labels")
    known = particulars.numbered or tuple(Number("other", one) for one in particulars.numbers)
    shown = ((labels.get(one.kind) or labels.get("other", ""), as_value(one.text)) for one in known[:MOST_NUMBERS])
    return [f"{label} {text}".strip() for label, text in shown]


def reference(reading: Reading, matter: str, locale: Locale) -> tuple[str, str]:
    """Return what stands behind the name of the matter, " (order 30-55817, 49 €)", and that without amounts; or ""."""
    particulars = reading.particulars
    numbers = numbered(particulars, locale)
    amounts = [as_value(one) for one in particulars.amounts[:2]] if matter in MONEY else []
    return _bracketed([*numbers, *amounts]), _bracketed(numbers)


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
        if plain and len(title.split()) in TOPIC_WORDS and _harmless(title, reading, locale):
            return title
    return ""


def telling_sentence(reading: Reading, locale: Locale) -> tuple[str, bool]:
    """
    Return the sentence of the customer's that says most of the matter, and whether it is a question; or ("", False).

    Nothing of a hostile mail is said back, no sentence with rude words or in capitals, none that quotes somebody else.
    """
    if reading.tone.level == "hostile":
        return "", False
    language = reading.language.tag
    said = [
        _capital(without_salutation(as_value(one), language)) for one in split_sentences(reading.mail.said, language)
    ]
    quotable = [(n, one) for n, one in enumerate(said) if _quotable(one, reading)]
    weighed = sorted((-_weight(one, n / len(said), reading, locale), n) for n, one in quotable)
    least = LEAST_WEIGHT if numbered(reading.particulars, locale) or topic(reading, locale) else LEAST_WEIGHT_ALONE
    for weight, n in weighed:
        if -weight >= least and _harmless(said[n], reading, locale):
            return _with_next_question(said, n, reading, locale), said[n].endswith("?")
    return "", False


def _capital(sentence: str) -> str:
    """Return *sentence* begun with a capital, but for a first word that has one within: "iPhone"."""
    first = sentence.partition(" ")[0]
    return sentence[:1].upper() + sentence[1:] if first.islower() else sentence


def _with_next_question(said: Sequence[str], n: int, reading: Reading, locale: Locale) -> str:
    """Return said[n]; of two questions that follow each other, both."""
    pair = next((p for p in ((n, n + 1), (n - 1, n)) if p[0] >= 0 and p[1] < len(said) and _both_ask(said, p)), None)
    other = pair and said[pair[0] if pair[1] == n else pair[1]]
    if pair is None or not other or not _quotable(other, reading) or not _harmless(other, reading, locale):
        return said[n]
    return f"{said[pair[0]]} {said[pair[1]]}"


def _both_ask(said: Sequence[str], pair: tuple[int, int]) -> bool:
    first, second = said[pair[0]], said[pair[1]]
    return first.endswith("?") and second.endswith("?") and len(f"{first} {second}".split()) < QUOTED_WORDS.stop


def _quotable(sentence: str, reading: Reading) -> bool:
    words = sentence.split()
    shouted = sum(map(str.isupper, sentence)) * 5 > 2 * sum(map(str.isalpha, sentence))
    return (
        len(words) in QUOTED_WORDS
        and sentence[-1:] in ".?…"
        and not re.search(r"\s\d{1,2}\.$", sentence)  # an ordinal perhaps, and what follows it lost
        and not shouted
        and not re.search(r"https?:|www\.|@|[<>{}\[\]|*^~`\\=#]|[!?]{2}", sentence)
        and not any(mark in sentence for mark in QUOTE_MARKS)
        and not any(" " in one and as_value(one) in sentence for one in reading.tone.evidence)
    )


def _harmless(text: str, reading: Reading, locale: Locale) -> bool:
    """Say whether *text*, the customer's own words, can be said back to them: nothing rude, no mere courtesy."""
    if locale.matches("sentences", "unquotable", text) or locale.matches("sentences", "courtesy", text):
        return False
    return not is_rude(text, reading.language.tag)


def _weight(sentence: str, place: float, reading: Reading, locale: Locale) -> float:
    """Return how much *sentence* says of the matter: a request, facts, the intent's evidence, its *place* (0..1)."""
    particulars, matter = reading.particulars, reading.intents[0]
    facts = (*particulars.dates, *particulars.amounts, *particulars.things)  # the numbers stand in the reference
    evident = any(one and one.casefold() in sentence.casefold() for one in matter.evidence)
    weight = sum(fact in sentence for fact in facts) + 1.5 * evident + 0.7 * any(c.isdigit() for c in sentence)
    if matter.name == "praise_thanks" and not evident:
        return 0.0  # only the praise itself is passed on
    if sentence.endswith("?"):
        weight += 2.5 if matter.name in ASKING else 0.5
    elif locale.matches("sentences", "request", sentence):
        weight += 1.2
    elif len(sentence.split()) < 7:
        weight -= 0.5  # "That was 8 February." says little on its own
    return weight + 0.5 * (1 - place) + 0.3 * (len(sentence.split()) in range(7, 22))
