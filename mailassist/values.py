"""The values a message becomes, in the order it becomes them. Each is frozen; none is changed afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

UNDETERMINED = "und"  # RFC 5646: the language is not known

ToneLevel = Literal["calm", "upset", "hostile"]
Kind = Literal["threat", "harassment", "profanity", "insult", "shouting"]
Attention = Literal["threat", "legal", "privacy"]


@dataclass(frozen=True, slots=True, order=True)
class MessageKey:
    """Where a message lies. Holds as long as the folder's UIDVALIDITY does (RFC 9051 §2.3.1.1)."""

    account: str
    folder: str
    uid_validity: int
    uid: int

    def __str__(self) -> str:
        return f"{self.account}/{self.folder}/{self.uid_validity}/{self.uid}"


@dataclass(frozen=True, slots=True)
class FetchedMessage:
    """A message as the server gave it."""

    key: MessageKey
    octets: bytes  # the header and as much of the body as was asked for
    size: int  # octets of the whole message on the server
    flags: frozenset[str]
    received: datetime | None  # INTERNALDATE, aware; None where the server gave none


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address field (RFC 5322 §3.4)."""

    spec: str  # local@domain; the domain lower-cased, in its Unicode form
    name: str = ""  # the display name, decoded; empty when there is none

    def __str__(self) -> str:
        return f"{self.name} <{self.spec}>" if self.name else self.spec


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message that was listed and not read: an attachment, an image, a nested message."""

    content_type: str  # lower case, "type/subtype"
    filename: str = ""
    size: int = 0  # octets as transferred
    method: str = ""  # what a text/calendar part asks for, lower case: "request", "reply", … (RFC 5546 §1.4)


@dataclass(frozen=True, slots=True)
class Removed:
    """A piece of the body that the customer did not newly write."""

    kind: Literal["quote", "forward", "signature", "footer", "disclaimer", "banner", "attribution", "marker"]
    text: str


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """An RFC 5322 message, decoded as far as an answer needs it."""

    message_id: str  # "<left@right>"; empty when there is none that can be referred to
    subject: str  # decoded and on one line; empty when there is none
    from_: Address | None
    reply_to: tuple[Address, ...]  # where a reply goes: Reply-To where it can be used, else From; empty when nowhere
    said: str  # what the customer newly wrote; the only text that is analysed
    body: str  # the whole text of the message, what `said` is a part of
    removed: tuple[Removed, ...] = ()  # what `body` has beyond `said`
    sender: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()  # Delivered-To, X-Original-To, Envelope-To: the address it arrived for
    date: datetime | None = None  # aware; None where absent or nonsense
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    content_language: str = ""
    content_type: str = "text/plain"  # of the whole message, with its parameters in `headers`
    parts: tuple[Part, ...] = ()
    truncated: bool = False  # the text was longer than is read
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # lower-case name -> values, unfolded, decoded


@dataclass(frozen=True, slots=True)
class Detection:
    """The language of a text, how sure that is, and how it was found."""

    tag: str  # RFC 5646, or UNDETERMINED
    probability: float  # 0..1; 0.0 when undetermined
    source: Literal["text", "thread", "sender", "header", "override", "default"]
    because: str  # each step on the way, for a person


@dataclass(frozen=True, slots=True)
class Tone:
    """How a message was said."""

    level: ToneLevel
    score: float  # 0..1, how hostile
    kind: Kind | None = None  # the gravest kind of hostility; None when not hostile
    evidence: tuple[str, ...] = ()  # what gave it away: names of patterns, phrases as written; calm: a possible threat


@dataclass(frozen=True, slots=True)
class Intent:
    """Something a message wants or complains of: one of the names in docs/playbook.md."""

    name: str
    evidence: tuple[str, ...] = ()  # the customer's own words
    likely: float = 1.0  # 0..1, how sure the reading is of it


NumberKind = Literal[
    "order", "invoice", "ticket", "customer", "booking", "tracking", "serial", "contract", "file", "other"
]


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a message refers to, and what it numbers; "other" where no word says so."""

    kind: NumberKind
    text: str  # as written, "30-55817"


DateRole = Literal["today", "ordered", "promised", "needed", "charged", "written", "cancelled", "returned"]


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of a message and what it is the date of."""

    role: DateRole
    text: str  # as written, "3 April"


