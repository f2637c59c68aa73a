"""The name at the very end of a text, where no closing formula leads to it: "… from your faithful clown Esben"."""

import re

from mailassist.answering.locale import Locale
from mailassist.answering.person import PARTICLES, is_given
from mailassist.answering.plain import as_value

LONGEST = 60  # characters behind the last full stop or comma
MOST_BEFORE = 4  # words before the name: "Kind regards from the", "Studienrat i. R."
MOST_NAMES = 4
TO_OTHERS = frozenset(  # before a name they make it somebody else's: "greetings to Sabine"
    (
        "to", "for", "about", "with", "by", "of", "an", "für", "über", "mit", "bei", "til", "till", "med", "om", "hos",
        "à", "pour", "chez", "avec", "de", "для", "к", "с", "у", "от", "a", "al", "para", "con", "ao", "à", "com",
        "per", "da", "aan", "voor", "met", "bij", "do", "dla", "z", "u",
    )
)  # fmt: skip
_STOP = re.compile(r"[\n.!?…,;:]")
_BEHIND = re.compile(r"\s*(?:\([^)]*\)|\d{1,3} ?(?:år|ans|jahre|years|лет|anni|años|jaar|lat|anos))?\s*$", re.I)


def name_at_the_end(said: str, locale: Locale) -> str:
    """Return the given name, and what of a name follows it, that *said* ends in; "" where it ends otherwise."""
    text = as_value(_BEHIND.sub("", said.rstrip().rpartition("\n")[2])).rstrip(" -–—*")
    tail = _STOP.split(text)[-1]
    words = tail.lstrip(" /-–—*").split() if len(tail) <= LONGEST else []
    start = next((n for n, word in enumerate(words) if word[0].isupper() and is_given(word, locale)), None)
    if start is None or start > MOST_BEFORE or len(words) - start > MOST_NAMES:
        return ""
    if start and words[start - 1].casefold() in TO_OTHERS:
        return ""
    joining = {"&", *PARTICLES, *(one.casefold() for one in locale.texts("names", "and"))}
    whole = all(word[0].isupper() or word in joining for word in words[start:])
    return " ".join(words[start:]) if whole else ""
