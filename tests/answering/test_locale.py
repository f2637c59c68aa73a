import pytest

from mailassist.answering.locale import stands


@pytest.mark.parametrize(
    ("pattern", "text", "does"),
    [
        pytest.param(r"\bIhr Ton\b", "IHR TON", True, id="capitals of the text"),
        pytest.param(r"\bihr ton\b", "Ihr Ton", True, id="capitals within it"),
        pytest.param(r"\Bund", "Hund", True, id="an escaped capital stays"),
        pytest.param(r"\Wund", "Hund", False, id="and is not its small letter"),
        pytest.param(r"(?P<Half>ha)(?P=Half)", "HAHA", True, id="a named group"),
        pytest.param(r"(ha)\1", "HAHA", True, id="a group by its number"),
        pytest.param(r"(?x) h a", "HA", True, id="a flag of its own"),
        pytest.param(r"[A-Z]\d", "a1", True, id="a range"),
        pytest.param(r"\b(?-i:De) skal\b", "De SKAL", True, id="case counts in a part, and is right"),
        pytest.param(r"\b(?-i:De) skal\b", "de skal", False, id="case counts in a part, and is wrong"),
    ],
)
def test_a_pattern_stands_in_a_text_whatever_its_case(pattern: str, text: str, does: bool) -> None:
    assert stands((pattern,), text, text.lower()) == does
    assert stands(("never", pattern, "nor this"), text, text.lower()) == does
