"""The name at the very end of a text, among other words: "… from your faithful clown Esben", "Gry, flat 4"."""

import re
from collections.abc import Sequence

from mailassist.answering.locale import Locale
from mailassist.answering.names import PARTICLES, Names, is_firm, is_given, names
from mailassist.answering.plain import as_value

LONGEST = 60  # characters behind the last full stop or, in a longer sentence, its last comma
MOST_BEFORE = 4  # words before the name: "Kind regards from the", "Studienrat i. R."
MOST_NAMES = 4
MOST_BEHIND = 5  # words behind the name: ", kitchen fitter, Ennis"
TO_OTHERS = frozenset(  # before a name they make it somebody else's: "greetings to Sabine"
    (
        "to", "for", "about", "with", "by", "of", "an", "für", "über", "mit", "bei", "til", "till", "med", "om", "hos",
        "à", "pour", "chez", "avec", "de", "для", "к", "с", "у", "от", "a", "al", "para", "con", "ao", "à", "com",
        "per", "da", "di", "aan", "voor", "met", "bij", "do", "dla", "z", "u",
    )
)  # fmt: skip
STREETS = frozenset(  # named after people
    ("ул", "улица", "пр", "пр-т", "пер", "rue", "avenue", "av", "calle", "via", "viale", "ul", "rua")
)
PLACE = frozenset(  # behind a name they say where somebody is from: "Sanne uit de flat", "Keld i Tønder"
    (
        "i", "in", "from", "at", "of", "aus", "vom", "von", "bei", "af", "fra", "frå", "från", "på", "ved", "hos", "v",
        "de", "du", "del", "da", "do", "dal", "di", "desde", "en", "à", "из", "с", "со", "z", "ze", "spod", "uit", "te",
        "van", "ch", "app", "apt", "kl",
    )
)  # fmt: skip
_STOP = re.compile(r"(?<!\b[^\W\d_])[.!?…:;)]+\s+|\s[-–—/]\s?|\b[vV]/\s?(?=[^\W\d_])")
_BEHIND = re.compile(
    r"[\s,]*(?:\([^)]*\)|\d{1,3} ?(?:år|ans|jahre|years|лет|anni|años|jaar|lat|anos)|\bx+)?[\s,]*$", re.I
)
_INITIAL = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+")
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")


def name_at_the_end(said: str, locale: Locale) -> str:
    """Return the name that *said* ends in, with its title or initials; "" where it ends otherwise."""
    known = names(locale)
    text = as_value(_BEHIND.sub("", said.rstrip().rpartition("\n")[2])).rstrip(" -–—*,")
    closed = text.endswith((".", "!", "?", "…"))
    sentence = _STOP.split(text.rstrip(".!?…"))[-1]
    tail = sentence if len(sentence) <= LONGEST else sentence.rpartition(",")[2]
    words = tail.lstrip(" /-–—*").split() if len(tail) <= LONGEST else []
    start = next((n for n in range(len(words)) if _begins_name(words, n, known)), None)
    if start is None or _before(words, start) > MOST_BEFORE or _to_others(words, start):
        return ""
    end = _end(words, start, known)
    if closed and not _INITIAL.fullmatch(words[-1] + ".") and (start or end < len(words)):
        return ""  # "Ask for Anna." is a sentence, "Anna." none
    return _joined(words[start:end]) if end - start <= MOST_NAMES and _may_follow(words, end, known) else ""


def _begins_name(words: Sequence[str], at: int, known: Names) -> bool:
    """Say whether a name begins with the word *at*: a given name, or where a part begins initials or a title."""
    word = words[at].rstrip(",.")
    if not word[:1].isupper():
        return len(words) == 1 and word.isalpha() and word.islower() and is_given(word, known)
    if is_given(word, known):
        return True
    goes_on = not words[at].endswith(",") and words[at + 1 : at + 2] and words[at + 1][0].isupper()
    before = words[at - 1] if at else ","
    if not goes_on or not (before.endswith(",") or before[-1].isdigit()):
        return False
    return bool(len(word) > 2 and known.titles.get(word.casefold())) or bool(_INITIAL.fullmatch(words[at]))


def _before(words: Sequence[str], start: int) -> int:
    """Return how many words stand between the last comma and the name at *start*."""
    return next((n for n in range(start) if words[start - 1 - n].endswith(",")), start)


def _to_others(words: Sequence[str], start: int) -> bool:
    """Say whether the word before the name at *start* makes it somebody else's, or a firm's."""
    before = words[start - 1] if start else ""
    plain = before.casefold().rstrip(".")
    return start > 0 and (plain in TO_OTHERS or plain in STREETS or is_firm(before))


def _end(words: Sequence[str], start: int, known: Names) -> int:
    """Return the place behind the name that begins at *start*: it goes on in capitals, and over "and" and "von"."""
    end, shouted = start + 1, "".join(words).isupper()
    while end < len(words) and not words[end - 1].endswith(","):
        word, behind = words[end].rstrip(",."), words[end + 1 : end + 2]
        small = word.casefold() if shouted else word
        if small == "&" or small in PARTICLES or known.small(small):
            if not behind or not behind[0][0].isupper() or (shouted and known.small(behind[0].casefold())):
                break
        elif not (word[:1].isupper() and _WORD.fullmatch(word)):
            break
        end += 1
    return end


def _may_follow(words: Sequence[str], end: int, known: Names) -> bool:
    """Say whether what stands behind the name leaves it a signature: a place, a number, a role; no sentence."""
    behind = words[end:]
    if not behind:
        return True
    if len(behind) > MOST_BEHIND or behind[-1][-1] in "!?":
        return False
    if words[end - 1].endswith(","):
        return behind[0][0].isupper() or any(char.isdigit() for char in "".join(behind))
    first = behind[0].casefold().rstrip(".")
    return first[0] in '(/«„"“0123456789№' or first in PLACE or "/" in first or first in known.joining


def _joined(words: Sequence[str]) -> str:
    return " ".join(words).rstrip(",.") if not _INITIAL.fullmatch(words[-1]) else " ".join(words)
