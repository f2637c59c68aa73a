"""Reading, strategy, template set and facts -> the Draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mailassist.answering import naming, reply
from mailassist.answering.locale import Locale
from mailassist.answering.person import greeting
from mailassist.answering.playbook import HARDLY_SURE, matters
from mailassist.answering.quoting import UNSURE, telling_sentence
from mailassist.answering.sign_off import name_at_the_end
from mailassist.answering.standing import boundary_date
from mailassist.answering.templates import BLOCKS, FACTS, TemplateSet
from mailassist.answering.wording import gaps_of, most_words, remarks_on, words_of
from mailassist.errors import TemplateError
from mailassist.values import Address, Attention, Contact, Draft, Reading, Standing, Strategy

MOST_ALSO = 2  # further matters of a mail that get a sentence of their own
MOST_FIGURES = 4
LESS = ("wish", "noted", "opening", "reach", "quote", "also")  # blocks a draft that is too long can do without
REFUSED = ("out_of_scope", "terms_dispute", "unreasonable_demand", "other")  # what a firm boundary says no to
SAY_NO_MATTER = ("acknowledge_and_fix", "restate_and_ask", "answer", "pause_and_deescalate")
NEVER_ALSO = {"other", "misdirected"}
ANSWERED_WITH = {  # matters that the answer to the first one answers with it
    "answer": ("question", "technical_help"),
    "polite_no": ("question", "out_of_scope", "unreasonable_demand"),
    "firm_boundary": ("question",),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What the owner wrote under [business]: the only facts a draft may state.

    Each is a text, or a table of texts by language (`opening_hours.de`), `default` for the rest.
    """

    raw: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)

    def in_language(self, locale: Locale) -> dict[str, str]:
        """Return the facts as *locale*'s language writes them; one that is not known in it is left out."""
        known = {}
        for key, value in self.raw.items():
            keys = (locale.tag, locale.tag.partition("-")[0], "default")
            text = value if isinstance(value, str) else next((value[one] for one in keys if one in value), "")
            name = "business" if key == "name" else key
            if name in ("response_time", "pause"):
                text = _duration(text, locale)
            if text.strip():
                known[name] = text.strip()
        return known


def _duration(text: str, locale: Locale) -> str:
    """Return "1h" as the language says it, "in an hour"; a text that is no duration as it is; "" for one not named."""
    compact = text.replace(" ", "")
    if compact[:-1].isdigit() and compact[-1:] in "smhdw":
        return locale.table("durations").get(compact, "")
    return text


def check_facts(raw: Mapping[str, object]) -> list[str]:
    """Return one sentence for each entry of [business] that cannot be used."""
    known = ("name", *FACTS[1:])
    problems = []
    for key, value in raw.items():
        if key not in known:
            problems.append(f"business.{key}: there is no such fact; use one of {', '.join(known)}")
        elif not isinstance(value, str) and not (
            isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values())
        ):
            problems.append(f'business.{key}: write a text, or a table of texts by language: {{ en = "…", de = "…" }}')
    return problems


@dataclass(frozen=True, slots=True)
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

    @property
    def matters(self) -> tuple[str, ...]:
        """
        The intents in the order the draft takes them up.

        Hardship comes first where the strategy is about it. Praise in mail that is not calm may be irony: no matter.
        """
        names = list(matters(self.reading))
        if self.strategy.name == "extra_effort":
            names.insert(0, "hardship")
        if self.reading.tone.level != "calm" and self.strategy.name != "thank":
            names = [name for name in names if name != "praise_thanks"]
        return tuple(dict.fromkeys(names)) or ("other",)


def compose(
    work: Work,
    *,
    identities: Sequence[Address],
    to: Sequence[Address],
    quote: bool,
    reply_all: bool,
    now: datetime | None,
    override: str | None,
) -> Draft:
    """Return the reply to *work*'s mail, as text and as octets; raise TemplateError where no template can be used."""
    mail = work.reading.mail
    identity = reply.from_identity(mail, identities)
    values = values_of(work)
    text = own_text(work, values)
    original = reply.quoted_original(mail, work.locale) if quote else ""
    body = f"{text}\n\n{original}\n" if original else f"{text}\n"
    subject = reply.subject(mail.subject, work.locale)
    message_id = reply.message_id(reply.message_key(mail, identity, override), identity)
    cc = reply.copies(mail, to, identities) if reply_all else ()
    octets = reply.octets_of(
        from_=identity, to=to, cc=cc, subject=subject, date=now, message_id=message_id,
        in_reply_to=mail.message_id, references=reply.references(mail), body=body,
    )  # fmt: skip
    return Draft(
        reading=work.reading, standing=work.standing, strategy=work.strategy, message_id=message_id, from_=identity,
        to=tuple(to), cc=cc, subject=subject, body=body, gaps=gaps_of(text), remarks=_remarks(work, text, values),
        octets=octets,
    )  # fmt: skip


