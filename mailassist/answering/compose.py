"""Reading, strategy, template set and facts -> the Draft."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from mailassist.answering import naming, reply
from mailassist.answering.playbook import HARDLY_SURE, UNSURE
from mailassist.answering.restating import THEIRS, adds, is_retold, more, restated, restates, shows, tells
from mailassist.answering.retelling import AS_SAID, AS_WE_SAY, RETOLD, SECOND, TOLD_TOO
from mailassist.answering.sayable import MOST_FIGURES, figures_of, values_of
from mailassist.answering.templates import BLOCKS
from mailassist.answering.wording import gaps_of, most_words, remarks_on, words_of
from mailassist.answering.work import QUESTION, Work
from mailassist.errors import TemplateError
from mailassist.reading.aspects import find_aspects
from mailassist.reading.attention import threatens_plainly
from mailassist.values import Address, Attention, Draft

WITHOUT_OPENING = ("extra_effort", "redirect", "thank")  # their layouts do not say the subject back
MOST_ALSO = 2  # further matters of a mail that get a sentence of their own
MOST_QUOTED = {"calm": 35, "upset": 50, "hostile": 36}  # words of theirs, of more only what they ask for stays
LESS = ("wish", "noted", "opening", "reach", "quote", "asked")  # blocks a draft that is too long can do without
REFUSED = ("out_of_scope", "terms_dispute", "unreasonable_demand", "other")  # what a firm boundary says no to
PLACES = {"sentence": {"quote", "thanks"}, "question": {"asked"}, "request": {"asked"}}  # where a layout says them
SAYS_WHEN = ("late_delivery", "status_request", "no_response")  # matters whose next step answers what is asked
ANSWERED_APART = ("acknowledge_and_fix", "thank")  # strategies whose layouts have no [answer]
SAY_NO_MATTER = ("acknowledge_and_fix", "restate_and_ask", "answer", "pause_and_deescalate")

Values = Mapping[str, str]


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


def own_text(work: Work, values: Values) -> str:
    """
    Return what we say: everything of the draft above the quoted original.

    A draft that would be too long leaves out what LESS names, one after another.
    """
    values = _said_once(work, values)
    brief = {**values, "brief": "1", "ref": values["number"]}
    one = {name: value for name, value in values.items() if not name.startswith(SECOND)}
    shorter = [(values, ()), *((one, LESS[:count]) for count in range(len(LESS) + 1))]
    shorter += [(brief, LESS), (brief, (*LESS, "also"))]
    texts = (_rendered(work, some, left_out) for some, left_out in shorter)
    most = most_words(work.strategy.name)
    text = next((one for one in texts if words_of(one) <= most), "") or _rendered(work, *shorter[-1])
    return _small_after_comma(text, work.locale.texts("greeting", "lower"))


def _said_once(work: Work, values: Values) -> Values:
    """
    Return *values* with nothing in them that another part of the draft says as well.

    A sentence of the customer's goes where our restatement says all of it; the reference leaves out what they hold, and
    the figures what our restatement says. A day alone says nothing.
    """
    places = work.templates.names_in(work.strategy.name)
    theirs = {
        name: values[name] for name in THEIRS if name in values and PLACES[name] & places and adds(name, work, values)
    }
    rest = {name: value for name, value in values.items() if name not in THEIRS}
    quoted = [text for name, text in theirs.items() if not is_retold(name, values)]
    if words_of(" ".join(quoted)) > MOST_QUOTED[work.reading.tone.level]:
        theirs.pop("sentence", "")  # what they ask for is answered
    gone = {one for name, names in RETOLD.items() if name not in theirs for one in names}
    left = {name: value for name, value in {**rest, **theirs}.items() if name.removeprefix(SECOND) not in gone}
    opens = work.strategy.name not in WITHOUT_OPENING and _opens(work, left)
    second = [text for name, text in left.items() if name.startswith(SECOND)]
    said = " ".join([values.get("topic", "") if opens else "", *theirs.values(), *second])
    ref, number = naming.reference(work.reading, work.matters[0], work.locale, said)
    left |= {"ref": ref, "number": number, "said": said}
    said, amounts = restated(work, left), work.reading.particulars.amounts
    figures = [one for one in figures_of(work) if one not in said][:MOST_FIGURES]
    worth = "figures" in left and (len(figures) > 1 or (figures and amounts)) and not tells(work, left)
    left.pop("figures", "")
    return {**left, "figures": work.locale.listed(figures)} if worth else left


def _rendered(work: Work, values: Values, left_out: Sequence[str]) -> str:
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


def _named(name: str, work: Work, values: Values) -> str:
    """Return what stands for *name* in a layout: the greeting, a block, a fact or its gap."""
    if name == "greeting":
        return work.greeting
    if name == "close":
        return f"{_block('close', work, values)}\n{values.get('signature') or work.templates.fact('signature')}"
    if name == "also":
        return _also(work, values)
    if name == "further":
        return _answer_to_further(work, values)
    if name in BLOCKS:
        return _block(name, work, values)
    return values.get(name) or work.templates.fact(name)


def _block(name: str, work: Work, values: Values) -> str:
    """Return the sentence or sentences of block *name*, "" where the draft does without."""
    name = _in_place_of(name, work, values)
    if not name or _has_no_place(name, work, values):
        return ""
    if name == "asked":
        return "" if _is_beside(work, values) else _asked(work, values)
    leans = _leans(work, values)
    if name == "restate" and not leans:
        return restated(work, values)
    if name == "quote" and restates(work, values):
        values = _without_ref(values)
    keys = work.keys("other" if leans else "")
    if name == "answer" and "question" in values:
        keys = ("any",)
    if name == "quote":
        keys = AS_WE_SAY
    if name == "boundary" and not threatens_plainly(work.reading.tone):
        perhaps = ("perhaps_threat",) if work.reading.tone.kind == "threat" else ()
        keys = (*perhaps, *(one for one in keys if one != "threat"))  # nobody is accused of what may be none
    if name == "expect" and "threat" in work.reading.attention and work.reading.tone.level != "hostile":
        keys = ("legal", *keys)  # who answers, and by when; perhaps it is no threat
    said = _begun(work.block(name, keys, values))
    return " ".join([said, *_behind(work, values)]) if name == "quote" and is_retold("sentence", values) else said


def _behind(work: Work, values: Values) -> Iterator[str]:
    """Yield what follows the sentence of theirs as we say it: a second one, and what else the mail says."""
    if second := _second(values):
        keys = (TOLD_TOO, *AS_WE_SAY) if "told" in values else AS_WE_SAY
        yield _begun(work.block("quote", keys, second))
    if not restates(work, values):
        sentences = " ".join(values.get(name, "") for name in AS_SAID)
        yield more(work, _without_ref(values), find_aspects(sentences, work.reading.language.tag))


def _second(values: Values) -> Values:
    """Return *values* with the second sentence of theirs in place of the first; none where there is but one."""
    names = RETOLD["sentence"]
    second = {name: values[f"{SECOND}{name}"] for name in names if f"{SECOND}{name}" in values}
    return (
        {**{name: text for name, text in _without_ref(values).items() if name not in names}, **second} if second else {}
    )


def _begun(text: str) -> str:
    """Return *text* with a capital first letter: it may begin with the customer's sentence as we say it."""
    return text[:1].upper() + text[1:]


