"""The playbook: ordered rules that choose how to answer. The first that applies wins; its reason stands beside it."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from mailassist.reading.sentences import split_sentences
from mailassist.values import Aspect, Reading, Standing, Strategy

INTENTS = (
    "late_delivery", "wrong_item", "defective", "not_as_expected", "no_response", "billing_dispute", "refund_request",
    "cancellation", "out_of_scope", "terms_dispute", "unreasonable_demand", "hardship", "question", "status_request",
    "technical_help", "praise_thanks", "misdirected", "other",
)  # fmt: skip
COMPLAINTS = (
    "late_delivery", "wrong_item", "defective", "not_as_expected", "no_response", "billing_dispute", "refund_request",
    "cancellation",
)  # fmt: skip
POINTS_TO: Mapping[Aspect, str] = {  # what a circumstance is one of, where the matter itself is not sure
    **dict.fromkeys(("burnt", "leaks", "no_heat", "no_power", "broken_off", "broken", "dead", "noisy"), "defective"),
    **dict.fromkeys(("wrong_size", "wrong_colour", "wrong_model", "others_order", "too_few"), "wrong_item"),
    **dict.fromkeys(("shown_delivered", "nobody_came", "tracking_stands", "put_off"), "late_delivery"),
    **dict.fromkeys(("charged_twice", "charged_after_end", "reminded_though_paid"), "billing_dispute"),
    **dict.fromkeys(("no_call_back", "nobody_picks_up", "written_often", "no_reply"), "no_response"),
}
FAREWELLS = ("offboard_direct", "offboard_vague")  # only a person chooses these, by name


# From how likely on an intent counts whose answer does harm where it was misread: a no, a "not for us", sympathy.
SURE = {
    "misdirected": 0.45, "out_of_scope": 0.4, "terms_dispute": 0.4, "unreasonable_demand": 0.4, "praise_thanks": 0.3,
    "hardship": 0.2,
}  # fmt: skip
# What a mail tells where it is about such a matter, and from how likely on the matter counts where nothing of that is
# told: a power cut or three children are no hardship, and who comes by on Saturday asks for nothing out of hours.
UNTOLD: Mapping[str, tuple[frozenset[Aspect], float]] = {
    "hardship": (frozenset({"death", "illness", "no_income", "instalments", "more_time"}), 0.9),
    "out_of_scope": (frozenset({"sunday", "evening", "urgent", "far_away", "home_visit"}), 0.55),
}
HARDLY_SURE = 0.75  # of the first intent
SURELY = 0.85  # of praise in mail that is not calm
UNSURE = 0.7  # of the first intent, below which four in ten are another
FEWEST_WORDS = 4  # of a sentence that says something
SURE_OF_MORE = 0.5  # any intent but the first: a second matter that is none is worse than one left out


def matters(reading: Reading) -> tuple[str, ...]:
    """Return the intents of *reading* that are likely enough to be answered, the most weighty first; never empty."""
    sure = [one.name for one in reading.intents if one.likely >= least(one.name, reading)]
    more = {one.name for one in reading.intents if one.likely >= SURE_OF_MORE} | {"hardship"}
    return (*sure[:1], *(name for name in sure[1:] if name in more)) or ("other",)


def least(intent: str, reading: Reading) -> float:
    """Return from how likely on *intent* counts."""
    told, untold = UNTOLD.get(intent, (None, 0.0))
    return SURE.get(intent, 0.0) if told is None or told & set(reading.aspects) else untold


def evidence_of(matter: str, reading: Reading) -> list[str]:
    """Return the customer's own words that show *matter*."""
    return [phrase for one in reading.intents if one.name == matter for phrase in one.evidence]


class Case(NamedTuple):
    """All that the rules look at."""

    reading: Reading
    standing: Standing
    asked_before: bool = False  # a written boundary of ours went before this message

    @property
    def intent(self) -> str:
        return matters(self.reading)[0]

    @property
    def tone(self) -> str:
        return self.reading.tone.level


