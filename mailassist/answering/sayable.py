"""What the sentences of a draft may name: facts, and what the mail itself names or says."""

from mailassist.answering import naming
from mailassist.answering.quoting import SaidBack, said_back
from mailassist.answering.retelling import SECOND, retold
from mailassist.answering.standing import boundary_date
from mailassist.answering.work import Work

MOST_FIGURES = 4


def values_of(work: Work) -> dict[str, str]:
    """Return what the sentences may name: the facts, and what the mail itself names. Absent ones are left out."""
    reading, locale = work.reading, work.locale
    particulars = reading.particulars
    title = naming.topic(reading, locale)
    ref, number = naming.reference(reading, work.matters[0], locale)
    figures = [one for one in figures_of(work) if one not in ref]
    back = said_back(reading, locale, work.matters[0])
    drawn = boundary_date(work.contacts)
    possible = {
        **work.facts,
        **naming.dated(particulars, locale),
        "topic": locale.quoted(title) if title and not number else "",
        **naming.things(reading, locale),
        "amount": next((naming.figure(one, locale) for one in naming.sole_amount(particulars)), ""),
        "date": next((naming.figure(one, locale) for one in particulars.dates), ""),
        "sentence": locale.quoted(back.tells) if back.tells else "",
        "question": locale.listed([locale.quoted(one) for one in back.asks if one.endswith("?")]),
        "request": locale.listed([locale.quoted(one) for one in back.asks if not one.endswith("?")]),
        **_retold(work, back),
        "figures": "" if "threat" in reading.attention else locale.listed(figures[:MOST_FIGURES]),
        "boundary_date": locale.date(drawn) if drawn else "",
    }
    soft = {name: work.templates.fact(name) for name in ("response_time", "pause")}
    known = {name: value for name, value in possible.items() if value}
    return {**soft, **known, "ref": ref, "number": number, "said": ""}


def _retold(work: Work, back: SaidBack) -> dict[str, str]:
    """
    Return the customer's own sentences as we say them, where we can.

    What they `did` or `told`, with SECOND in front where it is the second of two; and what is `wanted`.
    """
    tells = _as_we_say(work, back.tells)
    beside = _as_we_say(work, back.before or back.after) if tells else {}
    first, second = (beside, tells) if back.before and beside else (tells, beside)
    wanted = _as_we_say(work, next(iter(back.asks), "")).get("did", "")
    return {**first, **{f"{SECOND}{name}": text for name, text in second.items()}, "wanted": wanted}


def _as_we_say(work: Work, sentence: str) -> dict[str, str]:
    found = retold(sentence, work.locale) if sentence else None
    text = work.locale.requoted(work.templates.respelled(found.text)) if found else ""
    return {"did" if found.own else "told": text} if found else {}


def figures_of(work: Work) -> list[str]:
    """Return the dates and amounts of the mail as a draft writes them, each once."""
    particulars = work.reading.particulars
    return list(dict.fromkeys(naming.figure(one, work.locale) for one in (*particulars.dates, *particulars.amounts)))