def own_text(work: Work, values: Mapping[str, str]) -> str:
    """
    Return what we say: everything of the draft above the quoted original.

    A draft that would be too long leaves out what LESS names, one after another.
    """
    values = _without_what_is_quoted(work, values)
    texts = (_rendered(work, values, LESS[:count]) for count in range(len(LESS) + 1))
    most = most_words(work.strategy.name)
    text = next((one for one in texts if words_of(one) <= most), "") or _rendered(work, values, LESS)
    return _small_after_comma(text, work.locale.texts("greeting", "lower"))


def _without_what_is_quoted(work: Work, values: Mapping[str, str]) -> Mapping[str, str]:
    """Return *values* with no number or amount in `ref` that the customer's own sentence, said as well, holds."""
    quoted = values.get("sentence") or values.get("question") or ""
    text = _rendered(work, values, ()) if quoted else ""
    if not quoted or quoted not in text or not values["ref"] or values["ref"] not in text:
        return values
    ref, number = naming.reference(work.reading, work.matters[0], work.locale, said=quoted)
    return {**values, "ref": ref, "number": number}


def _rendered(work: Work, values: Mapping[str, str], left_out: Sequence[str]) -> str:
    said = {}

    def context(name: str) -> str:
        said[name] = "" if name in left_out else _named(name, work, values)
        return said[name]

    text = work.templates.layout(work.strategy.name, context)
    own = [one for name, one in said.items() if name in BLOCKS and name != "close"]
    if own and not any(own):
        path = str(work.templates.folders[0] / "blocks.toml")
        raise TemplateError(f"{path}: it has no sentences for {work.strategy}; run: mailassist templates check", path)
    return text


def _small_after_comma(text: str, small: Sequence[str]) -> str:
    """Return *text* with its second paragraph begun small where the first, the greeting, ends in a comma (German)."""
    greeting, _, rest = text.partition("\n\n")
    first = rest.split(maxsplit=1)[0].rstrip(",;:") if rest.strip() else ""
    if greeting.endswith(",") and ("*" in small or first.lower() in small):
        return f"{greeting}\n\n{rest[:1].lower()}{rest[1:]}"
    return text


def _named(name: str, work: Work, values: Mapping[str, str]) -> str:
    """Return what stands for *name* in a layout: the greeting, a block, a fact or its gap."""
    if name == "greeting":
        return _greeting(work)
    if name == "close":
        return f"{_block('close', work, values)}\n{values.get('signature') or work.templates.fact('signature')}"
    if name == "also":
        return _also(work, values)
    if name == "further":
        return _answer_to_further(work, values)
    if name in BLOCKS:
        return _block(name, work, values)
    return values.get(name) or work.templates.fact(name)


def _greeting(work: Work) -> str:
    mail = work.reading.mail
    answered = (*mail.reply_to, *([mail.from_] if mail.from_ else []))
    named = next((one for one in answered if one.name), mail.from_)
    signed = (work.reading.particulars.sender_name, name_at_the_end(mail.said, work.locale))
    return greeting(signed, named, work.locale)


def _block(name: str, work: Work, values: Mapping[str, str], about: Sequence[str] = ()) -> str:
    tone = work.reading.tone.level
    formal = work.strategy.name == "set_expectations" and work.reading.attention
    if name == "acknowledge" and (tone == "calm" or formal):
        return ""  # no feeling is invented
    if name == "boundary" and tone != "hostile":
        return ""  # it is for insults
    if work.strategy.name == "firm_boundary" and work.matters[0] not in REFUSED:
        name = {"no": "", "alternative": "task"}.get(name, name)  # the insults are the boundary, not the matter
    if name == "quote" and not _quotes(values):
        name = "noted"
    if name == "noted" and "figures" not in values:
        return ""
    if not about and _leans(work, values):
        return _leaning(name, work, values)
    keys = _keys(work, about or work.matters)
    if name == "expect" and "threat" in work.reading.attention and tone != "hostile":
        keys = ("legal", *keys)  # who answers, and by when; perhaps it is no threat
    return work.templates.block(name, keys, values, work.seed)


def _leaning(name: str, work: Work, values: Mapping[str, str]) -> str:
    """Return block *name* of a draft that names no matter; the customer's own sentence stands in it once."""
    keys = _keys(work, ("other",))
    if name != "quote" or not _quotes(values):
        return work.templates.block(name, keys, values, work.seed)
    theirs = values.get("sentence") or values["question"]
    beside = ("restate", "answer") if work.strategy.name == "answer" else ("restate",)
    is_said = any(theirs in work.templates.block(one, keys, values, work.seed) for one in beside)
    return "" if is_said else work.templates.block("quote", ("any",), values, work.seed)