def _in_place_of(name: str, work: Work, values: Values) -> str:
    """Return the name of the block that stands where a layout has *name*."""
    if work.strategy.name == "firm_boundary" and work.matters[0] not in REFUSED:
        return {"no": "", "alternative": "task"}.get(name, name)  # the insults are the boundary, not the matter
    if "question" in values or "request" in values:
        return {"wish": "", "ask": "step", "promise": ""}.get(name, name)  # they said what they want
    if name == "wish" and _leans(work, values) and "sentence" not in values:
        return "ask"
    return "noted" if name == "quote" and "sentence" not in values else name


def _has_no_place(name: str, work: Work, values: Values) -> bool:
    tone = work.reading.tone
    formal = work.strategy.name == "set_expectations" and work.reading.attention
    if name == "acknowledge":  # no feeling is invented, and neither threats nor contempt for people get sympathy
        return bool(tone.level == "calm" or tone.kind in ("threat", "harassment") or formal)
    if name == "boundary":
        return tone.level != "hostile"  # it is for insults
    if name == "opening":
        return not _opens(work, values)
    if name == "restate":
        return not restates(work, values) or (_leans(work, values) and _quotes(values))
    return name == "noted" and "figures" not in values


def _asked(work: Work, values: Values) -> str:
    """Return what they ask for, in their words, with a gap for the answer where no other part of the draft gives it."""
    if restates(work, values) or "sentence" in values:
        values = _without_ref(values)
    said = _begun(work.block("asked", AS_WE_SAY, values))
    if not said or "question" not in values or not (_answers_apart(work, values) or _is_beside(work, values)):
        return said
    return f"{said} {work.block('answer', ('any',), values)}"


