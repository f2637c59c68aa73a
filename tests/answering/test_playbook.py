import pytest

from mailassist.answering.playbook import INTENTS, PLAYBOOK, Case, check_strategies, choose, matters, playbook_with
from mailassist.answering.templates import STRATEGIES
from mailassist.values import Standing
from tests.answering.readings import reading

ORDINARY = Standing("ordinary", None, "a first contact")


def case(asked_before=False, **how):
    return Case(reading(**how), ORDINARY, asked_before)


@pytest.mark.parametrize(
    ("how", "strategy"),
    [
        pytest.param({"intents": ("late_delivery",), "tone": "upset"}, "acknowledge_and_fix", id="late"),
        pytest.param({"intents": ("cancellation",)}, "acknowledge_and_fix", id="cancellation"),
        pytest.param({"intents": ("question",)}, "answer", id="question"),
        pytest.param({"intents": ("technical_help",), "tone": "upset"}, "answer", id="technical help"),
        pytest.param({"intents": ("other",)}, "answer", id="nothing stands out, calm"),
        pytest.param({"intents": ("other",), "tone": "upset"}, "restate_and_ask", id="nothing stands out, upset"),
        pytest.param({"intents": ("praise_thanks",)}, "thank", id="praise"),
        pytest.param(
            {"intents": ("praise_thanks",), "likely": {"praise_thanks": 0.8}, "tone": "upset"},
            "restate_and_ask",
            id="praise that may be irony",
        ),
        pytest.param({"intents": ("praise_thanks",), "tone": "upset"}, "thank", id="praise in strong words"),
        pytest.param({"intents": ("out_of_scope",)}, "polite_no", id="out of scope"),
        pytest.param({"intents": ("unreasonable_demand",), "tone": "upset"}, "polite_no", id="first oversized demand"),
        pytest.param({"intents": ("unreasonable_demand",), "tone": "hostile"}, "firm_boundary", id="hostile demand"),
        pytest.param({"intents": ("terms_dispute",), "tone": "upset"}, "set_expectations", id="terms, upset"),
        pytest.param({"intents": ("terms_dispute",)}, "firm_boundary", id="terms, calm"),
        pytest.param({"intents": ("misdirected",), "tone": "hostile"}, "redirect", id="misdirected in any tone"),
        pytest.param(
            {"intents": ("misdirected",), "tone": "hostile", "kind": "threat", "attention": ("threat",)},
            "pause_and_deescalate",
            id="a misdirected threat",
        ),
        pytest.param(
            {"intents": ("refund_request",), "tone": "upset", "attention": ("threat",)},
            "set_expectations",
            id="perhaps a threat",
        ),
        pytest.param(
            {"intents": ("wrong_item",), "likely": {"wrong_item": 0.3}, "body": "Does it fit an older one as well?"},
            "answer",
            id="nothing but a question, about what is not sure",
        ),
        pytest.param({"intents": ("hardship",), "tone": "hostile"}, "extra_effort", id="hardship outranks hostility"),
        pytest.param({"intents": ("late_delivery", "hardship")}, "extra_effort", id="hardship in second place"),
        pytest.param({"intents": ("refund_request",), "tone": "hostile"}, "pause_and_deescalate", id="hostile"),
        pytest.param(
            {"intents": ("refund_request",), "tone": "hostile", "kind": "threat", "attention": ("threat",)},
            "pause_and_deescalate",
            id="threat",
        ),
        pytest.param(
            {"intents": ("refund_request",), "tone": "hostile", "asked_before": True}, "firm_boundary", id="again"
        ),
        pytest.param({"intents": ("other",), "attention": ("privacy",)}, "set_expectations", id="privacy"),
        pytest.param(
            {"intents": ("other",), "attention": ("privacy",), "aspects": ("no_customer", "others_mailing")},
            "set_expectations",
            id="privacy, of somebody who is no customer",
        ),
        pytest.param({"intents": ("refund_request",), "attention": ("legal",)}, "set_expectations", id="lawyer"),
        pytest.param(
            {"intents": ("late_delivery",), "tone": "upset", "attention": ("legal",)},
            "acknowledge_and_fix",
            id="legal steps announced over a matter that can be put right",
        ),
        pytest.param(
            {"intents": ("billing_dispute", "terms_dispute"), "tone": "upset", "attention": ("legal",)},
            "acknowledge_and_fix",
            id="legal steps announced over a charge, with the terms named beside it",
        ),
    ],
)
def test_the_playbook_chooses(how, strategy):
    assert choose(case(**how)).name == strategy


