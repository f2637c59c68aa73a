"""
The name a mail is signed with: behind a closing formula, or on a short last line that looks like a person's name.

Titles and patronymics stay. Companies, roles, addresses, telephone numbers, device lines and greetings are no names.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from mailassist.reading.cues import fold
from mailassist.reading.tables import table
from mailassist.reading.tone import tables_for
from mailassist.reading.tone.lexicon import lexicon
from mailassist.reading.vocabulary import Vocabulary, vocabulary

LAST_LINES = 9  # of a text, in which it is signed
LAST_CHARACTERS = 200  # of a line, in which a name may stand
LONGEST = 48  # characters of a name
MOST_WORDS = 6
LONGEST_ABBREVIATION = 5  # letters and the full stop
LEAST_AFTER_COMMA = 5  # letters of a closing formula in the midst of a sentence

_FROM = re.compile(
    r"(?:(von|from|fra|från|da parte di|de parte de|de la part de)|aus|uit|de|da|do|di|dal|из|z|ze)\s+", re.I
)
_INITIAL = re.compile(r"(?:[^\W\d_]\.?-?){1,3}")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’\-.][^\W\d_]+)*\.?")
_CUT = re.compile(r"\s*[,;(\[/|<•·«\"„“]|\s+[-–—]\s|\s*[\U0001F000-\U0001FAFF☀-➿❤]|\s+:|\s+x+$|\s*:-?[)D(]|\)+$")
_ASIDE = re.compile(r"([^\W\d_]+)\.?\s*\([^()]{1,12}\)\s*(?=[^\W\d_])")  # "Maj. (ret'd) A. Fenwick"
_RETIRED = re.compile(r"\b[iae]\. ?[RDVAr]\. ?(?=[^\W\d_])")  # "Prof. i. R. H. Stüwe"; "i. A." signs for others
_ELIDED = re.compile(r"[^\W\d_]{1,5}['’](?=[^\W\d_])")  # "d'Almada"
_LEAD = re.compile(r"^[\s\-–—*_~/]+")
_SENTENCE_END = re.compile(
    r"(?<!\b[^\W\d_])[.!?…)]+[\"”»’]*\s+(?=\S)|[\U0001F000-\U0001FAFF]\s*|,\s+(?=\S)|\s[-–—]\s*(?=\S)"
)
_LAST_SENTENCE = re.compile(r"(?<!\b[^\W\d_])[.!?…)]+\s+(?=\S)|\s[-–—]\s?(?=\S)")
_PROSE = 60  # characters from which a line is no signature


class Signature(NamedTuple):
    """The name a mail is signed with, "" where there is none, and whether its place shows that it is one."""

    name: str  # as written
    plain: bool = False  # behind a closing formula or on a line of its own, in no word that the mail has as well


def find_signature(text: str, language: str, sender: str = "") -> Signature:
    """
    Return what *text* is signed with.

    text: what the customer wrote, with its signature or followed by it; or the signature alone. sender: the name in the
    From field; words of it that end the text after a full stop are a signature.
    """
    words = vocabulary(language)
    lines = [line.strip()[-LAST_CHARACTERS:] for line in text.splitlines() if line.strip()][-LAST_LINES:]
    while lines and (_is_device(lines[-1]) or not any(map(str.isalpha, lines[-1]))):
        lines.pop()
    if name := _after_formula(lines, words):
        return Signature(name, _is_clear(name, text, words, language))
    if name := _alone(lines, words):
        return Signature(name, _stands_apart(name, lines, text) and _is_clear(name, text, words, language))
    return Signature(_at_the_end(lines, words) or _of_sender(lines, sender))


def _stands_apart(name: str, lines: Sequence[str], text: str) -> bool:
    """Say whether the line of *name* begins a paragraph, or the one above it is no sentence broken off."""
    at = next((n for n, line in enumerate(lines) if line.startswith(name)), -1)
    if at < 1:
        return at == 0
    before = text[: text.rfind(lines[at])].replace(" ", "")
    return before.endswith("\n\n") or not lines[at - 1][-1].isalpha()


def _is_clear(name: str, text: str, words: Vocabulary, language: str) -> bool:
    """
    Say whether *name* is written as only a name is.

    It is not where it is shouted, begins with an article, ends in an everyday word, or where the mail writes it small
    too: "copper kettle".
    """
    own = [part for part in name.split() if not words.has("particles", part)]
    return (
        bool(own)
        and not words.has("article", own[0])
        and not any(len(part) > 2 and part.isupper() and "." not in part for part in own)
        and all(_begins_large(part) and not _stands_small(part, text) for part in own)
        and not _is_word(own[-1], language)
    )


def _is_word(part: str, language: str) -> bool:
    """Say whether *part* is an everyday word, as the tables of tone know some thousand of each language."""
    symbols = lexicon(tables_for(language)).symbols(part.lower())
    return len(part) > 2 and any(not one.endswith("*") for one in symbols)


def _stands_small(part: str, text: str) -> bool:
    """Say whether *part* of a name stands in *text* in small letters, as a word that is no name."""
    small = part.lower()
    at = text.find(small)
    while at >= 0:
        behind = text[at + len(small) : at + len(small) + 1]
        if not (text[at - 1 : at].isalpha() or behind.isalpha()):
            return True
        at = text.find(small, at + 1)
    return False


# ── where a name stands ──


def _after_formula(lines: Sequence[str], words: Vocabulary) -> str:
    """Return the name behind the last closing formula: on the same line, or on one of the three below it."""
    for index in range(len(lines) - 1, -1, -1):
        behind = _behind_formula(lines[index])
        if behind is not None:
            below = lines[index + 1 : index + 4]
            more = below and behind[:1].islower()  # "mes salutations distinguées": the formula goes on
            shown = (_name(line, words, signed=True) for line in ((*below, behind) if more else (behind, *below)))
            if name := next(filter(None, shown), ""):
                return name
        if len(lines[index]) > _PROSE:
            return ""  # what stands above is no ending
    return ""


def _behind_formula(line: str) -> str | None:
    """Return what follows the last closing formula that begins *line* or a sentence of it; None without one."""
    starts = [(0, ""), *((match.end(), match[0]) for match in _SENTENCE_END.finditer(line))]
    for start, after in reversed(starts):
        said = list(islice(re.finditer(r"[^\W\d_]+", line[start:]), _longest_formula()))
        words = [fold(word[0]) for word in said]
        for count in range(len(said), 0, -1):
            formula = " ".join(words[:count])
            if formula not in _formulas() or len(formula) < (LEAST_AFTER_COMMA if after.startswith(",") else 2):
                continue  # ", ihr Lieben" goes on, it does not close; "T. Postma" has an initial
            last = said[count - 1]  # "greetings from" is known as a formula too: the place belongs to what follows
            behind = line[start + (last.start() if _FROM.match(last[0] + " ") else last.end()) :].lstrip(" ,.!;:/-–—")
            if len(re.findall(r"[^\W_]+", behind)) <= MOST_WORDS + 2 and (behind or not start):
                return behind
    return None


def _alone(lines: Sequence[str], words: Vocabulary) -> str:
    """Return the first name among the short lines that the text ends in; its first line is none, it greets us."""
    short = []
    for line in reversed(lines):
        if len(line) > _PROSE or (len(line.split()) > 4 and line[-1] in ".!?"):
            break
        short.append(line)
    block = short[::-1]
    if len(block) == len(lines) > 1:
        block = block[1:]
    return next((name for line in block if (name := _name(line, words))), "")


def _at_the_end(lines: Sequence[str], words: Vocabulary) -> str:
    """Return the name behind the last sentence of the last line: "… ready? Petrova Zh. A.", "… again - Tilly"."""
    if not lines:
        return ""
    for match in _LAST_SENTENCE.finditer(lines[-1]):
        behind = lines[-1][match.end() :]
        dashed = match[0].strip() in ("-", "–", "—")
        parts = [part for part in behind.split() if not words.has("particles", part)]
        if lines[-1].isupper() and not (parts and words.has("titles", parts[0].strip("."))):
            continue  # there every word looks like a name
        if len(parts) in (range(1, 4) if dashed else range(2, 5)) and all(not part[0].islower() for part in parts):
            name = _name(behind, words, signed=dashed)
            if name == _LEAD.sub("", behind).rstrip(" ,"):
                return name
    return ""


def _of_sender(lines: Sequence[str], sender: str) -> str:
    """Return the words of the *sender*'s name behind the last sentence of the last line: "… at 15:00. Leila"."""
    ends = list(_LAST_SENTENCE.finditer(lines[-1])) if lines else []
    behind = lines[-1][ends[-1].end() :].strip(" .,!") if ends else ""
    known = {fold(part) for part in _NAME_WORD.findall(sender)}
    return behind if behind and {fold(part) for part in behind.split()} <= known else ""


