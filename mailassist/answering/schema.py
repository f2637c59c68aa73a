"""What set.toml may hold, what is wrong with one, and what of a faulty one can still be used."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

from mailassist.values import NumberKind

MODEL = "templates/en/set.toml and translate it"
Check = Callable[[Any], str]  # a value -> what is wrong with it and what to do; "" where nothing is


class Problem(NamedTuple):
    """A fault in a template set: where it stands, what it is, and what to do about it."""

    path: Path
    line: int  # 0: the file as a whole
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


def is_text(value: Any) -> str:
    return "" if isinstance(value, str) else 'write a text, "…"'


def are_texts(value: Any) -> str:
    return "" if isinstance(value, list) and not any(map(is_text, value)) else 'write a list of texts, ["…", "…"]'


def is_table(value: Any) -> str:
    fits = isinstance(value, dict) and not any(map(is_text, value.values()))
    return "" if fits else 'write a table of texts, { name = "…" }'


def so_many(count: int) -> Check:
    return lambda value: are_texts(value) or ("" if len(value) == count else f"write {count} texts")


def filled_with(*names: str) -> Check:
    """Return the check that a text names nothing in braces but *names*."""

    def check(value: Any) -> str:
        if wrong := is_text(value):
            return wrong
        try:
            value.format(**dict.fromkeys(names, 1))
        except (KeyError, IndexError, ValueError, AttributeError, TypeError) as error:
            known = ", ".join(f"{{{name}}}" for name in names)
            return f"{{{error}}} is no name that is filled in here; there are {known}"
        return ""

    return check


@lru_cache(maxsize=4096)
def compiled(source: str, flags: int = 0) -> re.Pattern[str] | None:
    """Return *source* compiled; None where it is no pattern."""
    try:
        return re.compile(source, flags) if source else None
    except re.error:
        return None


def is_pattern(value: Any) -> str:
    return is_text(value) or ("" if compiled(value) else f"{value!r} is no pattern; mend it (Python's re)")


def are_patterns(value: Any) -> str:
    return are_texts(value) or next(filter(None, map(is_pattern, value)), "")


def are_labels(value: Any) -> str:
    kinds = get_args(NumberKind)
    unknown = [key for key in value if key not in kinds] if isinstance(value, dict) else []
    return is_table(value) or (f"there is no kind of number {unknown[0]!r}; use {', '.join(kinds)}" if unknown else "")


def are_triggers(value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return "write [[trigger]] above each"
    for one in value:
        if wrong := is_pattern(one.get("phrase")):
            return f"phrase: {wrong}"
        if not one.get("instead") or one.get("kind") not in ("hard", "soft"):
            return f'{one["phrase"]!r} needs instead = "…" and kind = "hard" or "soft"'
    return ""


def are_variants(value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return "write [[variant]] above each"
    for one in value:
        greetings = one.get("greeting", {})
        wrong = is_text(one.get("set", "")) or is_table(one.get("replace", {})) or is_table(greetings)
        if wrong := wrong or next(filter(None, map(GREETED, greetings.values())), ""):
            return wrong
        if wrong := are_patterns(one.get("when")):
            return f"when: {wrong}"
    return ""


def are_rules(value: Any) -> str:
    if not isinstance(value, list) or any(are_texts(one) or len(one) != 2 for one in value):
        return 'write a list of pairs, [["pattern", "what we say"], …]'
    for pattern, says in value:
        if wrong := is_pattern(pattern):
            return wrong
        if re.search(r"(?<!\\)\((?!\?)", pattern) is None and re.search(r"\\\d", says):
            return f"{says!r} names a group that {pattern!r} does not have"
    return ""


GREETED = filled_with("first", "last", "Last", "full", "title", "patronymic", "vocative")
_GREETINGS = ("nobody", "first", "full", "titled", "female", "male", "patronymic", "initials", "several")
_RETOLD = ("unclear", "whole", "theirs", "ours")
SCHEMA: Mapping[str, Any] = {
    "name": is_text,
    "locale": {
        "months": so_many(12),
        "date": filled_with("day", "month", "year", "month_number"),
        "time": filled_with("hour", "minute"),
        "list": so_many(2),
        "quotes": so_many(2),
        "inner_quotes": so_many(2),
        "stop": is_text,
        "first": is_text,
    },
    "reply": {
        "prefix": is_text,
        "prefixes": are_texts,
        "attribution": filled_with("date", "time", "name"),
        "attribution_undated": filled_with("name"),
        "cut": is_text,
    },
    "greeting": {**dict.fromkeys(_GREETINGS, GREETED), "lower": are_texts},
    "names": {
        "titles": is_table,
        "vocative": is_table,
        **dict.fromkeys(("and", "no_person", "particles", "female", "male"), are_texts),
        "patronymic": is_pattern,
        "surname": is_pattern,
    },
    "numbers": {"labels": are_labels, "articles": are_texts, "units": is_table, "yours": is_table},
    "durations": is_table,
    "gaps": is_table,
    "sentences": dict.fromkeys(("courtesy", "unquotable", "request", "announcing", "or_else"), are_patterns),
    "retelling": {"rules": are_rules, "small": are_texts, **dict.fromkeys(_RETOLD, are_patterns)},
    "boundary": {"cues": are_patterns},
    "promise": {"cues": are_patterns},
    "variant": are_variants,
    "trigger": are_triggers,
}
OPTIONAL = {
    "locale.stop", "locale.first", "reply.prefixes", "greeting.titled", "greeting.female", "greeting.male",
    "greeting.patronymic", "greeting.initials", "greeting.several", "greeting.lower",
    "names.female", "names.male", "names.particles", "names.patronymic", "names.surname", "names.vocative",
    "numbers.units", "numbers.yours", "promise", "promise.cues", "sentences.announcing", "sentences.or_else",
    "sentences.request", "retelling", "variant",
}  # fmt: skip
ESSENTIAL = {  # without these no draft can be written
    "locale.months", "locale.date", "locale.time", "locale.list", "locale.quotes", "locale.inner_quotes",
    "reply.attribution", "reply.attribution_undated", "greeting.nobody", "gaps",
}  # fmt: skip


def faults(raw: Mapping[str, Any], schema: Mapping[str, Any] = SCHEMA, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield the dotted key of each entry of *raw* that cannot be used, with what is wrong and what to do."""
    for key, value in raw.items():
        wanted, full = schema.get(key), f"{where}{key}"
        if wanted is None:
            yield full, f"there is no such key; it has {', '.join(schema)}"
        elif not isinstance(wanted, Mapping):
            if wrong := wanted(value):
                yield full, wrong
        elif isinstance(value, dict):
            yield from faults(value, wanted, f"{full}.")
        else:
            yield full, "write a table"


