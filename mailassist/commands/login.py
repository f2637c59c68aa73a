"""Store or replace an account's password in the keyring.

Asks for the password without showing it, or reads it from standard input when that is no
terminal; tries it on the server before it is stored. With auth = "oauth2" runs the sign-in
instead.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mailassist.errors import ConfigError, SecretError
from mailassist.present import say

if TYPE_CHECKING:
    from mailassist.config import AccountConfig


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("account", nargs="?", metavar="ACCOUNT", help="which account, where there are several")


def run(options: argparse.Namespace) -> int:
    """Ask, try, store; return 0."""
    from mailassist.wiring import configuration

    config = configuration(options.config)
    accounts = config.chosen([options.account] if options.account else [])
    if len(accounts) > 1:
        names = ", ".join(account.name for account in accounts)
        raise ConfigError([f"there are several accounts; name one of {names}: mailassist login {accounts[0].name}"])
    if accounts[0].auth == "oauth2":
        sign_in_to(accounts[0])
    else:
        store_secret(accounts[0], ask_password(accounts[0]))
    return 0


def sign_in_to(account: AccountConfig) -> None:
    """Run the sign-in, and keep the tokens in the keyring; raise SecretError or AccountError."""
    from mailassist.mailbox.oauth import sign_in
    from mailassist.mailbox.secret import has_keyring
    from mailassist.wiring import client_of

    if not has_keyring():  # said before a person has signed in for nothing
        raise SecretError(
            "there is no keyring on this machine for the tokens; start GNOME Keyring, KWallet or another Secret Service"
        )
    sign_in(client_of(account), say)
    say("signed in; the tokens lie in the keyring and are renewed by themselves")


@contextlib.contextmanager
def signed_in(account: AccountConfig) -> Iterator[None]:
    """Sign in, and keep the tokens if the block ends well: after a fault or Ctrl-C they are removed again."""
    from mailassist.mailbox.secret import keyring_delete
    from mailassist.wiring import client_of

    sign_in_to(account)
    try:
        yield
    except BaseException:
        with contextlib.suppress(SecretError):
            keyring_delete(client_of(account).entry)
        raise


def ask_password(account: AccountConfig) -> str:
    """Return the password a person types, or the first line of standard input; raise SecretError where it is empty."""
    if sys.stdin.isatty():
        secret = getpass.getpass(f"Password of {account.login} on {account.host}: ")
    else:
        secret = sys.stdin.readline().rstrip("\r\n")
    if not secret:
        raise SecretError("no password was given, nothing was changed; type it at the prompt, or pipe it in")
    return secret


def store_secret(account: AccountConfig, secret: str) -> None:
    """Try *secret* on the server, then keep it in the keyring; raise LoginRefused, AccountError or SecretError."""
    from mailassist.mailbox.account import ImapAccount
    from mailassist.mailbox.connection import Credential
    from mailassist.mailbox.secret import set_password
    from mailassist.wiring import server_of

    with ImapAccount(account.name, server_of(account), lambda: Credential(secret)):
        say(f"{account.host} accepts the password")
    set_password(account.name, account.login, secret)
    say("the password lies in the keyring")
