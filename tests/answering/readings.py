"""Readings made by hand, so that what is tested of the answer does not hang on how a mail was read."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from typing import Any

from mailassist.answering.desk import Desk, respond
from mailassist.reading.message import parse
from mailassist.values import Detection, Draft, History, Intent, Particulars, Reading, Tone

SENT = datetime(2025, 6, 9, 22, 47, tzinfo=UTC)
SAID = "The blue kettle you sent on 3 June leaks at the base. What happens next?"


_parsed = cache(parse)  # a mail is frozen; the sweeps over every strategy and tone ask for the same few


@cache
def message(body: str = SAID, subject: str = "Kettle", sender: str = "neil@example.org", **headers: str) -> bytes:
    """Return the octets of a customer's mail; *headers* with underscores for hyphens."""
    mail = EmailMessage()
    fields = {"From": sender, "To": "service@shop.example", "Subject": subject, "Message-ID": "<first@example.org>"}
    fields |= {"Date": format_datetime(SENT), **{name.replace("_", "-"): value for name, value in headers.items()}}
    for name, value in fields.items():
        if value:
            mail[name] = value
    mail.set_content(body)
    return mail.as_bytes()


def reading(
    body: str = SAID,
    *,
    tone: str = "calm",
    kind: str | None = None,
    intents: tuple[str, ...] = ("question",),
    language: str = "en",
    attention: tuple[str, ...] = (),
    aspects: tuple[str, ...] = (),
    octets: bytes | None = None,
    evidence: Mapping[str, tuple[str, ...]] | None = None,
    likely: Mapping[str, float] | None = None,
    **particulars: Any,
) -> Reading:
    """Return the Reading of a mail as a careful person would have it."""
    mail = _parsed(octets or message(body))
    found = {name: value if isinstance(value, str) else tuple(value) for name, value in particulars.items()}
    return Reading(
        mail,
        Detection(language, 1.0, "text", "by hand"),
        Tone(tone, 0.9 if tone == "hostile" else 0.1, kind if kind or tone != "hostile" else "insult"),  # type: ignore[arg-type]
        tuple(Intent(name, (evidence or {}).get(name, ()), (likely or {}).get(name, 1.0)) for name in intents),
        Particulars(**found),
        attention,  # type: ignore[arg-type]
        aspects,  # type: ignore[arg-type]
    )


def draft(of: Reading, desk: Desk | None = None, history: History | None = None, strategy: str | None = None) -> Draft:
    """Return the draft for *of*; fail where there is none."""
    outcome = respond(of, desk or Desk(), history or History(), strategy=strategy)
    assert isinstance(outcome, Draft), outcome
    return outcome


def own_words(made: Draft) -> str:
    """Return what the draft says above the quoted original."""
    return made.body.partition("\n> ")[0].rpartition("\n")[0] if "\n> " in made.body else made.body
