"""Octets become text, whatever charset they claim."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailassist.reading.charset import decode_octets

RUSSIAN = "Где мой заказ? Я жду уже три недели и никто не отвечает."


@pytest.mark.parametrize(
    ("octets", "declared", "text"),
    [
        pytest.param("Größe".encode(), "utf-8", "Größe", id="as declared"),
        pytest.param("Größe".encode(), "", "Größe", id="utf-8 undeclared"),
        pytest.param(b"Gr\xf6\xdfe", "us-ascii", "Größe", id="declared ascii, latin-1"),
        pytest.param(b"\x93Gr\xf6\xdfe\x94", "iso-8859-1", "“Größe”", id="declared latin-1, windows-1252"),
        pytest.param("Größe".encode(), "iso-8859-1", "Größe", id="declared latin-1, utf-8"),
        pytest.param(b"\xa1\xcf\xe3", "windows-874", "กฯใ", id="windows-874"),
        pytest.param("订单".encode("gb18030"), "gb2312", "订单", id="gb2312"),
        pytest.param("주문".encode("cp949"), "ks_c_5601-1987", "주문", id="korean"),
        pytest.param("注文".encode("iso2022_jp"), "ISO-2022-JP", "注文", id="iso-2022-jp"),
        pytest.param(RUSSIAN.encode("koi8-r"), "koi8-r", RUSSIAN, id="koi8-r"),
        pytest.param(RUSSIAN.encode("cp1251"), "", RUSSIAN, id="guessed"),
        pytest.param(RUSSIAN.encode("cp1251"), "utf-8", RUSSIAN, id="declared utf-8, windows-1251"),
        pytest.param("Größe".encode(), "x-unknown", "Größe", id="unknown"),
        pytest.param("Größe".encode(), "idna", "Größe", id="not a charset of text"),
        pytest.param(b"\\ud800 x", "unicode-escape", "\\ud800 x", id="an encoding that makes surrogates"),
        pytest.param(b"abc", "rot13", "abc", id="rot13"),
        pytest.param("x".encode("utf-16"), "utf-16", "x", id="utf-16"),
        pytest.param(b"\xef\xbb\xbfabc", "utf-8", "abc", id="byte order mark"),
        pytest.param(b"a\x00b\x07c", "", "abc", id="control characters"),
        pytest.param(b"a\r\nb\rc", "", "a\nb\nc", id="line ends"),
    ],
)
def test_octets_are_read_as_what_they_are(octets, declared, text):
    assert decode_octets(octets, declared) == text


@given(
    st.binary(max_size=300), st.sampled_from(["", "utf-8", "utf-7", "punycode", "hex", "iso-2022-kr", "\x00", "utf-16"])
)
@settings(max_examples=300, deadline=None)
def test_text_never_holds_what_cannot_be_written(octets, declared):
    text = decode_octets(octets, declared)
    text.encode("utf-8")
    assert "\x00" not in text
    assert "\r" not in text
