"""Who wrote: the person's name in a signature or a From name, and the greeting. A wrong name is worse than none."""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from mailassist.answering.locale import Locale
from mailassist.answering.plain import as_value
from mailassist.values import Address

MOST_NAME_LETTERS = 48
MOST_NAME_WORDS = 5
NO_PERSON = re.compile(
    r"(?:no|do.?not|ne).?reply|mailer|daemon|postmaster|newsletter|webmaster|notif|noreply|contact|info|www|http|[@\d<>{}\[\]|_/\\#*=+]",
    re.I,
)
PARTICLES = frozenset(  # written small, they begin a surname: "Irmgard von Tettau" is Frau von Tettau
    (
        "af", "al", "bin", "da", "dal", "dalla", "das", "de", "degli", "dei", "del", "della", "den", "der", "des", "di",
        "do", "dos", "du", "el", "ibn", "la", "le", "ten", "ter", "tot", "van", "vom", "von", "zu", "zum", "zur",
    )
)  # fmt: skip
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+|[^\W\d_]")
_ELIDED = re.compile(r"^[^\W\d_]{1,5}['’](?=[^\W\d_])")  # "d'Ormesson"
_NAMES = Path(__file__).parent / "words" / "given_names.txt"


class PersonName(NamedTuple):
    """A name, and what of it is known."""

    full: str
    first: str = ""
    last: str = ""
    title: str = ""
    patronymic: str = ""
    several: bool = False


def greeting(signed: Sequence[str], from_: Address | None, locale: Locale) -> str:
    """Return the salutation: by the first of *signed* that is a name, else by the From name, else by none."""
    shown = _surname_last(from_.name) if from_ else ""
    local = from_.spec.rpartition("@")[0] if from_ else ""
    named = next(filter(None, (person(one, locale, (shown, local)) for one in signed)), None)
    name = _fuller(named, person(shown, locale, ("", local)))
    for form in _forms(name, locale) if name else ():
        pattern = locale.text("greeting", form)
        known = _filled(name, locale) if name and pattern else {}
        if known and (known["vocative"] or "{vocative}" not in pattern):
            return re.sub(" {2,}", " ", pattern.format(**known))
    return locale.text("greeting", "nobody")


def _filled(name: PersonName, locale: Locale) -> dict[str, str]:
    """Return what a greeting may name: the parts of *name*, `Last` with a capital, `vocative` as the set has it."""
    vocatives = {given.casefold(): called for given, called in locale.table("names", "vocative").items()}
    given = (name.first.casefold(), re.split(r"[ -]", name.first.casefold())[0])
    return {
        **{field: value for field, value in name._asdict().items() if isinstance(value, str)},
        "Last": name.last[:1].upper() + name.last[1:],
        "vocative": next((vocatives[one] for one in given if one in vocatives), ""),
    }


def _fuller(signed: PersonName | None, sender: PersonName | None) -> PersonName | None:
    """Return *signed*, but *sender*, whom From names, where the mail is signed with that one's surname or initials."""
    if signed is None or sender is None or not sender.last or signed.title:
        return signed or sender
    surname, alone = sender.last.casefold(), signed.full.casefold()
    same = alone == surname or (_INITIALS.fullmatch(signed.first) and signed.last.casefold() == surname)
    return sender if same else signed


def _forms(name: PersonName, locale: Locale) -> Sequence[str]:
    """Return the greetings that fit *name*, the most telling first."""
    if name.several:
        return ("several", "full", "nobody")
    if name.patronymic:
        return ("patronymic", "full", "nobody")
    gender = _gender(name, locale)
    if name.title:
        own = [gender] if gender and _takes_title(name.title, locale.text("greeting", gender), locale) else []
        return (*own, "titled", "full") if name.last else ("nobody",)
    if not name.last:
        return ("first", "full", "nobody")
    if _INITIALS.fullmatch(name.first):
        return ("initials", "full", "nobody")
    return (gender, "full", "nobody") if gender else ("full", "nobody")


def _takes_title(title: str, pattern: str, locale: Locale) -> bool:
    """Say whether a greeting by sex has a place for *title*, and does not say it already ("Frau")."""
    said = " ".join(locale.text("greeting", gender) for gender in ("female", "male")).split()
    return "{title}" in pattern and not set(title.split()) & set(said)


def _gender(name: PersonName, locale: Locale) -> str:
    """Return the sex that the first name tells, as the language's lists have it; empty where it tells none."""
    given = {name.first.casefold(), re.split(r"[ -]", name.first)[0].casefold()}
    return next((g for g in ("female", "male") if given & _folded(locale.texts("names", g))), "")


