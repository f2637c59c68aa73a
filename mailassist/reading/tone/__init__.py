"""
How a message was said: calm, upset at the matter, or hostile at people; how sure that is, and what gave it away.

The named patterns and word classes of a text (`patterns`) and the scores of a small learned model (`model`) are weighed
together (`features`) by learned weights whose signs are fixed (`signs`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mailassist.reading.intent import find_intents
from mailassist.reading.tone.features import Features, elements, features_of
from mailassist.reading.tone.lexicon import languages, lexicon
from mailassist.reading.tone.model import LIKE_MAIL, UNEXPLAINED, UPSET_FROM, ngrams, weights
from mailassist.reading.tone.patterns import ABUSIVE, KINDS, THREAT_IN_PARTS
from mailassist.values import UNDETERMINED, Kind, Tone

THRESHOLD = 0.5  # hostile from here on
MAYBE = 0.3  # a person may want to look; nothing is flagged
WORTH_A_LOOK = 0.1  # from here on a threat that is only put together from parts is told
SURELY_PRAISE, FRIENDLY = 0.85, 0.05  # how likely praise takes insults back, and the score of such a text
FEWEST_OF_PRAISE = 12  # words
TAKEN_BACK = {"insult", "contempt", "obscenity", "name calling"}  # patterns that praise takes back, none besides
DOUBT = 0.5  # of the weighed sum: taken off where the language is not known
MOST_WORDS = 3  # shown for an upset text
MOST_PARTS = 5  # shown for a threat
PERSONAL = ABUSIVE | {"GROUP", "YOU", "STAFF"}
OF_A_MATTER = frozenset(("UPSET", "PLAIN"))
SPOKEN_TO = {"YOU", "STAFF"}  # without them a text that nothing named speaks for is aimed at nobody
UNEXPLAINED_TALK = 0.2  # of the weighed sum of what reads like talk, as UNEXPLAINED is of a mail
MATTER_ALONE = 1.6  # of the weighed sum: taken off displeasure that names nobody ("The switch is broken.")
READERS = 3  # languages whose tables read a text in none that is known
GRAVEST_FIRST: tuple[Kind, ...] = ("threat", "harassment", "profanity", "insult", "shouting")
NEIGHBOURS = {  # a language without tables is read by those of its neighbour, as far as they share their words
    "no": "nb", "nn": "nb", "fo": "nb", "is": "nb", "uk": "ru", "be": "ru", "bg": "ru", "sr": "ru", "mk": "ru",
    "ca": "es", "gl": "es", "oc": "fr", "cs": "pl", "sk": "pl", "af": "nl", "fy": "nl", "lb": "de", "gsw": "de",
    "nds": "de",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Read:
    """What was found in a text, by how much it is beyond what is civil, and whether it is so as a threat above all."""

    found: Features
    margin: float
    is_threat: bool


def judge_tone(said: str, language: str, threshold: float = THRESHOLD) -> Tone:
    """
    Return how *said* was said.

    said: what the message adds, quoted text and signature removed; any string.
    language: its RFC 5646 tag or UNDETERMINED.
    threshold: the score from which a text is hostile.
    """
    if language == UNDETERMINED:
        read = max((_read(said, tables, of_kin=True) for tables in _nearest(said)), key=lambda read: read.margin)
        read = replace(read, margin=read.margin - DOUBT)
    else:
        tables = tables_for(language)
        read = _read(said, tables, of_kin=not language.lower().startswith(tables))
    found = read.found
    score = round(1 / (1 + math.exp(-weights().slope * read.margin)), 4)
    if score >= MAYBE and _is_mild(found) and _praises(said, language):
        return Tone("calm", FRIENDLY)
    hostility, threat = _hostility(found), _threat(read, score)
    if score >= threshold:
        return Tone("hostile", score, _kind(read), (*hostility, *threat))
    if (score >= MAYBE and (hostility or threat)) or _weigh(found, weights().upset) > UPSET_FROM:
        return Tone("upset", score, None, (*hostility, *_displeasure(found), *threat))
    return Tone("calm", score, None, threat)


def _is_mild(found: Features) -> bool:
    """Say whether nothing graver was found than what friends call each other."""
    return not found.findings.threatened and KINDS.keys() & found.findings.patterns.keys() <= TAKEN_BACK


def _praises(said: str, language: str) -> bool:
    """Say whether *said* is praise above all, and no mere line: who then calls us mad or monsters means it kindly."""
    if len(said.split()) < FEWEST_OF_PRAISE:
        return False  # "Well done, geniuses."
    first = find_intents(said, language)[0]
    return first.name == "praise_thanks" and first.likely >= SURELY_PRAISE


def tables_for(language: str) -> str:
    """Return the tag of the tables that *language* is read by: its own, its neighbour's, or the English ones."""
    primary = language.partition("-")[0].lower()
    known = NEIGHBOURS.get(primary, primary)
    return known if known in languages() else "en"