# What exactly a message says of its matter or asks for, the most telling first.
Aspect = Literal[
    # in trouble
    "death", "illness", "no_income", "instalments", "more_time",
    # it does not work
    "burnt", "leaks", "damaged_on_arrival", "no_heat", "no_power", "broken_off", "broken", "stuck", "noisy", "dead",
    # technical
    "login", "error_shown", "no_connection", "install", "frozen_screen", "site_down", "not_printing",
    # the wrong thing, not as expected
    "incomplete", "others_order", "wrong_size", "wrong_colour", "wrong_model", "too_few", "not_like_pictures",
    "bad_work", "poor_quality", "dirty", "bad_food", "other_noise", "rude_staff",
    # a delivery, a visit
    "came_late", "shown_delivered", "nobody_came", "work_unfinished", "tracking_stands", "put_off",
    # money
    "charged_twice", "charged_after_end", "reminded_though_paid", "more_than_agreed", "unknown_charge", "not_deducted",
    "sent_back", "deposit", "fee_for_leaving", "price_rise", "notice_period", "warranty_refused",
    # an end
    "unconfirmed", "of_subscription", "of_order", "of_appointment", "pause_only",
    # answers
    "quote_awaited", "no_call_back", "nobody_picks_up", "written_often", "no_reply",
    # beyond hours or scope, or too much
    "sunday", "evening", "urgent", "far_away", "home_visit", "for_free", "compensation", "all_anew",
    # asked for
    "ready", "under_repair", "changed",
    "new_address", "copy_wanted", "job", "noise_from_us",
    # not ours
    "others_bill", "others_mailing", "others_parcel", "parked", "no_customer",
    # whatever it is about
    "again", "refund", "cancel", "occasion", "own_mistake",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that a message is about, in the form a dictionary has it, whatever case the customer wrote."""

    text: str  # without an article, "Bohrmaschine", "lave-linge"; a plural where they wrote of several
    definite: str  # as the subject of a sentence: "die Bohrmaschine", "le lave-linge", "elkedlen"; none in Russian
    gender: Literal["m", "f", "n", "c", ""] = ""  # "c": common; "": the language or the plural shows none
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a message names, as the customer wrote it, in the order it appears."""

    numbers: tuple[str, ...] = ()  # order, invoice, ticket, customer and booking numbers: the texts of `numbered`
    dates: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    things: tuple[str, ...] = ()  # what it is about, as a dictionary has it: "kettle"; the texts of `named`
    questions: tuple[str, ...] = ()  # whole sentences
    sender_name: str = ""  # the name the message is signed with, as written; empty when it is not signed
    numbered: tuple[Number, ...] = ()  # the same numbers with what each numbers: Number("invoice", "F-2209")
    named: tuple[Thing, ...] = ()  # the same things, the most weighty first
    dated: tuple[Dated, ...] = ()  # of `dates` those of which the words near them say what happened then
    waited: str = ""  # how long the customer has been waiting, as written, "three weeks"
    signed_plainly: bool = False  # sender_name stands behind a closing formula or on a line of its own


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a message."""

    mail: IncomingMail
    language: Detection
    tone: Tone
    intents: tuple[Intent, ...]  # most weighty first; never empty ("other" when nothing stands out)
    particulars: Particulars = Particulars()
    attention: tuple[Attention, ...] = ()  # what a person must look at before anything is sent
    aspects: tuple[Aspect, ...] = ()  # what exactly is said of the matter, the most telling first


@dataclass(frozen=True, slots=True)
class Contact:
    """One mail of a customer, without its words."""

    when: datetime  # aware
    tone: str  # a ToneLevel
    intents: tuple[str, ...]
    answered_after: timedelta | None  # None: we have not answered it
    boundary_sent: bool = False  # our answer held a written boundary


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer over time: someone with a problem, or a problem."""

    label: Literal["ordinary", "customer_with_a_problem", "problem_customer"]
    suggest: Literal["boundary", "part"] | None  # for the reviewer only
    because: str


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered that bears on one message; the default is a first contact."""

    contacts: tuple[Contact, ...] = ()  # oldest first, this message not among them
    thread_language: str | None = None
    sender_language: str | None = None
    hostile: bool | None = None  # what a person said of this sender: always, never, or nothing


@dataclass(frozen=True, slots=True)
class Strategy:
    """How to answer, and why."""

    name: str  # one of docs/playbook.md
    because: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply for a person to review and send, and how it came about."""

    reading: Reading
    standing: Standing
    strategy: Strategy
    message_id: str  # follows from the message it answers: the same message always gets the same one
    from_: Address | None  # the identity the customer wrote to; None without an account
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    body: str  # the whole text, the quoted original included
    gaps: tuple[str, ...]  # what only a person can know, without the brackets
    remarks: tuple[str, ...]  # for the reviewer, never in the body
    octets: bytes  # the RFC 5322 message to append, CRLF line ends

    @property
    def said(self) -> str:
        return self.reading.mail.said

    @property
    def language(self) -> str:
        return self.reading.language.tag

    @property
    def tone(self) -> Tone:
        return self.reading.tone

    @property
    def intents(self) -> tuple[Intent, ...]:
        return self.reading.intents

    @property
    def because(self) -> str:
        return self.strategy.because


@dataclass(frozen=True, slots=True)
class Skipped:
    """A message that gets no draft."""

    mail: IncomingMail
    reason: str  # one sentence a user understands
    reading: Reading | None = None  # None when it was not read at all