def _surname_last(from_name: str) -> str:
    """Return *from_name* with the surname last where it stands first, as directories write it: "Holm, Anna"."""
    found = re.fullmatch(r"\s*\"?([^\s,\"]+(?: [^\s,\"]+)?), ([^\s,\"]+(?: [^\s,\"]+)?)\"?\s*", from_name)
    return f"{found[2]} {found[1]}" if found else from_name


def person(text: str, locale: Locale, beside: tuple[str, str] = ("", "")) -> PersonName | None:
    """
    Return the person's name in *text*; None where it is no person's: an address, a company, a role, a word.

    beside: the From name and the local part of the address, which may show that a word is a name.
    None too for a surname alone: nobody is greeted by it without a title.
    """
    words = re.split(r"[,;(/|]| [-–—] ", as_value(text).strip(" -–—,.;:'\"()"))[0].split()
    words, title = _without_titles(words, locale)
    if not _names_a_person(words, locale):
        return None
    words = [_capitalised(word, words) for word in words]
    if not title and not _is_borne_out(words, locale, beside):
        return None
    return _taken_apart(words, title, locale)


def _without_titles(words: list[str], locale: Locale) -> tuple[list[str], str]:
    """Return *words* without the titles in front, and the titles as they stand in a greeting."""
    titles = {key.casefold(): shown for key, shown in locale.table("names", "titles").items()}
    found = []
    while words and (key := words[0].rstrip(".").casefold()) in titles:
        found += [titles[key]] if titles[key] else []
        words = words[1:]
    return words, " ".join(dict.fromkeys(found))


def _taken_apart(words: list[str], title: str, locale: Locale) -> PersonName | None:
    """Return the name that *words* are, with its parts; None for a surname with its particle alone."""
    joining = locale.texts("names", "and")
    if {one.casefold() for one in joining} & {word.casefold() for word in words[1:-1]}:
        full = " ".join(joining[0] if word == "&" else word for word in words)
        return PersonName(full, first=full, several=True)
    words = words if title else _surname_in_place(words, locale)
    words = [_quieter(word, words) for word in words]
    full = " ".join(words)
    if len(words) == 1:
        return PersonName(full, "", full, title) if title else PersonName(full, full)
    if patronymic := _patronymic(words, locale):
        return PersonName(full, words[patronymic - 1], words[0], title, words[patronymic])
    if len(words) == 2 and len(words[1].rstrip(".")) == 1 and len(words[0].rstrip(".")) > 1:
        return PersonName(full, words[0])  # "Gitte R": the initial is no surname to greet by
    start = next((n for n, word in enumerate(words[:-1]) if _begins_surname(word, locale)), len(words) - 1)
    if start == 0:
        return PersonName(full, "", full, title) if title else None
    return PersonName(full, _first_names(words, locale), " ".join(words[start:]), title)


def _begins_surname(word: str, locale: Locale) -> bool:
    """Say whether a surname begins with *word*: "de" of de Vries, "Le" of Le Bihan, "Kuipers-van" of K. van der Hek."""
    last = word.rpartition("-")[2]
    return last in PARTICLES or last.casefold() in _own_particles(locale)


def _own_particles(locale: Locale) -> frozenset[str]:
    return _folded(locale.texts("names", "particles"))


def _quieter(word: str, words: Sequence[str]) -> str:
    """Return *word* as a name is written, where it alone is shouted: "Marie DUBOIS", "Juan DE LA CRUZ"."""
    if not word.isupper() or "." in word or all(one.isupper() for one in words):
        return word
    if word.casefold() in PARTICLES:
        return word.lower()
    return _begun_large(word) if len(word) > 3 else word


def _begun_large(word: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)


def _is_borne_out(words: Sequence[str], locale: Locale, beside: tuple[str, str]) -> bool:
    """
    Say whether *words*, which look like a name, are one: a given name is among them, or the From field shows them.

    A word alone that is the surname of the From name is not: the From name says more.
    """
    shown = _parts(beside[0])
    if len(words) == 1:
        alone = _parts(words[0])
        return is_given(words[0], locale) or (shown[: len(alone)] == alone and not _is_surname(words[0], locale))
    initial = words[0].endswith(".") and _INITIALS.fullmatch(words[0])  # "Thanks a bunch" has none
    if _patronymic(words, locale) or (initial and not _INITIALS.fullmatch(words[-1])):
        return True
    first, last = (_parts(word) for word in (words[0], words[-1]))
    own = ([*first, *last], [first[0][:1] + last[-1]] if first and last else [])  # anna.holm@, aholm@; not bluekettle@
    return any(is_given(word, locale) for word in words) or _parts(beside[1]) in own