def missing(raw: Mapping[str, Any], schema: Mapping[str, Any] = SCHEMA, where: str = "") -> Iterator[str]:
    """Yield the dotted key of everything a whole set.toml has and *raw* lacks."""
    for key, wanted in schema.items():
        full = f"{where}{key}"
        if isinstance(wanted, Mapping) and full not in OPTIONAL:
            value = raw.get(key, {})
            yield from missing(value if isinstance(value, dict) else {}, wanted, f"{full}.")
        elif key not in raw and full not in OPTIONAL:
            yield full


def usable(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return *raw* without what `faults` names."""
    faulty = {key for key, _ in faults(raw)}

    def kept(table: Mapping[str, Any], where: str) -> dict[str, Any]:
        return {
            key: kept(value, f"{where}{key}.") if isinstance(SCHEMA.get(f"{where}{key}"), Mapping) else value
            for key, value in table.items()
            if f"{where}{key}" not in faulty
        }

    return kept(raw, "")


def check_locale(raw: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """Yield every fault of *raw*, which is what *path* holds."""
    lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []
    for key, text in faults(raw):
        yield Problem(path, line_of_key(lines, key), f"{key}: {text}")


def check_whole(raw: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """Yield what the merged tables *raw* lack; *path* is where it should be written."""
    yield from (Problem(path, 0, f"{key}: it is missing; take it from {MODEL}") for key in missing(raw))


def line_of_key(lines: list[str], key: str) -> int:
    """Return the line on which the dotted *key* is set, or its table begins; 0 where neither is found."""
    table, _, word = key.rpartition(".")
    begins = next((n for n, line in enumerate(lines) if table and line.strip() == f"[{table}]"), 0)
    wanted = (rf"\s*{re.escape(word)}\s*=", rf"\s*\[\[?{re.escape(key)}\]")
    return next((n + 1 for n, line in enumerate(lines[begins:], begins) if re.match("|".join(wanted), line)), 0)
