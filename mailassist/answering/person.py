"""Who wrote: the person's name in a signature or a From name, and the greeting. A wrong name is worse than none."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mailassist.answering.locale import Locale
from mailassist.answering.names import PARTICLES, Names, bare, is_firm, is_given, names, speaks_against
from mailassist.answering.plain import as_value
from mailassist.values import Address

MOST_NAME_LETTERS = 48
MOST_NAME_WORDS = 5
LEAST_LETTERS = 3  # of a name alone that nobody has heard of
NO_PERSON = re.compile(
    r"(?:no|do.?not|ne).?reply|mailer|daemon|postmaster|newsletter|webmaster|notif|noreply|contact|info|www|http|[@\d<>{}\[\]|_/\\#*=+]",
    re.I,
)
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+[^\W\d_]?|[^\W\d_]")
_KISSES = re.compile(r"(?:[ ,]+(?:x+|X{2,}|(?i:(?:xo)+x?)))+$")  # "Siobhan xx"
_ELIDED = re.compile(r"^[^\W\d_]{1,5}['’](?=[^\W\d_])")  # "d'Ormesson"


class PersonName(NamedTuple):
    """A name, and what of it is known."""

    full: str
    first: str = ""
    last: str = ""
    title: str = ""
    patronymic: str = ""
    several: bool = False


def greeting(signed: Iterable[str], from_: Address | None, locale: Locale, plainly: bool = False) -> str:
    """
    Return the salutation: by the first of *signed* that is a name, else by the From name, else by none.

    plainly: the first of *signed* stands where nothing but a name does, so that it need not be one that is known.
    """
    known = names(locale)
    shown = _surname_last(from_.name) if from_ else ""
    local = from_.spec.rpartition("@")[0] if from_ else ""
    found = (person(one, known, (shown, local), plainly and not n) for n, one in enumerate(signed) if one)
    name = _fuller(next(filter(None, found), None), person(shown, known, ("", local)))
    for form in _forms(name, locale, known) if name else ():
        pattern = locale.text("greeting", form)
        parts = _filled(name, known) if name and pattern else {}
        if parts and (parts["vocative"] or "{vocative}" not in pattern):
            return re.sub(" {2,}", " ", pattern.format(**parts))
    return locale.text("greeting", "nobody")


def _filled(name: PersonName, known: Names) -> dict[str, str]:
    """Return what a greeting may name: the parts of *name*, `Last` with a capital, `vocative` as the set has it."""
    given = (name.first.casefold(), re.split(r"[ -]", name.first.casefold())[0])
    return {
        **{field: value for field, value in name._asdict().items() if isinstance(value, str)},
        "Last": name.last[:1].upper() + name.last[1:],
        "vocative": next((known.vocatives[one] for one in given if one in known.vocatives), ""),
    }


def _fuller(signed: PersonName | None, sender: PersonName | None) -> PersonName | None:
    """Return *signed*, but *sender*, whom From names, where the mail is signed with that one's surname or initials."""
    if signed is None or sender is None or not sender.last or signed.title:
        return signed or sender
    surname, alone = sender.last.casefold(), signed.full.casefold()
    same = alone == surname or (_INITIALS.fullmatch(signed.first) and signed.last.casefold() == surname)
    return sender if same else signed


def _forms(name: PersonName, locale: Locale, known: Names) -> Sequence[str]:
    """Return the greetings that fit *name*, the most telling first."""
    if name.several:
        return ("several", "full", "nobody")
    if name.patronymic:
        return ("patronymic", "full", "nobody")
    gender = _gender(name, known)
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


def _gender(name: PersonName, known: Names) -> str:
    """Return the sex that the first name tells, as the language's lists have it; empty where it tells none."""
    given = {name.first.casefold(), re.split(r"[ -]", name.first)[0].casefold()}
    return "female" if given & known.female else "male" if given & known.male else ""


