"""
A customer's contacts over time -> Standing: someone with a problem, or a problem.

Two things are kept apart: how heated the words were, and whose silence came before them. What we left unanswered or
answered late is counted against ourselves before anyone is called a problem.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from mailassist.values import Contact, Standing

LATE = timedelta(days=3)  # an answer later than this is a silence of ours
CALMED = timedelta(days=365)  # after a year without a hostile word, earlier ones are past
BOUNDARY_AT = 2  # hostile mails before a boundary in writing is suggested
DEMANDS_AT = 4  # demands beyond what was agreed, each honestly answered, before they count like hostility
OUR_FAULT = {"late_delivery", "wrong_item", "defective", "no_response", "not_as_expected"}


def judge_sender(contacts: Sequence[Contact]) -> Standing:
    """Return what the *contacts* of one customer, in any order, amount to; the last is the one at hand."""
    ordered = sorted(contacts, key=lambda one: one.when)
    if not ordered:
        return Standing("ordinary", None, "a first contact")
    recent = [one for one in ordered if ordered[-1].when - one.when <= CALMED]
    hostile = [one for one in recent if one.tone == "hostile"]
    demands = [one for one in recent if "unreasonable_demand" in one.intents]
    ours = our_failures(recent)
    return (
        _after_boundary(recent, hostile, demands, ours)
        or _repeatedly(hostile, demands, ours)
        or _with_a_problem(recent, hostile, ours)
        or Standing("ordinary", None, f"{_count(len(ordered), 'message')}, nothing that stands out")
    )


def _after_boundary(
    recent: Sequence[Contact], hostile: Sequence[Contact], demands: Sequence[Contact], ours: Sequence[Contact]
) -> Standing | None:
    """Return the standing of somebody who was sent a boundary and went on; None where none was sent or it was kept."""
    drawn = boundary_date(recent)
    if drawn is None:
        return None
    after = [one for one in hostile if one.when > drawn]
    further = [one for one in demands if one.when > drawn]
    if not after and len(further) < 2:
        return None
    if [one for one in ours if one.when > drawn]:
        return Standing(
            "customer_with_a_problem",
            "boundary",
            f"went on after the boundary of {drawn:%Y-%m-%d}, but we have been silent or late since: settle that first",
        )
    went_on = f"{_count(len(after), 'hostile message')}" if after else f"{_count(len(further), 'further demand')}"
    return Standing("problem_customer", "part", f"{went_on} after the written boundary of {drawn:%Y-%m-%d}")


def _repeatedly(hostile: Sequence[Contact], demands: Sequence[Contact], ours: Sequence[Contact]) -> Standing | None:
    """Return the standing of somebody who is hostile, or wants ever more, again and again; None for anybody else."""
    unprovoked = [one for one in hostile if not _provoked(one, ours)]
    answered = [one for one in demands if one.answered_after is not None and one.answered_after <= LATE]
    if len(unprovoked) > BOUNDARY_AT:
        return Standing(
            "problem_customer",
            "boundary",
            f"{_count(len(unprovoked), 'hostile message')}, none after a silence of ours",
        )
    if len(unprovoked) == BOUNDARY_AT:
        label: Literal["customer_with_a_problem", "problem_customer"]
        label = "customer_with_a_problem" if ours else "problem_customer"
        return Standing(
            label, "boundary", f"hostile for the second time{'; we were silent or late as well' if ours else ''}"
        )
    if len(demands) >= DEMANDS_AT and len(answered) >= DEMANDS_AT - 1:
        return Standing(
            "problem_customer",
            "boundary",
            f"{_count(len(demands), 'demand')} beyond what was agreed, each answered in time",
        )
    return None


def _with_a_problem(recent: Sequence[Contact], hostile: Sequence[Contact], ours: Sequence[Contact]) -> Standing | None:
    suggest: Literal["boundary"] | None = "boundary" if len(hostile) >= BOUNDARY_AT else None
    if ours:
        return Standing(
            "customer_with_a_problem", suggest, f"we left {_count(len(ours), 'message')} unanswered or were late"
        )
    if hostile:
        return Standing("customer_with_a_problem", suggest, "hostile once: a bad day, or a bad experience with us")
    let_down = [one for one in recent if one.tone != "calm" or OUR_FAULT & set(one.intents)]
    if let_down:
        return Standing(
            "customer_with_a_problem", suggest, f"{_count(len(let_down), 'message')} about something that went wrong"
        )
    return None


def our_failures(contacts: Sequence[Contact]) -> list[Contact]:
    """
    Return the contacts, oldest first, that we left unanswered or answered late.

    The last one is being answered now and is no silence yet.
    """
    return [
        one
        for n, one in enumerate(contacts)
        if (one.answered_after is None and n + 1 < len(contacts)) or (one.answered_after or timedelta(0)) > LATE
    ]


def _provoked(contact: Contact, ours: Sequence[Contact]) -> bool:
    """Say whether a silence of ours went before *contact*, or it complains of one."""
    return "no_response" in contact.intents or any(one.when < contact.when for one in ours)


def boundary_date(contacts: Sequence[Contact]) -> datetime | None:
    """Return when we last put a boundary in writing to this customer; None where we never did."""
    return max((one.when + (one.answered_after or timedelta(0)) for one in contacts if one.boundary_sent), default=None)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
