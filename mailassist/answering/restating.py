"""The customer's matter in sentences of ours: what exactly it is, and what else of it the mail says."""

from collections.abc import Mapping

from mailassist.answering.naming import MONEY, ROLES, THING
from mailassist.answering.playbook import COMPLAINTS
from mailassist.answering.wording import words_of
from mailassist.answering.work import QUESTION, Work
from mailassist.reading.aspects import find_aspects

BESIDE_GRIEF = {"late_delivery", "wrong_item", "defective", "no_response", "refund_request", "cancellation"}
FEW_WORDS = 4  # of a question that asks nothing by itself, "What shall I do?"
MORE_OF = {*COMPLAINTS, "status_request", "technical_help"}
HAPPENS_AGAIN = {"late_delivery", "wrong_item", "defective", "not_as_expected", "billing_dispute", "technical_help"}
MOST_MORE = 1  # sentences beyond the matter itself
ASKED = {"question", "technical_help", "out_of_scope", "hardship", "other"}  # matters whose question is the matter
DATED = ("named_day", "waited", *ROLES.values())
SAID_BEFORE = {*THING, *DATED}  # what a second sentence does not name again

Values = Mapping[str, str]


def restated(work: Work, values: Values) -> str:
    """
    Return the matter as we say it: exactly where the mail is exact, then what else it says, each thing once.

    The reference, thing and numbers in brackets, stands in the first sentence only; that is all where a draft has to
    be `brief`.
    """
    first = work.block("restate", work.keys(), values)
    if not first or work.reading.attention or "brief" in values:
        return first
    beside = _beside_grief(work, values)
    bare = {**{name: one for name, one in values.items() if name not in SAID_BEFORE}, "ref": "", "number": ""}
    second = [work.block("restate", (key,), bare) for key in work.says_exactly(work.matters[0])[1:]]
    return " ".join([first, *beside, *second, *_more(work, bare)])


def _beside_grief(work: Work, values: Values) -> list[str]:
    """Return what the mail complains of beside somebody's hardship, where our sentence on that names nothing of it."""
    if work.matters[0] != "hardship" or work.says_exactly("hardship"):
        return []
    beside = [name for name in work.matters[1:] if name in BESIDE_GRIEF]
    matter = next(iter(beside), "")
    return [work.block("restate", work.keys(matter), {**values, "ref": "", "number": ""})] if matter else []


def _more(work: Work, values: Values) -> list[str]:
    """Return what holds whatever the matter is, "and it is not the first time", where no matter of the mail says it."""
    if work.matters[0] not in MORE_OF:
        return []
    known, exact = work.templates.blocks.get("more", {}), work.templates.blocks.get("restate", {})
    aspects = work.reading.aspects
    said = {one for one in aspects for matter in work.matters if f"{matter}-{one}" in exact}
    left = [one for one in aspects if one in known and one not in said]
    left = [one for one in left if one != "again" or work.matters[0] in HAPPENS_AGAIN]
    return [work.block("more", (one,), values) for one in left[:MOST_MORE]]


def adds(quoted: str, work: Work, values: Values) -> bool:
    """Say whether *quoted*, a sentence of the customer's, says what our restatement does not: a question, a figure."""
    matter, said = work.matters[0], restated(work, values)
    asked = (
        "question" in values
        and words_of(quoted) > FEW_WORDS
        and (matter in ASKED or any(one.name == QUESTION for one in work.reading.intents))
    )
    if asked or not (tells(work, values) or _says_all_of(quoted, work)):
        return True
    particulars = work.reading.particulars
    sums = particulars.amounts if matter in {*MONEY, "hardship"} else ()
    return any(one in quoted and one not in said for one in (*sums, *particulars.numbers))


def tells(work: Work, values: Values) -> bool:
    """Say whether our restatement says something of this mail alone: exactly what it is or when, and of what."""
    said = restated(work, values)
    if any(values.get(name, "\n") in said for name in DATED):
        return True
    told = [values[name].strip() for name in ("ref", "thing", "the_thing") if values.get(name)]
    named = "topic" in values or any(one.casefold() in said.casefold() for one in told)
    return named and bool(work.says_exactly(work.matters[0]))


def _says_all_of(quoted: str, work: Work) -> bool:
    """Say whether *quoted* states no circumstance but those that our sentences state."""
    said = {key.partition("-")[2] for key in work.says_exactly(work.matters[0])}
    stated = set(find_aspects(quoted, work.reading.language.tag))
    return bool(stated) and stated <= said
