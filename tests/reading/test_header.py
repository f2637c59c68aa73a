"""Header field values, as they come: encoded, broken, without encoding."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailassist.reading.header import MAX_VALUE, decode_header, message_ids, parse_date


def escaped(octets: bytes) -> str:
    """Return *octets* as the parser of the standard library gives them."""
    return octets.decode("ascii", "surrogateescape")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        pytest.param("Order 4711", "Order 4711", id="plain"),
        pytest.param("Order\r\n 4711", "Order 4711", id="folded"),
        pytest.param("=?utf-8?q?Gr=C3=B6=C3=9Fe?=", "Größe", id="q"),
        pytest.param("=?utf-8?B?R3LDtsOfZQ==?=", "Größe", id="b"),
        pytest.param("=?utf-8?B?R3LDtsOfZQ?=", "Größe", id="b without padding"),
        pytest.param("=?utf-8?q?Gr=C3?=\r\n =?utf-8?q?=B6=C3=9Fe?=", "Größe", id="a letter split between two words"),
        pytest.param("=?utf-8?q?a?= =?iso-8859-1?q?=F6?= b", "aö b", id="two charsets"),
        pytest.param("Re: =?utf-8?q?Gr=C3=B6=C3=9Fe?=", "Re: Größe", id="behind plain text"),
        pytest.param("=?utf-8?Q?Gr=C3=B6=C3=9Fe und Farbe?=", "Größe und Farbe", id="blanks inside"),
        pytest.param("=?utf-8*de?Q?Gr=C3=B6=C3=9Fe?=", "Größe", id="with a language"),
        pytest.param("=?gb2312?B?tqm1pQ==?=", "订单", id="chinese"),
        pytest.param("=?ISO-2022-JP?B?GyRCQ21KOBsoQg==?=", "注文", id="japanese"),
        pytest.param("=?x-unknown?Q?Gr=C3=B6=C3=9Fe?=", "Größe", id="unknown charset"),
        pytest.param("=?utf-8?Q?never closed", "=?utf-8?Q?never closed", id="never closed"),
        pytest.param("=?utf-8?Q?a=0Ab?=", "a b", id="encoded line feed"),
        pytest.param("Order \u202e4711", "Order 4711", id="direction override"),
        pytest.param(escaped("Größe".encode()), "Größe", id="raw utf-8"),
        pytest.param(escaped(b"Gr\xf6\xdfe"), "Größe", id="raw latin-1"),
        pytest.param(escaped(b"=?utf-8?Q?Gr\xc3\xb6=C3=9Fe?="), "Größe", id="raw octets inside an encoded word"),
    ],
)
def test_a_value_is_decoded(raw, value):
    assert decode_header(raw) == value


def test_raw_octets_are_in_the_charset_of_the_body():
    assert decode_header(escaped("Заказ".encode("koi8-r")), "koi8-r") == "Заказ"


def test_a_long_value_is_cut():
    assert len(decode_header("x" * 100_000)) == MAX_VALUE


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        pytest.param("Mon, 3 May 2021 10:15:12 +0200", datetime(2021, 5, 3, 8, 15, 12, tzinfo=UTC), id="ordinary"),
        pytest.param("3 May 2021 10:15:12 GMT", datetime(2021, 5, 3, 10, 15, 12, tzinfo=UTC), id="no weekday"),
        pytest.param("Mon, 3 May 2021 10:15:12 -0000", datetime(2021, 5, 3, 10, 15, 12, tzinfo=UTC), id="no zone"),
        pytest.param("Mon, 33 May 2021 10:15:12 +0200", None, id="no such day"),
        pytest.param("Mon, 3 May 2021 10:15:12 +99999999999", None, id="no such zone"),
        pytest.param("Mon, 3 May 99999 10:15:12 +0200", None, id="no such year"),
        pytest.param("yesterday", None, id="words"),
        pytest.param("", None, id="absent"),
    ],
)
def test_a_date_is_a_moment_or_nothing(raw, date):
    assert parse_date(raw) == date


@pytest.mark.parametrize(
    ("raw", "ids"),
    [
        pytest.param("<a@example.org>", ("<a@example.org>",), id="one"),
        pytest.param("<a@example.org>\r\n\t<b@example.org>", ("<a@example.org>", "<b@example.org>"), id="folded"),
        pytest.param("<a@example.org> <a@example.org>", ("<a@example.org>",), id="each once"),
        pytest.param("a@example.org", (), id="no brackets"),
        pytest.param("<a b@example.org>", (), id="blank"),
        pytest.param("<[x]@example.org>", ("<[x]@example.org>",), id="square brackets"),
        pytest.param("<[", (), id="never closed"),
        pytest.param("", (), id="absent"),
    ],
)
def test_message_ids_are_those_one_can_refer_to(raw, ids):
    assert message_ids(raw) == ids


def test_of_many_references_the_first_and_the_last_are_kept():
    found = message_ids(" ".join(f"<{number}@e.org>" for number in range(3000)))
    assert len(found) == 100
    assert found[0] == "<0@e.org>"
    assert found[-1] == "<2999@e.org>"


@given(st.binary(max_size=300).map(escaped) | st.text("=?utf-8QqBb_ \r\nAB", max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_octets_make_a_value_fail(raw):
    value = decode_header(raw)
    assert "\n" not in value
    value.encode("utf-8")
    parse_date(raw)
    message_ids(raw)
