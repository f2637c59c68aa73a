"""The parts, put together as the configuration says: an account, the store, the answer, the options of a pass."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mailassist.answering.desk import Desk, answer, draws_boundary
from mailassist.config import AccountConfig, Config, default_path, desk_of, load, state_path
from mailassist.keeping.store import Store, open_store
from mailassist.mailbox.account import Credential, ImapAccount, Server
from mailassist.one_pass import Answer, Options
from mailassist.values import Draft, History, Skipped
from mailassist.watcher import Job

if TYPE_CHECKING:
    from mailassist.mailbox.oauth import Client


def configuration(path: Path | None) -> Config:
    """Return the configuration at *path*, or at the usual place; raise ConfigError."""
    return load(path or default_path())


def server_of(account: AccountConfig) -> Server:
    """Return where the account's mail lies."""
    return Server(
        host=account.host,
        port=account.tcp_port,
        tls=account.tls,
        ca_file=str(Path(account.ca_file).expanduser()) if account.ca_file else "",
        username=account.login,
    )


def account_of(account: AccountConfig) -> ImapAccount:
    """Return the account, not yet connected."""
    return ImapAccount(
        account.name, server_of(account), credentials_of(account), drafts=account.drafts, sent=account.sent
    )


def credentials_of(account: AccountConfig) -> Callable[[], Credential]:
    """Return what yields the account's secret each time it connects."""
    if account.auth == "oauth2":
        from mailassist.mailbox.oauth import access_token

        return access_token(client_of(account))
    from mailassist.mailbox.secret import password

    return password(account.name, account.login, account.password_command)


def client_of(account: AccountConfig) -> "Client":
    """Return the OAuth2 client of *account*."""
    from mailassist.mailbox.oauth import PROVIDERS, Client, Provider

    own = Provider(account.authorization_endpoint, account.token_endpoint, account.scope, account.device_endpoint)
    return Client(account.name, account.login, account.client_id, PROVIDERS.get(account.provider, own))


def store_of(config: Config) -> Store:
    """Return the opened store; raise StoreError."""
    from mailassist.mailbox.secret import store_key

    path = state_path(config)
    return open_store(path, store_key(path), keep=config.store.keep)


def answer_of(config: Config, account: AccountConfig, strategy: str | None = None) -> Answer:
    """Return the function that answers the account's messages, by *strategy* where a person named one."""
    return answer_with(desk_of(config, account), strategy)


def answer_with(desk: Desk, strategy: str | None = None) -> Answer:
    """Return the function that answers messages at *desk*."""

    def answered(octets: bytes, history: History, now: datetime) -> Draft | Skipped:
        return answer(octets, desk, history, now, strategy=strategy)

    return answered


def options_of(
    config: Config, since: timedelta | None = None, limit: int | None = 200, dry_run: bool = False
) -> Options:
    """Return the options of one pass."""
    desk = desk_of(config)  # its template sets are those of every account
    return Options(
        since=since,
        limit=limit,
        dry_run=dry_run,
        marks=config.tone.mark,
        hold=config.tone.hold,
        remove_when_answered=config.drafts.remove_when_answered,
        max_age=config.drafts.max_age,
        holds_boundary=lambda octets, language: draws_boundary(octets, language, desk),
    )


def template_faults(config: Config) -> list[str]:
    """Return one sentence for each fault of the owner's own template sets, with file and line."""
    from mailassist.answering.wording import own_faults

    return [str(fault) for fault in own_faults(desk_of(config).roots)]


def job_of(config: Config, account: AccountConfig) -> Job:
    """Return what `watch` does for *account*."""
    return Job(
        account.name, lambda: account_of(account), account.folders, answer_of(config, account), options_of(config)
    )
