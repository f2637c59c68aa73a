"""set.toml -> Locale: how dates, names, numbers and quotations are written in one language, and its words that hurt."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

TEXT, TEXTS, TABLE = str, list, dict
SCHEMA: Mapping[str, Any] = {
    "name": TEXT,
    "locale": {
        "months": TEXTS,
        "date": TEXT,
        "time": TEXT,
        "list": TEXTS,
        "quotes": TEXTS,
        "inner_quotes": TEXTS,
        "stop": TEXT,
    },
    "reply": {"prefix": TEXT, "prefixes": TEXTS, "attribution": TEXT, "attribution_undated": TEXT, "cut": TEXT},
    "greeting": {
        **dict.fromkeys(
            ("nobody", "first", "full", "titled", "female", "male", "patronymic", "initials", "several"), TEXT
        ),
        "lower": TEXTS,
    },
    "names": {
        "titles": TABLE,
        "and": TEXTS,
        "no_person": TEXTS,
        "particles": TEXTS,
        "female": TEXTS,
        "male": TEXTS,
        "patronymic": TEXT,
        "surname": TEXT,
    },
    "numbers": {"labels": TABLE, "articles": TEXTS},
    "durations": TABLE,
    "gaps": TABLE,
    "sentences": {"courtesy": TEXTS, "unquotable": TEXTS, "request": TEXTS},
    "boundary": {"cues": TEXTS},
    "promise": {"cues": TEXTS},
    "variant": TEXTS,
    "trigger": TEXTS,
}
OPTIONAL = {
    "locale.stop", "reply.prefixes", "greeting.titled", "greeting.female", "greeting.male",
    "greeting.patronymic", "greeting.initials", "greeting.several", "greeting.lower",
    "names.female", "names.male", "names.particles", "names.patronymic", "names.surname", "promise",
    "sentences.request", "variant",
}  # fmt: skip


class Problem(NamedTuple):
    """A fault in a template set: where it stands, what it is, and what to do about it."""

    path: Path
    line: int  # 0: the file as a whole
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


class Trigger(NamedTuple):
    """A phrase that makes it worse."""

    pattern: re.Pattern[str]
    instead: str  # the calmer way to say it
    hard: bool  # soft ones count only where they sting


class Variant(NamedTuple):
    """Another spelling or form of address, used where the customer uses it: "color", "Grüsse", "De"."""

    when: tuple[re.Pattern[str], ...]
    replace: Mapping[str, str]
    greeting: Mapping[str, str]  # laid over [greeting]


@dataclass(frozen=True, slots=True)
class Locale:
    """What a template set declares about its language; `raw` has the shape of SCHEMA."""

    tag: str
    raw: Mapping[str, Any]
    triggers: tuple[Trigger, ...]
    variants: tuple[Variant, ...]

    def text(self, section: str, key: str) -> str:
        """Return the text at *section*.*key*; empty when the set has none."""
        return str(self.raw.get(section, {}).get(key, ""))

    def texts(self, section: str, key: str) -> tuple[str, ...]:
        return tuple(self.raw.get(section, {}).get(key, ()))

    def table(self, section: str, key: str = "") -> Mapping[str, str]:
        found = self.raw.get(section, {})
        return (found.get(key, {}) if key else found) or {}

    def matches(self, section: str, key: str, text: str) -> bool:
        """Say whether one of the patterns at *section*.*key* stands in *text*; case never counts."""
        return any(re.search(pattern, text, re.I) for pattern in self.texts(section, key))

    def date(self, when: datetime) -> str:
        """Return *when*'s day as it is written in this language, in the time zone it has."""
        return self._dated("date", when)

    def time(self, when: datetime) -> str:
        return self._dated("time", when)

    def _dated(self, key: str, when: datetime) -> str:
        month = self.texts("locale", "months")[when.month - 1]
        numbers = {
            "day": when.day,
            "year": when.year,
            "hour": when.hour,
            "minute": when.minute,
            "month_number": when.month,
        }
        return self.text("locale", key).format(month=month, **numbers)

    def quoted(self, text: str) -> str:
        """
        Return *text* in this language's quotation marks; marks within it become the inner ones.

        Its full stop stands behind the closing mark where the language has it so (`stop = "outside"`: «Жду». ).
        """
        left, right = self.texts("locale", "quotes")
        inner_left, inner_right = self.texts("locale", "inner_quotes")
        inner = re.sub(r"[\"“”„«»]\s*([^\"“”„«»]*?)\s*[\"“”„«»]", rf"{inner_left}\1{inner_right}", text)
        inner = re.sub(r" (?=[;:?!])", "\u00a0", inner)  # French: no line begins with such a mark
        if self.text("locale", "stop") == "outside" and re.search(r"[^.]\.$", inner):
            return f"{left}{inner[:-1]}{right}."
        return f"{left}{inner}{right}"

    def listed(self, items: Sequence[str]) -> str:
        """Return *items* as a list in running text: a, b and c."""
        between, last = self.texts("locale", "list")
        return last.join([between.join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)

    def variant_for(self, said: str) -> Mapping[str, str]:
        """Return the replacements of every variant the customer's own words call for."""
        return {old: new for one in self._called(said) for old, new in one.replace.items()}

    def spoken_to(self, said: str) -> "Locale":
        """Return this locale with the greetings of every variant the customer's own words call for."""
        greetings = [{"greeting": one.greeting} for one in self._called(said)[::-1] if one.greeting]
        return replace(self, raw=merged([*greetings, self.raw])) if greetings else self

    def _called(self, said: str) -> Sequence[Variant]:
        return [one for one in self.variants if any(pattern.search(said) for pattern in one.when)]


@lru_cache(maxsize=64)
def read_toml(path: Path) -> tuple[Mapping[str, Any], Problem | None]:
    """Return the tables in *path*, empty where there is no such file, and the fault that stops it being read."""
    try:
        return tomllib.loads(path.read_text("utf-8")), None
    except FileNotFoundError:
        return {}, None
    except UnicodeDecodeError:
        return {}, Problem(path, 0, "it is not UTF-8; save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        return {}, Problem(path, int(line[1]) if line else 0, f"it is not valid TOML ({error}); mend that line")


def merged(layers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the tables of *layers* laid over each other, the first on top; lists are replaced, not joined."""
    result: dict[str, Any] = {}
    for layer in reversed(layers):
        for key, value in layer.items():
            below = result.get(key)
            result[key] = merged([value, below]) if isinstance(value, dict) and isinstance(below, dict) else value
    return result


def locale_of(tag: str, raw: Mapping[str, Any]) -> Locale:
    """Return the Locale of checked tables; a pattern that does not compile is left out (`check_locale` names it)."""
    triggers = tuple(
        Trigger(pattern, str(one.get("instead", "")), one.get("kind") == "hard")
        for one in raw.get("trigger", ())
        if (pattern := _pattern(str(one.get("phrase", "")), re.I))
    )
    variants = tuple(
        Variant(
            tuple(p for when in one.get("when", ()) if (p := _pattern(when))),
            dict(one.get("replace", {})),
            dict(one.get("greeting", {})),
        )
        for one in raw.get("variant", ())
    )
    return Locale(tag, raw, triggers, variants)


@lru_cache(maxsize=2048)
def _pattern(source: str, flags: int = 0) -> re.Pattern[str] | None:
    try:
        return re.compile(source, flags) if source else None
    except re.error:
        return None


def check_locale(raw: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """Yield every fault of the merged tables *raw*, which are read from *path* and what lies below it."""
    lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []

    def problem(key: str, text: str) -> Problem:
        word = key.rpartition(".")[2]
        return Problem(
            path, next((n for n, line in enumerate(lines, 1) if line.lstrip().startswith(word)), 0), f"{key}: {text}"
        )

    yield from (problem(key, text) for key, text in _shape(raw, SCHEMA, ""))
    for key, text in _faulty(raw):
        yield problem(key, text)


def _shape(raw: Mapping[str, Any], schema: Mapping[str, Any], where: str) -> Iterator[tuple[str, str]]:
    for key in raw:
        if key not in schema:
            yield f"{where}{key}", f"there is no such key; it has {', '.join(schema)}"
    for key, wanted in schema.items():
        full = f"{where}{key}"
        if key not in raw:
            if full not in OPTIONAL:
                yield full, "it is missing; take it from templates/en/set.toml and translate it"
        elif isinstance(wanted, Mapping):
            yield from _shape(raw[key], wanted, f"{full}.") if isinstance(raw[key], dict) else [(full, "write a table")]
        elif not isinstance(raw[key], wanted):
            yield full, f"write {_NAMES[wanted]}"


_NAMES = {TEXT: 'a text, "…"', TEXTS: "a list, […]", TABLE: "a table, { … }"}
_SAMPLE = datetime(2025, 1, 31, 9, 5)


def _greeted(text: str) -> str:
    return text.format(first="", last="", full="", title="", patronymic="")


_FORMATS: Sequence[tuple[str, str, Callable[[str], object]]] = (
    ("locale", "date", lambda text: text.format(day=1, month="", year=1, month_number=1)),
    ("locale", "time", lambda text: text.format(hour=1, minute=1)),
    ("reply", "attribution", lambda text: text.format(date="", time="", name="")),
    ("reply", "attribution_undated", lambda text: text.format(name="")),
    *(("greeting", key, _greeted) for key, kind in SCHEMA["greeting"].items() if kind is TEXT),
)


def _faulty(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what has the right shape and still cannot be used."""
    texts = [(f"{section}.{key}", raw.get(section, {}).get(key, ""), filled) for section, key, filled in _FORMATS]
    own = [one.get("greeting", {}) for one in raw.get("variant", ())]
    texts += [("variant.greeting", text, _greeted) for greetings in own for text in greetings.values()]
    for key, text, filled in texts:
        try:
            filled(text)
        except (KeyError, IndexError, ValueError) as error:
            yield key, f"{{{error}}} is no name that is filled in here; see templates/en/set.toml"
    for key, count in (("months", 12), ("quotes", 2), ("inner_quotes", 2), ("list", 2)):
        if len(raw.get("locale", {}).get(key, ())) != count:
            yield f"locale.{key}", f"write {count} texts"
    patterns = [(f"sentences.{k}", p) for k, ps in raw.get("sentences", {}).items() for p in ps]
    patterns += [("boundary.cues", p) for p in raw.get("boundary", {}).get("cues", ())]
    patterns += [("promise.cues", p) for p in raw.get("promise", {}).get("cues", ())]
    patterns += [("trigger.phrase", one.get("phrase", "")) for one in raw.get("trigger", ())]
    patterns += [("variant.when", p) for one in raw.get("variant", ()) for p in one.get("when", ())]
    for key, pattern in patterns:
        if _pattern(pattern) is None:
            yield key, f"{pattern!r} is no pattern; mend it (Python's re)"
    for one in raw.get("trigger", ()):
        if not one.get("instead") or one.get("kind") not in ("hard", "soft"):
            yield "trigger", f'{one.get("phrase")!r} needs instead = "…" and kind = "hard" or "soft"'
