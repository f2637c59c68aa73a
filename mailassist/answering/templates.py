"""
A template set, compiled from its sources: the only door to jinja2.

A set is a folder: set.toml (the locale), blocks.toml (the sentences) and one layout per strategy, `<strategy>.txt.j2`,
which says in what order the blocks stand. Own folders lie over the shipped one: what they lack, what is faulty in them
and what makes it worse is taken from below. Templates run in jinja2's sandbox with strict undefined names, and what a
customer wrote is only ever a value in them.
"""

import hashlib
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mailassist.answering.locale import Locale, locale_of, merged, read_toml, triggers_in
from mailassist.answering.schema import ESSENTIAL, MODEL, Problem, check_locale, check_whole, missing, usable
from mailassist.errors import TemplateError
from mailassist.shipped import shipped

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

STRATEGIES = (
    "thank", "answer", "set_expectations", "acknowledge_and_fix", "restate_and_ask", "firm_boundary", "polite_no",
    "extra_effort", "redirect", "pause_and_deescalate", "offboard_direct", "offboard_vague",
)  # fmt: skip
BLOCKS = (
    "opening", "restate", "more", "quote", "asked", "noted", "acknowledge", "apologise", "step", "also", "answer",
    "expect", "wish", "ask", "promise", "reach", "thanks", "door", "no", "alternative", "boundary", "next", "sympathy",
    "help", "person", "redirect", "way", "task", "further", "reason", "capacity", "end", "owed", "way_out", "close",
)  # fmt: skip
FACTS = (
    "business", "opening_hours", "delivery_days", "response_time", "pause", "deposit", "surcharges", "terms_url",
    "phone", "contact", "hardship_help", "signature",
)  # fmt: skip
OPTIONAL_BLOCKS = {"asked", "more"}
PARTICULARS = (
    "topic", "thing", "the_thing", "The_thing", "your_thing", "Your_thing", "amount", "date",
    "ordered_on", "promised_for", "needed_by", "charged_on", "written_on", "cancelled_on", "returned_on", "named_day",
    "waited", "sentence", "did", "told", "question", "request", "wanted", "figures", "boundary_date",
)  # fmt: skip
ALWAYS = frozenset(("ref", "number", "response_time", "pause"))  # "" or a gap where nothing is known
NAMES = frozenset((*BLOCKS, *FACTS, *PARTICULARS, *ALWAYS, "greeting"))
_JINJA = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.S)
_VALUE = re.compile(r"\{\{ *([a-z_]+) *\}\}")
_FOR_JINJA = re.compile(r"[{\r\n]")  # what a sentence that only names values has not, beside those

Values = Mapping[str, str]


@lru_cache(maxsize=1)
def _environment() -> "SandboxedEnvironment":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)


@dataclass(frozen=True, slots=True)
class _Compiled:
    needs: Mapping[str, int]  # name -> the line it first stands in
    template: "Template | None" = None  # None for a sentence that only names values: jinja2 takes 1 ms to compile one


@lru_cache(maxsize=8192)
def _compile(source: str) -> _Compiled:
    """Return *source* compiled, with the names it needs; raise TemplateError with its line."""
    named = _VALUE.findall(source)
    if NAMES.issuperset(named) and not _FOR_JINJA.search(_VALUE.sub("", source)):
        return _naming(tuple(named))
    from jinja2 import TemplateSyntaxError, meta, nodes

    environment = _environment()
    try:
        tree = environment.parse(source)
        wanted = meta.find_undeclared_variables(tree)
        lines = {one.name: one.lineno for one in reversed(list(tree.find_all(nodes.Name)))}
        return _Compiled({name: lines.get(name, 0) for name in wanted}, environment.from_string(tree))
    except TemplateSyntaxError as error:
        raise TemplateError(f"{error.message}; mend it", line=error.lineno) from error


@lru_cache(maxsize=1024)
def _naming(names: tuple[str, ...]) -> _Compiled:
    """Return what a sentence is compiled to that only names values; many name the same."""
    return _Compiled(dict.fromkeys(names, 1))


