"""Template sets of the owner, started and checked from the command line."""

import json
from pathlib import Path

import pytest

from tests.test_cli import mailassist


def own(home: Path) -> Path:
    return home / "config" / "mailassist" / "templates"


@pytest.mark.parametrize(
    ("asked", "started"),
    [pytest.param("fi", "fi", id="language"), pytest.param("zh-hant-tw", "zh-Hant-TW", id="script and region")],
)
def test_a_set_is_started_under_the_tag_as_it_is_written(tmp_path: Path, asked: str, started: str) -> None:
    assert mailassist("templates", "new", asked, home=tmp_path).returncode == 0
    assert [place.name for place in own(tmp_path).iterdir()] == [started]


def test_a_variant_is_started_from_its_language(tmp_path: Path) -> None:
    mailassist("templates", "new", "de-at", home=tmp_path)
    assert "Grüße" in (own(tmp_path) / "de-AT" / "blocks.toml").read_text("utf-8")
    assert mailassist("templates", "check", "de-AT", home=tmp_path).returncode == 0


@pytest.mark.parametrize("tag", ["../up", "klingon", "f", "", "fi/x"])
def test_what_is_no_tag_starts_nothing(tmp_path: Path, tag: str) -> None:
    done = mailassist("templates", "new", tag, home=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (78, 1)
    assert not own(tmp_path).exists()


def test_a_set_that_is_still_english_is_a_fault(tmp_path: Path) -> None:
    mailassist("templates", "new", "fi", home=tmp_path)
    done = mailassist("templates", "check", "fi", home=tmp_path)
    assert done.returncode == 78
    assert done.stdout.count(b"still in English") == 2
    assert b"set.toml" in done.stdout


def test_a_set_that_is_started_from_english_does_not_call_itself_english(tmp_path: Path) -> None:
    mailassist("templates", "new", "fi", home=tmp_path)
    sets = [json.loads(line) for line in mailassist("templates", "--json", home=tmp_path).stdout.splitlines()]
    assert {one["tag"]: one["name"] for one in sets}["fi"] == "fi"


def test_the_drafts_of_a_set_are_shown_as_json(tmp_path: Path) -> None:
    shown = mailassist("templates", "show", "da", "--json", home=tmp_path).stdout.splitlines()
    assert {(one["tag"], bool(one["body"])) for one in map(json.loads, shown)} == {("da", True)}


def test_a_list_of_sets_takes_no_language(tmp_path: Path) -> None:
    done = mailassist("templates", "list", "xx", home=tmp_path)
    assert (done.returncode, done.stdout) == (78, b"")


@pytest.mark.parametrize("action", ["show", "check"])
def test_a_set_there_is_none_of_says_how_to_start_it(tmp_path: Path, action: str) -> None:
    done = mailassist("templates", action, "fi", home=tmp_path)
    assert (done.returncode, done.stdout) == (78, b"")
    assert b"mailassist templates new fi" in done.stderr
