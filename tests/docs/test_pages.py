"""The pages say everything there is and nothing that is not: verbs, options, keys, names, messages, links."""

import argparse
import importlib.util
import re
import shlex
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

import mailassist
from mailassist import cli, config
from mailassist.answering.playbook import INTENTS, PLAYBOOK
from mailassist.answering.templates import BLOCKS, FACTS, NAMES, STRATEGIES
from mailassist.cli import VERBS, parser
from mailassist.mailbox.oauth import NEXT_STEPS
from mailassist.present import as_object
from mailassist.reading.screen import REASONS
from mailassist.values import Attention, Kind
from tests.docs.test_manual import manual
from tests.raised import CLASSES, Raised, raised
from tests.test_cli import mailassist as run

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
PAGES = {path.name: path.read_text("utf-8") for path in sorted(DOCS.glob("*.md"))}
TEXTS = {**PAGES, "README.md": (ROOT / "README.md").read_text("utf-8")}
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGES["commands.md"], flags=re.MULTILINE | re.DOTALL))


def rows(text: str) -> list[list[str]]:
    """Return the cells of the tables in *text*, but for their heads."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def codes(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


# -- commands


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_documented_with_every_option_it_has_and_no_other(verb: str) -> None:
    section = SECTIONS[verb]
    assert f"`mailassist {verb}" in section
    documented = {re.findall(r"--[\w-]+", row[0])[0] for row in rows(section) if row[0].startswith("`--")}
    own = manual.own(manual.verbs()[verb])
    assert documented == {action.option_strings[-1] for action in own if action.option_strings}
    for action in own:
        if not action.option_strings:
            assert (action.metavar or action.dest) in section or all(one in section for one in action.choices)


def test_the_options_of_all_verbs_are_documented() -> None:
    before = PAGES["commands.md"].split("## init")[0]
    expected = {name for action in parser()._actions for name in action.option_strings}
    assert set(re.findall(r"(?<![\w-])--?[\w-]+", " ".join(codes(before)))) >= expected


def test_there_is_no_verb_the_page_has_and_the_program_has_not() -> None:
    assert {name for name in SECTIONS if name.islower()} == set(VERBS)


def test_the_keys_of_a_json_object_are_documented() -> None:
    section = SECTIONS["JSON"]
    assert {"key", "path", *as_object({}, None)} == {code for row in rows(section)[1:] for code in codes(row[0])}


def test_every_exit_status_is_documented() -> None:
    used = {one.exit_status for one in CLASSES.values()} | {0, cli.USAGE, cli.NO_FILE, cli.INTERRUPTED, 66}
    used -= {CLASSES["MailassistError"].exit_status}  # nobody raises the root
    page = PAGES["commands.md"].split("## Exit status")[1].split("## ")[0]
    assert {int(row[0]) for row in rows(page)[1:]} == used == {status for status, _ in manual.EXIT}


# -- configuration


def keys_of(name: str) -> set[str]:
    if name == "account":
        return {one.name for one in fields(config.AccountConfig)}
    if name == "business":
        return {"name", *FACTS[1:]}
    return {one.name for one in fields(config.SECTIONS[name])}


@pytest.mark.parametrize("name", ["account", "business", *config.SECTIONS])
def test_a_table_of_the_configuration_is_documented_with_every_key_it_has_and_no_other(name: str) -> None:
    page = re.split(rf"^## \[+{name}\]+\n", PAGES["configuration.md"], flags=re.MULTILINE)[1].split("\n## ")[0]
    assert [code for row in rows(page)[1:] for code in codes(row[0])] == [
        one.key for one in manual.settings() if one.section == name
    ]
    assert {code for row in rows(page)[1:] for code in codes(row[0])} == keys_of(name)


@pytest.mark.parametrize("one", manual.settings(), ids=lambda one: f"{one.section}.{one.key}")
def test_the_default_of_a_key_is_the_one_that_is_documented(one: Any) -> None:
    page = re.split(rf"^## \[+{one.section}\]+\n", PAGES["configuration.md"], flags=re.MULTILINE)[1].split("\n## ")[0]
    [row] = [row for row in rows(page) if row[0] == f"`{one.key}`"]
    assert row[1] == ("" if one.section == "account" and one.key in ("name", "address", "host") else f"`{one.default}`")


# -- playbook, reasons, library


def test_the_playbook_is_documented_rule_by_rule() -> None:
    page = PAGES["playbook.md"]
    flowing = " ".join(page.split())
    places = [flowing.index(f"({one.strategy.because})") for one in PLAYBOOK]
    assert places == sorted(places)
    numbered = re.findall(r"^(\d+)\. .*?`(\w+)` \(", page.replace("\n    ", " "), flags=re.MULTILINE)
    assert [int(number) for number, _ in numbered] == list(range(1, len(PLAYBOOK) + 1))
    assert [name for _, name in numbered] == [one.strategy.name for one in PLAYBOOK]


@pytest.mark.parametrize(
    ("heading", "names"),
    [("## Eighteen matters", INTENTS), ("## Twelve strategies", STRATEGIES)],
    ids=["intents", "strategies"],
)
def test_every_name_of_the_playbook_is_documented_and_no_other(heading: str, names: tuple[str, ...]) -> None:
    page = PAGES["playbook.md"].split(heading)[1].split("\n## ")[0]
    assert sorted(code for row in rows(page)[1:] for code in codes(row[0])) == sorted(names)


def test_every_kind_of_hostility_and_of_attention_is_documented() -> None:
    assert {*get_args(Kind), *get_args(Attention)} <= codes(PAGES["playbook.md"])


@pytest.mark.parametrize("because", [one.because for one in REASONS])
def test_every_reason_for_no_draft_is_documented(because: str) -> None:
    assert because in " ".join(PAGES["no-draft.md"].split())


def test_what_a_template_may_name_is_documented_and_nothing_else() -> None:
    page = PAGES["adding-a-language.md"]
    named = set(re.findall(r"\{\{ (\w+) \}\}", page))
    assert named <= set(NAMES)
    assert set(NAMES) - named - codes(page) == {"signature"}  # it follows on the close by itself
    assert [block for block in BLOCKS if block not in codes(page)] == []


def test_every_name_of_the_library_has_an_example() -> None:
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGES["library.md"], flags=re.DOTALL))
    assert [name for name in mailassist.__all__ if f"mailassist.{name}" not in code] == []
    named = set(re.findall(r"mailassist\.(\w+)", code)) - {"config", "errors"}
    assert named <= set(mailassist.__all__)


def test_the_examples_of_the_library_run_and_give_what_they_say() -> None:
    names: dict[str, Any] = {}
    shown = 0
    for code in re.findall(r"```python\n(.*?)```", PAGES["library.md"], flags=re.DOTALL):
        exec(code, names)
        for line, expected in re.findall(r"^(.+?)\s+# ('.*'|None|True|Address\(.*\))$", code, flags=re.MULTILINE):
            assert repr(eval(line, names)) == expected
            shown += 1
    assert shown > 15


# -- messages


def head(text: str) -> str:
    """Return what a message says before its next step."""
    return re.split(r"; |: (?=mailassist|run |what )|, or let", text)[0].strip()


SPOKEN = [one for one in raised() if one.path != "mailbox/fake.py" and head(one.text) != "…"]


@pytest.mark.parametrize("one", SPOKEN, ids=str)
def test_a_message_is_explained_under_troubleshooting(one: Raised) -> None:
    assert head(one.text) in PAGES["troubleshooting.md"]


@pytest.mark.parametrize("step", NEXT_STEPS.values(), ids=NEXT_STEPS)
def test_a_refused_sign_in_is_explained(step: str) -> None:
    assert head(step) in PAGES["troubleshooting.md"]


def test_no_message_is_explained_that_nobody_says() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "mailassist").rglob("*.py"))
    source = re.sub(r'"\n\s+f?"|[\\"]', "", source)  # a sentence on two lines is one
    for row in rows(PAGES["troubleshooting.md"]):
        if row[0] in ("message", "what you see") or not row[0][:1].islower():
            continue
        pieces = [one.strip(" ().:,/") for one in re.split(r"[…\[\]{}]", row[0].split(", it is")[0])]
        longest = max(pieces, key=len)
        assert longest.replace('"', "") in source, row[0]


# -- commands one can type


def commands() -> list[tuple[str, str]]:
    fenced = [
        (name, line)
        for name, text in TEXTS.items()
        for block in re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL)
        for line in re.findall(r"^\$ (.+?)(?:\s{2,}#.*)?$", block, flags=re.MULTILINE)
    ]
    inline = [
        (name, code)
        for name, text in TEXTS.items()
        for code in codes(text)
        if re.match(r"mailassist [a-z]", code) and not re.search(r"[…\[|]|\.\.\.|\n", code)
    ]
    return sorted({*fenced, *inline})


@pytest.mark.parametrize(("page", "command"), commands())
def test_a_command_in_the_documentation_is_understood(page: str, command: str) -> None:
    words = shlex.split(command.rpartition("| ")[2])
    if words[0] != "mailassist":
        assert words[0] in ("make", "pipx", "journalctl", "loginctl", "rm", "systemctl", "git")
    elif words[1:] not in (["--version"], ["-V"], ["VERB", "--help"]):
        try:
            assert parser().parse_args(words[1:]).verb in VERBS
        except SystemExit:  # it names the verb alone, in passing
            assert len(words) <= 3
            assert words[1] in VERBS


@pytest.mark.parametrize(("page", "command"), [one for one in commands() if one[1].startswith("make ")])
def test_a_target_of_make_is_there(page: str, command: str) -> None:
    assert re.search(rf"^{command.split()[1]}:", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_the_toml_of_a_page_is_a_configuration(page: str, tmp_path: Path) -> None:
    account = '[[account]]\nname = "shop"\naddress = "service@example.org"\nhost = "imap.example.org"\n'
    for block in re.findall(r"```toml\n(.*?)```", PAGES[page], flags=re.DOTALL):
        path = tmp_path / "config.toml"
        path.write_text(block if "[[account]]" in block else account + block, "utf-8")
        assert config.load(path).account


def test_the_draft_that_the_pages_show_is_the_one_that_is_written(tmp_path: Path) -> None:
    """The Danish one of README and index: its greeting, its number, its gaps and its close; sentences get better."""
    octets = (ROOT / "mailassist" / "commands" / "demo_inbox" / "04-da-intet-svar.eml").read_bytes()
    draft = mailassist.answer(octets)
    assert isinstance(draft, mailassist.Draft)
    ours = draft.body.partition("\n>")[0].strip()
    for text in (TEXTS["README.md"], PAGES["index.md"]):
        quoted = re.search(r"(?:^> ?.*\n)+", text, flags=re.MULTILINE)
        assert quoted is not None
        shown = re.sub(r"^> ?|\\$", "", quoted[0], flags=re.MULTILINE).strip()
        assert shown.splitlines()[0] == ours.splitlines()[0]
        assert tuple(re.findall(r"\[\[(.+?)\]\]", shown)) == draft.gaps
        assert "41207" in shown
        assert f"\n{shown.splitlines()[-2]}\n" in ours


def test_what_readme_shows_of_draft_is_what_draft_says(tmp_path: Path) -> None:
    """But for the words in brackets, and further intents: tables of words grow."""
    octets = (ROOT / "mailassist" / "commands" / "demo_inbox" / "04-da-intet-svar.eml").read_bytes()
    done = run("draft", "-", stdin=octets, home=tmp_path)
    shown = re.search(r"\$ mailassist draft message.eml\n(.*?)```", TEXTS["README.md"], flags=re.DOTALL)
    assert shown is not None
    told = {line.partition(" (")[0] for line in done.stdout.decode().splitlines()}
    assert {line.partition(" (")[0] for line in shown[1].splitlines()} <= told


# -- links and pictures


@pytest.mark.parametrize("page", TEXTS)
def test_the_files_a_page_points_to_are_there(page: str) -> None:
    here = DOCS if page in PAGES else ROOT
    links = [link for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", TEXTS[page]) if "://" not in link]
    assert [link for link in links if not (here / link).exists()] == []


@pytest.mark.parametrize("picture", sorted((DOCS / "pictures").iterdir()), ids=lambda path: path.name)
def test_a_picture_is_shown_fetches_nothing_and_names_no_place_of_this_machine(picture: Path) -> None:
    assert any(f"pictures/{picture.name}" in page for page in TEXTS.values())
    text = picture.read_bytes().decode("utf-8", "replace")
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)[^\"< ]+", text) == []
    assert not re.search(r"/(?:tmp|root|work|usr)/", text)


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    if importlib.util.find_spec("sphinx") is None:
        pytest.skip("sphinx is not installed")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", str(DOCS), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    html = "".join(path.read_text("utf-8") for path in tmp_path.glob("*.html"))
    assert re.findall(r"<(?:script|img|link)[^>]+(?:src|href)=\"https?://[^\"]+", html) == []


# -- help


def test_the_parser_needs_the_standard_library_alone() -> None:
    """So that --help answers at once, and a wheel can be built before anything is installed."""
    code = (
        "import sys, argparse; before = set(sys.modules);"
        "from mailassist.cli import parser; parser();"
        "new = {m.split('.')[0] for m in set(sys.modules) - before};"
        "print(sorted(new - set(sys.stdlib_module_names) - {'mailassist'}))"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_the_parser_imports_few_modules_of_the_house() -> None:
    code = "import sys; from mailassist.cli import parser; parser(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    rooms = {name.split(".")[1] for name in done.stdout.split() if name.startswith("mailassist.")}
    assert rooms <= {"cli", "commands", "errors", "present", "shipped", "toml_text", "values"}


def test_every_argument_has_a_help() -> None:
    for name, verb in manual.verbs().items():
        for action in verb._actions:
            assert action.help not in (None, argparse.SUPPRESS), f"{name} {action.dest}"
