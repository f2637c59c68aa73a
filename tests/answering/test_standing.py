from datetime import UTC, datetime, timedelta

import pytest

from mailassist.answering.standing import boundary_date, judge_sender
from mailassist.values import Contact

START = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
SOON = timedelta(hours=5)
LATE = timedelta(days=6)


def contacts(*rows):
    """Rows of (tone, intent, answered after, boundary sent), a week apart; the last is the one at hand."""
    return tuple(
        Contact(START + timedelta(weeks=n), tone, (intent,), after, *boundary)
        for n, (tone, intent, after, *boundary) in enumerate(rows)
    )


@pytest.mark.parametrize(
    ("history", "label", "suggest"),
    [
        pytest.param((), "ordinary", None, id="nobody yet"),
        pytest.param([("calm", "question", None)], "ordinary", None, id="a first question"),
        pytest.param([("calm", "question", SOON)] * 9 + [("calm", "other", None)], "ordinary", None, id="regular"),
        pytest.param(
            [("upset", "late_delivery", SOON), ("upset", "late_delivery", None)], "customer_with_a_problem", None,
            id="let down twice",
        ),
        pytest.param([("hostile", "late_delivery", None)], "customer_with_a_problem", None, id="hostile once"),
        pytest.param(
            [("calm", "late_delivery", None), ("upset", "no_response", None), ("hostile", "no_response", None)],
            "customer_with_a_problem", None,
            id="our silence came first",
        ),
        pytest.param(
            [("calm", "defective", LATE), ("hostile", "defective", SOON), ("hostile", "defective", None)],
            "customer_with_a_problem", "boundary",
            id="hostile twice after a late answer",
        ),
        pytest.param(
            [("calm", "question", SOON), ("hostile", "other", SOON), ("hostile", "other", None)],
            "problem_customer", "boundary",
            id="hostile for the second time, unprovoked",
        ),
        pytest.param(
            [("hostile", "other", SOON), ("hostile", "other", SOON), ("hostile", "other", None)],
            "problem_customer", "boundary",
            id="never parting before a boundary was written",
        ),
        pytest.param(
            [("hostile", "other", SOON), ("hostile", "other", SOON, True), ("calm", "question", None)],
            "problem_customer", "boundary",
            id="no parting while the boundary is kept",
        ),
        pytest.param(
            [("hostile", "other", SOON), ("hostile", "other", SOON, True), ("hostile", "other", None)],
            "problem_customer", "part",
            id="the written boundary was ignored",
        ),
        pytest.param(
            [("hostile", "other", SOON, True), ("calm", "status_request", LATE), ("hostile", "other", None)],
            "customer_with_a_problem", "boundary",
            id="ignored, but we were late after it",
        ),
        pytest.param(
            [("calm", "unreasonable_demand", SOON)] * 4 + [("calm", "unreasonable_demand", None)],
            "problem_customer", "boundary",
            id="ever more demands after honest answers",
        ),
        pytest.param(
            [("calm", "unreasonable_demand", SOON), ("calm", "unreasonable_demand", None)], "ordinary", None,
            id="two demands are no pattern",
        ),
        pytest.param(
            [("calm", "unreasonable_demand", SOON)] * 3
            + [("calm", "unreasonable_demand", SOON, True)]
            + [("calm", "unreasonable_demand", SOON)] * 2,
            "problem_customer", "part",
            id="demands went on after the written boundary",
        ),
    ],
)  # fmt: skip
def test_a_customer_with_a_problem_and_a_problem_customer_are_told_apart(history, label, suggest):
    standing = judge_sender(contacts(*history))
    assert (standing.label, standing.suggest) == (label, suggest), standing.because


def test_what_is_more_than_a_year_past_no_longer_counts():
    old = contacts(("hostile", "other", SOON), ("hostile", "other", SOON))
    now = Contact(START + timedelta(days=500), "calm", ("question",), None)
    assert judge_sender((*old, now)).label == "ordinary"


def test_the_order_of_the_contacts_does_not_matter():
    history = contacts(("hostile", "other", SOON), ("hostile", "other", SOON, True), ("hostile", "other", None))
    assert judge_sender(history[::-1]) == judge_sender(history)


def test_the_boundary_was_drawn_when_we_answered():
    history = contacts(("hostile", "other", timedelta(days=1), True), ("calm", "question", None))
    assert boundary_date(history) == START + timedelta(days=1)
