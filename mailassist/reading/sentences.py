"""
A text -> its sentences, in twelve languages: "am 4. August", "Nr. 5", "Fr. 178.–" and "5 p. m." end none.

`words/sentences.toml` names the abbreviations of each language, and how its mails begin.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from mailassist.reading.tables import table
from mailassist.reading.vocabulary import RELATED, vocabulary

WRAPPED = 50  # characters from which a line without a full stop is one that a mail client broke
MOST_SALUTED = 5  # words between a salutation and its comma
LONGEST_ORDINAL = 2  # digits
JOINING = r"[¿¡]?((?:{})\s+)(?=\w)"
_END = re.compile(r"[.!?…]+[\"”»’')\]]*(?=\s)")
_BEFORE = re.compile(r"(?:[^\W_]+[.-] ?)*[^\W_]+$")
_BULLET = re.compile(r"[-–—*•·‣]\s|\d{1,2}[.)]\s")
_LEAD = re.compile(r"^[\s\-–—*•·‣>]+")
_STOP = re.compile(r"[,!:]\s*|\s[-–—]\s")


@dataclass(frozen=True, slots=True)
class Habits:
    """How one language writes abbreviations, ordinals and salutations; words in lower case."""

    never: frozenset[str]
    figure: frozenset[str]
    may: frozenset[str]
    ordinals: bool
    openers: frozenset[str]  # empty where nouns are small, and any capital begins a sentence
    months: frozenset[str]
    salutations: re.Pattern[str]
    polite: re.Pattern[str]
    joiners: re.Pattern[str]
    asking: re.Pattern[str]  # what joins a question


def split_sentences(text: str, language: str) -> list[str]:
    """Return the sentences of *text*, each on one line and with its final mark; a line of a list is one as well."""
    return [one for paragraph in split_paragraphs(text, language) for one in paragraph]


def split_paragraphs(text: str, language: str) -> list[list[str]]:
    """Return the sentences of *text*, those together that stand in one paragraph."""
    habits = _habits(language)
    found = ([_LEAD.sub("", one).strip() for one in _sentences(part, habits)] for part in _paragraphs(text))
    return [said for part in found if (said := [one for one in part if one])]


def without_salutation(sentence: str, language: str) -> str:
    """Return *sentence* without the salutation before it: "Hi Ruth, does it fit?" -> "Does it fit?"."""
    habits = _habits(language)
    rest = _behind(habits.salutations, sentence, MOST_SALUTED)
    while sentence.endswith("?") and (shorter := _behind(habits.polite, rest, 0)) != rest:
        rest = shorter  # "Подскажите, пожалуйста, готовы ли очки?"
    return rest


def without_joiner(sentence: str, language: str) -> str:
    """Return *sentence* without the word that joins it to the one before: "And when does it come?"."""
    habits = _habits(language)
    joined = (habits.asking if sentence.endswith("?") else habits.joiners).match(sentence)
    return _capital(sentence[: joined.start(1)] + sentence[joined.end() :]) if joined else sentence


def may_go_on(sentence: str, language: str) -> bool:
    """Say whether what *sentence* ends in may be an ordinal, so that the rest of it was lost: "Am 3."."""
    return _habits(language).ordinals and bool(re.search(rf"\s\d{{1,{LONGEST_ORDINAL}}}\.$", sentence))


def _behind(heads: re.Pattern[str], sentence: str, most_words: int) -> str:
    """Return what follows one of *heads*, at most *most_words* and a comma; *sentence* where none begins it."""
    head = heads.match(sentence)
    stop = _STOP.search(sentence, head.end()) if head else None
    if head is None or stop is None or len(sentence[head.end() : stop.start()].split()) > most_words:
        return sentence
    rest = sentence[stop.end() :].strip()
    return _capital(rest) if rest else sentence


def _capital(text: str) -> str:
    return re.sub(r"^\W*\w", lambda start: start[0].upper(), text)


@cache
def _habits(language: str) -> Habits:
    sections = table("sentences")
    tag = language.partition("-")[0].lower()
    own, shared = sections.get(RELATED.get(tag, tag), sections["en"]), sections["any"]
    return Habits(
        frozenset((*own["never"], *shared["never"])),
        frozenset((*own.get("figure", ()), *shared["figure"])),
        frozenset((*own["may"], *shared["may"])),
        own.get("ordinals", False),
        frozenset(own.get("openers", ())),
        vocabulary(language).words("months"),
        _one_of(own["salutations"], r"\W*(?:{})(?!\w)"),
        _one_of(own.get("polite", ()), r"\W*(?:{})(?!\w)"),
        _one_of(own["joiners"], JOINING),
        _one_of((*own["joiners"], *own.get("turning", ())), JOINING),
    )


def _one_of(words: Sequence[str], pattern: str) -> re.Pattern[str]:
    """Return *pattern* with *words* in its place, the longest first; without words it matches nothing."""
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return re.compile(pattern.format("|".join(longest_first) or "(?!)"), re.I)


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the lines of *text*, those joined again that a mail client broke."""
    joined = ""
    for line in (*(line.strip() for line in text.splitlines()), ""):
        goes_on = bool(joined) and bool(line) and not _BULLET.match(line)
        if goes_on and joined[-1] not in ".!?…:" and (line[0].islower() or len(joined) >= WRAPPED):
            joined = f"{joined} {line}"
        elif goes_on and len(joined) >= WRAPPED and joined[-1] in ".!?…":
            joined = f"{joined} {line}"  # the sentence ends with its line, which says nothing of the paragraph
        else:
            yield from [joined] if joined else ()
            joined = line


