"""Run in the background as a systemd user unit: install, status, remove.

install writes the unit to ~/.config/systemd/user, with the path of this mailassist, and
starts it; --timer installs one pass every ten minutes instead of the daemon. remove stops
it and takes the files away again; drafts, store and configuration stay.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from mailassist.errors import SetupError
from mailassist.present import say
from mailassist.shipped import shipped

DAEMON = ("mailassist.service",)
STATE = "%h/.local/state/mailassist"  # as the shipped units name it
TIMER = ("mailassist-once.service", "mailassist-once.timer")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("action", choices=("install", "status", "remove"), help="what to do with the unit")
    parser.add_argument("--timer", action="store_true", help="one pass every ten minutes instead of the daemon")


def run(options: argparse.Namespace) -> int:
    """Do the action; return 0, or systemctl's status."""
    units = TIMER if options.timer else DAEMON
    if options.action == "install":
        return install(units, options.config)
    if options.action == "remove":
        return remove()
    if not has_manager():
        raise SetupError(
            "no systemd of yours answers here; log in as this user, or start `mailassist watch` from your session"
        )
    return systemctl("status", "--no-pager", *DAEMON, *TIMER)


def has_manager() -> bool:
    """Say whether the user's systemd answers: without it no unit is started, stopped or looked at."""
    try:
        done = subprocess.run(["systemctl", "--user", "show-environment"], check=False, capture_output=True)
    except FileNotFoundError:
        return False
    return done.returncode == 0


def unit_folder() -> Path:
    """Return the folder of the user's own units (systemd.unit(5))."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def install(units: tuple[str, ...], config: Path | None) -> int:
    """Write *units* with this program's path, reload, start the last of them; raise ConfigError where it cannot run."""
    from mailassist.config import state_path
    from mailassist.wiring import configuration

    state = state_path(configuration(config)).parent
    folder = unit_folder()
    folder.mkdir(parents=True, exist_ok=True)
    state.mkdir(parents=True, mode=0o700, exist_ok=True)  # ReadWritePaths= wants it to be there
    for name in units:
        text = (shipped("systemd") / name).read_text("utf-8")
        text = text.replace("ExecStart=mailassist", f"ExecStart={command(config)}")
        (folder / name).write_text(text.replace(f"ReadWritePaths={STATE}", f"ReadWritePaths={quoted(state)}"), "utf-8")
        say(f"wrote {folder / name}")
    status = systemctl("daemon-reload")
    if not status and (status := systemctl("enable", "--now", units[-1])):
        systemctl("status", "--no-pager", "--lines=5", units[-1])  # the reason
    if status:
        say(f"systemd did not start {units[-1]}, for the reason above; from a login session of your own this works:")
        say(f"  systemctl --user daemon-reload && systemctl --user enable --now {units[-1]}")
        say(
            "without systemd, start `mailassist watch` from your session; mailassist service remove takes the unit away"
        )
    else:
        say(f"{units[-1]} runs now and after each login; look at it with: journalctl --user -u {units[0]}")
        say("to have it run without anyone logged in: loginctl enable-linger")
    return status


def remove() -> int:
    """Stop whatever is installed and take its files away."""
    present = [name for name in (*DAEMON, *TIMER) if (unit_folder() / name).exists()]
    if not present:
        say("nothing is installed")
        return 0
    managed = has_manager()
    if managed:
        systemctl("disable", "--now", *(name for name in present if name != TIMER[0]))
    for name in present:
        (unit_folder() / name).unlink()
        say(f"removed {unit_folder() / name}")
    if managed:
        systemctl("daemon-reload")
    return 0


def command(config: Path | None) -> str:
    """Return how the unit calls this mailassist, each word quoted as systemd.service(5) wants it."""
    program = shutil.which(sys.argv[0]) or shutil.which("mailassist")
    words = [str(Path(program).resolve())] if program else [sys.executable, "-m", "mailassist"]
    words += ["--config", str(config.resolve())] if config else []
    return " ".join(map(quoted, words))


def quoted(word: str | Path) -> str:
    """Return *word* in double quotes, as systemd.syntax(7) wants it, and without specifiers."""
    return '"' + str(word).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def systemctl(*words: str) -> int:
    """Call systemctl for the user's manager and return its status; raise SetupError where there is none."""
    try:
        return subprocess.run(["systemctl", "--user", *words], check=False).returncode
    except FileNotFoundError as error:
        raise SetupError("there is no systemd here; start `mailassist watch` from your session instead") from error
