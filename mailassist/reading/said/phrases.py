"""The words by which mail programs introduce older mail, folded and turned for look-up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from mailassist.reading.said.lines import LOOKED_AT, folded
from mailassist.reading.tables import table

Roles = frozenset[str]  # what a label may stand for: from, sent, to, cc, subject, other
NO_ROLES: Roles = frozenset()

LABEL = re.compile(r"[\s*_|>\[]*([^\W\d_][^:：<>@\d]{0,28}?)[\s*_\]]*[:：][*_]*(?:\s|(?=\S))(.*)")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The table `words/reply.toml`."""

    verbs: frozenset[str]  # "wrote"
    endings: dict[str, tuple[str, ...]]  # "a scris", by its last word
    unspaced: tuple[str, ...]  # verbs in scripts without blanks
    before_date: frozenset[str]
    labels: dict[str, Roles]
    original: frozenset[str]
    forwarded: frozenset[str]
    above: re.Pattern[str]
    form_message: frozenset[str]  # labels of a contact form: of its message
    form_other: frozenset[str]  # and of what else it asks for


@cache
def phrases() -> Phrases:
    languages = table("reply")
    verbs = _folded(languages.values(), "wrote") | {folded(word) for word in languages["quoting"]["words"]}
    labels: dict[str, set[str]] = {}
    for language in languages.values():
        for role in ("from", "sent", "to", "cc", "subject", "other"):
            for label in language.get(role, ()) if language is not languages["form"] else ():
                labels.setdefault(folded(label), set()).add(role)
    spaced = {verb for verb in verbs if _has_blanks(verb)}
    endings: dict[str, list[str]] = {}
    for verb in spaced:
        if " " in verb:
            endings.setdefault(verb.rpartition(" ")[2], []).append(verb)
    return Phrases(
        verbs=frozenset(verb for verb in spaced if " " not in verb),
        endings={last: tuple(found) for last, found in endings.items()},
        unspaced=tuple(verbs - spaced),
        before_date=frozenset(map(folded, languages["before_date"]["words"])),
        labels={label: frozenset(roles) for label, roles in labels.items()},
        original=frozenset(_folded(languages.values(), "original")),
        forwarded=frozenset(_folded(languages.values(), "forwarded")),
        above=re.compile("|".join(map(re.escape, _folded(languages.values(), "above")))),
        form_message=frozenset(map(folded, languages["form"]["message"])),
        form_other=frozenset(map(folded, languages["form"]["other"])),
    )


def _folded(languages: Iterable[dict[str, list[str]]], key: str) -> set[str]:
    """Return the phrases under *key*, folded; of "hat … geschrieben" its end, which tells."""
    return {folded(phrase.rpartition("…")[2]) for language in languages for phrase in language.get(key, ())}


def _has_blanks(word: str) -> bool:
    """Say whether the script of *word* puts blanks between words: CJK, Thai, Lao, Khmer and Burmese do not."""
    return not any("\u0e00" <= char <= "\u0eff" or "\u1000" <= char <= "\u109f" or char >= "\u1780" for char in word)


def has_verb(words: str) -> bool:
    """Say whether *words*, folded, hold the verb of a reply line."""
    known = phrases()
    tokens = set(words.split())
    if not known.verbs.isdisjoint(tokens):
        return True
    for last in known.endings.keys() & tokens:
        if any(f" {phrase} " in f" {words} " for phrase in known.endings[last]):
            return True
    return not words.isascii() and any(phrase in words for phrase in known.unspaced)


def label_of(text: str) -> tuple[Roles, str]:
    """Return what the label of a header line may stand for, and its value; NO_ROLES where it is none."""
    if ":" not in text[:40] and "：" not in text[:40]:
        return NO_ROLES, ""
    found = LABEL.match(text[:LOOKED_AT])
    if found is None:
        return NO_ROLES, ""
    return phrases().labels.get(folded(found[1]), NO_ROLES), found[2]
