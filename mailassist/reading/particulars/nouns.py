"""
The nouns of `words/things.toml`: what they look like in a text, and how a sentence of ours may say them.

A noun is found in every case and number that its table or the rules of its language give, and at the end of a longer
word where the table allows that ("*bett" in "Kinderbett"). What comes back is always the dictionary's form, so that it
fits as the subject of a sentence. Forms that might be another case of the plural are not taken.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from mailassist.reading.cues import Word, fold, split_words
from mailassist.reading.tables import table
from mailassist.reading.vocabulary import RELATED
from mailassist.values import Thing

Gender = Literal["m", "f", "n", "c", ""]
KINDS: Mapping[str, tuple[Gender, bool]] = {
    "m": ("m", False), "f": ("f", False), "n": ("n", False), "c": ("c", False),
    "mp": ("m", True), "fp": ("f", True), "p": ("", True),
}  # fmt: skip
SHORTEST_PREFIX = 2  # letters before the noun that ends a longer word
CAPITALS = frozenset({"de"})  # where a noun has a capital, and a longer word without one is none
ARTICLES: Mapping[str, Mapping[str, str]] = {  # before the subject of a sentence, by gender and number
    "en": {"n": "the", "p": "the"},
    "de": {"m": "der", "f": "die", "n": "das", "p": "die"},
    "nl": {"c": "de", "n": "het", "p": "de"},
    "fr": {"m": "le", "f": "la", "mp": "les", "fp": "les"},
    "es": {"m": "el", "f": "la", "mp": "los", "fp": "las"},
    "it": {"m": "il", "f": "la", "mp": "i", "fp": "le"},
    "pt": {"m": "o", "f": "a", "mp": "os", "fp": "as"},
}
VOWELS = tuple("aeiouhàâéèêîôû")
IMPURE = ("z", "x", "y", "gn", "ps", "pn", *(f"s{consonant}" for consonant in "bcdfghlmnpqrtv"))  # Italian "lo"
NORDIC = {"da", "nb", "sv"}
ENDINGS = {  # of Russian and Polish, folded: what stands at the end of the noun -> its endings in the singular
    ("ru", "m"): (("ый", "ый ого ому ым ом"), ("ий", "ий ого ему им ем"), ("ой", "ой ого ому ым ом"),
                  ("", "- а у ом е я ю ем")),
    ("ru", "f"): (("ая", "ая ой ую"), ("а", "а у ой ою е"), ("я", "я ю ей е"), ("", "- ю")),
    ("ru", "n"): (("ое", "ое ого ому ом"), ("о", "о у ом е"), ("е", "е ю ем")),
    ("pl", "m"): (("y", "y ego emu ym"), ("i", "i iego iemu im"), ("", "- u a owi em iem ie")),
    ("pl", "f"): (("ka", "ka ke ce"), ("a", "a e ej")),
    ("pl", "n"): (("o", "o u em"), ("e", "e u em ego emu ym")),
    ("de", "m"): (("s", "s ses"), ("", "- s es")),
    ("de", "n"): (("s", "s ses"), ("", "- s es")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun of the table."""

    text: str
    kind: str  # a key of KINDS
    definite: str  # Danish, Norwegian and Swedish: the form that says which; empty elsewhere


@dataclass(frozen=True, slots=True)
class Found:
    """A thing in a text, and the words it takes up there."""

    thing: Thing
    first: int  # index of its first word
    behind: int  # index of the word behind its last one
    certain: bool  # its form says that it is a certain one: "kedlen"


