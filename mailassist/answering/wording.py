"""Words that make it worse, gaps, length, figures: checks templates when loaded and drafts before they are saved."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from mailassist.answering.locale import Locale, caseless, read_toml, stands, triggers_in
from mailassist.answering.playbook import INTENTS
from mailassist.answering.retelling import AS_WE_SAY, TOLD_TOO
from mailassist.answering.schema import Problem
from mailassist.answering.templates import TemplateSet, check_set, line_of, load_set
from mailassist.shipped import shipped
from mailassist.values import Aspect, Attention, Kind, ToneLevel

# What the sentences of a block may be keyed by: whose variants are looked up for which mail.
KEYS = frozenset(
    (
        "asked_before", "perhaps_threat", *AS_WE_SAY, TOLD_TOO, *INTENTS,
        *get_args(ToneLevel), *get_args(Kind), *get_args(Attention), *get_args(Aspect),
        *(f"{intent}-{one}" for intent in INTENTS for one in (*get_args(ToneLevel), *get_args(Aspect))),
    )
)  # fmt: skip
FEWEST_WORDS, MOST_WORDS = 25, 160
MOST_WORDS_OF_A_PAUSE = 90
MOST_GAPS = 3
GAP = re.compile(r"\[\[([^\[\]]+)\]\]")
_LEFTOVER = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|\bNone\b|\bundefined\b|\[\[\s*\]\]|\(\s*\)|[ \n][,.;](?=\s|$)")
_WORD = re.compile(r"[^\W_]+(?:['’.,:@/-][^\W_]+)*")
_FIGURE = re.compile(r"\d[\d.,:/–-]*\d|\d")
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)


def gaps_of(text: str) -> tuple[str, ...]:
    """Return what the gaps of *text* ask for, in order, each once."""
    return tuple(dict.fromkeys(one.strip() for one in GAP.findall(text)))


def words_of(text: str) -> int:
    """Return how many words *text* has; a gap counts as one."""
    return len(_WORD.findall(GAP.sub("gap", text)))


def most_words(strategy: str) -> int:
    """Return how many words a draft of *strategy* may have."""
    return MOST_WORDS_OF_A_PAUSE if strategy == "pause_and_deescalate" else MOST_WORDS


def remarks_on(
    own_text: str, locale: Locale, strategy: str, sources: Sequence[str], tone: str, theirs: Sequence[str] = ()
) -> tuple[str, ...]:
    """
    Return what a reviewer should know of a draft, one sentence each; empty for a good one.

    own_text: what we wrote, without the quoted original.
    sources: the mail and the facts, where every figure of ours must come from.
    theirs: pieces of the customer's own words in *own_text*, which are not ours to change.
    """
    ours = own_text
    for piece in theirs:
        ours = ours.replace(piece, " ") if piece else ours
    remarks = [*_shape(own_text, strategy), *_figures(ours, sources), *_promises(ours, locale, sources)]
    found = triggers_in(ours, locale)
    remarks += [f"{phrase!r} makes it worse: {one.instead}" for phrase, one in found if one.hard]
    soft = [f"{phrase!r} may sting: {one.instead}" for phrase, one in found if not one.hard and tone != "calm"]
    return (*remarks, *soft[:1])  # false alarms kill trust: at most one for soft words


def _shape(text: str, strategy: str) -> Iterator[str]:
    words, gaps, most = words_of(text), gaps_of(text), most_words(strategy)
    if words > most:
        yield f"{words} words are long; {most} are enough"
    if words < FEWEST_WORDS:
        yield f"{words} words are short; it may read as curt"
    if len(gaps) > MOST_GAPS:
        yield f"{len(gaps)} gaps to fill; {MOST_GAPS} or fewer are the aim"
    if strategy != "thank" and "!" in re.sub(r"^.*?\n", "", text, count=1):
        yield "an exclamation mark: it reads as shouting here"
    if leftover := _LEFTOVER.search(GAP.sub("gap", text)):
        yield f"{leftover[0].strip()!r} is left over from the template"


def _figures(text: str, sources: Sequence[str]) -> Iterator[str]:
    known = "\n".join(sources)
    for figure in dict.fromkeys(_FIGURE.findall(GAP.sub("", text))):
        if figure not in known:
            yield f"{figure!r} stands neither in the mail nor in the facts of the configuration"


def _promises(text: str, locale: Locale, sources: Sequence[str]) -> Iterator[str]:
    known, promised = "\n".join(sources).casefold(), GAP.sub("", text)
    cues = locale.texts("promise", "cues")
    for cue in cues if stands(cues, promised, promised.lower()) else ():
        for found in caseless(cue).finditer(promised):
            if found[0].casefold() not in known:
                yield f"{found[0]!r} promises what neither the mail nor the facts of the configuration hold"


def check_templates(templates: TemplateSet) -> list[Problem]:
    """Return every fault of *templates*, each with file, line and the fix: what does not work, what makes it worse."""
    return [*check_set(templates, KEYS), *check_wording(templates)]


def own_faults(roots: Sequence[Path]) -> list[Problem]:
    """Return every fault of the owner's own files in *roots*; what is shipped stands in for them meanwhile."""
    own = [root for root in roots if root != shipped("templates")]
    tags = sorted({path.name for root in own for path in root.glob("*") if path.is_dir()})
    sets = (load_set(tag, tuple(roots)) for tag in tags)
    return [fault for one in sets if one for fault in check_templates(one) if set(own) & set(fault.path.parents)]


def check_wording(templates: TemplateSet) -> Iterator[Problem]:
    """Yield each hard phrase in the sentences and layouts of *templates*, with file, line and calmer words."""
    for path, line, text in _texts(templates):
        for phrase, one in triggers_in(_JINJA.sub(" ", text), templates.locale):
            if one.hard:
                yield Problem(path, line, f"{phrase!r} makes it worse; {one.instead}")


def _texts(templates: TemplateSet) -> Iterator[tuple[Path, int, str]]:
    for folder in templates.folders:
        path = folder / "blocks.toml"
        tables, _ = read_toml(path)
        source = path.read_text("utf-8", "replace") if tables else ""
        for block, table in tables.items():
            for variants in table.values() if isinstance(table, dict) else ():
                for one in variants if isinstance(variants, list) else ():
                    yield path, line_of(source, str(one), after=f"[{block}]"), str(one)
    for path in (path for files in templates.layouts.values() for path in files):
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1):
            yield path, number, line