def _parts(text: str) -> list[str]:
    """Return the words of *text*, as they are compared."""
    return re.findall(r"[^\W\d_]+", _plain(text.casefold()))


def is_given(word: str, locale: Locale) -> bool:
    """Say whether *word* is a given name, or two joined by a hyphen."""
    listed, given = _listed(locale), given_names()
    plain = word.casefold()
    spellings = (plain, _plain(plain))
    parts = plain.split("-")
    return any(one in listed or one in given for one in spellings) or (
        len(parts) > 1 and all(one in listed or one in given for one in parts)
    )


@cache
def given_names() -> frozenset[str]:
    """Return the given names of many languages, in lower case, with their accents and without."""
    lines = (line for line in _NAMES.read_text("utf-8").splitlines() if not line.startswith("#"))
    names = " ".join(lines).casefold().split()
    return frozenset((*names, *map(_plain, names)))


def _plain(word: str) -> str:
    """Return *word* without its accents; those of Cyrillic letters stay (й is more than и)."""
    if word.isascii():
        return word
    bare = (c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c) or c == "\u0306")
    return unicodedata.normalize("NFC", "".join(bare))


def _first_names(words: Sequence[str], locale: Locale) -> str:
    """Return the first names in *words*: those the language lists, "Poul Erik" of "Poul Erik Lassen", else one."""
    listed = _listed(locale)

    def known(word: str) -> bool:
        return word.casefold() in listed or set(word.casefold().split("-")) <= listed

    return " ".join(itertools.takewhile(known, words)) or words[0]


def _listed(locale: Locale) -> frozenset[str]:
    return _folded((*locale.texts("names", "female"), *locale.texts("names", "male")))


@lru_cache(maxsize=128)  # half a dozen lists of each language
def _folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _is_surname(word: str, locale: Locale) -> bool:
    """Say whether *word* has the ending of a surname and is no first name the language lists."""
    pattern = locale.text("names", "surname")
    return bool(pattern and re.fullmatch(pattern, word, re.I)) and word.casefold() not in _listed(locale)


def _names_a_person(words: Sequence[str], locale: Locale) -> bool:
    """Say whether *words* are written like a name and none of them says that it is a company's or a role's."""
    joined = " ".join(words)
    roles = _folded(locale.texts("names", "no_person"))
    small = {*PARTICLES, *_own_particles(locale), "&", *_folded(locale.texts("names", "and"))}
    return (
        0 < len(words) <= MOST_NAME_WORDS
        and len(joined) <= MOST_NAME_LETTERS
        and not NO_PERSON.search(joined)
        and not any(word.strip(".").casefold() in roles for word in words)
        and all(map(_is_name_word, words))
        and (joined.islower() or all(not _ELIDED.sub("", word)[0].islower() or word in small for word in words))
    )


def _is_name_word(word: str) -> bool:
    letters = re.sub(r"[-'’.·]", "", word)
    return word == "&" or (bool(letters) and all(unicodedata.category(c)[0] in "LM" for c in letters))


def _capitalised(word: str, words: Sequence[str]) -> str:
    """Return *word* as a name is written, where the whole name was written small or shouted."""
    whole = "".join(words)
    if whole.islower() or (whole.isupper() and len(whole) > 3):
        small = len(words) > 1 and word.casefold() in PARTICLES
        return word.lower() if small else _begun_large(word)
    return word


def _surname_in_place(words: list[str], locale: Locale) -> list[str]:
    """Return *words* with the surname last, where it stands first: "DUBOIS Marie" by its capitals, or by its ending."""
    loud = [word for word in words if len(word) > 3 and word.isupper() and "." not in word]
    ends = [word for word in words if _is_surname(word, locale)] if _patronymic(words, locale) != 1 else []
    return [*words[1:], words[0]] if len(words) > 1 and [words[0]] in (loud, ends) else words


def _patronymic(words: Sequence[str], locale: Locale) -> int:
    """Return the place of the patronymic in *words*, 0 where there is none; a given name stands before it."""
    pattern = locale.text("names", "patronymic")
    places = [n for n, word in enumerate(words) if n and pattern and re.fullmatch(pattern, word, re.I)]
    return places[0] if places else 0