class Nouns:
    """The nouns of one language."""

    def __init__(self, lists: Mapping[str, Sequence[str]], language: str) -> None:
        self.language = language
        self._whole: dict[str, list[tuple[tuple[str, ...], Noun, bool]]] = defaultdict(list)
        self._ends: dict[str, tuple[Noun, bool]] = {}
        for kind in KINDS:
            for entry in lists.get(kind, ()):
                self._add(entry, kind)
        for phrases in self._whole.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))

    def _add(self, entry: str, kind: str) -> None:
        shown, _, further = entry.removeprefix("*").partition(">")
        others = further.split(",") if further else []
        definite = (others[0] if others else _definite(shown, kind, self.language)) if self.language in NORDIC else ""
        noun = Noun(shown, kind, definite)
        sure = {*others, definite} - {""}
        for words in {*_inflected(shown, kind, self.language), *(_folded(one, self.language) for one in sure)}:
            certain = " ".join(words) in {" ".join(_folded(one, self.language)) for one in sure}
            self._whole[words[0]].append((words, noun, certain))
            if entry.startswith("*") and len(words) == 1:
                self._ends.setdefault(words[0], (noun, certain))

    def find(self, text: str) -> list[Found]:
        """Return the things of *text*, in the order they appear."""
        words, found, behind = split_words(text, self.language), [], 0
        for index in range(len(words)):
            if index >= behind and (one := self._at(text, words, index)):
                found.append(one)
                behind = one.behind
        return found

    def _at(self, text: str, words: Sequence[Word], index: int) -> Found | None:
        for phrase, noun, certain in self._whole.get(words[index].text, ()):
            if phrase == tuple(word.text for word in words[index : index + len(phrase)]):
                return Found(self._thing(noun, ""), index, index + len(phrase), certain)
        return self._in_longer(text, words[index], index)

    def _in_longer(self, text: str, word: Word, index: int) -> Found | None:
        """Return the thing that a longer word ends in, "Kinderbett"."""
        written = text[word.start : word.end]
        if self.language in CAPITALS and not written[0].isupper():
            return None
        for start in range(SHORTEST_PREFIX, len(word.text) - 2):
            if end := self._ends.get(word.text[start:]):
                prefix = "" if text[: word.start].endswith("-") else _prefix(written, start, self.language)
                return Found(self._thing(end[0], prefix), index, index + 1, end[1])
        return None

    def _thing(self, noun: Noun, prefix: str) -> Thing:
        gender, plural = KINDS[noun.kind]
        shown = prefix + (noun.text.lower() if prefix else noun.text)
        shown = shown[0].upper() + shown[1:] if self.language in CAPITALS else shown
        definite = prefix + noun.definite if noun.definite else with_article(shown, noun.kind, self.language)
        return Thing(shown, definite, "" if self.language == "en" else gender, plural)


@cache
def nouns(language: str) -> Nouns:
    """Return the nouns of *language*; none where there is no table."""
    tag = language.partition("-")[0].lower()
    tag = RELATED.get(tag, tag)
    return Nouns(table("things").get(tag, {}), tag)


def with_article(text: str, kind: str, language: str) -> str:
    """Return *text* with its definite article, "l'aspirateur", "lo scaldabagno"; as it is where there is none."""
    article = ARTICLES.get(language, {}).get(kind, "")
    if language == "fr" and article in ("le", "la") and text.startswith(VOWELS):
        return f"l'{text}"
    if language == "it":
        article = _italian(article, text)
        return article + text if article.endswith("'") else f"{article} {text}"
    return f"{article} {text}".strip()


def _italian(article: str, text: str) -> str:
    vowel, impure = text.startswith(tuple("aeiou")), text.startswith(IMPURE)
    if article == "i":
        return "gli" if vowel or impure else "i"
    if article in ("il", "la") and vowel:
        return "l'"
    return "lo" if article == "il" and impure else article


def _definite(text: str, kind: str, language: str) -> str:
    """Return the definite form of a Danish, Norwegian or Swedish noun: "maskinen", "køleskabet"."""
    letter = {"c": "n", "n": "t"}.get(kind, "")
    if not letter:
        return ""
    vowels = "ae" if language == "sv" else "e"
    return text + letter if text[-1] in vowels else f"{text}e{letter}"


def _folded(text: str, language: str) -> tuple[str, ...]:
    return tuple(word.text for word in split_words(text, language))


def _inflected(text: str, kind: str, language: str) -> Iterator[tuple[str, ...]]:
    """Yield the forms of *text* that show its dictionary form without doubt, each as folded words."""
    yield from itertools.product(*(_forms(word, kind, language) for word in _folded(text, language)))


def _forms(word: str, kind: str, language: str) -> set[str]:
    """Return the folded forms of one word."""
    for ending, endings in ENDINGS.get((language, kind), ()):
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)]
            return {word, *(stem + one.strip("-") for one in endings.split())}
    return {word}


def _prefix(written: str, folded_letters: int, language: str) -> str:
    """Return the beginning of *written* that is *folded_letters* long when it is folded, in small letters."""
    for end in range(len(written), 0, -1):
        if len(fold(written[:end], language)) <= folded_letters:
            return written[:end].lower()
    return ""
