"""
The corpus: messages/<tag>/<case>.eml as it came, and beside it <case>.toml with the reading and strategy expected.

    shows     what the message is an example of
    skipped   true where it gets no draft; `because` stands in the reason
    to, subject, says, lacks   whom the draft goes to; the subject read; what `said` holds and what it does not
    language, tone, kind, intent, strategy   what is expected; of a list, any
    misread   which of these are known to come out wrong; one that comes out right again is to be struck off the list
"""

import tomllib
from pathlib import Path

import pytest

from mailassist.answering.desk import Desk, answer
from mailassist.reading.message import parse
from mailassist.values import Address, Skipped

MESSAGES = Path(__file__).parent / "messages"
DESK = Desk(identities=(Address("service@nord.example", "Werkstatt Nord"), Address("info@nord.example")))


def cases(answered: bool) -> list:
    found = []
    for path in sorted(MESSAGES.glob("*/*.eml")):
        expected = tomllib.loads(path.with_suffix(".toml").read_text("utf-8"))
        if expected.get("skipped", False) is not answered:
            found.append(pytest.param(path.read_bytes(), expected, id=f"{path.parent.name}/{path.stem}"))
    return found


def as_fetched(octets: bytes) -> bytes:
    """Return *octets* with the line ends of IMAP."""
    return octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def any_of(expected: str | list[str]) -> list[str]:
    return [expected] if isinstance(expected, str) else expected


@pytest.mark.parametrize(("octets", "expected"), cases(answered=True))
def test_what_the_customer_wrote_is_read(octets, expected):
    mail = parse(as_fetched(octets))
    assert mail.subject == expected["subject"]
    assert [address.spec for address in mail.reply_to] == [expected["to"]]
    said = " ".join(mail.said.split())
    assert [piece for piece in expected.get("says", ()) if piece not in said] == []
    assert [piece for piece in expected.get("lacks", ()) if piece in said] == []


@pytest.mark.parametrize(("octets", "expected"), cases(answered=True))
def test_a_customers_message_gets_the_draft_expected(octets, expected):
    draft = answer(as_fetched(octets), DESK)
    if isinstance(draft, Skipped):
        pytest.fail(draft.reason)
    found = {
        "language": draft.language,
        "tone": draft.tone.level,
        "kind": draft.tone.kind,
        "intent": draft.intents[0].name,
        "strategy": draft.strategy.name,
    }
    wrong = {name: value for name, value in found.items() if name in expected and value not in any_of(expected[name])}
    assert set(wrong) == set(expected.get("misread", ())), (
        f"expected { ({name: expected.get(name) for name in found}) }"
    )


@pytest.mark.parametrize(("octets", "expected"), cases(answered=False))
def test_a_message_that_needs_no_answer_is_skipped_with_its_reason(octets, expected):
    outcome = answer(as_fetched(octets), DESK)
    assert isinstance(outcome, Skipped)
    assert expected["because"] in outcome.reason


@pytest.mark.parametrize("tag", ["da", "de", "en", "fr", "ru"])
def test_the_corpus_holds_ten_messages_and_more_of_each_language(tag):
    assert len(list((MESSAGES / tag).glob("*.eml"))) >= 10
