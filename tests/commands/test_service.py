"""The systemd user units."""

import shutil
import subprocess
from pathlib import Path

import pytest

from mailassist.commands.service import DAEMON, TIMER, command
from mailassist.shipped import shipped
from tests.test_cli import CONFIG, mailassist

UNITS = (*DAEMON, *TIMER)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        text = (shipped("systemd") / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("ExecStart=mailassist", "ExecStart=/bin/true"), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", *(str(tmp_path / name) for name in UNITS)],
        capture_output=True,
        text=True,
        env={"XDG_RUNTIME_DIR": str(tmp_path), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_a_unit_may_write_nothing_but_its_state(name: str) -> None:
    lines = (shipped("systemd") / name).read_text("utf-8").splitlines()
    assert "ProtectSystem=strict" in lines
    assert "ProtectHome=read-only" in lines
    assert [line for line in lines if line.startswith("ReadWritePaths=")] == [
        "ReadWritePaths=%h/.local/state/mailassist"
    ]


def test_the_daemon_is_not_restarted_where_a_person_must_act() -> None:
    assert "RestartPreventExitStatus=74 77 78" in (shipped("systemd") / DAEMON[0]).read_text("utf-8").splitlines()


def test_the_unit_calls_this_program_with_its_configuration(tmp_path: Path) -> None:
    called = command(tmp_path / 'odd "name" 100%.toml')
    assert '--config" "' in called
    assert '\\"name\\" 100%%' in called


def test_a_unit_is_written_for_a_configuration_and_its_store(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(port=1) + f'[store]\npath = "{tmp_path}/elsewhere/it.sqlite"\n')
    mailassist("service", "install", "--config", tmp_path / "config.toml", home=tmp_path, PATH=str(tmp_path))
    unit = (tmp_path / "config" / "systemd" / "user" / DAEMON[0]).read_text("utf-8")
    assert f'ReadWritePaths="{tmp_path}/elsewhere"' in unit.splitlines()
    assert f'--config" "{tmp_path}/config.toml" watch' in unit


def test_without_a_configuration_no_unit_is_written(tmp_path: Path) -> None:
    done = mailassist("service", "install", home=tmp_path, PATH=str(tmp_path))
    assert done.returncode == 78
    assert b"mailassist init" in done.stderr
    assert not (tmp_path / "config" / "systemd").exists()


def test_without_a_systemd_of_the_user_the_next_step_is_told(tmp_path: Path) -> None:
    (tmp_path / "systemctl").write_text("#!/bin/sh\necho 'Failed to connect to bus: No medium found' >&2; exit 1\n")
    (tmp_path / "systemctl").chmod(0o755)
    done = mailassist("service", "status", home=tmp_path, PATH=f"{tmp_path}:/usr/bin:/bin")
    assert (done.returncode, len(done.stderr.splitlines())) == (78, 1)
    assert b"mailassist watch" in done.stderr


def test_a_unit_is_removed_without_a_systemd_of_the_user(tmp_path: Path) -> None:
    unit = tmp_path / "config" / "systemd" / "user" / DAEMON[0]
    unit.parent.mkdir(parents=True)
    unit.write_text("")
    done = mailassist("service", "remove", home=tmp_path, PATH=str(tmp_path))
    assert (done.returncode, len(done.stderr.splitlines())) == (0, 1)
    assert not unit.exists()