def _surname_last(from_name: str) -> str:
    """Return *from_name* with the surname last where it stands first, as directories write it: "Holm, Anna"."""
    found = re.fullmatch(r"\s*\"?([^\s,\"]+(?: [^\s,\"]+)?), ([^\s,\"]+(?: [^\s,\"]+)?)\"?\s*", from_name)
    return f"{found[2]} {found[1]}" if found else from_name


def person(text: str, known: Names, beside: tuple[str, str] = ("", ""), plainly: bool = False) -> PersonName | None:
    """
    Return the person's name in *text*; None where it is no person's: an address, a company, a role, a word.

    beside: the From name and the local part of the address, which may show that a word is a name.
    plainly: it stands where nothing but a name does: then it is one unless something speaks against it.
    None too for a surname alone: nobody is greeted by it without a title.
    """
    if not text:
        return None
    words = re.split(r"[,;(/|]| [-–—] ", _KISSES.sub("", as_value(text).strip(" -–—,.;:'\"()")))[0].split()
    words, title = _without_titles(words, known)
    if not _names_a_person(words, known):
        return None
    words = [_capitalised(word, words) for word in words]
    if not title and not _is_borne_out(words, known, beside) and not (plainly and _is_free(words, known)):
        return None
    return _taken_apart(words, title, known)


def _without_titles(words: list[str], known: Names) -> tuple[list[str], str]:
    """Return *words* without the titles in front, and the titles as they stand in a greeting."""
    found = []
    while words and (key := words[0].rstrip(".").casefold()) in known.titles:
        found += [known.titles[key]] if known.titles[key] else []
        words = words[1:]
    return words, " ".join(dict.fromkeys(found))


def _taken_apart(words: list[str], title: str, known: Names) -> PersonName | None:
    """Return the name that *words* are, with its parts; None for a surname with its particle alone."""
    if {one.casefold() for one in known.joining} & {word.casefold() for word in words[1:-1]}:
        full = " ".join(_in_full(word, known) for word in words)
        return PersonName(full, first=full, several=True)
    words = words if title else _surname_in_place(words, known)
    words = [_quieter(word, words) for word in words]
    if len(words) > 2 and _INITIALS.fullmatch(words[0]) and is_given(words[1], known):
        words = words[1:]  # "P. Henryk Sowa"
    full = " ".join(words)
    if len(words) == 1:
        shown = f"{full}." if len(full) == 1 else full  # "Mme R."
        return PersonName(shown, "", shown, title) if title else PersonName(full, full)
    if patronymic := _patronymic(words, known):
        return PersonName(full, words[patronymic - 1], words[0], title, words[patronymic])
    if len(words) == 2 and len(words[1].rstrip(".")) == 1 and len(words[0].rstrip(".")) > 1:
        return PersonName(full, words[0])  # "Gitte R": the initial is no surname to greet by
    start = next((n for n, word in enumerate(words[:-1]) if _begins_surname(word, known)), len(words) - 1)
    if start == 0:
        return PersonName(full, "", full, title) if title else None
    return PersonName(full, _first_names(words, known), " ".join(words[start:]), title)


def _in_full(word: str, known: Names) -> str:
    """Return *word* between two names as it is spoken: "and" for "&", "und" for "u.", "och" for "o"."""
    spoken = known.joining[0] if known.joining else word
    return spoken if word in known.joining and (not word.isalpha() or len(word) < len(spoken)) else word


def _begins_surname(word: str, known: Names) -> bool:
    """Say whether a surname begins with *word*: "de" of de Vries, "Le" of Le Bihan, "Kuipers-van" of K. van der Hek."""
    last = word.rpartition("-")[2]
    return last in PARTICLES or last.casefold() in known.particles


