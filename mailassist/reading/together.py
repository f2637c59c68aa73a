"""
Hits that come of two words in one sentence, wherever they stand in it, and pairs of cues in one mail.

"I want my 30 pounds back" has no phrase for money back, but a verb, an amount and "back"; who waits for a quote waits
for an answer, not for a parcel. The words are in `words/together.toml` and found with the cues.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from mailassist.reading.cues import Hit, Word

MONEY_BACK = ({"give", "back", "sum"}, {"give_back", "sum"})
AWAITED_ANSWER = {"waiting", "answer"}
OF_PARCELS = frozenset({"waiting", "weeks"})  # say nothing of a parcel in a sentence that waits for an answer
PARTS = frozenset({"give", "back", "give_back", "sum", "answer", "also", "aside"})  # mean nothing by themselves
PAIRS = (  # cues that say more of a mail together than each of them
    ("ordered", "not_arrived"),
    ("ordered", "promised"),
    ("ordered", "got_instead"),
    ("ordered", "swap"),
    ("broken", "swap"),
    ("contacted", "no_answer"),
    ("promised", "status"),
    ("cancel", "charged"),
    ("family", "death"),
    ("family", "illness"),
    ("illness", "desperate"),
    ("hard_times", "bill"),
)


def join(hits: Iterable[Hit]) -> list[Hit]:
    """Return *hits*, and "refund" and "no_answer" for the parts among them that mean it together in one sentence."""
    sentences = defaultdict[int, list[Hit]](list)
    for hit in hits:
        sentences[hit.sentence].append(hit)
    return [joined for number in sorted(sentences) for joined in _joined(sentences[number])]


def adding(words: Iterable[Word], hits: Iterable[Hit]) -> set[int]:
    """Return the numbers of the sentences of *words* that begin with "and", "also" or the like, which is a hit."""
    begun: dict[int, int] = {}
    for word in words:
        begun.setdefault(word.sentence, word.start)
    return {hit.sentence for hit in hits if hit.name == "also" and hit.start == begun[hit.sentence]}


def pairs(names: Iterable[str]) -> list[str]:
    """Return the names of the pairs whose two cues are both among *names*."""
    found = set(names)
    return [f"{one} + {other}" for one, other in PAIRS if one in found and other in found]


def _joined(hits: Sequence[Hit]) -> list[Hit]:
    names = {hit.name for hit in hits}
    kept = [hit for hit in hits if hit.name not in PARTS]
    if names >= AWAITED_ANSWER:
        kept = [hit for hit in kept if hit.name not in OF_PARCELS]
        kept.append(_across(hits, AWAITED_ANSWER, "no_answer"))
    if "refund" not in names and (meant := next((group for group in MONEY_BACK if group <= names), None)):
        kept.append(_across(hits, meant, "refund"))
    return kept


def _across(hits: Iterable[Hit], group: set[str], name: str) -> Hit:
    """Return a hit of *name* from the first to the last of the hits it comes of."""
    places = [next(hit for hit in hits if hit.name == part) for part in group]
    return Hit(name, min(hit.start for hit in places), max(hit.end for hit in places), places[0].sentence)
