"""All that one draft is made of, and what follows from it: its matters, and what sentences are looked up by."""

import itertools
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from mailassist.answering.locale import Locale
from mailassist.answering.naming import THING, reference
from mailassist.answering.person import greeting
from mailassist.answering.playbook import COMPLAINTS, HARDLY_SURE, POINTS_TO, UNSURE, matters
from mailassist.answering.sign_off import name_at_the_end
from mailassist.answering.templates import TemplateSet
from mailassist.values import Aspect, Contact, Reading, Standing, Strategy

LINES_BELOW = 3  # of a signature, in which a name is looked for
MOST_EXACT = 2  # sentences that say exactly what the matter is
OF_COMPLAINTS = ("acknowledge_and_fix", "restate_and_ask", "pause_and_deescalate")
KIN: tuple[set[Aspect], ...] = (  # aspects of which one says enough
    {"quote_awaited", "no_call_back", "nobody_picks_up", "written_often", "no_reply"},
    {"burnt", "broken_off", "broken", "dead", "stuck", "no_power", "no_heat", "damaged_on_arrival", "error_shown"},
    {"others_order", "wrong_size", "wrong_model", "too_few", "incomplete"},
    {"unconfirmed", "of_subscription", "of_order", "of_appointment", "pause_only", "charged_after_end"},
    {"charged_twice", "charged_after_end", "reminded_though_paid", "more_than_agreed", "unknown_charge"},
    {"sunday", "evening", "urgent", "far_away", "home_visit"},
    {"for_free", "compensation", "all_anew", "urgent"},
    {"instalments", "more_time"},
    {"ready", "under_repair", "quote_awaited", "refund"},
    {"came_late", "work_unfinished", "nobody_came", "put_off", "tracking_stands", "occasion"},
)
ONE_MATTER = (  # two names of the same trouble
    {"technical_help", "defective"},
    {"status_request", "late_delivery"},
    {"defective", "not_as_expected"},
    {"wrong_item", "not_as_expected"},
)
ASKED_PLAINLY: Mapping[str, Aspect] = {"refund_request": "refund", "cancellation": "cancel"}
MATTERS_OF = {  # what a date of this role, or having waited, tells of
    "ordered": {"late_delivery"},
    "promised": {"late_delivery"},
    "charged": {"billing_dispute"},
    "cancelled": {"cancellation"},
    "returned": {"refund_request"},
    "waited": {"late_delivery", "no_response"},
}
SURE_OF_WISH = 0.9  # from how likely on a wish that the mail does not state plainly is taken up beside another matter
QUESTION = "question"
NEVER_ALSO = {"other", "misdirected"}
ANSWERED_WITH = {  # matters that the answer to the first one answers with it
    "answer": ("question", "technical_help"),
    "polite_no": ("question", "out_of_scope", "unreasonable_demand"),
    "firm_boundary": ("question",),
}


