"""
Everything that can go wrong, grouped by what the program does next.

    MailassistError                                                    exit status
    ├── SetupError           a person must act; `watch` parks the account and stops when none is left
    │   ├── ConfigError        `problems` lists every fault, not the first   78
    │   ├── FolderMissing      the server has no such folder                 78
    │   ├── SecretError        no password stored, or the keyring is locked  77
    │   └── LoginRefused       the server refused the credentials            77
    ├── StoreError           stop; what has been answered is unknown         74
    ├── AccountError         wait and connect again; a single run stops      75
    └── MessageError         skip this message, record why, go on
        ├── UnreadableMessage
        └── TemplateError

The text of an error is one sentence for the person who reads it and names the next step.
"""

from collections.abc import Sequence


class MailassistError(Exception):
    """Something a person can understand; `exit_status` follows sysexits.h."""

    exit_status = 1


class SetupError(MailassistError):
    """A person must act before this can work."""

    exit_status = 78


class ConfigError(SetupError):
    """The configuration cannot be used; `problems` holds one sentence for each fault."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class FolderMissing(SetupError):
    """The server has no folder for *role* (`drafts`, `sent`, or a folder to watch)."""

    def __init__(self, message: str, folder: str = "") -> None:
        super().__init__(message)
        self.folder = folder


class SecretError(SetupError):
    """There is no password for the account, or the keyring does not give it."""

    exit_status = 77


class LoginRefused(SetupError):
    """The server refused the credentials."""

    exit_status = 77


class StoreError(MailassistError):
    """What has been answered is unknown, so nothing may be answered."""

    exit_status = 74


class AccountError(MailassistError):
    """
    The server is away, slow or odd: wait, connect again.

    retry_after_s: seconds the server asked us to wait, 0.0 where it did not say.
    """

    exit_status = 75

    def __init__(self, message: str, retry_after_s: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class MessageError(MailassistError):
    """One message cannot be answered; the others go on."""

    exit_status = 65


class UnreadableMessage(MessageError):
    """The octets are no message that could be answered."""


class TemplateError(MessageError):
    """A template does not compile or render; `path` and `line` say where."""

    def __init__(self, message: str, path: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.path = path
        self.line = line
