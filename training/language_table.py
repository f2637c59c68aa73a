"""
Makes mailassist/reading/models/language.bin: how much each n-gram and each word speaks for each language.

    python training/language_table.py

The n-grams are those of langdetect's profiles (Apache License 2.0), the words those of
mailassist/reading/words/language/. Run it after a change of either; a test compares.
"""

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import files
from itertools import product
from math import log

from mailassist.reading.language.table import (
    LANE_BITS,
    LANES,
    LATIN,
    LISTED,
    MODEL,
    TRANSLITERATED,
    UNIT,
    WORD,
    Entries,
    pack,
)
from mailassist.reading.tables import table

GRAM_FLOOR = 5e-6  # probability of an n-gram its profile does not hold: langdetect's alpha, 0.05, over its 10,000
WORD_FLOOR = 2.0**-16  # probability of a word its list does not hold
FUNCTION_CLASS, MAIL_CLASS, COMMON_CLASS, PAIR_CLASS = 9, 11, 12, 12  # a word of a list by hand is one in 2**9 …
PLAIN_SHARE = 0.3  # of what is written in a language, without its accents
_PROFILE_NAMES = {"nb": "no"}  # langdetect's Norwegian is bokmål

# What is typed where the keyboard lacks a letter: the letter without its accent, or two letters.
_LATIN_LETTERS = [chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))]
_PLAIN = {ord(c): plain for c in _LATIN_LETTERS if (plain := unicodedata.normalize("NFD", c)[0]) != c} | str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ı": "i"}
)
_LONGER = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "æ": "ae", "ø": "oe"})
_HAVE_LONGER = ("de", "fi", "sv", "et", "da", "nb")

# Romanisations as people type them; alternatives in the order of their use.
_ROMAN_RU = dict(zip("абвгдезиклмнопрстуф", "abvgdeziklmnoprstuf", strict=True)) | {
    "ё": "e/yo",
    "ж": "zh/j",
    "й": "j/y/i",
    "х": "h/kh/x",
    "ц": "c/ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sch/shch",
    "ъ": "",
    "ы": "y/i",
    "ь": "/'",
    "э": "e/je",
    "ю": "yu/ju/iu",
    "я": "ya/ja/ia",
}
_ROMAN_UK = _ROMAN_RU | {
    "г": "h/g",
    "ґ": "g",
    "є": "ye/ie/je",
    "и": "y/i",
    "і": "i",
    "ї": "yi/i/ji",
    "й": "y/i/j",
    "'": "",
    "’": "",
}
_ROMAN = {"ru-Latn": _ROMAN_RU, "uk-Latn": _ROMAN_UK}

_BESIDE = {"da": 0, "nb": 1}  # the place of a language in the pairs of `nordic.toml`

Profile = tuple[Mapping[str, int], tuple[int, ...]]  # n-gram -> count, and the sums of counts for lengths 1, 2, 3


def gram_entries(profiles: Mapping[str, Profile]) -> dict[str, int]:
    """Return the entry of every n-gram in *profiles* (tag -> profile), the variants without accents among them."""
    entries: dict[str, int] = {}
    for lane, tag in enumerate(LANES):
        source = TRANSLITERATED.get(tag, tag)
        if source in profiles:
            _add(entries, lane, _chances(tag, *profiles[source]), GRAM_FLOOR)
    return entries


def _add(entries: dict[str, int], lane: int, chances: Mapping[str, float], floor: float) -> None:
    """Add to *entries* what *chances* (n-gram or word -> probability) say for the language of *lane*."""
    present = entries.get
    placed = [nats << LANE_BITS * lane for nats in range(1 << 9)]
    for text, chance in chances.items():
        entries[text] = present(text, 0) + placed[int(UNIT * log(1 + chance / floor) + 0.5)]


def _chances(tag: str, counts: Mapping[str, int], sums: tuple[int, ...]) -> dict[str, float]:
    """Return n-gram -> probability among the n-grams of its length, in lower case, its other spellings beside it."""
    shares = [0.0, *(1 / total for total in sums)]
    chances = {gram: count * shares[len(gram)] for gram, count in counts.items()}
    for gram in [gram for gram in chances if not gram.islower()]:
        lower = gram.lower()
        chances[lower] = chances.pop(gram) + chances.get(lower, 0.0)
    if tag in _ROMAN:
        return _respelled(chances, lambda gram: _romanised(gram, _ROMAN[tag]))
    if tag in LATIN:
        accented = {gram: chance for gram, chance in chances.items() if not gram.isascii()}
        for part, chance in _respelled(accented, lambda gram: _plain_spellings(gram, tag)).items():
            chances[part] = chances.get(part, 0.0) + chance
    return chances