def _answers_apart(work: Work, values: Values) -> bool:
    """Say whether a question gets its own answer: the layout has none, and the question is not the matter's own."""
    if work.strategy.name not in ANSWERED_APART or work.matters[0] in SAYS_WHEN:
        return False
    return not shows(work.matters[0], values["question"], work.reading)


def _is_beside(work: Work, values: Values) -> bool:
    """Say whether the mail asks something beside what it is refused."""
    return "question" in values and work.strategy.name == "polite_no" and work.matters[0] != "out_of_scope"


def _without_ref(values: Values) -> Values:
    return {**values, "ref": "", "number": ""}


def _quotes(values: Values) -> bool:
    return any(name in values for name in THEIRS)


def _opens(work: Work, values: Values) -> bool:
    """Say whether the draft has words before the matter: thanks in calm mail, else the subject, as all it says."""
    return work.reading.tone.level == "calm" or not (_quotes(values) or tells(work, values))


def _leans(work: Work, values: Values) -> bool:
    """Say whether the draft had better lean on the customer's own words than say a matter that may be misread."""
    if work.is_plain(work.matters[0]):
        return False  # what is said of it is sure
    hostile = work.reading.tone.level == "hostile"
    unsure = work.likely < (HARDLY_SURE if hostile else UNSURE) and work.strategy.name in SAY_NO_MATTER
    return unsure and (hostile or _quotes(values) or "topic" in values)


def _answer_to_further(work: Work, values: Values) -> str:
    """Return the answer to the mail's second matter, in full: its own sentence, else its next step; "" without one."""
    matter = next(iter(_left_open(work, values)), "")
    own = matter in work.templates.blocks.get("further", {})
    return work.block("further" if own else "step", work.keys(matter), values) if matter else ""


def _left_open(work: Work, values: Values) -> list[str]:
    """Return the mail's further matters but for a question that is answered where it stands."""
    return [one for one in work.further if one != QUESTION or "question" not in values]


def _also(work: Work, values: Values) -> str:
    """Return a sentence for each further matter of the mail; none where not even the first is sure."""
    if _leans(work, values):
        return ""
    asked = [_asked(work, values)] if _is_beside(work, values) else []
    tone = work.reading.tone.level
    further = _left_open(work, values)
    exact = [[f"{name}-{one}" for one in work.reading.aspects] for name in further]
    keys = [(*some, f"{name}-{tone}", name) for some, name in zip(exact, further, strict=True)]
    said = asked + [work.block("also", some, values) for some in keys]
    return " ".join([one for one in said if one][:MOST_ALSO])


CALLS: Mapping[Attention, str] = {
    "threat": "a threat: let a person in charge read it, and keep the mail, before anything is sent",
    "legal": "a legal letter: let a person in charge answer it; mind its time limit",
    "privacy": "a data protection request: it has a legal time limit, one month in the EU and the UK",
}


def _remarks(work: Work, text: str, values: Values) -> tuple[str, ...]:
    """Return what the reviewer should know before sending."""
    mail = work.reading.mail
    theirs = [values[name] for name in (*THEIRS, *AS_SAID, "topic") if name in values]
    theirs += [_begun(one) for one in theirs]
    sources = (mail.body, mail.subject, *work.facts.values(), values.get("boundary_date", ""))
    worded = remarks_on(text, work.locale, work.strategy.name, sources, work.reading.tone.level, theirs)
    return (*(CALLS[one] for one in work.reading.attention), *worded)
