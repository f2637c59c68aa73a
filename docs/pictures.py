"""
Makes the pictures of a terminal in docs/pictures/ anew, from real runs against the mail server of the demo.

What a run prints on a terminal of WIDTH columns becomes an SVG: the same output gives the same file. Names of folders
of this machine become those of a user anna.
"""

import os
import pty
import re
import select
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from mailassist.commands.demo import FACTS, fill
from mailassist.mailbox.embedded import Embedded, embedded_server

FOLDER = Path(__file__).parent / "pictures"
MESSAGE = Path(__file__).parent.parent / "mailassist" / "commands" / "demo_inbox" / "02-en-late.eml"
WIDTH = 110
CONFIG = """
[[account]]
name = "lamps"
address = "service@lamps.example.org"
display_name = "Nordlys Lamps"
host = "{server.host}"
port = {server.port}
tls = "none"
username = "{server.user}"
password_command = ["echo", "{server.password}"]
"""
# Rich's own, without the fonts it would fetch from the network.
SVG = """<svg viewBox="0 0 {width} {height}" xml:space="preserve" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: {char_height}px;
  line-height: {line_height}px; }}
.{unique_id}-title {{ font-family: sans-serif; font-size: 18px; font-weight: bold; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def printed(words: list[str], home: Path) -> str:
    """Return what mailassist prints for *words* on a terminal, escape sequences included; then what it tells beside."""
    keep = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    environment = {
        **keep,
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "COLUMNS": str(WIDTH),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    ours, theirs = pty.openpty()
    with tempfile.TemporaryFile() as beside:
        command = [sys.executable, "-m", "mailassist", *words]
        process = subprocess.Popen(command, stdout=theirs, stderr=beside, env=environment, cwd=home)
        os.close(theirs)
        shown = b""
        while select.select([ours], [], [], 120)[0]:
            try:
                octets = os.read(ours, 65_536)
            except OSError:  # the other end is closed
                break
            if not octets:
                break
            shown += octets
        process.wait()
        os.close(ours)
        beside.seek(0)
        return (shown + beside.read()).decode().replace("\r\n", "\n")


def draw(name: str, command: str, output: str) -> None:
    """Write docs/pictures/*name*.svg: a terminal in which *command* has printed *output*."""
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
    console.print(Text("$ ", style="bold green") + Text(command, style="bold"))
    console.print(Text.from_ansi(output.rstrip()), overflow="fold")
    console.print()  # else the last line loses its descenders
    svg = console.export_svg(title="", theme=MONOKAI, code_format=SVG, unique_id=f"t-{name}")
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.svg").write_text(svg.rstrip() + "\n", "utf-8")


def until(text: str, end: str) -> str:
    """Return *text* up to the line that contains *end*."""
    lines = text.splitlines()
    return "\n".join(lines[: next((n for n, line in enumerate(lines) if end in line), len(lines))])


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def make(server: Embedded, home: Path) -> None:
    """Draw every picture."""
    folder = home / ".config" / "mailassist"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG.format(server=server) + FACTS, "utf-8")
    (home / "message.eml").write_bytes(MESSAGE.read_bytes())
    fill(server)

    def take(name: str, command: str, end: str = "") -> str:
        text = printed(command.split()[1:], home).replace(str(home), "~")
        text = re.sub(r"/INBOX/\d+/", "/INBOX/1764036000/", text)  # the server draws a new UIDVALIDITY each time
        draw(name, command, until(text, end) if end else text)
        return plain(text)

    take("demo", "mailassist demo", end="drafts lie in Drafts")
    take("draft", "mailassist draft message.eml", end="wrote:")
    take("check", "mailassist check")
    take("run", "mailassist run")
    review = take("review", "mailassist review")
    upset = next(line.split()[0] for line in review.splitlines() if "Birgitte" in line or "upset" in line)
    take("review-one", f"mailassist review {upset}")


if __name__ == "__main__":
    with embedded_server() as server, tempfile.TemporaryDirectory() as home:
        make(server, Path(home))
    print(*sorted(path.name for path in FOLDER.glob("*.svg")))