def _respelled(chances: Mapping[str, float], spell: Callable[[str], Iterable[tuple[str, float]]]) -> dict[str, float]:
    """Return the n-grams that the ways to *spell* those of *chances* have, of the same lengths."""
    found: dict[str, float] = {}
    for gram, chance in chances.items():
        for spelled, share in spell(gram):
            for part in _windows(spelled, len(gram)):
                found[part] = found.get(part, 0.0) + chance * share
    return found


def _windows(spelled: str, size: int) -> Iterator[str]:
    return (spelled[i : i + size] for i in range(max(1, len(spelled) - size + 1)) if spelled[i : i + size].strip())


def _plain_spellings(text: str, tag: str) -> list[tuple[str, float]]:
    """Return the spellings of *text* without accents that differ from it, and their share: "für" -> "fur", "fuer"."""
    longer = text.translate(_LONGER) if tag in _HAVE_LONGER else text
    both = dict.fromkeys((text.translate(_PLAIN), longer))  # in the same order in every process
    return [(spelled, PLAIN_SHARE) for spelled in both if spelled != text]


def _romanised(text: str, letters: Mapping[str, str], limit: int = 4) -> list[tuple[str, float]]:
    """Return (spelling, share) for the ways *text* is typed in Latin letters; the first alternatives weigh the most."""
    choices = [letters.get(c, c).split("/") for c in text]
    spelled: dict[str, float] = {}
    for rank, parts in enumerate(product(*choices)):
        if rank == limit:
            break
        spelled["".join(parts)] = spelled.get("".join(parts), 0.0) + 1 / (1 + rank)
    total = sum(spelled.values())
    return [(word, share / total) for word, share in spelled.items()]


def word_entries() -> dict[str, int]:
    """Return the entry of every word in `words/language/`, its spellings without accents and in Latin letters too."""
    entries: dict[str, int] = {}
    for lane, tag in enumerate(LANES):
        source = TRANSLITERATED.get(tag, tag)
        if source not in LISTED:
            continue
        spelled: dict[str, float] = {}
        for word, chance in word_chances(source).items():
            for spelling, share in spellings(word, tag):
                spelled[spelling] = max(spelled.get(spelling, 0.0), chance * share)
        _add(entries, lane, spelled, WORD_FLOOR)
    return entries


def word_chances(tag: str) -> dict[str, float]:
    """Return word -> probability in *tag*: learned from text where there was text, else by the list it stands in."""
    lists = table(f"language/{tag}")
    chances = dict.fromkeys(WORD.findall(lists["mail"]), 2.0**-MAIL_CLASS)
    chances |= dict.fromkeys(WORD.findall(lists.get("common", "")), 2.0**-COMMON_CLASS)
    if tag in _BESIDE:
        pairs = (pair.split("/") for pair in table("language/nordic")["pairs"].split())
        chances |= {pair[_BESIDE[tag]]: 2.0**-PAIR_CLASS for pair in pairs}
    chances |= dict.fromkeys(WORD.findall(lists["function"]), 2.0**-FUNCTION_CLASS)
    for rarity, words in table("language/learned").get(tag, {}).items():
        chances |= {word: max(2.0 ** -float(rarity), chances.get(word, 0.0) / 4) for word in words.split()}
    return chances


def spellings(word: str, tag: str) -> list[tuple[str, float]]:
    """Return the ways *word* is typed in the language of a lane, each with how much it weighs."""
    if tag in _ROMAN:
        return _romanised(word, _ROMAN[tag])
    if word.isascii() or tag not in LATIN:
        return [(word, 1.0)]
    return [(word, 1.0), *_plain_spellings(word, tag)]


def profiles() -> dict[str, Profile]:
    """Return tag -> langdetect's profile of that language."""
    folder = files("langdetect") / "profiles"
    found = {}
    for tag in LANES:
        profile = folder / _PROFILE_NAMES.get(tag, tag)
        if profile.is_file():
            content = json.loads(profile.read_text("utf-8"))
            found[tag] = (content["freq"], tuple(content["n_words"]))
    return found


def tables() -> tuple[Entries, Entries]:
    """Return the entries of all n-grams and those of all words."""
    return gram_entries(profiles()), word_entries()


if __name__ == "__main__":
    MODEL.write_bytes(pack(tables()))
    print(f"{MODEL.name}: {MODEL.stat().st_size:,} octets")
