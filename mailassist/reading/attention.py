"""What a person must look at before anything is sent: threats, legal letters, data protection requests."""

from functools import cache

from mailassist.reading.cues import CueTable
from mailassist.reading.tables import table
from mailassist.reading.tone.patterns import KINDS, THREAT_IN_PARTS
from mailassist.values import Attention, Tone

ORDER: tuple[Attention, ...] = ("threat", "legal", "privacy")


def find_attention(said: str, language: str, tone: Tone) -> tuple[Attention, ...]:
    """Return why a person must look at a mail, the gravest reason first; empty for ordinary mail."""
    cues = _cues(language.partition("-")[0])
    found: set[str] = {hit.name for hit in cues.find(said)} if cues else set()
    in_parts = any(one.startswith(THREAT_IN_PARTS) for one in tone.evidence)
    if tone.kind == "threat" or in_parts or threatens_plainly(tone):
        found.add("threat")  # be the mail hostile or not: a look costs little, a threat that nobody saw much
    return tuple(name for name in ORDER if name in found)


def threatens_plainly(tone: Tone) -> bool:
    """Say whether a threat was found as a whole, and not only put together from parts, which may mean less."""
    return any(KINDS.get(one.partition(":")[0]) == "threat" for one in tone.evidence)


@cache
def _cues(language: str) -> CueTable | None:
    """Return the phrases of *language*; None where there are none."""
    phrases = table("attention").get(language)
    return CueTable(phrases, language) if phrases else None
