"""What the README says one can type can be typed."""

import re
import shlex
from pathlib import Path

import pytest

from mailassist.cli import VERBS, parser

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ (.+?)(?:\s{2,}#.*)?$", README, flags=re.MULTILINE)
TARGETS = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("mailassist ") and "--version" not in c])
def test_a_command_of_the_readme_is_understood(command: str) -> None:
    options = parser().parse_args(shlex.split(command)[1:])
    assert options.verb in VERBS


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make ")])
def test_a_make_target_of_the_readme_is_there(command: str) -> None:
    assert command.split()[1] in TARGETS


def test_every_verb_is_in_the_readme() -> None:
    assert [verb for verb in VERBS if f"mailassist {verb}" not in README] == []


def test_the_files_the_readme_points_to_are_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "message.eml").write_text("From: a@example.org\nSubject: Order 4711\n\nWhen will order 4711 arrive?\n")
    [code] = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    for line, expected in re.findall(r"^(mailassist\..+?)  # '(.+)'$", code, flags=re.MULTILINE):
        assert eval(line, names) == expected