def _quieter(word: str, words: Sequence[str]) -> str:
    """Return *word* as a name is written, where it alone is shouted: "Marie DUBOIS", "Juan DE LA CRUZ"."""
    if not word.isupper() or "." in word or all(one.isupper() for one in words):
        return word
    if word.casefold() in PARTICLES:
        return word.lower()
    return _begun_large(word) if len(word) > 3 else word


def _begun_large(word: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)


def _is_borne_out(words: Sequence[str], known: Names, beside: tuple[str, str]) -> bool:
    """
    Say whether *words*, which look like a name, are one: a given name is among them, or the From field shows them.

    A word alone that is the surname of the From name is not: the From name says more.
    """
    if len(words) == 1:
        alone, shown = _parts(words[0]), _parts(beside[0])
        return is_given(words[0], known) or (shown[: len(alone)] == alone and not known.is_surname(words[0]))
    initial = words[0].endswith(".") and _INITIALS.fullmatch(words[0])  # "Thanks a bunch" has none
    if (initial and not _INITIALS.fullmatch(words[-1])) or _patronymic(words, known):
        return True
    if any(is_given(word, known) for word in words):
        return all(is_given(word, known) or not is_firm(word) for word in (words[0], words[-1]))  # "Garage Martin"
    first, last = _parts(words[0]), _parts(words[-1])
    own = ([*first, *last], [first[0][:1] + last[-1]] if first and last else [])  # anna.holm@, aholm@; not bluekettle@
    return _parts(beside[1]) in own


def _is_free(words: Sequence[str], known: Names) -> bool:
    """Say whether nothing speaks against *words*, none of them a known given name, as a name: no firm, role or mood."""
    if any(speaks_against(word) for word in words if not known.small(word.casefold())):
        return False
    if len(words) == 1 or _INITIALS.fullmatch(words[-1]):  # "Gitte R": a word alone may be a surname
        return (
            len(words) < 3 and words[0].isalpha() and len(words[0]) >= LEAST_LETTERS and not known.is_surname(words[0])
        )
    return True


def _parts(text: str) -> list[str]:
    """Return the words of *text*, as they are compared."""
    return re.findall(r"[^\W\d_]+", bare(text.casefold()))


def _first_names(words: Sequence[str], known: Names) -> str:
    """Return the first names in *words*: those the language lists, "Poul Erik" of "Poul Erik Lassen", else one."""

    def listed(word: str) -> bool:
        return word.casefold() in known.listed or set(word.casefold().split("-")) <= known.listed

    return " ".join(itertools.takewhile(listed, words)) or words[0]


def _names_a_person(words: Sequence[str], known: Names) -> bool:
    """Say whether *words* are written like a name and none of them says that it is a company's or a role's."""
    joined = " ".join(words)
    return (
        0 < len(words) <= MOST_NAME_WORDS
        and len(joined) <= MOST_NAME_LETTERS
        and not NO_PERSON.search(joined)
        and not any(word.strip(".").casefold() in known.roles for word in words)
        and all(map(_is_name_word, words))
        and (joined.islower() or all(_begins_large(word) or known.small(word) or word == "&" for word in words))
    )


def _begins_large(word: str) -> bool:
    return not _ELIDED.sub("", word)[0].islower()


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


def _surname_in_place(words: list[str], known: Names) -> list[str]:
    """Return *words* with the surname last, where it stands first: "DUBOIS Marie" by its capitals, or by its ending."""
    loud = [word for word in words if len(word) > 3 and word.isupper() and "." not in word]
    ends = [word for word in words if known.is_surname(word)] if _patronymic(words, known) != 1 else []
    first = len(words) > 1 and ([words[0]] == loud or ([words[0]] == ends and is_given(words[-1], known)))
    return [*words[1:], words[0]] if first else words


def _patronymic(words: Sequence[str], known: Names) -> int:
    """Return the place of the patronymic in *words*, 0 where there is none; a given name stands before it."""
    if known.patronymic is None:
        return 0
    return next((n for n, word in enumerate(words) if n and known.patronymic.fullmatch(word)), 0)
