"""
Cues: phrases that say what a text is about, found by the words of a table.

A table maps a name to phrases. A phrase is words, as a native speaker would type them; case, accents and apostrophes
do not count; where letters with marks are letters of their own, they count, and "ae" is "ä". In a phrase

    cancel*      any ending              *rechnung     any beginning        *rechnung*   anything around
    (a|b)        either; (a|) may miss   …             up to four words     #            a number
"""

import itertools
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import Any, NamedTuple

from mailassist.reading.tables import one_for_all

MAX_GAP = 4  # words that … may stand for
FEW = 8  # phrases, which need no index
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe", "ł": "l", "đ": "d", "ð": "d", "ё": "е", "ı": "i"})
_NORTHERN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})  # "hår" is hair, "har" is have
_NORTHERN_TAGS = frozenset({"da", "de", "nb", "sv"})
_TRANSLITERATED = {
    "shch": "щ", "sch": "щ", "zh": "ж", "kh": "х", "ch": "ч", "sh": "ш", "ts": "ц", "yu": "ю", "ju": "ю", "ya": "я",
    "ja": "я", "yo": "е", "jo": "е", "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х",
    "i": "и", "j": "й", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с",
    "t": "т", "u": "у", "v": "в", "w": "в", "x": "х", "z": "з",
}  # fmt: skip
_LATIN = re.compile("|".join([*_TRANSLITERATED, "y"]))
_SIGNS = str.maketrans("", "", "ьъ")
_APOSTROPHE = "['’ʼ`´]"
_APOSTROPHES = str.maketrans("", "", "'’ʼ`´")
_OTHER = r"|\d+(?:[.,:/-]\d+)*|[€£$₽§%]"
_WORD = re.compile(r"[^\W\d_]+" + _OTHER)
_JOINED = rf"{_APOSTROPHE}(?=(?:t|s|m|ve)(?![^\W\d_]))"  # "don't" is one word, "I'll" is two: "ill" is another word
_JOINED_WORD = re.compile(rf"[^\W\d_]+(?:{_JOINED}[^\W\d_]+)*" + _OTHER, re.IGNORECASE)
_PHRASE_WORD = re.compile(r"\*?[^\W\d_]+\*?|[#…]" + _OTHER)
_SHORT = r"(?:(?<=\bkr)|(?<=\bруб)|(?<=\bтыс))\.(?=\s+[a-zåæøäöа-яё])"  # "3.199 kr. back" is one sentence
_BREAK = re.compile(  # a look at one letter first, which settles most places
    rf"(?=[.!?;:…\n])(?:(?!{_SHORT})[.!?;:…]+(?=\s|$)|\n\s*\n|\n(?=\s*[-*•–]))"
)
_EITHER = re.compile(r"\(([^()]*)\)")
_CHUNK = re.compile(r"(?:\([^()]*\)|[^\s()])+")  # of a phrase; brackets may stand within a word
JOINED = frozenset({"en"})  # here an apostrophe stands inside a word ("don't"), elsewhere between two ("l'eau")


class Word(NamedTuple):
    """A word of a text, folded, and where it stands in the text."""

    text: str
    start: int
    end: int
    sentence: int  # counted from 0


_word: Callable[[tuple[str, int, int, int]], Word] = partial(tuple.__new__, Word)  # in a third of the time of Word()


class Hit(NamedTuple):
    """A phrase of the table under *name*, found at text[start:end]."""

    name: str
    start: int
    end: int
    sentence: int


Option = tuple[str, ...]  # words, folded, and what stands for words
Element = tuple[Option, ...]  # one of these stands at this place of a phrase; () where there may be nothing


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """A phrase of a table as it is written there, its alternatives not spelled out: they would be dozens."""

    name: str
    elements: tuple[Element, ...]
    telling: Option  # a sentence without one of these words need not be looked at; () where nothing is known
    further: tuple[Option, ...]  # nor without a word of each of these
    has_gap: bool


def fold(text: str, language: str = "") -> str:
    """
    Return *text* as it is compared: lower case, no accents; in German and Scandinavian "ä" like "ae".

    In Russian Latin letters are read as Cyrillic, "dengi" like "деньги", without the signs that are left out then.
    """
    lower = text.lower()
    whole = lower if lower.isascii() else _without_marks(unicodedata.normalize("NFC", lower), language)
    return _in_cyrillic(whole) if language == "ru" else whole


def _without_marks(lower: str, language: str) -> str:
    if language in _NORTHERN_TAGS:
        lower = lower.translate(_NORTHERN)
    decomposed = unicodedata.normalize("NFD", lower.translate(_LETTERS))
    bare = "".join(c for c in decomposed if c == "\u0306" or not unicodedata.combining(c))  # й is more than и
    return unicodedata.normalize("NFC", bare)


def _in_cyrillic(text: str) -> str:
    """Return a folded Russian word in Cyrillic, however it was typed, without hard and soft signs."""
    if text.isascii():
        text = _LATIN.sub(_letter, text)
    return text.translate(_SIGNS).replace("э", "е")


