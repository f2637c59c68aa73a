"""What is shown on terminals of every kind."""

import contextlib
import os
import pty
import struct
import subprocess
import sys
import termios
from datetime import UTC, datetime
from fcntl import ioctl
from pathlib import Path

import pytest

from mailassist.present import ago, counted, least_width, plain, print_table
from tests.test_cli import CONFIG, mailassist

HEADINGS = ("key", "strategy", "gaps")
ROWS = [
    ("7", "acknowledge_and_fix", "день и час"),
    ("8", "thank", "the right place, or what we change on our side, and by when"),
]
CODE = f"from mailassist.present import print_table; print_table({HEADINGS!r}, {ROWS!r})"


def on_a_terminal(columns: int, **environment: str) -> str:
    """Return what CODE prints on a terminal of so many columns."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    terminal = {**os.environ, "TERM": "xterm", "COLUMNS": str(columns), **environment}
    subprocess.run([sys.executable, "-c", CODE], stdout=theirs, env=terminal, check=True)
    os.close(theirs)
    seen = b""
    with contextlib.suppress(OSError):  # EIO: the other end is closed
        while octets := os.read(ours, 65536):
            seen += octets
    os.close(ours)
    return seen.decode()


@pytest.mark.parametrize("columns", [30, 45, 50, 60, 80, 200])
def test_no_terminal_breaks_a_word(columns: int) -> None:
    text = on_a_terminal(columns, NO_COLOR="1")
    assert "acknowledge_and_fix" in text
    assert "strategy" in text


def test_a_further_line_of_a_field_does_not_look_like_a_new_one() -> None:
    lines = on_a_terminal(30, NO_COLOR="1").splitlines()
    begun = [line for line in lines if line.startswith(("  strategy:", "  gaps:"))]
    keys = [line for line in lines if not line.startswith(" ")]
    assert (len(begun), len(keys)) == (4, 2)
    assert all(line.startswith("    ") for line in lines if line not in (*begun, *keys))


def test_what_is_piped_has_a_line_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(HEADINGS, [("7", "thank", "word " * 200)])
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_wide_letters_count_as_two_cells() -> None:
    assert least_width(("k",), [("日本語",)]) == least_width(("k",), [("abcdef",)])


def test_a_number_and_its_noun_agree() -> None:
    assert [counted(n, "draft") for n in (0, 1, 2)] == ["0 drafts", "1 draft", "2 drafts"]


def test_a_terminal_is_not_steered_by_mail() -> None:
    assert plain("a\x1b[31m\u202eb\nc") == "a[31mb c"


def test_nothing_is_said_of_an_unknown_time() -> None:
    assert ago(None, datetime.now(UTC)) == ""


def test_signs_that_a_terminal_lacks_become_words(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(port=1))
    done = mailassist("check", "--config", tmp_path / "config.toml", home=tmp_path, PYTHONIOENCODING="ascii")
    assert done.stdout.startswith(b"ok: configuration")
    assert b"\nfault: account shop" in done.stdout
