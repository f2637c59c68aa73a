"""An account that can be looked at and not changed, for a dry run."""

from collections.abc import Collection
from typing import Any

from mailassist.mailbox.protocol import Account, Appended, Selected


class DryAccount:
    """*account* without its changes: folders are opened with EXAMINE; nothing is appended, marked or removed."""

    can_remove = False

    def __init__(self, account: Account) -> None:
        self._account = account

    def __getattr__(self, name: str) -> Any:
        return getattr(self._account, name)

    def select(self, folder: str, readonly: bool = True) -> Selected:
        return self._account.select(folder, readonly=True)

    def append(self, folder: str, octets: bytes, flags: Collection[str]) -> Appended:
        return Appended()

    def mark(self, uid: int, flags: Collection[str]) -> frozenset[str]:
        return frozenset()

    def remove(self, uid: int) -> None:
        return None
