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
    fired = (one.partition(":")[0] for one in tone.evidence)
    if tone.kind == "threat" or any(name == THREAT_IN_PARTS or KINDS.get(name) == "threat" for name in fired):
        found.add("threat")  # be the mail hostile or not: a look costs little, a threat that nobody saw much
    return tuple(name for name in ORDER if name in found)


@cache
def _cues(language: str) -> CueTable | None:
    """Return the phrases of *language*; None where there are none."""
    phrases = table("attention").get(language)
    return CueTable(phrases, language) if phrases else None