# ── what a name looks like ──


def _name(line: str, words: Vocabulary, signed: bool = False) -> str:
    """
    Return the name that *line* is, without what follows it; "" where it is no name.

    signed: a formula stands before it, so that one word in small letters is enough.
    """
    line = _RETIRED.sub("", _LEAD.sub("", line))
    if (retired := _ASIDE.match(line)) and words.has("titles", retired[1]):
        line = f"{retired[1]} {line[retired.end() :]}"
    if signed and (origin := _FROM.match(line)):
        line = line[origin.end() :] if origin[1] else line.partition(",")[2].strip()
    cut = _CUT.search(line)
    if cut and "(" not in cut[0] and not line[-1].isalnum() and cut.end() < len(line) and line[cut.end()].islower():
        return ""  # a sentence goes on
    shown = (line[: cut.start()] if cut else line).strip(" ,;:*_")
    if cut and cut[0].strip() == "," and words.has("no_name", shown) and " " not in shown:
        return _name(line[cut.end() :], words)  # "Slainte, Cathal"
    place = next((match for match in re.finditer(r"\s(\w+)\s", shown) if words.has("place", match[1])), None)
    shown = shown[: place.start()] if place else shown
    parts = shown.split()
    if (
        not 0 < len(parts) <= MOST_WORDS
        or len(shown) > LONGEST
        or shown[-1] in "!?…"
        or not _all_name_words(parts, words, signed)
    ):
        return ""
    bare = [part for part in parts if not words.has("titles", part.strip("."))]
    if any(part.endswith(".") and len(part) > LONGEST_ABBREVIATION for part in bare[:-1]):
        return ""
    if not bare or any(_is_no_name(part, words) for part in bare):
        return ""
    if shown.endswith(".") and not _INITIAL.fullmatch(parts[-1]):
        return "" if len(bare) == 1 and not signed else shown.rstrip(".")
    if all(_INITIAL.fullmatch(part) and len(part) < 3 for part in bare) and not signed and len(bare) < 2:
        return ""
    return shown