class Rule(NamedTuple):
    """A condition and the strategy it leads to."""

    applies: Callable[[Case], bool]
    strategy: Strategy


def wants(*names: str) -> Callable[[Case], bool]:
    """Return the predicate that the most weighty intent is one of *names*."""
    return lambda case: case.intent in names


def mentions(*names: str) -> Callable[[Case], bool]:
    """Return the predicate that any intent is one of *names*."""
    return lambda case: any(name in names for name in matters(case.reading))


def states(*aspects: Aspect) -> Callable[[Case], bool]:
    """Return the predicate that the mail says one of *aspects* in so many words."""
    return lambda case: any(one in case.reading.aspects for one in aspects)


def concerns(*kinds: str) -> Callable[[Case], bool]:
    """Return the predicate that a person must look at the mail because of one of *kinds*."""
    return lambda case: any(kind in case.reading.attention for kind in kinds)


def both(*conditions: Callable[[Case], bool]) -> Callable[[Case], bool]:
    return lambda case: all(applies(case) for applies in conditions)


def either(*conditions: Callable[[Case], bool]) -> Callable[[Case], bool]:
    return lambda case: any(applies(case) for applies in conditions)


def is_hostile(case: Case) -> bool:
    return case.tone == "hostile"


def is_civil(case: Case) -> bool:
    return case.tone != "hostile"


def only_asks(case: Case) -> bool:
    """Say whether every sentence of a mail is a question, but for greetings and thanks."""
    mail, language = case.reading.mail, case.reading.language.tag
    said = [one for one in split_sentences(mail.said, language) if len(one.split()) >= FEWEST_WORDS]
    return bool(said) and all(one.endswith("?") for one in said)


def asks(case: Case) -> bool:
    """Say whether a question is among what the mail wants."""
    return case.reading.mail.said.count("?") > 0 and any(one.name == "question" for one in case.reading.intents)


def only_praises(case: Case) -> bool:
    """Say whether a mail is sure to be praise and nothing else: displeasure beside a guess at praise is irony."""
    return matters(case.reading) == ("praise_thanks",) and case.reading.intents[0].likely >= SURELY


def is_unsure(case: Case) -> bool:
    """Say whether the first intent is not likely enough, nor said exactly."""
    return case.reading.intents[0].likely < HARDLY_SURE


def guesses(case: Case) -> bool:
    """Say whether the first intent is no more than a guess."""
    return case.reading.intents[0].likely < UNSURE


def is_upset(case: Case) -> bool:
    return case.tone == "upset"


def is_calm(case: Case) -> bool:
    return case.tone == "calm"


def was_asked_before(case: Case) -> bool:
    return case.asked_before


def always(_: Case) -> bool:
    return True


def rule(applies: Callable[[Case], bool], name: str, because: str) -> Rule:
    return Rule(applies, Strategy(name, because))


URGENT: tuple[Rule, ...] = (
    rule(mentions("hardship"), "extra_effort", "someone in trouble comes before how they say it"),
    rule(both(states("death"), wants(*COMPLAINTS)), "extra_effort", "somebody has died: that comes before the matter"),
    rule(
        both(states("instalments", "more_time"), states("death", "illness", "no_income")),
        "extra_effort",
        "illness or no income, and they ask to pay later",
    ),
    rule(
        both(concerns("threat"), is_civil),
        "set_expectations",
        "it may be a threat: receipt, who answers, by when",
    ),
    rule(
        both(concerns("threat"), wants("misdirected")),
        "pause_and_deescalate",
        "a threat, whoever it was meant for: a person answers it",
    ),
    rule(
        both(concerns("privacy"), is_civil, wants("other")),
        "set_expectations",
        "a data protection request, from a customer or not: receipt, who answers, by when",
    ),
    rule(
        both(states("no_customer"), states("others_bill", "others_mailing", "others_parcel")),
        "redirect",
        "no customer, and has what is somebody else's: point on, kindly",
    ),
    rule(wants("misdirected"), "redirect", "meant for somebody else: point on, kindly, in any tone"),
    rule(both(is_hostile, was_asked_before), "firm_boundary", "the boundary was put in writing before and is not kept"),
    rule(
        both(is_hostile, wants("unreasonable_demand", "terms_dispute")),
        "firm_boundary",
        "hostile, and about more than was agreed: the fact, what is possible, the boundary once",
    ),
    rule(is_hostile, "pause_and_deescalate", "aimed at people: calm, the boundary once, the next contact with a time"),
    rule(both(concerns("legal"), is_calm), "set_expectations", "a legal letter: receipt, who answers, by when"),
    rule(
        both(concerns("legal"), wants("terms_dispute", "other")),
        "set_expectations",
        "legal steps announced: receipt, who answers, by when",
    ),
    rule(concerns("privacy"), "set_expectations", "a data protection request: receipt, who answers, by when"),
)

