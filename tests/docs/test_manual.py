"""The manual page and the completions: made from the parser, understood by their readers, and in the wheel."""

import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from mailassist.cli import VERBS

ROOT = Path(__file__).parent.parent.parent


def _manual() -> ModuleType:
    spec = importlib.util.spec_from_file_location("manual", ROOT / "docs" / "manual.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["manual"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


manual = _manual()
PAGE = manual.man_page()
PLAIN = re.sub(r"\\f[BIR]", "", PAGE).replace(r"\-", "-")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_with_every_option_is_in_the_manual_page(verb: str) -> None:
    section = PLAIN.split(f'.SS "mailassist {verb}"\n')[1].split(".SS ")[0].split(".SH ")[0]
    for action in manual.own(manual.verbs()[verb]):
        assert all(name in section for name in action.option_strings)
        assert action.help in section


def test_every_key_is_in_the_manual_page() -> None:
    for one in manual.settings():
        assert f"\n{one.key} = " in PLAIN


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_the_manual_page_is_set_without_a_warning() -> None:
    command = ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-z"]
    done = subprocess.run(command, input=PAGE.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("shell", manual.COMPLETIONS)
def test_a_completion_knows_every_verb_and_every_option(shell: str) -> None:
    text = manual.completion(shell)
    for name, verb in manual.verbs().items():
        assert name in text
        for option in (option for action in verb._actions for option in action.option_strings):
            assert option.lstrip("-") in text


@pytest.mark.parametrize("shell", manual.COMPLETIONS)
def test_a_completion_is_one_the_shell_can_read(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    file = tmp_path / "completion"
    file.write_text(manual.completion(shell), "utf-8")
    done = subprocess.run([shell, "-n", str(file)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_bash_completes_a_verb_an_option_and_a_choice(tmp_path: Path) -> None:
    file = tmp_path / "completion"
    file.write_text(manual.completion("bash"), "utf-8")
    asked = [("re",), ("run", "--s"), ("service", "in")]
    script = f"source {file}\n"
    for words in asked:
        line = " ".join(words)
        script += f"COMP_WORDS=(mailassist {line}); COMP_CWORD={len(words)}\n"
        script += (
            f'_shtab_mailassist mailassist {words[-1]} "${{COMP_WORDS[COMP_CWORD - 1]}}"; echo "${{COMPREPLY[@]}}"\n'
        )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["redraft review", "--since", "install"]


def test_a_wheel_holds_the_manual_page_the_completions_and_the_shipped_folders(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [page] = [name for name in names if name.endswith(manual.MAN)]
        assert archive.read(page).decode() == PAGE
    for place in manual.COMPLETIONS.values():
        assert any(name.endswith(f".data/data/{place}") for name in names)
    for name in ("config/config.example.toml", "systemd/mailassist.service", "templates/en/blocks.toml"):
        assert f"mailassist/shipped/{name}" in names
