"""The customer's matter in sentences of ours: what exactly it is, and what else of it the mail says."""

from collections.abc import Mapping, Sequence

from mailassist.answering.naming import ROLES, THING
from mailassist.answering.playbook import COMPLAINTS, evidence_of
from mailassist.answering.retelling import AS_SAID, RETOLD
from mailassist.answering.work import Work
from mailassist.reading.aspects import find_aspects
from mailassist.values import Aspect, Reading

BESIDE_GRIEF = {"late_delivery", "wrong_item", "defective", "no_response", "refund_request", "cancellation"}
MORE_OF = {*COMPLAINTS, "status_request", "technical_help"}
HAPPENS_AGAIN = {"late_delivery", "wrong_item", "defective", "not_as_expected", "billing_dispute", "technical_help"}
LIKELY_TO_RESTATE = 0.9  # from how likely on a matter is said that the mail says less exactly
THEIRS = ("sentence", "question", "request")  # values that are the customer's own words
MOST_MORE = 1  # sentences beyond the matter itself
SAID_WITH = {"status_request", "late_delivery", "refund_request", "cancellation"}  # matters that say what is asked for
WISHES = {"refund_request", "cancellation", "out_of_scope"}  # matters that are what they want
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
    return " ".join([first, *beside, *second, more(work, bare)])


def _beside_grief(work: Work, values: Values) -> list[str]:
    """Return what the mail complains of beside somebody's hardship, where our sentence on that names nothing of it."""
    if work.matters[0] != "hardship" or work.says_exactly("hardship"):
        return []
    beside = [name for name in work.matters[1:] if name in BESIDE_GRIEF]
    matter = next(iter(beside), "")
    return [work.block("restate", work.keys(matter), {**values, "ref": "", "number": ""})] if matter else []


def more(work: Work, values: Values, said: Sequence[Aspect] = ()) -> str:
    """Return what holds whatever the matter is, "and it is not the first time", where neither matter nor *said* do."""
    if work.matters[0] not in MORE_OF:
        return ""
    known, exact = work.templates.blocks.get("more", {}), work.templates.blocks.get("restate", {})
    aspects = work.reading.aspects
    exactly = {one for one in aspects for matter in work.matters if f"{matter}-{one}" in exact}
    left = [one for one in aspects if one in known and one not in exactly and one not in said]
    left = [one for one in left if one != "again" or work.matters[0] in HAPPENS_AGAIN]
    return " ".join(work.block("more", (one,), values) for one in left[:MOST_MORE])


def restates(work: Work, values: Values) -> bool:
    """
    Say whether the draft says the matter in our words.

    Where the customer's own sentence stands in it, ours is said only if it is sure and says something of this mail
    alone: what exactly the matter is, when it was, or of what.
    """
    if work.reading.attention or not any(name in values for name in THEIRS):
        return True
    if work.matters[0] == "unreasonable_demand":
        return False  # what they demand is best said as they say it
    if is_retold("sentence", values):
        return _says_more(work, values)
    if work.matters[0] in WISHES and is_retold("request", values):
        return bool(work.says_exactly(work.matters[0])) and not shows(work.matters[0], values["request"], work.reading)
    names_it = work.likely >= LIKELY_TO_RESTATE and bool(values["ref"])
    return names_it or bool(work.says_exactly(work.matters[0])) or tells(work, values)


def is_retold(name: str, values: Values) -> bool:
    """Say whether the customer's sentence *name* stands in the draft as we say it."""
    return name in values and any(one in values for one in RETOLD.get(name, ()))


def _says_more(work: Work, values: Values) -> bool:
    """Say whether our restatement says what their sentence, as we say it, does not: a circumstance, a wish."""
    matter, sentence = work.matters[0], " ".join([values["sentence"], *(values.get(one, "") for one in AS_SAID)])
    said = work.block("restate", work.keys(), values)
    if any(values.get(one, "\n") in said and values[one] not in sentence for one in DATED):
        return True
    if matter in SAID_WITH and shows(matter, sentence, work.reading):
        return False
    if exact := {key.partition("-")[2] for key in work.says_exactly(matter)}:
        return not exact & set(find_aspects(sentence, work.reading.language.tag))
    asks = "question" in values or "request" in values
    return matter in SAID_WITH and not asks and work.likely >= LIKELY_TO_RESTATE


def adds(name: str, work: Work, values: Values) -> bool:
    """Say whether the customer's sentence *name* says what our restatement does not."""
    said, quoted, particulars = restated(work, values), values[name], work.reading.particulars
    facts = (*particulars.dates, *particulars.amounts, *particulars.numbers, *particulars.things)
    if any(one in quoted and one not in said for one in facts):
        return True
    if is_retold("sentence", values) and name == "sentence" and not _says_more(work, values):
        return not (tells(work, values) and any(values.get(one, "\n") in said for one in SAID_BEFORE))
    if name == "sentence":
        return not (tells(work, values) or (restates(work, values) and _says_all_of(quoted, work)))
    is_said = work.matters[0] in SAID_WITH and shows(work.matters[0], quoted, work.reading)
    return not (is_said and tells(work, values))


def shows(matter: str, quoted: str, reading: Reading) -> bool:
    """Say whether *quoted* holds words that show *matter*."""
    return any(one.casefold() in quoted.casefold() for one in evidence_of(matter, reading))


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