def _is_no_name(part: str, words: Vocabulary) -> bool:
    """Say whether *part* is a word that stands in no personal name, as far as the tables tell."""
    if words.has("particles", part) or (part.endswith(".") and _INITIAL.fullmatch(part)):
        return False
    return words.has("no_name", part.strip(".")) or fold(part) in _formulas()


def _all_name_words(parts: Sequence[str], words: Vocabulary, signed: bool) -> bool:
    """Say whether *parts* are written like a name: capitals but for particles and titles; signed, one may be small."""
    if not all(_NAME_WORD.fullmatch(part) or _INITIAL.fullmatch(part) or part == "&" for part in parts):
        return False
    own = [part for part in parts if not words.has("particles", part) and not words.has("titles", part.strip("."))]
    return bool(own) and (all(map(_begins_large, own)) or (signed and len(parts) == 1 < len(own[0])))


def _begins_large(part: str) -> bool:
    return _ELIDED.sub("", part, count=1)[0].isupper()


# ── tables ──


@cache
def _formulas() -> frozenset[str]:
    """Return what closes a mail before a name, in every language, folded: formulas and thanks."""
    sections = table("closing").values()
    phrases = [phrase for section in sections for key in ("formula", "thanks") for phrase in section.get(key, ())]
    return frozenset(" ".join(fold(word) for word in re.findall(r"[^\W\d_]+", phrase)) for phrase in phrases)


@cache
def _longest_formula() -> int:
    return max(len(formula.split()) for formula in _formulas())


@cache
def _devices() -> tuple[str, ...]:
    return tuple(fold(opening) for section in table("closing").values() for opening in section.get("device", ()))


def _is_device(line: str) -> bool:
    """Say whether *line* is what a phone adds: "Sent from my iPhone"."""
    return fold(line.strip(" *_-–—>[]()")).startswith(_devices()) and len(line) < 120