@pytest.mark.parametrize(
    ("likely", "counts"),
    [
        pytest.param({"misdirected": 0.9, "question": 0.1}, ("misdirected",), id="sure, and no second matter"),
        pytest.param({"misdirected": 0.4, "question": 0.3}, ("question",), id="perhaps misdirected is not enough"),
        pytest.param({"late_delivery": 0.2, "refund_request": 0.2}, ("late_delivery",), id="a second one perhaps"),
        pytest.param({"late_delivery": 0.5, "refund_request": 0.6}, ("late_delivery", "refund_request"), id="two"),
        pytest.param({"out_of_scope": 0.2}, ("other",), id="nothing is sure"),
    ],
)
def test_an_intent_counts_where_it_is_likely_enough(likely, counts):
    assert matters(reading(intents=tuple(likely), likely=likely)) == counts


def test_out_of_hours_counts_by_what_the_mail_tells_of_it():
    assert matters(reading(intents=("out_of_scope",), likely={"out_of_scope": 0.5}, aspects=("sunday",))) == (
        "out_of_scope",
    )
    assert matters(reading(intents=("out_of_scope",), likely={"out_of_scope": 0.5})) == ("other",)


@pytest.mark.parametrize(
    ("likely", "aspects", "counts"),
    [
        pytest.param(0.2, ("illness",), ("late_delivery", "hardship"), id="trouble that is told counts early"),
        pytest.param(0.8, ("again",), ("late_delivery",), id="trouble that is nowhere told does not"),
        pytest.param(0.95, (), ("late_delivery", "hardship"), id="unless there is hardly a doubt"),
    ],
)
def test_hardship_counts_by_what_the_mail_tells_of_it(likely, aspects, counts):
    shares = {"late_delivery": 0.5, "hardship": likely}
    assert matters(reading(intents=tuple(shares), likely=shares, aspects=aspects)) == counts


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize("tone", ["calm", "upset", "hostile"])
def test_every_mail_has_a_strategy_with_a_reason_and_none_is_a_farewell(intent, tone):
    strategy = choose(case(intents=(intent,), tone=tone, asked_before=True))
    assert strategy.because
    assert not strategy.name.startswith("offboard")


def test_the_owner_answers_an_intent_as_they_like():
    playbook = playbook_with({"late_delivery": "set_expectations"})
    assert choose(case(intents=("late_delivery",)), playbook).name == "set_expectations"
    assert choose(case(intents=("defective",)), playbook).name == "acknowledge_and_fix"


def test_hostile_mail_is_calmed_whatever_the_owner_likes():
    playbook = playbook_with({"late_delivery": "set_expectations"})
    assert choose(case(intents=("late_delivery",), tone="hostile"), playbook).name == "pause_and_deescalate"


@pytest.mark.parametrize(
    ("strategies", "said"),
    [
        pytest.param({"late": "thank"}, "no such intent", id="unknown intent"),
        pytest.param({"question": "reply"}, "no strategy 'reply'", id="unknown strategy"),
        pytest.param({"question": "offboard_vague"}, "redraft", id="a farewell is a person's word"),
    ],
)
def test_a_configuration_that_cannot_be_followed_is_told(strategies, said):
    (problem,) = check_strategies(strategies, STRATEGIES)
    assert said in problem


def test_each_rule_names_a_strategy_there_is_a_template_for():
    assert {rule.strategy.name for rule in PLAYBOOK} <= set(STRATEGIES)