def _letter(match: re.Match[str]) -> str:
    after_vowel = match.start() > 0 and match.string[match.start() - 1] in "aeiou"
    return _TRANSLITERATED.get(match[0], "й" if after_vowel else "ы")


@lru_cache(maxsize=8)  # several tables look at the same text, one after the other
def split_words(text: str, language: str) -> tuple[Word, ...]:
    """Return the words and numbers of *text*, folded, each with the sentence it stands in."""
    ends = [*(match.start() for match in _BREAK.finditer(text)), len(text)]
    found: list[Word] = []
    sentence = passed = 0
    for match in (_JOINED_WORD if language in JOINED else _WORD).finditer(text):
        start, end = match.span()
        if ends[passed] < start:
            passed = bisect_left(ends, start)
            sentence += bool(found)
        if word := _folded(match[0], language):  # a Russian "ь" alone is left out
            found.append(_word((word, start, end, sentence)))
    return tuple(found)


@lru_cache(maxsize=4096)  # the same words come again and again
def _folded(word: str, language: str) -> str:
    return fold(word.translate(_APOSTROPHES), language)


@lru_cache(maxsize=8)
def _rows(text: str, language: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of each sentence of *text*."""
    by_sentence = itertools.groupby(split_words(text, language), key=attrgetter("sentence"))
    return tuple(tuple([word.text for word in words]) for _, words in by_sentence)


class CueTable:
    """Phrases by name, indexed by their first word."""

    def __init__(self, table: Mapping[str, Iterable[str]], language: str) -> None:
        self.language = language
        self._whole: dict[str, tuple[Phrase, ...]] = defaultdict(tuple)
        self._begun: dict[str, tuple[Phrase, ...]] = defaultdict(tuple)
        self._open: dict[str, tuple[Phrase, ...]] = defaultdict(tuple)
        self._starting_with = lru_cache(maxsize=768)(self._look_up)  # two words in three come again
        self._by_word = cache(_Begun)  # of the phrases under one first word, once it is met
        self._found = lru_cache(maxsize=2)(self._find)  # a text is asked about more than once
        once: dict[object, Any] = {}  # equal parts of phrases are one object
        for name, phrases in table.items():
            for phrase in phrases:
                elements = tuple(once.setdefault(one, one) for one in _elements(phrase, language))
                telling, *further = [once.setdefault(row, row) for row in _telling(elements)] or [()]
                rest = tuple(further)
                self._add(Phrase(name, elements, telling, once.setdefault(rest, rest), "…" in phrase))

    def _add(self, phrase: Phrase) -> None:
        alone = (phrase,)
        for first in _first_words(phrase.elements):
            if first.startswith("*"):
                self._open[first] += alone
            elif first.endswith("*"):
                self._begun[first[:-1]] += alone
            else:
                self._whole[first] += alone

    def find(self, text: str) -> tuple[Hit, ...]:
        """Return every phrase that *text* has, in the order they begin; a name at most once for each first word."""
        return self._found(text)

    def _find(self, text: str) -> tuple[Hit, ...]:
        words, hits, begins = split_words(text, self.language), list[Hit](), 0
        for row in _rows(text, self.language):
            near, sentence = frozenset(row), words[begins].sentence
            for place, word in enumerate(row):
                if not (begun := self._starting_with(word)):
                    continue
                longest: dict[str, int] = {}
                for phrase in [one for some in begun for one in some.possible(near)]:
                    if phrase.further and any(map(near.isdisjoint, phrase.further)):
                        continue
                    if phrase.has_gap:
                        end = max((end for _, end in _ways(phrase.elements, 0, row, place)), default=0)
                    else:
                        end = _farthest(phrase.elements, 0, row, place)
                    if end > longest.get(phrase.name, 0):
                        longest[phrase.name] = end
                start = words[begins + place].start
                hits += [Hit(name, start, words[begins + end - 1].end, sentence) for name, end in longest.items()]
            begins += len(row)
        return tuple(hits)

    def _look_up(self, word: str) -> tuple["_Begun", ...]:
        """Return the phrases whose first word describes *word*."""
        lists = [self._whole.get(word, ()), self._whole.get("#", ()) if word[0].isdigit() else ()]
        lists += filter(None, map(self._begun.get, itertools.accumulate(word)))
        lists += [phrases for first, phrases in self._open.items() if _is_word(first, word)]
        return tuple(map(self._by_word, filter(None, lists)))


def _by_word(phrases: Iterable[Phrase]) -> dict[str, tuple[int, ...]]:
    """Return the numbers of *phrases* by each of their telling words."""
    found: dict[str, tuple[int, ...]] = {}
    for n, one in enumerate(phrases):
        for word in one.telling:
            found[word] = (*found.get(word, ()), n)
    return found


class _Begun:
    """The phrases that begin with one word; of many, by a word that stands in whatever they describe."""

    __slots__ = ("always", "by_word", "phrases")

    def __init__(self, phrases: tuple[Phrase, ...]) -> None:
        self.phrases = phrases
        self.always = tuple(n for n, one in enumerate(phrases) if not one.telling)
        self.by_word = _by_word(phrases) if len(phrases) > FEW else None

    def possible(self, near: Set[str]) -> list[Phrase]:
        """Return those that may stand in a sentence of the words *near*, in the order of the table."""
        if self.by_word is None:
            return [one for one in self.phrases if not one.telling or not near.isdisjoint(one.telling)]
        if self.by_word.keys().isdisjoint(near):
            return [self.phrases[n] for n in self.always]
        told = {n for word in self.by_word.keys() & near for n in self.by_word[word]}
        return [self.phrases[n] for n in sorted(told.union(self.always))]


def _spell_out(phrase: str) -> Iterator[str]:
    """Return *phrase* once for each choice of its alternatives: "(a|b) c" gives "a c" and "b c"."""
    parts = _EITHER.split(phrase)  # odd ones are what stood in brackets
    choices = [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]
    return ("".join(choice) for choice in itertools.product(*choices))


def _folded_words(phrase: str, language: str) -> tuple[str, ...]:
    """Return the words of *phrase* as those of a text are, and what stands for words."""
    if language in JOINED:
        phrase = re.sub(_JOINED, "", phrase, flags=re.IGNORECASE)
    return tuple(one_for_all(fold(word, language), language) for word in _PHRASE_WORD.findall(phrase))


def _elements(phrase: str, language: str) -> tuple[Element, ...]:
    """Return the places of *phrase*, each with what may stand there; words without alternatives share one."""
    if "(" not in phrase:
        return ((_folded_words(phrase, language),),)
    found: list[Element] = []
    for chunk in _CHUNK.findall(phrase):
        element = tuple(dict.fromkeys(_folded_words(spelled, language) for spelled in _spell_out(chunk)))
        if len(element) == 1 and found and len(found[-1]) == 1:
            found[-1] = ((*found[-1][0], *element[0]),)
        else:
            found.append(element)
    return tuple(found)


def _first_words(elements: Iterable[Element]) -> Iterable[str]:
    """Return each word that a phrase may begin with, once."""
    found: dict[str, None] = {}
    for element in elements:
        found |= dict.fromkeys(option[0] for option in element if option)
        if () not in element:
            break
    return found


def _telling(elements: Sequence[Element]) -> tuple[Option, ...]:
    """Return rows of whole words: one of each row stands in whatever the phrase describes, the shortest row first."""
    rows = [tuple({_longest(option[not place :]) for option in element}) for place, element in enumerate(elements)]
    return tuple(sorted((row for row in rows if "" not in row), key=len))


def _longest(option: Option) -> str:
    return max(filter(str.isalpha, option), key=len, default="")


def _farthest(elements: Sequence[Element], place: int, row: Sequence[str], index: int) -> int:
    """Return the farthest index that elements[place:], without a gap, lead to from row[index]; 0 for nowhere."""
    if place == len(elements):
        return index
    farthest = 0
    for option in elements[place]:
        at = index
        for wanted in option:
            if at == len(row) or (wanted != row[at] and (wanted.isalpha() or not _is_word(wanted, row[at]))):
                break  # told here of most words, without a call
            at += 1
        else:
            farthest = max(farthest, _farthest(elements, place + 1, row, at))
    return farthest


Way = tuple[tuple[int, ...], int]  # which option of each element, and the index after the last word


def _ways(elements: Sequence[Element], place: int, row: Sequence[str], index: int) -> list[Way]:
    """Return each way in which elements[place:] follow at row[index], as soon as they do."""
    if place == len(elements):
        return [((), index)]
    return [
        ((number, *choice), end)
        for number, option in enumerate(elements[place])
        for choice, end in _ways_on(option, elements, place + 1, row, index)
    ]


def _ways_on(option: Option, elements: Sequence[Element], place: int, row: Sequence[str], index: int) -> Iterable[Way]:
    """Return each way in which *option*, and then elements[place:], follow at row[index]."""
    for number, wanted in enumerate(option):
        if wanted == "…":
            rest, farthest = option[number + 1 :], min(index + MAX_GAP + 1, len(row))
            begins: Iterable[int] = range(index, max(farthest, index + 1))
            if rest:
                begins = [at for at in range(index, farthest) if _is_word(rest[0], row[at])]
            return _first_of_each(_ways_on(rest, elements, place, row, at) for at in begins)
        if index == len(row) or not _is_word(wanted, row[index]):
            return ()
        index += 1
    return _ways(elements, place, row, index)


def _first_of_each(ways: Iterable[Iterable[Way]]) -> Iterable[Way]:
    """Return the first way of each choice, that is with the shortest gap."""
    found: dict[tuple[int, ...], int] = {}
    for choice, end in itertools.chain.from_iterable(ways):
        found.setdefault(choice, end)
    return found.items()


def _is_word(pattern: str, word: str) -> bool:
    """Say whether *word* is what *pattern* describes."""
    if pattern == word or pattern.isalpha():
        return pattern == word
    if pattern.endswith("*"):
        return pattern[1:-1] in word if pattern.startswith("*") else word.startswith(pattern[:-1])
    return word.endswith(pattern[1:]) if pattern.startswith("*") else pattern == "#" and word[0].isdigit()
