"""set.toml -> Locale: how dates, names, numbers and quotations are written in one language, and its words that hurt."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from mailassist.answering.schema import Problem, compiled

_LETTER = re.compile(r"\\.|.", re.S)  # of a pattern; what is escaped stays: `\W` is not `\w`
_APART = re.compile(r"\(\?-|\(\?P|^\(\?[a-z]+\)|\\[1-9]")  # case counts in a part, or groups and flags are its own


class Trigger(NamedTuple):
    """A phrase that makes it worse."""

    phrase: str  # a pattern
    instead: str  # the calmer way to say it
    hard: bool  # soft ones count only where they sting


class Variant(NamedTuple):
    """Another spelling or form of address, used where the customer uses it: "color", "Grüsse", "De"."""

    when: tuple[re.Pattern[str], ...]
    replace: Mapping[str, str]
    greeting: Mapping[str, str]  # laid over [greeting]
    other_set: str = ""  # the tag of the set that is taken instead


_QUOTED = re.compile(r"[\"“”„«»]\s*([^\"“”„«»]*?)\s*[\"“”„«»]")


@cache
def caseless(pattern: str) -> re.Pattern[str]:
    """Return *pattern*, in which case never counts; a dozen sets have more of them than the cache of `re` holds."""
    return re.compile(pattern, re.I)


@cache
def _in_small(patterns: tuple[str, ...]) -> tuple[re.Pattern[str] | None, tuple[re.Pattern[str], ...]]:
    """Return one pattern for a text in small letters that stands for all of *patterns* it can, and the other ones."""
    joined = [one for one in patterns if not _APART.search(one)]
    small = [_LETTER.sub(lambda part: part[0].lower() if len(part[0]) == 1 else part[0], one) for one in joined]
    found = re.compile("|".join(f"(?:{one})" for one in small)) if small else None
    return found, tuple(caseless(one) for one in patterns if one not in joined)


def stands(patterns: tuple[str, ...], text: str, small: str) -> bool:
    """
    Say whether one of *patterns* stands in *text*, case never counting.

    small: *text* in small letters, in which patterns in small letters are found in a third of the time.
    """
    in_small, apart = _in_small(patterns)
    return bool(in_small and in_small.search(small)) or any(one.search(text) for one in apart)


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
        return stands(self.texts(section, key), text, text.lower())

    def date(self, when: datetime) -> str:
        """Return *when*'s day as it is written in this language, in the time zone it has."""
        return self._dated("date", when)

    def time(self, when: datetime) -> str:
        return self._dated("time", when)

    def _dated(self, key: str, when: datetime) -> str:
        month = self.texts("locale", "months")[when.month - 1]
        numbers = {
            "day": (when.day == 1 and self.text("locale", "first")) or when.day,  # "1er juin"
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
        inner = _QUOTED.sub(rf"{inner_left}\1{inner_right}", text)
        inner = re.sub(r" (?=[;:?!])", "\u00a0", inner)  # French: no line begins with such a mark
        if self.text("locale", "stop") == "outside" and re.search(r"[^.]\.$", inner):
            return f"{left}{inner[:-1]}{right}."
        return f"{left}{inner}{right}"

    def requoted(self, text: str) -> str:
        """Return *text* with what is quoted in it in this language's quotation marks."""
        left, right = self.texts("locale", "quotes")
        return _QUOTED.sub(rf"{left}\1{right}", text)

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

    def other_set_for(self, said: str) -> str:
        """Return the tag of the set that a variant the customer's own words call for names; "" where none does."""
        return next((one.other_set for one in self._called(said) if one.other_set), "")

    def _called(self, said: str) -> Sequence[Variant]:
        return [one for one in self.variants if _call_for(one.when, said)]


@lru_cache(maxsize=64)  # a mail is asked three times what it calls for
def _call_for(patterns: tuple[re.Pattern[str], ...], said: str) -> bool:
    """Say whether one of *patterns* stands in *said*."""
    return any(pattern.search(said) for pattern in patterns)


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
    """Return the Locale of *raw*, tables in which nothing is faulty (`schema.usable`)."""
    triggers = tuple(
        Trigger(phrase, str(one.get("instead", "")), one.get("kind") == "hard")
        for one in raw.get("trigger", ())
        if (phrase := str(one.get("phrase", "")))
    )
    variants = tuple(
        Variant(
            tuple(p for when in one.get("when", ()) if (p := compiled(when))),
            dict(one.get("replace", {})),
            dict(one.get("greeting", {})),
            str(one.get("set", "")),
        )
        for one in raw.get("variant", ())
    )
    return Locale(tag, raw, triggers, variants)


def triggers_in(text: str, locale: Locale) -> list[tuple[str, Trigger]]:
    """Return each phrase of *text* that makes it worse, as written there, with its calmer alternative."""
    if not stands(tuple(one.phrase for one in locale.triggers), text, text.lower()):
        return []  # as is nearly always so
    return [(found[0], one) for one in locale.triggers for found in caseless(one.phrase).finditer(text) if found[0]]
