"""Options and servers that the tests share."""

import os
from collections.abc import Iterator

import pytest

from tests.servers import SERVERS, Mailbox, NotInstalled


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="the fault tests at their large sizes (make soak)")


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Whether the large sizes were asked for."""
    return bool(request.config.getoption("--soak"))


@pytest.fixture(scope="session")
def running() -> Iterator[dict[str, Mailbox | str]]:
    """The servers that were started so far, by name; the reason where one could not be."""
    started: dict[str, Mailbox | str] = {}
    yield started
    for server in started.values():
        if isinstance(server, Mailbox):
            server.__exit__()


def start(running: dict[str, Mailbox | str], name: str) -> Mailbox:
    """Return the server *name*, emptied; skip the test where it is not installed."""
    if name not in running:
        try:
            running[name] = SERVERS[name]().__enter__()
        except NotInstalled as reason:
            running[name] = str(reason)
    server = running[name]
    if isinstance(server, str):
        if name in os.environ.get("MAILASSIST_REQUIRE_SERVERS", "").split():
            pytest.fail(server)
        pytest.skip(server)
    server.clear()
    return server


@pytest.fixture(params=list(SERVERS))
def mailbox(request: pytest.FixtureRequest, running: dict[str, Mailbox | str]) -> Iterator[Mailbox]:
    """Each server in turn, with empty folders; afterwards, what was sent to it is checked."""
    server = start(running, request.param)
    yield server
    server.check_wire()


@pytest.fixture(params=["dovecot", "cyrus", "courier"])
def real(request: pytest.FixtureRequest, running: dict[str, Mailbox | str]) -> Iterator[Mailbox]:
    """Each of the three servers of their own process."""
    server = start(running, request.param)
    yield server
    server.check_wire()


@pytest.fixture
def dovecot(running: dict[str, Mailbox | str]) -> Iterator[Mailbox]:
    server = start(running, "dovecot")
    yield server
    server.check_wire()
