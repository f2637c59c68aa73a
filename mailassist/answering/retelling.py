"""
A sentence of the customer's said back by us: "I ordered it from you on 2 May" -> "You ordered it from us on 2 May".

`[retelling]` in set.toml says how: rules that exchange who speaks and who is spoken to. Where one word of a sentence
may mean either, nothing is retold; the sentence is quoted then.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from mailassist.answering.locale import Locale, caseless, triggers_in
from mailassist.reading.rude import is_belittling

RETOLD = {"sentence": ("did", "told"), "request": ("wanted",)}  # a value of theirs -> the same as we say it
AS_WE_SAY = (*(one for names in RETOLD.values() for one in names), "any")  # keys of the blocks that say them
SECOND = "second "  # stands before the name of such a value where it is the second of two sentences
AS_SAID = [f"{before}{name}" for names in RETOLD.values() for name in names for before in ("", SECOND)]
TOLD_TOO = "told_too"  # key for what is told behind something told
SEEN = "\0"  # stands for what a rule has exchanged while the rest is looked at


class Rule(NamedTuple):
    """What a pattern stands for once somebody else speaks; `says` may name its groups, \\1."""

    pattern: re.Pattern[str]
    says: str


class Retold(NamedTuple):
    """A sentence as we say it, without its full stop, begun small where its first word allows it."""

    text: str
    own: bool  # what they did or want, and nothing of ours


def retold(sentence: str, locale: Locale) -> Retold | None:
    """
    Return *sentence*, a statement of the customer's, as we say it to them.

    None where the set has no rules, where a word is left of which it is not known whom it means (`unclear`), where it
    is no whole statement (`whole`), or where what comes out would sting.
    """
    rules = _rules(locale)
    bare = sentence.rstrip(".… ")
    if not rules or bare.endswith("?"):
        return None
    exchanged, left = _exchanged(bare, rules)
    if locale.matches("retelling", "unclear", left) or not locale.matches("retelling", "whole", exchanged):
        return None
    if triggers_in(exchanged, locale) or is_belittling(exchanged, locale.tag):
        return None  # "I must have been too stupid for it": they may say so, we may not
    own = locale.matches("retelling", "theirs", exchanged) and not locale.matches("retelling", "ours", exchanged)
    small = locale.texts("retelling", "small")
    if exchanged.split(maxsplit=1)[0][1:].isupper():
        return None  # "NEW PHONE, …"
    if _is_small(exchanged.split(maxsplit=1)[0].casefold(), small):
        exchanged = exchanged[:1].lower() + exchanged[1:]
    elif small and not (left.startswith(SEEN) or left[0].isdigit()):
        return None  # a name, or a word that is none: nobody knows how to begin it within a sentence of ours
    return Retold(exchanged, own)


def _is_small(word: str, small: Sequence[str]) -> bool:
    """Say whether *word* is one of *small*, or begins with one that ends in a star."""
    return word in small or word.startswith(tuple(one[:-1] for one in small if one.endswith("*")))


def _exchanged(text: str, rules: Sequence[Rule]) -> tuple[str, str]:
    """
    Return *text* as we say it, and *text* with SEEN for all that was exchanged.

    What the sentence begins with is small in what we say, unless the rule minds its capital.
    """
    small = f"{text[:1].lower()}{text[1:]}"
    places = [(found.start(), n, found) for n, one in enumerate(rules) for found in one.pattern.finditer(text)]
    said, left, end = "", "", 0
    for start, n, found in sorted(places, key=itemgetter(0, 1)):
        if start < end or (found.end() == start and left.endswith(SEEN)):
            continue
        again = rules[n].pattern.match(small, start) or found
        said += text[end:start] + again.expand(rules[n].says)
        left += text[end:start] + SEEN
        end = found.end()
    return said + text[end:], left + text[end:]


def _rules(locale: Locale) -> Sequence[Rule]:
    return _compiled(tuple(tuple(one) for one in locale.raw.get("retelling", {}).get("rules", ())))


@lru_cache(maxsize=16)
def _compiled(rules: tuple[tuple[str, str], ...]) -> Sequence[Rule]:
    return tuple(Rule(caseless(pattern), says) for pattern, says in rules)
