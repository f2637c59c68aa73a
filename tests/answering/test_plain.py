import pytest

from mailassist.answering.plain import as_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a\r\nBcc: x@example.org", "a Bcc: x@example.org", id="a header line"),
        pytest.param("a\u202eb\u200bc\x00d", "abc d", id="direction, invisible and control characters"),
        pytest.param("[[gap]]", "[gap]", id="our gap marks"),
        pytest.param("\ud800x", "x", id="a lone surrogate"),
    ],
)
def test_what_a_customer_wrote_becomes_a_plain_value(text, value):
    assert as_value(text) == value