USUAL: tuple[Rule, ...] = (
    rule(both(guesses, states(*POINTS_TO)), "acknowledge_and_fix", "the matter is a guess, but not what went wrong"),
    rule(both(is_calm, is_unsure, either(only_asks, asks)), "answer", "it asks, and the rest is not sure: the answer"),
    rule(wants("unreasonable_demand"), "polite_no", "more than was agreed: a friendly no hurts less now than later"),
    rule(wants("out_of_scope"), "polite_no", "outside hours or scope: the no, and what is possible instead"),
    rule(
        both(wants("terms_dispute"), is_upset),
        "set_expectations",
        "they see the terms differently: what was understood, who looks into it, a written answer by when",
    ),
    rule(wants("terms_dispute"), "firm_boundary", "the terms as agreed, and what is possible within them"),
    rule(both(wants("praise_thanks"), either(is_calm, only_praises)), "thank", "praise: thanks, and an open door"),
    rule(wants("status_request"), "acknowledge_and_fix", "what they are not told, they make up: where it stands"),
    rule(
        wants(*COMPLAINTS),
        "acknowledge_and_fix",
        "something went wrong for them: understanding, apology, the next step with a time",
    ),
    rule(
        both(is_upset, guesses, wants("question", "technical_help")),
        "acknowledge_and_fix",
        "upset, and the question is a guess: understanding, and the next step with a time",
    ),
    rule(wants("question", "technical_help"), "answer", "a question: restate it, answer it"),
    rule(is_upset, "restate_and_ask", "upset, and no matter stands out: what was understood, and one question"),
    rule(always, "answer", "an ordinary message: what happens now, and how to reach us"),
)  # fmt: skip

PLAYBOOK: tuple[Rule, ...] = (*URGENT, *USUAL)


def choose(case: Case, playbook: Sequence[Rule] = PLAYBOOK) -> Strategy:
    """Return the strategy of the first rule that applies; the last always does."""
    return next(strategy for applies, strategy in playbook if applies(case))


def playbook_with(strategies: Mapping[str, str]) -> tuple[Rule, ...]:
    """Return the playbook with the owner's *strategies* (intent -> strategy) before ours, behind what is urgent."""
    own = (rule(wants(intent), name, f"the configuration answers {intent} so") for intent, name in strategies.items())
    return (*URGENT, *own, *USUAL)


def check_strategies(strategies: Mapping[str, str], known: Sequence[str]) -> list[str]:
    """Return one sentence for each entry of *strategies* that cannot be followed."""
    problems = []
    for intent, name in strategies.items():
        if intent not in INTENTS:
            problems.append(f"playbook.strategies.{intent}: there is no such intent; use one of {', '.join(INTENTS)}")
        if name in FAREWELLS:
            problems.append(
                f"playbook.strategies.{intent}: {name} is only for: mailassist redraft KEY --strategy {name}"
            )
        elif name not in known:
            problems.append(
                f"playbook.strategies.{intent}: there is no strategy {name!r}; use one of {', '.join(known)}"
            )
    return problems
