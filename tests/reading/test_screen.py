"""The rows stand in screen/*.txt: `%% what it shows`, header fields, an empty line, a body; `-` leaves a field out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailassist.reading.message import parse
from mailassist.reading.screen import HARD, REASONS, SOFT, screen
from mailassist.reading.screen.letter import organisation, token

OWN = ("service@lamps.example.org", "info@lamps.example.org")
ORDINARY = {
    "From": "Jane Roe <jane.roe@example.net>",
    "To": "service@lamps.example.org",
    "Subject": "Your lamp",
    "Message-ID": "<m1@example.net>",
    "Date": "Tue, 03 Mar 2026 10:00:00 +0100",
    "Received": "from mx.example.net by mx.example.org; Tue, 03 Mar 2026 10:00:01 +0100",
    "Content-Type": "text/plain; charset=utf-8",
}


def message(row: str) -> bytes:
    """Return the octets of a row, the fields of an ordinary mail filled in where the row has none."""
    header, _, body = ("\n" + row).partition("\n\n")
    given = {line.partition(":")[0].lower(): line for line in header.splitlines() if line and line[0] not in " \t"}
    absent = {name for name, line in given.items() if line.partition(":")[2].strip() == "-"}
    lines = [line for line in header.splitlines() if line and line.partition(":")[0].lower() not in absent]
    lines += [f"{name}: {value}" for name, value in ORDINARY.items() if name.lower() not in given]
    return "\r\n".join([*lines, "", *body.splitlines(), ""]).encode()


def rows(name: str) -> list:
    text = (Path(__file__).parent / "screen" / name).read_text("utf-8")
    found = (row.partition("\n") for row in text.split("%% ") if row.strip())
    return [pytest.param(message(row), id=title) for title, _, row in found]


@pytest.mark.parametrize("octets", rows("skipped.txt"))
def test_mail_that_nobody_waits_on_an_answer_to_gets_none(octets):
    assert screen(parse(octets), OWN)


@pytest.mark.parametrize("octets", rows("answered.txt"))
def test_a_persons_mail_is_never_dropped(octets):
    assert screen(parse(octets), OWN) is None


@pytest.mark.parametrize("octets", rows("answered.txt"))
def test_a_persons_mail_is_answered_to_that_person(octets):
    reply_to = parse(octets).reply_to
    assert reply_to
    assert reply_to[0].spec not in OWN


def test_without_own_addresses_a_copy_cannot_be_told():
    octets = message("To: hans@meyer.example\nCc: service@lamps.example.org\n\nHans, you pay.")
    assert screen(parse(octets)) is None


@pytest.mark.parametrize(
    ("value", "word"),
    [
        pytest.param("auto-replied", "auto-replied", id="bare"),
        pytest.param("Auto-Replied; owner-email=a@example.org", "auto-replied", id="parameter"),
        pytest.param("(a (nested) comment) auto-generated", "auto-generated", id="nested comment"),
        pytest.param("auto-replied(by hand)", "auto-replied", id="comment without blank"),
        pytest.param("", "", id="empty"),
        pytest.param("(nothing else)", "", id="comment alone"),
        pytest.param("(never closed", "", id="open comment"),
    ],
)
def test_the_word_of_a_field_stands_without_comments_and_parameters(value, word):
    assert token(value) == word


@pytest.mark.parametrize(
    ("spec", "house"),
    [
        pytest.param("a@mail.shop.example", "shop.example", id="subdomain"),
        pytest.param("a@shop.co.uk", "shop.co.uk", id="second level"),
        pytest.param("a@mail.shop.com.br", "shop.com.br", id="subdomain of a second level"),
        pytest.param("a@localhost", "localhost", id="one label"),
    ],
)
def test_an_organisation_is_what_someone_has_registered(spec, house):
    assert organisation(spec) == house


FIELDS = (
    "Auto-Submitted", "Precedence", "X-Auto-Response-Suppress", "X-Loop", "List-Post", "X-Spam-Status", "Return-Path",
    "X-Forefront-Antispam-Report", "Reply-To", "From", "Cc", "Subject", "Content-Type", "X-MS-Exchange-Antispam-SCL",
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.binary(max_size=60)), max_size=6), st.binary(max_size=200))
def test_no_octets_in_the_fields_that_are_read_make_it_raise(fields, body):
    header = b"From: jane.roe@example.net\r\n" + b"".join(
        name.encode() + b": " + value + b"\r\n" for name, value in fields
    )
    assert screen(parse(header + b"\r\n" + body), OWN) in (None, screen(parse(header + b"\r\n" + body), OWN))


def test_each_reason_is_hard_or_soft_and_stands_in_the_documentation():
    assert {reason.tier for reason in REASONS} == {HARD, SOFT}
    page = (Path(__file__).parents[2] / "docs" / "no-draft.md").read_text("utf-8")
    assert [reason.because for reason in REASONS if reason.because not in page] == []
