"""What does not change between messages, and `answer`: the whole core in ten lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from mailassist.answering.compose import compose
from mailassist.answering.facts import Facts
from mailassist.answering.playbook import FAREWELLS, PLAYBOOK, Case, Rule, choose, matters
from mailassist.answering.reply import from_identity, message_key
from mailassist.answering.standing import judge_sender
from mailassist.answering.templates import STRATEGIES, TemplateSet, available, load_set
from mailassist.answering.work import Work
from mailassist.errors import MessageError, TemplateError
from mailassist.shipped import shipped
from mailassist.values import (
    UNDETERMINED,
    Address,
    Contact,
    Detection,
    Draft,
    History,
    IncomingMail,
    Reading,
    Skipped,
    Strategy,
    Tone,
)  # fmt: skip

FIRST_CONTACT = History()


@dataclass(frozen=True, slots=True)
class Desk:
    """What the owner decided. The default: the shipped template sets and playbook, no facts, no account."""

    identities: tuple[Address, ...] = ()  # whom replies may come from, the account's own address first
    facts: Facts = field(default_factory=Facts)
    roots: tuple[Path, ...] = field(default_factory=lambda: (shipped("templates"),))  # of template sets, own first
    playbook: Sequence[Rule] = PLAYBOOK
    no_draft: tuple[str, ...] = ()  # intents and kinds of hostility that get none
    default_language: str = "en"
    fallback: bool = False  # write in the default language where there is no set for the customer's
    languages: Mapping[str, str] = field(default_factory=dict)  # address or domain -> tag
    detector: str = "langdetect"  # a name in reading.language.DETECTORS, or two joined by "+" that have to agree
    threshold: float | None = None  # of Tone.score; None: the judge's own
    quote: bool = True
    reply_all: bool = False

    @property
    def own_addresses(self) -> tuple[str, ...]:
        return tuple(one.spec for one in self.identities)

    def set_for(self, language: str) -> TemplateSet | None:
        """
        Return the template set for *language*, else the default one where the owner said so, else None.

        Raises TemplateError, with file and line, where its set.toml lacks what every draft needs.
        """
        found = None if language == UNDETERMINED else load_set(language, self.roots)
        found = found or (load_set(self.default_language, self.roots) if self.fallback else None)
        if found and found.fault:
            raise TemplateError(str(found.fault), path=str(found.fault.path), line=found.fault.line)
        return found

    def tags(self) -> tuple[str, ...]:
        """Return the languages there is a template set for: as the sets themselves, found once."""
        return _found_in(self.roots)


@lru_cache(maxsize=16)
def _found_in(roots: tuple[Path, ...]) -> tuple[str, ...]:
    return available(roots)


def answer(
    octets: bytes,
    desk: Desk | None = None,
    history: History | None = None,
    now: datetime | None = None,
    strategy: str | None = None,
) -> Draft | Skipped:
    """
    Return the draft that answers *octets*, or the reason why there is none.

    desk: None for the shipped sets and playbook and no facts.
    now: aware; None leaves the Date field out.
    strategy: a person's word, which outranks the playbook.
    Raises MessageError where the octets cannot be read or no template renders.
    """
    from mailassist.reading.message import parse

    return answer_mail(parse(octets), desk, history, now, strategy)


def answer_mail(
    mail: IncomingMail,
    desk: Desk | None = None,
    history: History | None = None,
    now: datetime | None = None,
    strategy: str | None = None,
) -> Draft | Skipped:
    """Return what `answer` does, for a mail that is parsed already."""
    from mailassist.reading.screen import screen

    desk, history = desk or Desk(), history or FIRST_CONTACT
    if reason := screen(mail, desk.own_addresses):
        return Skipped(mail, reason)
    return respond(read(mail, desk, history), desk, history, now, strategy)


def read(mail: IncomingMail, desk: Desk, history: History = FIRST_CONTACT) -> Reading:
    """Return what is understood of *mail*: language, tone, intents, particulars, and what needs a person's eye."""
    from mailassist.reading.aspects import told_aspects
    from mailassist.reading.attention import find_attention
    from mailassist.reading.intent import find_intents, in_order, meant_for_others, with_told
    from mailassist.reading.particulars import find_particulars

    language = _language(mail, desk, history)
    tone = _tone(mail, language.tag, desk, history)
    told = told_aspects(f"{mail.subject}.\n\n{mail.said}", language.tag)
    intents = with_told(find_intents(_words(mail), language.tag, mail.subject if mail.said else ""), told)
    if foreign := _foreign(mail, language.tag, desk, history):
        intents = meant_for_others(foreign, intents)
    return Reading(
        mail=mail,
        language=language,
        tone=tone,
        intents=in_order(intents, tuple(told)),
        particulars=find_particulars(
            _named_text(mail), language.tag, mail.from_.name if mail.from_ else "", mail.subject
        ),
        attention=find_attention(_words(mail), language.tag, tone),
        aspects=tuple(told),
    )


def _foreign(mail: IncomingMail, tag: str, desk: Desk, history: History) -> tuple[str, ...]:
    """Return what shows that a first mail was meant for a house of another trade; who answers us means us."""
    from mailassist.reading.trades import foreign_trade

    if mail.in_reply_to or mail.references or history.contacts:
        return ()
    ours = (*desk.facts.names, *map(str, (*desk.identities, *mail.to, *mail.cc)))
    return foreign_trade(f"{mail.subject}.\n\n{mail.said}", tag, " ".join(ours))


def _words(mail: IncomingMail) -> str:
    """Return what is to be understood: what was said, or the subject of a mail that says everything there."""
    return mail.said or mail.subject