def _nearest(said: str) -> Sequence[str]:
    """Return the tags of the tables that may read a text in a language unknown, the likeliest first."""
    from mailassist.reading.language.text import likeliest_few  # reads large tables, for those who ask

    near = dict.fromkeys(tables_for(tag) for tag in likeliest_few(said, READERS))
    return tuple(near) or ("en",)


def _read(said: str, tables: str, of_kin: bool) -> _Read:
    """
    Return what *tables* find in a text, and by how much it is beyond what is civil (below 0: not).

    It is weighed as a mail as far as it reads like one, and, in a language of its own tables, as talk as far as it does
    not; and as a threat, which needs no hostile word, as far as it reads like a mail.
    """
    learned = weights()
    found = features_of(said, lexicon(tables), ngrams(tables), learned.pairs, learned.threats)
    as_mail = _weigh(found, learned.hostile) - learned.threshold
    as_threat = _weigh(found, learned.threat) - learned.threat_threshold
    is_explained = found.numbers["any pattern"] or found.findings.threatened
    if not is_explained:
        as_mail -= UNEXPLAINED if SPOKEN_TO & found.findings.words.keys() else 2 * UNEXPLAINED
    is_threat = as_threat >= max(0.0, as_mail)
    if of_kin:
        return _Read(found, max(as_mail, as_threat), is_threat)
    like_mail = _weigh(found, learned.business) - LIKE_MAIL
    as_talk = _weigh(found, learned.talk) - learned.talk_thresholds[tables]
    if not is_explained:
        as_talk -= UNEXPLAINED_TALK
    words = found.findings.words
    if not found.numbers["any pattern"] and PERSONAL.isdisjoint(words) and not OF_A_MATTER.isdisjoint(words):
        as_talk -= MATTER_ALONE
    margin = max(max(as_mail, as_threat) + min(0.0, like_mail), as_talk - max(0.0, like_mail))
    return _Read(found, margin, is_threat)


def _weigh(found: Features, learned: Mapping[str, float]) -> float:
    return learned["BIAS"] + sum(learned.get(feature, 0.0) * value for feature, value in found.numbers.items())


def _kind(read: _Read) -> Kind:
    """Return the gravest kind of the patterns that fired; shouting where most of it is shouted and nothing graver."""
    found = read.found
    patterns = found.findings.patterns
    kinds = {KINDS[name] for name in patterns if name in KINDS}
    if found.numbers["shouted"] > 0.5 and not kinds - {"insult"} and not patterns["insult"]:
        return "shouting"
    if (read.is_threat or found.findings.threatened) and not kinds - {"insult"}:
        return "threat"
    return next((kind for kind in GRAVEST_FIRST if kind in kinds), "insult")


def _hostility(found: Features) -> tuple[str, ...]:
    """Return each pattern that fired with its words, the weightiest first."""
    learned = weights().hostile
    fired = [name for name in found.findings.patterns if name in KINDS]
    fired.sort(key=lambda name: (-learned.get(name, 0.0), name))
    return tuple(f"{name}: {found.findings.phrases[name]}" for name in fired)


def _displeasure(found: Features) -> tuple[str, ...]:
    """Return the first words of displeasure."""
    words = list(dict.fromkeys(found.findings.upset))[:MOST_WORDS]
    return (f"displeasure: {', '.join(words)}",) if words else ()


def _threat(read: _Read, score: float) -> tuple[str, ...]:
    """Return what a threat is put together from, where it is likely enough to be worth a look."""
    findings = read.found.findings
    if score < WORTH_A_LOOK or not (findings.threatened or read.is_threat):
        return ()
    parts = findings.parts.values() if findings.threatened else elements(findings.classes, weights().threats)
    return (f"{THREAT_IN_PARTS}: {' … '.join(list(parts)[:MOST_PARTS])}",)
