"""What the owner wrote under [business]: the only facts a draft may state."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mailassist.answering.locale import Locale
from mailassist.answering.templates import FACTS

_DURATION = re.compile(r"[1-9]\d{0,3}[mhdw]")
_LIKE_A_DURATION = re.compile(r"[\d.,:–-]+\s*[^\W\d_]{0,1}")


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What the owner wrote under [business]: the only facts a draft may state.

    Each is a text, or a table of texts by language (`opening_hours.de`), `default` for the rest.
    """

    raw: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """What we are called, in any language."""
        return _texts(self.raw.get("name"))

    def in_language(self, locale: Locale) -> dict[str, str]:
        """Return the facts as *locale*'s language writes them; one that is not known in it is left out."""
        known = {}
        for key, value in self.raw.items():
            keys = (locale.tag, locale.tag.partition("-")[0], "default")
            text = value if isinstance(value, str) else next((value[one] for one in keys if one in value), "")
            name = "business" if key == "name" else key
            if name in ("response_time", "pause"):
                text = _duration(text, locale)
            if text.strip():
                known[name] = text.strip()
        return known


def _duration(text: str, locale: Locale) -> str:
    """
    Return "1h" as the language says it, "in an hour", "23h" by the set's words for any number of hours ("#h").

    A text that is no duration is returned as it is; "" stands for one that the set has no words for.
    """
    compact = text.replace(" ", "")
    if not _DURATION.fullmatch(compact):
        return text
    known = locale.table("durations")
    return known.get(compact) or known.get(f"#{compact[-1]}", "").replace("#", compact[:-1])


def check_facts(raw: Mapping[str, object]) -> list[str]:
    """Return one sentence for each entry of [business] that cannot be used."""
    known = ("name", *FACTS[1:])
    problems = [
        f'business.{key}: {text!r} is no duration; write 30m, 24h, 2d or 1w, or say it in words: "by tomorrow noon"'
        for key in ("response_time", "pause")
        for text in _texts(raw.get(key))
        if _LIKE_A_DURATION.fullmatch(text.strip()) and not _DURATION.fullmatch(text.replace(" ", ""))
    ]
    for key, value in raw.items():
        if key not in known:
            problems.append(f"business.{key}: there is no such fact; use one of {', '.join(known)}")
        elif not isinstance(value, str) and not (
            isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values())
        ):
            problems.append(f'business.{key}: write a text, or a table of texts by language: {{ en = "…", de = "…" }}')
    return problems


def _texts(value: object) -> list[str]:
    every = list(value.values()) if isinstance(value, Mapping) else [value]
    return [one for one in every if isinstance(one, str)]
