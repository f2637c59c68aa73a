"""
Where secrets come from: a command, systemd, the keyring. The one door to keyring.

No secret stands in a configuration, an argument, a log or an error.
"""

import base64
import binascii
import logging
import os
import secrets
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread
from typing import TypeVar

from mailassist.errors import SecretError, StoreError
from mailassist.mailbox.connection import Credential

log = logging.getLogger(__name__)
T = TypeVar("T")

SERVICE = "mailassist"
STORE_KEY = "store-key"  # its name in the keyring and among systemd's credentials
COMMAND_S = 60.0  # a person may have to unlock a smart card
KEYRING_S = 30.0  # a locked keyring without anybody to ask waits for ever


class KeyringLocked(SecretError):
    """There is a keyring, and it gives nothing to whoever asks now."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the keyring gives no access ({reason}); unlock it, or set password_command in the configuration"
        )
        self.reason = reason


def password(account: str, username: str, password_command: Sequence[str] = ()) -> Callable[[], Credential]:
    """
    Return what yields the account's password, asked for at every login, so that a new one is taken up.

    It comes from *password_command* where there is one, else from the systemd credential `mailassist.ACCOUNT`, else
    from the keyring. The call raises SecretError.
    """

    def ask() -> Credential:
        if password_command:
            return Credential(_from_command(account, password_command))
        secret = systemd_credential(account) or keyring_get(_entry(account, username))
        if not secret:
            raise SecretError(f"there is no password for account {account}; store it with: mailassist login {account}")
        return Credential(secret)

    return ask


def set_password(account: str, username: str, secret: str) -> None:
    """Store the account's password in the keyring. Raises SecretError."""
    keyring_set(_entry(account, username), secret)


def delete_password(account: str, username: str) -> None:
    """Remove the account's password from the keyring, if it is there."""
    keyring_delete(_entry(account, username))


def store_key(store: Path) -> bytes:
    """
    Return the key of the store's hashes, made at the first call. Raises SecretError, or StoreError: it cannot be kept.

    It lies in the keyring; on a machine without one, or where nobody can unlock it, in a file of mode 0600 beside the
    store, and where systemd hands one over, there.
    """
    given = systemd_credential(STORE_KEY)
    if given:
        return _decoded(given)
    file = store.with_name(store.name + ".key")
    if file.exists():
        return _decoded(_read(file))
    if key := _keyring_key(store):
        return key
    key = secrets.token_bytes(32)
    _write_new(file, base64.b64encode(key))
    log.info("no keyring to be used on this machine: the store's key lies beside the store")
    return key


def _keyring_key(store: Path) -> bytes | None:
    """Return the key that the keyring has of *store*, made where there is none; None where no keyring can be used."""
    if not has_keyring():
        return None
    entry = f"{STORE_KEY} {store}"
    try:
        if found := keyring_get(entry):
            return _decoded(found)
        key = secrets.token_bytes(32)
        keyring_set(entry, base64.b64encode(key).decode())
    except KeyringLocked as error:
        if store.exists():
            raise SecretError(
                f"the keyring, which has the store's key, gives no access ({error.reason}); unlock it and start again"
            ) from error
        return None  # a service that nobody can ask: its store has a key of its own from the beginning
    return key


def systemd_credential(name: str) -> str:
    """Return what systemd hands over as `mailassist.NAME` (LoadCredential=); empty when nothing."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    file = Path(folder, f"{SERVICE}.{name}") if folder and "/" not in name else None
    return _read(file) if file and file.is_file() else ""


def keyring_get(entry: str) -> str:
    """Return the secret at *entry*; empty when there is none. Raises SecretError."""
    import keyring

    return _patiently(lambda: keyring.get_password(SERVICE, entry)) or ""


def keyring_set(entry: str, secret: str) -> None:
    """Store *secret* at *entry*. Raises SecretError."""
    import keyring

    _patiently(lambda: keyring.set_password(SERVICE, entry, secret))


def keyring_delete(entry: str) -> None:
    """Remove *entry*, if it is there. Raises SecretError."""
    import keyring

    if keyring_get(entry):
        _patiently(lambda: keyring.delete_password(SERVICE, entry))


def _entry(account: str, username: str) -> str:
    return f"{username} ({account})"


def keyring_name() -> str:
    """Return what the keyring in use calls itself."""
    import keyring

    return str(keyring.get_keyring().name)


def has_keyring() -> bool:
    """Say whether this machine has a keyring that keeps what it is given."""
    import keyring
    from keyring.backends import fail, null

    return not isinstance(keyring.get_keyring(), (fail.Keyring, null.Keyring))


def _patiently(call: Callable[[], T]) -> T:
    """Return what *call* returns; a keyring that fails, or asks somebody who is not there, is a SecretError."""
    answers: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            answers.append(call())
        except Exception as error:  # the back ends raise whatever D-Bus gives them
            errors.append(error)

    thread = Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(KEYRING_S)
    if answers:
        return answers[0]
    if errors and not has_keyring():
        raise SecretError("this machine has no keyring; set password_command in the configuration") from errors[0]
    reason = type(errors[0]).__name__ if errors else f"no answer within {KEYRING_S:.0f} s"
    raise KeyringLocked(reason) from (errors[0] if errors else None)


def _from_command(account: str, command: Sequence[str]) -> str:
    """Return the first line that *command* prints. What it says on standard error goes to ours."""
    try:
        done = subprocess.run(list(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=COMMAND_S)
    except subprocess.TimeoutExpired as error:
        raise SecretError(
            f"password_command of account {account} did not end within {COMMAND_S:.0f} s; run it by hand"
        ) from error
    except OSError as error:
        raise SecretError(
            f"password_command of account {account} cannot be run ({error.strerror}); correct it in the configuration"
        ) from error
    secret = done.stdout.decode("utf-8", "replace").split("\n", 1)[0].rstrip("\r")
    if done.returncode or not secret:
        raise SecretError(
            f"password_command of account {account} gave no password (exit status {done.returncode}); run it by hand"
        )
    return secret


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise SecretError(f"the secret in {file} cannot be read; check its owner and mode") from error


def _write_new(file: Path, octets: bytes) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as handle:
            handle.write(octets + b"\n")
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        raise StoreError(
            f"the store's key cannot be written to {file} ({error.strerror}); "
            "check the folder's owner and permissions, and the room on the disk"
        ) from error


def _decoded(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SecretError("the store's key is damaged; remove the store and its key to begin anew") from error
    if len(key) < 16:
        raise SecretError("the store's key is too short; remove the store and its key to begin anew")
    return key
