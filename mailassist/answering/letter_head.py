"""The name in the head of a Russian letter, which stands in the genitive there: «от Фёдоровой Натальи Игоревны»."""

import re

from mailassist.answering.locale import Locale
from mailassist.answering.names import Names, names

FIRST_CHARACTERS = 600  # of a text, in which its head stands
_HEAD = re.compile(
    r"^\s*от:?\s+(?:гр\.|гражданина|гражданки|жителя|жительницы|собственника|клиента|клиентки)?\s*"
    r"(?:[А-ЯЁ][а-яё-]+\s+)?([А-ЯЁ][а-яё]+)\s+([А-ЯЁ][а-яё]+)(ича|ны)\b",
    re.I | re.M,
)
_IRREGULAR = {"павла": "Павел", "петра": "Пётр", "льва": "Лев", "любови": "Любовь"}
_ENDINGS = {"ны": ("а", "я", "ь"), "ича": ("", "й", "ь", "а", "я")}  # of a given name, by its patronymic's ending


def name_in_head(said: str, locale: Locale) -> str:
    """Return given name and patronymic in the nominative, as the head of *said* has them; "" where there is no head."""
    found = _HEAD.search(said[:FIRST_CHARACTERS]) if locale.tag.startswith("ru") else None
    given = _nominative(found[1].casefold(), found[3].casefold(), names(locale)) if found else ""
    return f"{given} {found[2].capitalize()}{'ич' if found[3].casefold() == 'ича' else 'на'}" if found and given else ""


def _nominative(genitive: str, patronymic: str, known: Names) -> str:
    """Return the given name of which *genitive* is the genitive; "" where the set has none such."""
    if genitive in _IRREGULAR:
        return _IRREGULAR[genitive]
    stems = (genitive[:-1] + ending for ending in _ENDINGS[patronymic])
    return next((stem.title() for stem in stems if stem in known.listed), "")