def _named_text(mail: IncomingMail) -> str:
    """Return the text in which names and numbers are looked for: the subject, what was said, and its signature."""
    signatures = (piece.text for piece in mail.removed if piece.kind == "signature")
    return "\n".join((mail.subject, mail.said, *signatures))


def respond(
    reading: Reading,
    desk: Desk,
    history: History = FIRST_CONTACT,
    now: datetime | None = None,
    strategy: str | None = None,
) -> Draft | Skipped:
    """Return the draft for what was read, or the reason why there is none."""
    mail = reading.mail
    if not strategy and (unwanted := _unwanted(reading, desk)):
        return Skipped(mail, f"the configuration wants no draft for {unwanted}", reading)
    templates = desk.set_for(reading.language.tag)
    if templates is None:
        return Skipped(mail, _no_set(reading.language.tag), reading)
    to = tuple(one for one in mail.reply_to if one.spec.rpartition("@")[0].isascii())
    if not to:
        return Skipped(mail, "it names no address that a reply could go to", reading)
    identity = from_identity(mail, desk.identities)
    asked = asked_before(mail, history, templates)
    standing = judge_sender((*history.contacts, _this(reading, history, now)))
    chosen = _named(strategy) if strategy else choose(Case(reading, standing, asked), desk.playbook)
    templates = templates.spoken_to(_named_text(mail))
    work = Work(
        reading, standing, chosen, templates, desk.facts.in_language(templates.locale), history.contacts, asked,
        seed=message_key(mail, identity, None),
    )  # fmt: skip
    return compose(
        work, identities=desk.identities, to=to, quote=desk.quote, reply_all=desk.reply_all, now=now, override=strategy
    )


def _named(strategy: str) -> Strategy:
    """Return the strategy a person asked for; raise TemplateError where there is none of that name."""
    if strategy not in STRATEGIES:
        raise TemplateError(f"there is no strategy {strategy!r}; use one of {', '.join(STRATEGIES)}")
    parting = (
        "; see that everything still owed is named, and that the boundary was sent" if strategy in FAREWELLS else ""
    )
    return Strategy(strategy, f"a person asked for it{parting}")


def asked_before(mail: IncomingMail, history: History, templates: TemplateSet) -> bool:
    """Say whether a boundary of ours went before *mail*: remembered from Sent, or standing in the text it quotes."""
    quoted = (piece.text for piece in mail.removed if piece.kind in ("quote", "forward"))
    return any(one.boundary_sent for one in history.contacts) or any(holds_boundary(one, templates) for one in quoted)


def holds_boundary(text: str, templates: TemplateSet) -> bool:
    """Say whether *text*, a mail of ours, puts the boundary on language in writing."""
    return templates.locale.matches("boundary", "cues", " ".join(text.replace(">", " ").split()))


def draws_boundary(octets: bytes, language: str, desk: Desk) -> bool:
    """Say whether *octets*, a mail of ours, newly puts the boundary on language in writing; what it quotes is past."""
    from mailassist.reading.message import parse

    try:
        templates = desk.set_for(language)
        return templates is not None and holds_boundary(parse(octets).said, templates)
    except MessageError:
        return False


def _unwanted(reading: Reading, desk: Desk) -> str:
    """Return the intent, kind or attention the configuration wants no draft for; empty where it wants one."""
    about = (matters(reading)[0], reading.tone.kind, *reading.attention)
    return next((one for one in about if one and one in desk.no_draft), "")


def _no_set(tag: str) -> str:
    if tag == UNDETERMINED:
        return 'its language could not be determined; set languages.fallback = "default" to answer in the default one'
    return f"there is no template set for {tag}; start one with: mailassist templates new {tag}"


def _this(reading: Reading, history: History, now: datetime | None) -> Contact:
    """Return the contact that the message at hand is."""
    when = now or reading.mail.date or max((one.when for one in history.contacts), default=_EPOCH)
    return Contact(when, reading.tone.level, tuple(one.name for one in reading.intents), None)


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _language(mail: IncomingMail, desk: Desk, history: History) -> Detection:
    """Return the language of the mail: its own words decide, then its thread, its sender, its header, the default."""
    from mailassist.reading.language import Hint, identify_language

    spec = mail.reply_to[0].spec.casefold() if mail.reply_to else ""
    hints = (
        Hint("override", desk.languages.get(spec) or desk.languages.get(spec.rpartition("@")[2], "")),
        Hint("thread", history.thread_language or ""),
        Hint("sender", history.sender_language or ""),
        Hint("header", mail.content_language),
        Hint("default", desk.default_language if desk.fallback else ""),
    )
    return identify_language(_words(mail), desk.tags(), hints, desk.detector)


def _tone(mail: IncomingMail, language: str, desk: Desk, history: History) -> Tone:
    """Return the tone, as the owner's threshold and a person's word on this sender have it."""
    from mailassist.reading.tone import judge_tone

    tone = judge_tone(_words(mail), language)
    if history.hostile is False and tone.level == "hostile" and tone.kind != "threat":
        return replace(tone, level="upset", kind=None, evidence=(*tone.evidence, "a person said: not hostile"))
    if history.hostile and tone.level != "hostile":
        return replace(tone, level="hostile", kind="insult", evidence=(*tone.evidence, "a person said: hostile"))
    if desk.threshold is None:
        return tone
    if tone.level == "hostile" and tone.score < desk.threshold:
        return replace(tone, level="upset", kind=None)
    if tone.level != "hostile" and tone.score >= desk.threshold:
        return replace(tone, level="hostile", kind=tone.kind or "insult")
    return tone
