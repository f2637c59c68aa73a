"""Addresses: read as people and programs write them, checked before anything is sent there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailassist.reading.address import is_ours, is_same, parse_addresses, valid_address
from mailassist.values import Address


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("Anna Berg <anna@example.org>", [("anna@example.org", "Anna Berg")], id="ordinary"),
        pytest.param("anna@example.org", [("anna@example.org", "")], id="bare"),
        pytest.param("anna@example.org (Anna Berg)", [("anna@example.org", "Anna Berg")], id="comment"),
        pytest.param('"Berg, Anna" <anna@example.org>', [("anna@example.org", "Berg, Anna")], id="quoted comma"),
        pytest.param("Berg, Anna <anna@example.org>", [("anna@example.org", "Berg, Anna")], id="unquoted comma"),
        pytest.param('"Anna Berg <anna@example.org>', [("anna@example.org", "Anna Berg")], id="quote never closed"),
        pytest.param("<anna@example.org", [("anna@example.org", "")], id="bracket never closed"),
        pytest.param("=?utf-8?q?J=C3=B8rgen?= <j@example.org>", [("j@example.org", "Jørgen")], id="encoded name"),
        pytest.param("=?utf-8?q?Anna_=3Ca=40example=2Eorg=3E?=", [("a@example.org", "Anna")], id="all of it encoded"),
        pytest.param("a@example.org, b@example.org", [("a@example.org", ""), ("b@example.org", "")], id="two"),
        pytest.param("a@example.org; b@example.org", [("a@example.org", ""), ("b@example.org", "")], id="semicolon"),
        pytest.param("Team: a@example.org, b@example.org;", [("a@example.org", ""), ("b@example.org", "")], id="group"),
        pytest.param("undisclosed-recipients:;", [], id="empty group"),
        pytest.param("'anna@example.org' <anna@example.org>", [("anna@example.org", "")], id="address as name"),
        pytest.param("Anna anna@example.org", [("anna@example.org", "Anna")], id="no brackets"),
        pytest.param("<mailto:anna@example.org>", [("anna@example.org", "")], id="mailto"),
        pytest.param("Anna <Anna@EXAMPLE.ORG>, anna@example.org", [("Anna@example.org", "Anna")], id="each once"),
        pytest.param("anna@bücher.example", [("anna@bücher.example", "")], id="international domain"),
        pytest.param("anna@xn--bcher-kva.example", [("anna@bücher.example", "")], id="punycode"),
        pytest.param("ännä@example.org", [], id="local part beyond ascii"),
        pytest.param("a@b@c", [], id="two signs"),
        pytest.param("", [], id="empty"),
        pytest.param("(((", [], id="open comments"),
        pytest.param("anna@[127.0.0.1", [], id="literal never closed"),
    ],
)
def test_an_address_field_is_read(raw, expected):
    assert [(address.spec, address.name) for address in parse_addresses(raw)] == expected


def test_octets_in_a_name_are_in_the_charset_of_the_body():
    raw = b"J\xf8rgen <j@example.org>".decode("ascii", "surrogateescape")
    assert parse_addresses(raw, "iso-8859-1") == (Address("j@example.org", "Jørgen"),)


@pytest.mark.parametrize(
    "spec", ["anna@example", "anna", "@example.org", "anna@", "anna @example.org x", "a@localhost"]
)
def test_what_cannot_be_written_to_is_no_address(spec):
    assert valid_address(spec) == ""


def test_the_domain_of_an_office_server_is_an_address():
    assert valid_address("anna@office.local") == "anna@office.local"


def test_letter_case_and_detail_make_no_other_mailbox():
    assert is_same("Anna+shop@Example.org", "anna@example.org")
    assert not is_same("anna@example.org", "berg@example.org")


def test_an_own_domain_stands_for_all_its_addresses():
    assert is_ours("sales@example.org", ["@example.org"])
    assert is_ours("Info@example.org", ["info@example.org"])
    assert not is_ours("sales@example.com", ["@example.org", "info@example.org"])


@given(st.text(max_size=300) | st.text('<>@,;:()"\\=? a.', max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_text_makes_an_address_field_fail(raw):
    for address in parse_addresses(raw):
        assert address.spec.count("@") == 1
        assert "\n" not in address.name
