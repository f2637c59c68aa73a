"""Values change, comments stay."""

import tomllib

import pytest

from mailassist.shipped import shipped
from mailassist.toml_text import with_values

TEXT = """[[account]]
name = "shop"      # a word
# port = 0         # 0: the usual one

[business]

[tone]
# hold = "0s"
"""


@pytest.mark.parametrize(
    ("section", "values"),
    [
        pytest.param("account", {"name": "garage"}, id="one that stands there"),
        pytest.param("account", {"port": 1993}, id="one that stands there commented out"),
        pytest.param("business", {"name": 'Müller "& Söhne"'}, id="a new one, with quotes"),
        pytest.param("tone", {"hold": "2h", "mark": ["$Hostile", "\\Flagged"]}, id="two at once"),
        pytest.param("languages", {"default": "de"}, id="in a section that is missing"),
    ],
)
def test_a_value_is_set_and_everything_else_stays(section: str, values: dict[str, object]) -> None:
    before, after = tomllib.loads(TEXT), tomllib.loads(with_values(TEXT, section, values))
    wanted = before["account"][0] if section == "account" else before.setdefault(section, {})
    wanted.update(values)
    assert after == before


def test_the_comment_of_a_line_stays() -> None:
    changed = with_values(TEXT, "account", {"name": "garage", "port": 1993})
    assert "# a word" in changed
    assert "# 0: the usual one" in changed


def test_the_example_configuration_can_be_filled_in() -> None:
    text = (shipped("config") / "config.example.toml").read_text("utf-8")
    filled = with_values(
        text, "account", {"address": "anna@example.org", "username": "anna", "password_command": ["pass"]}
    )
    account = tomllib.loads(filled)["account"][0]
    assert (account["address"], account["username"], account["password_command"]) == (
        "anna@example.org",
        "anna",
        ["pass"],
    )
    assert filled.count("#") == text.count("#") - 2  # two keys are no longer commented out
