"""The two servers inside this process: the account in memory, and pymap."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from mailassist.mailbox.fake import FakeAccount, FakeServer
from tests.servers.base import Mail, Mailbox, NotInstalled, RealServer


class Memory(Mailbox):
    """FakeAccount and the folders behind it."""

    name = "memory"

    def __init__(self, *variants: str) -> None:
        self.fake = FakeServer()
        self._can_remove = "no-uidplus" not in variants

    def account(self, **_options: Any) -> FakeAccount:
        return FakeAccount(self.fake, can_remove=self._can_remove)

    def put(self, folder: str, octets: bytes, flags: Sequence[str] = (), days_ago: float = 0) -> None:
        self.fake.put(folder, octets, flags, datetime.now(UTC) - timedelta(days=days_ago))

    def listing(self, folder: str) -> list[Mail]:
        return [Mail(m.uid, m.flags, m.octets) for m in self.fake.listing(folder)]

    def set_flags(self, folder: str, uid: int, flags: Sequence[str]) -> None:
        self.fake.set_flags(folder, uid, flags)

    def delete(self, folder: str, uid: int) -> None:
        self.fake.delete(folder, uid)


class Pymap(RealServer):
    """pymap, which keeps no keywords and offers no SPECIAL-USE and no NAMESPACE."""

    name = "pymap"
    keeps_keywords = False

    def __init__(self, *variants: str) -> None:
        self._stack = ExitStack()
        self._proxy = None
        self._session = None

    def __enter__(self) -> Self:
        try:
            from mailassist.mailbox.embedded import embedded_server
        except ImportError as error:
            raise NotInstalled("pymap is left out: pip install pymap") from error
        self._embedded = self._stack.enter_context(embedded_server(("Drafts", "Sent", "Trash")))
        self.port = self._embedded.port
        self.user, self.password = self._embedded.user, self._embedded.password
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()