def _render(source: str, values: Values) -> str:
    compiled = _compile(source)
    if compiled.template is None:
        if lacking := compiled.needs.keys() - values.keys():
            raise TemplateError(f"it does not render ({', '.join(sorted(lacking))}: not known here); take that out")
        return _VALUE.sub(lambda found: values[found[1]], source)
    from jinja2 import TemplateError as JinjaError

    try:
        return compiled.template.render({name: values[name] for name in compiled.needs if name in values})
    except (JinjaError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise TemplateError(f"it does not render ({type(error).__name__}); take out what is not plain text") from error


@dataclass(frozen=True, slots=True)
class TemplateSet:
    """The layouts and sentences of one language."""

    tag: str
    folders: tuple[Path, ...]  # the owner's before the shipped one
    locale: Locale
    blocks: Mapping[str, Any]  # block -> key -> variants
    layouts: Mapping[str, tuple[Path, ...]]  # strategy -> files, the owner's first
    fault: Problem | None = None  # why no draft can be written with it
    replace: Mapping[str, str] = field(default_factory=dict)  # word -> the customer's spelling of it

    def spoken_to(self, said: str) -> "TemplateSet":
        """Return this set in the spelling and the form of address that *said* uses, or the set that it calls for."""
        named = self.locale.other_set_for(said)
        other = load_set(named, tuple(dict.fromkeys(folder.parent for folder in self.folders))) if named else None
        if other and other.tag != self.tag and not other.fault:
            return other.spoken_to(said)
        return replace(self, locale=self.locale.spoken_to(said), replace=self.locale.variant_for(said))

    def missing(self) -> tuple[str, ...]:
        """Return the strategies there is no layout for."""
        return tuple(name for name in STRATEGIES if name not in self.layouts)

    def block(
        self, name: str, keys: Sequence[str], known: Values, seed: str, once: Callable[[Set[str], Values], Values]
    ) -> str:
        """
        Return one sentence of block *name*, empty where it has none for any of *keys* (the first that fits counts).

        once: what a sentence that uses certain names may say of *known*, so that it says nothing twice.

        Of the variants that need nothing which is not *known*, those that use most are taken, and of these *seed*
        decides. Where each wants a fact that is not known, the fact becomes a gap.
        """
        table = self.blocks.get(name, {})
        lists = list(itertools.takewhile(bool, (table[key] for key in keys if key in table)))  # [] says: nothing here
        for available in self._first_without_gaps(known):
            for variants in lists:
                usable = [(one, needs) for one in variants if (needs := self._needs(one)) <= available.keys()]
                if usable:
                    chosen, needs = _chosen(usable, f"{seed}/{name}")
                    return self._render(chosen, once(needs, available))
        return ""

    def layout(self, strategy: str, context: Callable[[str], str]) -> str:
        """
        Return the text of *strategy*, each name it uses given by *context*; raise TemplateError where no layout works.

        A layout of the owner's that is faulty or missing gives way to the shipped one; a set without one is written in
        the order of the English layout, which holds no words. `check` tells of it.
        """
        for source in self._sources(strategy):
            return tidy(_render(self.respelled(source), {name: context(name) for name in _compile(source).needs}))
        raise TemplateError(
            f"template set {self.tag} has no usable {strategy}.txt.j2; run: mailassist templates check",
            path=str(self.folders[0] if self.folders else ""),
        )

    def names_in(self, strategy: str) -> Set[str]:
        """Return the names that the layout of *strategy* has a place for."""
        return next((_compile(source).needs.keys() for source in self._sources(strategy)), set())

    def _sources(self, strategy: str) -> Iterator[str]:
        """Yield the layouts of *strategy* that render, name what there is, and do not sting."""
        for path in (*self.layouts.get(strategy, ()), shipped("templates") / "en" / f"{strategy}.txt.j2"):
            if _is_usable_layout(path) and not (_is_own(path) and _stings(_read(path), self.locale)):
                yield _read(path)

    def fact(self, name: str) -> str:
        """Return the gap that stands for the unknown fact *name*."""
        return self._gaps().get(name, "")

    def _first_without_gaps(self, known: Values) -> Iterator[Values]:
        yield known
        yield {**self._gaps(), **known}

    def _gaps(self) -> dict[str, str]:
        return {name: text if "[[" in text else f"[[{text}]]" for name, text in self.locale.table("gaps").items()}

    def _needs(self, sentence: str) -> Set[str]:
        try:
            return _compile(sentence).needs.keys()
        except TemplateError:
            return {"?"}  # never known: a faulty sentence is passed over

    def _render(self, sentence: str, values: Values) -> str:
        return _render(self.respelled(sentence), values)

    def respelled(self, source: str) -> str:
        """Return *source* with this customer's spellings, what jinja2 reads left alone."""
        if not self.replace:
            return source
        parts = _JINJA.split(source)
        return "".join(part if n % 2 else _respell(part, self.replace) for n, part in enumerate(parts))


def _respell(text: str, words: Mapping[str, str]) -> str:
    """Return *text* with each word replaced, a capital kept; a single letter is replaced wherever it stands."""
    pattern = "|".join(
        re.escape(one) if len(one) == 1 else rf"\b{re.escape(one)}\b" for one in sorted(words, key=len)[::-1]
    )
    lower = {old.lower(): new for old, new in words.items()}

    def new(match: re.Match[str]) -> str:
        found = lower[match[0].lower()]
        return found[:1].upper() + found[1:] if match[0][:1].isupper() else found

    return re.sub(pattern, new, text, flags=re.I)


def _chosen(usable: Sequence[tuple[str, Set[str]]], seed: str) -> tuple[str, Set[str]]:
    """Return one of the sentences that use most, with the names it needs."""
    uses = [len(needs - ALWAYS) for _, needs in usable]
    most = max(uses)
    best = [one for one, used in zip(usable, uses, strict=True) if used == most]
    return best[int.from_bytes(hashlib.blake2b(seed.encode("utf-8", "replace"), digest_size=4).digest()) % len(best)]


def tidy(text: str) -> str:
    """Return *text* with single spaces, no empty paragraphs, and no space where a block was empty."""
    lines = "\n".join(line.strip() for line in re.sub(r"[ \t]+", " ", text).splitlines())
    lines = re.sub(r"(?<=\d)\.\.(?!\.)", ".", lines)  # "den 31.12." at the end of a sentence
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


@lru_cache(maxsize=256)
def _is_usable_layout(path: Path) -> bool:
    try:
        needs = _compile(_read(path)).needs.keys()
        return needs <= NAMES and bool(_render(_read(path), dict.fromkeys(needs, "x")))
    except TemplateError:
        return False


@lru_cache(maxsize=256)
def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError("it cannot be read as UTF-8; save it as UTF-8", path=str(path)) from error


def available(roots: Sequence[Path]) -> tuple[str, ...]:
    """Return the tags of the template sets in *roots*, sorted."""
    return tuple(sorted({one.parent.name for root in roots for one in root.glob("*/set.toml")}))


@lru_cache(maxsize=64)
def load_set(tag: str, roots: tuple[Path, ...]) -> TemplateSet | None:
    """
    Return the set for *tag*, laid over that of the language it is a variety of (pt-BR over pt); None without any.

    A variety without a folder of its own is answered by its language.
    """
    varieties = ["-".join(parts) for n in range(tag.count("-") + 1, 0, -1) if (parts := tag.split("-")[:n])]
    folders = tuple(place for one in varieties if one for root in roots if (place := root / one).is_dir())
    return _load(folders[0].name, folders) if folders else None


def _load(tag: str, folders: tuple[Path, ...]) -> TemplateSet:
    tables = [_usable_tables(folder) for folder in folders]
    locale = locale_of(tag, merged(tables))
    blocks = merged([_usable_blocks(folder, locale) for folder in folders])
    files = {name: tuple(f for folder in folders if (f := folder / f"{name}.txt.j2").is_file()) for name in STRATEGIES}
    layouts = {name: found for name, found in files.items() if found}
    return TemplateSet(tag, folders, locale, blocks, layouts, _fault(folders[0] / "set.toml", locale))


@lru_cache(maxsize=256)
def _is_own(path: Path) -> bool:
    """Say whether *path* is the owner's; what is shipped has been tested."""
    return shipped("templates") not in path.parents


def _stings(source: str, locale: Locale) -> bool:
    """Say whether a sentence or layout has a phrase that is never in a draft."""
    return any(one.hard for _, one in triggers_in(_JINJA.sub(" ", source), locale))


def _usable_tables(folder: Path) -> Mapping[str, Any]:
    raw, _ = read_toml(folder / "set.toml")
    return usable(raw) if _is_own(folder) else raw


def _usable_blocks(folder: Path, locale: Locale) -> Mapping[str, Any]:
    """Return the blocks of *folder*; of the owner's, only the lists that have a sentence which can be used."""
    raw, _ = read_toml(folder / "blocks.toml")
    if not _is_own(folder):
        return raw
    blocks: dict[str, dict[str, list[str]]] = {}
    for block, table in raw.items():
        for key, variants in table.items() if isinstance(table, dict) else ():
            good = [one for one in variants if _is_usable(one, locale)] if isinstance(variants, list) else None
            if good or good == variants:  # an empty list says nothing on purpose
                blocks.setdefault(block, {})[key] = good or []
    return blocks


def _is_usable(sentence: Any, locale: Locale) -> bool:
    try:
        return isinstance(sentence, str) and set(_compile(sentence).needs) <= NAMES and not _stings(sentence, locale)
    except TemplateError:
        return False


def _fault(path: Path, locale: Locale) -> Problem | None:
    """Return why no draft can be written in *locale*, whose set.toml is *path*; None where one can."""
    lacking = next((key for key in missing(locale.raw) if key in ESSENTIAL), "")
    if not lacking:
        return None
    raw, unreadable = read_toml(path)
    faulty = (one for one in check_locale(raw, path) if one.text.startswith(f"{lacking}:"))
    return unreadable or next(faulty, None) or Problem(path, 0, f"{lacking}: it is missing; take it from {MODEL}")


def check_set(templates: TemplateSet, keys: frozenset[str]) -> Iterator[Problem]:
    """
    Yield every fault of *templates*, each with file, line and the fix.

    keys: what a sentence of a block may be keyed by.
    """
    top = templates.folders[0]
    unreadable = {name: _unreadable(name, templates.folders) for name in ("set.toml", "blocks.toml")}
    yield from (fault for faults in unreadable.values() for fault in faults)
    for folder in templates.folders:
        yield from _check_blocks(folder / "blocks.toml", keys)
        yield from check_locale(read_toml(folder / "set.toml")[0], folder / "set.toml")
    if not unreadable["set.toml"]:  # what an unreadable file lacks is not known
        yield from check_whole(templates.locale.raw, top / "set.toml")
    yield from (
        Problem(top / f"{name}.txt.j2", 0, "this strategy is missing; copy the file from templates/en")
        for name in templates.missing()
    )
    yield from (
        Problem(top / "blocks.toml", 0, f"block [{name}] is missing; take it from templates/en and write it anew")
        for name in BLOCKS
        if name not in templates.blocks and name not in OPTIONAL_BLOCKS and not unreadable["blocks.toml"]
    )
    for path in (path for files in templates.layouts.values() for path in files):
        yield from _check_source(_read(path), path, 0)


def _unreadable(name: str, folders: Sequence[Path]) -> list[Problem]:
    return [fault for folder in folders if (fault := read_toml(folder / name)[1])]


def _check_source(source: str, path: Path, line: int) -> Iterator[Problem]:
    try:
        needs = _compile(source).needs
    except TemplateError as error:
        yield Problem(path, line or error.line, str(error))
        return
    for name in sorted(set(needs) - NAMES):
        yield Problem(
            path, line or needs[name], f"{{{{ {name} }}}} is not known here; use one of {', '.join(sorted(NAMES))}"
        )


def _check_blocks(path: Path, keys: frozenset[str]) -> Iterator[Problem]:
    tables, _ = read_toml(path)
    text = path.read_text("utf-8", "replace") if path.is_file() else ""
    for block, table in tables.items():
        if block not in BLOCKS or not isinstance(table, dict):
            yield Problem(path, line_of(text, f"[{block}]"), f"there is no block [{block}]; use {', '.join(BLOCKS)}")
            continue
        for key, variants in table.items():
            at = line_of(text, f"{key} ", after=f"[{block}]")
            if key not in keys:
                yield Problem(path, at, f"[{block}] {key}: no such key; use an intent, a tone, both (a-b) or any")
            if not isinstance(variants, list) or not all(isinstance(one, str) for one in variants):
                yield Problem(path, at, f'[{block}] {key}: write a list of sentences, ["…", "…"]')
                continue
            for one in variants:
                yield from _check_source(one, path, line_of(text, one, after=f"[{block}]") or at)


def line_of(text: str, wanted: str, after: str = "") -> int:
    """Return the line of *text* in which *wanted* first stands behind *after*; 0 where it does not."""
    start = text.find(f"\n{after}") + 1 if after else 0
    position = text.find(wanted, max(start, 0))
    return text.count("\n", 0, position) + 1 if position >= 0 else 0
