"""The direction of the house: a module imports from its own room and from rooms above it, never from one below."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mailassist

PACKAGE = Path(mailassist.__file__).parent
ROOMS = (
    "errors",
    "values",
    "shipped",
    "toml_text",
    "reading",
    "answering",
    "mailbox",
    "keeping",
    "config",
    "one_pass",
    "watcher",
    "wiring",
    "present",
    "commands",
    "cli",
    "__main__",
)
PURE = ("reading", "answering")
IMPURE = {"time", "random", "secrets", "socket", "ssl", "logging", "subprocess", "threading", "asyncio", "os", "uuid"}
DOORS = {
    "imapclient": {"mailbox/connection.py"},
    "imaplib": {"mailbox/wire.py"},
    "keyring": {"mailbox/secret.py"},
    "email_validator": {"reading/address.py"},
    "langdetect": {"reading/language/evidence.py"},
    "selectolax": {"reading/message/html.py"},
    "charset_normalizer": {"reading/charset.py"},
    "jinja2": {"answering/templates.py"},
    "pymap": {"mailbox/embedded.py"},
    "dns": {"mailbox/discover.py"},
    "authlib": {"mailbox/oauth.py"},
    "sqlite3": {"keeping/database.py"},
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "shipped/" not in str(path.relative_to(PACKAGE)))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "mailassist")


def room(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "mailassist" and len(parts) > 1 else None


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(PACKAGE)) for path in MODULES])
def test_a_module_imports_from_its_own_room_or_from_rooms_above(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        return  # the library's front door: it imports the pure rooms, lazily
    for name in imported(path):
        other = room(name)
        if other in ROOMS and other != own:
            assert ROOMS.index(other) < ROOMS.index(own), f"{own} imports {other}"


@pytest.mark.parametrize("path", [p for p in MODULES if p.relative_to(PACKAGE).parts[0] in PURE], ids=lambda p: p.name)
def test_the_pure_rooms_have_no_clock_no_chance_and_no_network(path: Path) -> None:
    assert not {name.split(".")[0] for name in imported(path)} & IMPURE


@pytest.mark.parametrize(("package", "doors"), DOORS.items(), ids=list(DOORS))
def test_each_outside_package_has_one_door(package: str, doors: set[str]) -> None:
    users = {
        str(path.relative_to(PACKAGE)) for path in MODULES if package in {name.split(".")[0] for name in imported(path)}
    }
    assert users <= doors


def test_there_is_no_way_to_send() -> None:
    for path in MODULES:
        assert "smtplib" not in {name.split(".")[0] for name in imported(path)}