def _sentences(paragraph: str, habits: Habits) -> Iterator[str]:
    casual = sum(map(str.isupper, paragraph)) * 40 < sum(map(str.isalpha, paragraph))  # no capitals to go by
    start = 0
    for mark in _END.finditer(paragraph):
        if _ends(paragraph, mark, habits, casual):
            yield " ".join(paragraph[start : mark.end()].split())
            start = mark.end()
    yield " ".join(paragraph[start:].split())


def _ends(text: str, mark: re.Match[str], habits: Habits, casual: bool) -> bool:
    """Say whether *mark*, a full stop or the like, ends a sentence."""
    behind = text[mark.end() :].lstrip().lstrip("\"'“„«»¿¡([-–—")
    if "?" in mark[0] or "!" in mark[0]:
        return True
    if mark[0].startswith(("...", "…")):
        return not behind[:1].islower()
    before = _BEFORE.search(text, max(0, mark.start() - 40), mark.start())
    word = re.sub(r"\s", "", before[0].casefold()) if before else ""
    if behind[:1].islower() and not (casual and _is_plain(word, habits)):
        return False
    return _may_end(word, behind, habits)


def _may_end(word: str, behind: str, habits: Habits) -> bool:
    """Say whether a full stop behind *word*, an abbreviation perhaps, ends the sentence before *behind*."""
    last = re.split(r"[.-]", word)[-1]
    capital = behind[:1].isupper()
    if last in habits.figure:
        return not re.match(r"\S*\d", behind)  # "no. R-61180"
    if word in habits.may or last in habits.may:
        return capital
    if word in habits.never or last in habits.never or (len(last) == 1 and last.isalpha()):
        return False
    if last.isdigit():
        follows = re.match(r"[^\W\d_]*", behind)
        return _figure_ends(last, follows[0].casefold() if follows else "", habits) and not behind[:1].isdigit()
    return True


def _figure_ends(figure: str, follows: str, habits: Habits) -> bool:
    """Say whether "*figure*." ends a sentence that *follows* would go on with."""
    if follows in habits.months:
        return False
    if not habits.ordinals or len(figure) > LONGEST_ORDINAL:
        return True
    return follows in habits.openers if habits.openers else True


def _is_plain(word: str, habits: Habits) -> bool:
    return len(word) > 1 and word.isalpha() and word not in habits.never and word not in habits.may
