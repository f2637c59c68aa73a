"""
What exactly a mail says of its matter, "leaks", "charged twice", "nobody picks up", and what happened on its dates.

The tables `words/aspects/<tag>.toml` hold phrases, written as in cues.py, under a name that is alike in every language:
[fact] what went wrong or is so, [wish] what is asked for, [dated] what stands near a date, [since] patterns of how long
somebody has waited. A fact counts where it is stated: not denied, not supposed, not asked after.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

from mailassist.reading.cues import CueTable, Hit, Word, fold, split_words
from mailassist.reading.tables import read_table
from mailassist.reading.vocabulary import RELATED, vocabulary
from mailassist.values import Aspect, Dated, DateRole

ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
MOST_READ = 12_000  # characters of a mail that are read
DENIED_BEFORE, DENIED_BEHIND = 2, 2  # words from a phrase within which "no" or "never" denies it
DENYING_BEFORE = frozenset({"es", "fr", "it", "pl", "pt", "ru"})  # there what denies a verb stands before it
NEAR_A_DATE = 9  # words between a date and what it is the date of
_SENTENCE_END = re.compile(r"[.!?…]+(?=[\s\"”»“]|$)|\n\s*\n")
_CLAUSE_END = re.compile(r",\s|\s(?:and|but|und|aber|og|men|et|mais|и|а|но)\s", re.IGNORECASE)
_NO_END = re.compile(
    r"\.(?:(?=\s+\d)(?i:(?<=\bnr.)|(?<=\bno.)|(?<=\bgr.)|(?<=\bstr.))|(?=\s+[^\W\dA-ZÀ-ÞА-Я_])(?:(?<=\b\d.)|(?<=\b\d\d.)))"
)  # "Nr. 5"
_ORDINAL = re.compile(r"\.(?=\s+([^\W\d_]{3,}))(?:(?<=\b\d.)|(?<=\b\d\d.))")  # "14. Oktober"
_TABLES = Path(__file__).parent / "words" / "aspects"


class _Words(NamedTuple):
    """The table of one language."""

    told: CueTable  # facts and wishes
    wishes: frozenset[str]
    dated: CueTable
    denying: frozenset[str]
    supposing: frozenset[str]
    why: frozenset[str]
    since: tuple[re.Pattern[str], ...]


@cache
def _words(language: str) -> _Words | None:
    """Return the table of *language*, None where there is none."""
    tag = language.partition("-")[0].lower()
    tag = RELATED.get(tag, tag)
    if not (_TABLES / f"{tag}.toml").is_file():
        return None
    raw: dict[str, Any] = read_table(f"aspects/{tag}")

    def listed(name: str) -> frozenset[str]:
        return frozenset(word.text for one in raw["words"][name] for word in split_words(one, tag))

    return _Words(
        told=CueTable(raw["fact"] | raw["wish"], tag),
        wishes=frozenset(raw["wish"]),
        dated=CueTable(raw["dated"], tag),
        denying=listed("denying"),
        supposing=listed("supposing"),
        why=listed("why"),
        since=tuple(re.compile(one, re.IGNORECASE) for one in raw["since"]["waited"]),
    )


def find_aspects(said: str, language: str) -> tuple[Aspect, ...]:
    """Return what *said* states of its matter and asks for, the most telling first; () for want of a table."""
    return tuple(told_aspects(said, language))


def told_aspects(said: str, language: str) -> dict[Aspect, str]:
    """Return the same, each with the words of *said* that tell it."""
    words = _words(language)
    if words is None:
        return {}
    said = _in_sentences(said[:MOST_READ], language)
    hits = [hit for hit in words.told.find(said) if hit.name in words.wishes or _is_stated(hit, said, words)]
    told = {hit.name: said[hit.start : hit.end] for hit in reversed(hits)}
    return {one: told[one] for one in ASPECTS if one in told}


def _in_sentences(text: str, language: str) -> str:
    """Return *text* with a space for each full stop that ends no sentence: of a number, an ordinal before its month."""
    months = vocabulary(language).words("months")
    without = _ORDINAL.sub(lambda stop: " " if fold(stop[1]) in months else stop[0], text)
    return _NO_END.sub(" ", without)


def _is_stated(hit: Hit, said: str, words: _Words) -> bool:
    """Say whether a fact of *said* is neither denied, supposed nor asked after; "why does it leak" states it."""
    tag = words.told.language
    sentence = [word for word in split_words(said, tag) if word.sentence == hit.sentence]
    before = [word.text for word in sentence if word.start < hit.start]
    own = {word.text for word in sentence if hit.start <= word.start < hit.end}
    behind = [word.text for word in sentence if word.start >= hit.end]
    within = 0 if tag in DENYING_BEFORE or own & words.denying else DENIED_BEHIND
    if words.denying & {*before[-DENIED_BEFORE:], *behind[:within]} or words.supposing & set(before):
        return False
    return not _is_asked(said, hit) or bool(words.why & {*before, *own})


def _is_asked(said: str, hit: Hit) -> bool:
    end = _SENTENCE_END.search(said, hit.end)
    return end is not None and "?" in end[0]


def find_dated(said: str, dates: Sequence[str], language: str) -> tuple[Dated, ...]:
    """
    Return what the *dates* of *said* are the dates of, as far as the words near them tell.

    Of all pairs the nearest is taken first; a date has one role, and a role one date.
    """
    words = _words(language)
    if words is None or not dates:
        return ()
    said = _in_sentences(said[:MOST_READ], language)
    spoken = split_words(said, words.dated.language)
    hits = words.dated.find(said)
    pairs: list[tuple[int, str, str]] = []
    for text in dates:
        start = said.find(_in_sentences(text, language))
        place = next((n for n, word in enumerate(spoken) if word.start >= start >= 0), None)
        if place is not None:
            pairs += [(apart, role, text) for apart, role in _distances(said, spoken, place, start + len(text), hits)]
    known: dict[str, str] = {}
    for _, role, text in sorted(pairs):
        if role not in known and text not in known.values():
            known[role] = text
    roles: tuple[DateRole, ...] = get_args(DateRole)
    return tuple(Dated(role, known[role]) for role in roles if role in known)


def _distances(
    said: str, spoken: Sequence[Word], place: int, end: int, hits: Sequence[Hit]
) -> Iterator[tuple[int, str]]:
    """
    Yield how many words each of *hits* stands from the date at spoken[place], in the same sentence.

    What follows the date has to stand in its clause: "ordered on 3 April and was told" promises nothing for that day.
    """
    last = max((n for n, word in enumerate(spoken) if word.start < end), default=place)
    clause = _CLAUSE_END.search(said, end)
    for hit in hits:
        behind = hit.start >= end
        if hit.sentence != spoken[place].sentence or (behind and clause and hit.start >= clause.end()):
            continue
        inside = [n for n, word in enumerate(spoken) if hit.start <= word.start < hit.end]
        apart = inside[0] - last if behind else place - inside[-1]
        if 0 < apart <= NEAR_A_DATE:
            yield apart, hit.name


def find_wait(said: str, language: str) -> str:
    """Return how long the customer says to have waited, as written: "three weeks"; "" where they do not say."""
    words = _words(language)
    for pattern in words.since if words else ():
        if found := pattern.search(said[:MOST_READ]):
            return " ".join(next(filter(None, found.groups())).split())
    return ""