def _quotes(values: Mapping[str, str]) -> bool:
    return "sentence" in values or "question" in values


def _leans(work: Work, values: Mapping[str, str]) -> bool:
    """Say whether the draft had better lean on the customer's own words than say a matter that may be misread."""
    unsure = work.reading.intents[0].likely < UNSURE and work.strategy.name in SAY_NO_MATTER
    return unsure and (work.reading.tone.level == "hostile" or _quotes(values) or "topic" in values)


def _keys(work: Work, about: Sequence[str]) -> tuple[str, ...]:
    """Return what sentences are looked up by, the most telling first."""
    tone = work.reading.tone
    to_person = work.reading.attention if work.strategy.name == "set_expectations" else ()
    return (
        *(["threat"] if "threat" in work.reading.attention else []),
        *to_person,
        *(["asked_before"] if work.asked_before else []),
        *([tone.kind] if tone.kind else []),
        f"{about[0]}-{tone.level}",
        about[0],
        tone.level,
        "any",
    )


def _further(work: Work) -> list[str]:
    """Return the mail's matters beside the first that want a word of their own."""
    if "threat" in work.reading.attention:
        return []  # a person answers it; no promise on the side
    left_out = {*NEVER_ALSO, *ANSWERED_WITH.get(work.strategy.name, ())}
    if work.strategy.name == "extra_effort":  # beside somebody's grief only what is sure
        left_out |= {one.name for one in work.reading.intents if one.likely < HARDLY_SURE}
    return [name for name in work.matters[1:] if name not in left_out]


def _answer_to_further(work: Work, values: Mapping[str, str]) -> str:
    """Return the answer to the mail's second matter, in full: its own sentence, else its next step; "" without one."""
    matter = next(iter(_further(work)), "")
    own = matter in work.templates.blocks.get("further", {})
    return _block("further" if own else "step", work, values, (matter,)) if matter else ""


def _also(work: Work, values: Mapping[str, str]) -> str:
    """Return a sentence for each further matter of the mail; none where not even the first is sure."""
    if _leans(work, values):
        return ""
    tone = work.reading.tone.level
    said = [work.templates.block("also", (f"{name}-{tone}", name), values, work.seed) for name in _further(work)]
    return " ".join([one for one in said if one][:MOST_ALSO])


def values_of(work: Work) -> dict[str, str]:
    """Return what the sentences may name: the facts, and what the mail itself names. Absent ones are left out."""
    reading, locale = work.reading, work.locale
    particulars = reading.particulars
    ref, number = naming.reference(reading, work.matters[0], locale)
    sentence, asks = telling_sentence(reading, locale, work.matters[0])
    quoted = locale.quoted(sentence) if sentence else ""
    title = naming.topic(reading, locale)
    dates, amounts = ([naming.figure(one, locale) for one in some] for some in (particulars.dates, particulars.amounts))
    figures = [one for one in (*dates, *amounts) if one not in ref]
    drawn = boundary_date(work.contacts)
    possible = {
        **work.facts,
        "topic": locale.quoted(title) if title and not number else "",
        "thing": naming.thing(reading, locale),
        "amount": next(iter(amounts), ""),
        "date": next(iter(dates), ""),
        "sentence": "" if asks else quoted,
        "question": quoted if asks else "",
        "figures": locale.listed(list(dict.fromkeys(figures))[:MOST_FIGURES]),
        "boundary_date": locale.date(drawn) if drawn else "",
    }
    soft = {name: work.templates.fact(name) for name in ("response_time", "pause")}
    known = {name: value for name, value in possible.items() if value}
    return {**soft, **known, "ref": ref, "number": number}


CALLS: Mapping[Attention, str] = {
    "threat": "a threat: let a person in charge read it, and keep the mail, before anything is sent",
    "legal": "a legal letter: let a person in charge answer it; mind its time limit",
    "privacy": "a data protection request: it has a legal time limit, one month in the EU and the UK",
}


def _remarks(work: Work, text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return what the reviewer should know before sending."""
    mail = work.reading.mail
    theirs = [values[name] for name in ("sentence", "question", "topic") if name in values]
    sources = (mail.body, mail.subject, *work.facts.values(), values.get("boundary_date", ""))
    worded = remarks_on(text, work.locale, work.strategy.name, sources, work.reading.tone.level, theirs)
    return (*(CALLS[one] for one in work.reading.attention), *worded)