@dataclass(frozen=True)  # without slots: what follows from it is worked out once
class Work:
    """All that one draft is made of."""

    reading: Reading
    standing: Standing
    strategy: Strategy
    templates: TemplateSet
    facts: Mapping[str, str]  # in the draft's language
    contacts: Sequence[Contact]
    asked_before: bool
    seed: str  # the message's key: the same message is worded the same

    @property
    def locale(self) -> Locale:
        return self.templates.locale

    @cached_property
    def matters(self) -> tuple[str, ...]:
        """
        The intents in the order the draft takes them up.

        Hardship comes first where the strategy is about it. Praise in mail that is not calm may be irony: no matter.
        """
        names = [*matters(self.reading), *self._plain]
        if self.strategy.name == "extra_effort":
            names.insert(0, "hardship")
        if self.strategy.name == "redirect":
            names.insert(0, "misdirected")
        if self.reading.tone.level != "calm" and self.strategy.name != "thank":
            names = [name for name in names if name != "praise_thanks"]
        if self._plainly:
            names = [self._plainly, *names[1:]]
        if self.strategy.name == "answer" and self._asks and self.reading.intents[0].likely < HARDLY_SURE:
            names[0] = QUESTION
        return tuple(dict.fromkeys(names)) or ("other",)

    @cached_property
    def greeting(self) -> str:
        """The salutation, by the name the mail is signed with or comes from."""
        mail = self.reading.mail
        answered = (*mail.reply_to, *([mail.from_] if mail.from_ else []))
        named = next((one for one in answered if one.name), mail.from_)
        particulars = self.reading.particulars
        below = "\n".join(piece.text for piece in mail.removed if piece.kind == "signature").split("\n")[:LINES_BELOW]
        ends = (name_at_the_end(text, self.locale) for text in (mail.said, *below) if text)
        return greeting(
            itertools.chain([particulars.sender_name], ends), named, self.locale, particulars.signed_plainly
        )

    @property
    def _asks(self) -> bool:
        return any(one.name == QUESTION for one in self.reading.intents)

    @property
    def _plainly(self) -> str:
        """The complaint that the mail states where the reading of its first matter is a guess; "" where it is none."""
        first = self.reading.intents[0]
        if first.likely >= UNSURE or self.strategy.name not in OF_COMPLAINTS or self.is_plain(first.name):
            return ""
        return next((POINTS_TO[one] for one in self.reading.aspects if one in POINTS_TO), "")

    @property
    def likely(self) -> float:
        """How sure the first matter is, 0..1."""
        if self.matters[0] == QUESTION and self.reading.particulars.questions:
            return 1.0
        return self.reading.intents[0].likely

    @cached_property
    def _plain(self) -> list[str]:
        """The complaints behind the first that are unlikely by themselves, but that the mail says plainly."""
        return [one.name for one in self.reading.intents[1:] if one.name in COMPLAINTS and self.is_plain(one.name)]

    def reading_of(self, matter: str) -> float:
        """Return how likely the reading finds *matter*, 0..1."""
        return next((one.likely for one in self.reading.intents if one.name == matter), 0.0)

    def is_plain(self, matter: str) -> bool:
        """Say whether the mail leaves no doubt of *matter*: said exactly, dated, or asked for in so many words."""
        asked = ASKED_PLAINLY.get(matter) in self.reading.aspects
        return asked or self.tells_when(matter) or bool(self.says_exactly(matter))

    def block(self, name: str, keys: Sequence[str], values: Mapping[str, str]) -> str:
        """Return one sentence of block *name* for the first of *keys* that it has, what it names said once."""
        return self.templates.block(name, keys, values, self.seed, self._named_once)

    def _named_once(self, names: Set[str], values: Mapping[str, str]) -> Mapping[str, str]:
        """Return *values* with a reference in brackets that leaves out what a sentence with *names* says itself."""
        if not values.get("ref") or not names & {*THING, "amount"}:
            return values
        ref, number = reference(self.reading, self.matters[0], self.locale, values.get("said", ""), names)
        return {**values, "ref": ref, "number": number}

    def keys(self, about: str = "") -> tuple[str, ...]:
        """Return what sentences are looked up by, the most telling first; *about* a matter, by default the first."""
        tone, matter = self.reading.tone, about or self.matters[0]
        to_person = self.reading.attention if self.strategy.name == "set_expectations" else ()
        return (
            *(["threat"] if "threat" in self.reading.attention else []),
            *to_person,
            *(["asked_before"] if self.asked_before else []),
            *([tone.kind] if tone.kind else []),
            *(f"{matter}-{aspect}" for aspect in self.reading.aspects),
            f"{matter}-{tone.level}",
            matter,
            tone.level,
            "any",
        )

    @cached_property
    def further(self) -> list[str]:
        """The mail's matters beside the first that want a word of their own."""
        if "threat" in self.reading.attention:
            return []  # a person answers it; no promise on the side
        left_out = {*NEVER_ALSO, *ANSWERED_WITH.get(self.strategy.name, ())}
        left_out |= {name for pair in ONE_MATTER if self.matters[0] in pair for name in pair}
        if self.reading.tone.level == "hostile":
            left_out.add(QUESTION)  # "Can nobody there read?"
        if self.strategy.name == "extra_effort":  # beside somebody's grief only what is sure
            left_out |= {one.name for one in self.reading.intents if one.likely < HARDLY_SURE}
        left_out |= {
            name for name in ASKED_PLAINLY if not (self.is_plain(name) or self.reading_of(name) >= SURE_OF_WISH)
        }
        if self.matters[0] == "unreasonable_demand":
            left_out |= {"refund_request", "not_as_expected"}  # they are among what it asks for
        if self.matters[0] in COMPLAINTS:
            left_out.add("status_request")  # the next step says how it goes on
        if self.matters[0] == "status_request":
            left_out |= {name for name in COMPLAINTS if not self.is_plain(name)}
        if self.reading_of("billing_dispute") < HARDLY_SURE and not self.is_plain("billing_dispute"):
            left_out.add("billing_dispute")  # whoever names a sum has not disputed it yet
        if {"instalments", "more_time"} & set(self.reading.aspects):
            left_out.add("billing_dispute")  # who asks to pay later does not dispute it
        if self.reading.tone.level == "calm":  # a complaint of a calm mail, only where it is sure
            left_out |= {name for name in COMPLAINTS if self.reading_of(name) < HARDLY_SURE and not self.is_plain(name)}
        if self.strategy.name == "answer":
            left_out |= {name for name in COMPLAINTS if not self.is_plain(name)}
        return [name for name in self.matters[1:] if name not in left_out]

    def tells_when(self, matter: str) -> bool:
        """Say whether the mail tells when what *matter* is about happened, or how long they have waited for it."""
        particulars = self.reading.particulars
        dated = any(matter in MATTERS_OF[one.role] for one in particulars.dated if one.role in MATTERS_OF)
        return dated or bool(particulars.waited and matter in MATTERS_OF["waited"])

    def says_exactly(self, matter: str) -> list[str]:
        """Return the keys of [restate] that say exactly what *matter* is, "defective-leaks"; two at most."""
        if matter not in self._exactly:
            self._exactly[matter] = self._look_up_exactly(matter)
        return self._exactly[matter]

    @cached_property
    def _exactly(self) -> dict[str, list[str]]:
        """What `says_exactly` was asked: a draft asks a dozen times for the same matter."""
        return {}

    def _look_up_exactly(self, matter: str) -> list[str]:
        known = self.templates.blocks.get("restate", {})
        fitting = [one for one in self.reading.aspects if f"{matter}-{one}" in known]
        told = [
            one for n, one in enumerate(fitting) if not any({one, other} <= kin for other in fitting[:n] for kin in KIN)
        ]
        return [f"{matter}-{one}" for one in told[:MOST_EXACT]]
