"""Set up an account: from an address to the first draft in a few answers.

Finds the server (each question it asks is shown), logs in, shows what it would draft for
your newest answerable mail, and only then stores the password in the keyring and writes
the configuration. --yes takes every answer from options and asks nothing; --facts asks
for the facts drafts may state, at any later time.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mailassist.commands.login import ask_password, signed_in
from mailassist.errors import ConfigError, LoginRefused, MailassistError, SecretError
from mailassist.present import counted, say
from mailassist.shipped import shipped
from mailassist.toml_text import with_values

if TYPE_CHECKING:
    from mailassist.config import AccountConfig, Config
    from mailassist.mailbox.discover import Place

AS_OPTIONS = (
    (r"give the right password with `mailassist login`", "run init again with the right one"),
    (r", or set account\.drafts in the configuration to a name, and it is made", ", and run init again"),
    (r"\baccount(?:\[1\])?\.(host|port|tls|name|username)\b", r"--\1"),
    (r'\btls = "(\w+)"', r"--tls \1"),
    (r"\bset --tls", "give --tls"),
)
TRIES = 3  # at the password, before a person at a terminal has to begin anew
FACTS = (
    ("name", "What is your business called?"),
    ("signature", r"Which lines stand under your mails (\n between two)?"),
    ("phone", "A phone number drafts may give?"),
    ("opening_hours", "When are you open?"),
    ("response_time", "By when do you usually answer (24h, 2d)?"),
    ("terms_url", "Where do your terms stand?"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("address", nargs="?", metavar="ADDRESS", help="the address replies come from")
    parser.add_argument("--host", help="the IMAP server; found by itself where you leave it out")
    parser.add_argument("--port", type=int, help="its port")
    parser.add_argument("--tls", choices=("implicit", "starttls", "none"), help="how the connection is protected")
    parser.add_argument("--username", help="the user name; found by itself, mostly the address")
    parser.add_argument("--display-name", help="the name beside the address")
    parser.add_argument("--name", default="", help="a word for this account in logs and commands")
    parser.add_argument("--language", help="the language of the house, a tag such as de")
    parser.add_argument(
        "--password-command", type=words, metavar="COMMAND", help="prints the password: 'pass show mail'"
    )
    parser.add_argument(
        "--client-id", metavar="ID", help="sign in with OAuth2, by the client you registered at Google or Microsoft"
    )
    parser.add_argument("--offline", action="store_true", help="ask nobody where the server is")
    parser.add_argument("--facts", action="store_true", help="ask for the facts drafts may state, and nothing else")
    parser.add_argument("--yes", action="store_true", help="ask nothing; the password is read from standard input")


def words(text: str) -> list[str]:
    """Return the words of the command *text*, divided as a shell would; raise ArgumentTypeError."""
    try:
        found = shlex.split(text)
    except ValueError:
        found = []
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no command; write it in quotes, as in 'pass show mail'")
    return found


def run(options: argparse.Namespace) -> int:
    """Ask, find, try, show, save; return 0. Until the end nothing is written."""
    from mailassist.config import default_path

    path = options.config or default_path()
    ask = _silent if options.yes or not sys.stdin.isatty() else _prompt
    if options.facts:
        return facts(path, ask)
    if path.exists():
        raise ConfigError([f"{path} is there already; edit it, or name another file with --config"])
    with named_by_options():
        set_up(path, options, ask)
    in_background(options.config, ask)
    return 0


def set_up(path: Path, options: argparse.Namespace, ask: Ask) -> None:
    """Ask, find, try, show, save."""
    if options.address:
        address = checked_address(options.address)
    else:
        address = answered(ask, "Which address do your replies come from?", "", checked_address)
    place = found_place(address, options, ask)
    values = account_values(address, place, options, ask)
    account = account_from(values)
    if not account.password_command:
        wants_keyring()
    if account.auth == "oauth2":
        with signed_in(account):
            first_draft(account, values, "")
            save(path, values, account, "")
    else:
        save(path, values, account, accepted_secret(account, values, TRIES if ask is _prompt else 1))


@contextlib.contextmanager
def named_by_options() -> Iterator[None]:
    """Let errors name the options of init: there is no configuration yet that could be corrected."""
    try:
        yield
    except MailassistError as error:
        error.args = (as_options(str(error)), *error.args[1:])
        raise


def as_options(text: str) -> str:
    """Return *text* with init's options in place of what a configuration or `mailassist login` would mend."""
    for pattern, ours in AS_OPTIONS:
        text = re.sub(pattern, ours, text)
    return text


def in_background(config: Path | None, ask: Ask) -> None:
    """Offer the unit where there is somebody to run it; the account is set up, whatever is answered."""
    from mailassist.commands.service import DAEMON, has_manager, install

    try:
        question = "Start it in the background now, as a systemd user unit? [y/N]"
        if ask is _prompt and has_manager() and ask(question, "n").lower().startswith("y"):
            install(DAEMON, config)
            return
    except (KeyboardInterrupt, EOFError):
        say("the account is set up; to start it later: mailassist service install")
        return
    say("now: mailassist run makes one pass, mailassist service install starts it with your session")


def wants_keyring() -> None:
    """Raise SecretError, before a password is asked for, where there is no keyring to keep it in."""
    from mailassist.mailbox.secret import has_keyring

    if not has_keyring():
        raise SecretError(
            "there is no keyring on this machine for the password; "
            "give a command that prints it: mailassist init … --password-command 'pass show mail'"
        )


def _prompt(question: str, default: str) -> str:
    answer = input(f"{question}{f' [{default}]' if default and '[' not in question else ''} ").strip()
    return answer or default


def _silent(question: str, default: str) -> str:
    return default


def answered(ask: Ask, question: str, default: str, check: Callable[[str], str]) -> str:
    """Return what *check* makes of the answer; at a terminal, what it refuses with a ConfigError is asked for again."""
    while True:
        try:
            return check(ask(question, default))
        except ConfigError as error:
            if ask is not _prompt:
                raise
            say(str(error))


Ask = Callable[[str, str], str]


def checked_address(text: str) -> str:
    """Return *text* as an address; raise ConfigError."""
    from mailassist.reading.address import valid_address

    if not text:
        raise ConfigError(["name the address replies come from: mailassist init name@example.org"])
    address = valid_address(text)
    if not address:
        raise ConfigError([f"{text!r} is no address; write it as name@example.org: mailassist init name@example.org"])
    return address


def found_place(address: str, options: argparse.Namespace, ask: Ask) -> Place:
    """Return where the server is: as named, else as found, else as answered; raise ConfigError where nobody knows."""
    from mailassist.mailbox.discover import Internet, Place, discover

    if options.host:
        return as_known(Place(options.host))
    if not options.offline:
        domain = address.rpartition("@")[2]
        say(f"looking for the mail server of {domain}; only the domain is told to anybody")
        for attempt in discover(address, Internet()):
            say(f"  {attempt.asked}: {attempt.place.host if attempt.place else 'no'}")
            if attempt.place:
                place = as_known(attempt.place)
                if place.hint:
                    say(f"  note: {place.hint}")
                return place
    question = "What is the IMAP server called? Your provider's help names it, as in imap.example.org:"
    return as_known(Place(answered(ask, question, "", named_host)))


def named_host(text: str) -> str:
    """Return *text*; raise ConfigError where it is empty."""
    if not text:
        raise ConfigError(
            ["the mail server could not be found; name it: mailassist init ADDRESS --host imap.example.org"]
        )
    return text


def as_known(place: Place) -> Place:
    """Return what the table of large providers says of the host of *place*; *place* itself where it is not there."""
    from mailassist.mailbox.discover import PROVIDERS

    return next((one for one in PROVIDERS.values() if one.host == place.host), place)


def account_values(address: str, place: Place, options: argparse.Namespace, ask: Ask) -> dict[str, dict[str, object]]:
    """Return the configuration's values by section; what is the default is left out."""
    from mailassist.answering.templates import available

    tags = available((shipped("templates"),))
    username = options.username or place.login(address)
    account: dict[str, object] = {
        "name": options.name or address.partition("@")[0].replace("/", "-"),
        "address": address,
        "host": options.host or place.host,
        "port": options.port or (place.port if place.port not in (143, 993) else None),
        "tls": options.tls or (place.tls if place.tls != "implicit" else None),
        "username": username if username != address else None,
        "display_name": options.display_name or ask("Which name stands beside the address in your mails?", "") or None,
        "password_command": options.password_command,
        **oauth2_values(place, options),
    }

    def spoken(tag: str) -> str:
        if tag not in tags:
            raise ConfigError([f"there are no templates in {tag!r}; use one of {', '.join(tags)}"])
        return tag

    question = f"Which language does your house speak ({', '.join(tags)})?"
    language = spoken(options.language) if options.language else answered(ask, question, "en", spoken)
    return {
        "account": {key: value for key, value in account.items() if value is not None},
        "languages": {"default": language} if language != "en" else {},
    }


def oauth2_values(place: Place, options: argparse.Namespace) -> dict[str, object]:
    """Return what the sign-in adds to the account's values; raise ConfigError where there is no other way, or none."""
    if options.client_id and place.provider:
        return {"auth": "oauth2", "provider": place.provider, "client_id": options.client_id}
    if options.client_id:
        raise ConfigError(["--client-id is for Google and Microsoft; write the endpoints of others into config.toml"])
    if place.provider == "microsoft" and not options.password_command:
        raise ConfigError(
            ["Microsoft takes no passwords over IMAP; register a client there, then: mailassist init … --client-id ID"]
        )
    return {}


def account_from(values: Mapping[str, Mapping[str, object]]) -> AccountConfig:
    """Return the account the written configuration will hold; raise ConfigError where it would not be read."""
    return parsed(config_text(values)).account[0]


def parsed(text: str) -> Config:
    """Return the configuration that *text* makes; raise ConfigError, which names keys but no file."""
    from mailassist.config import load

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(text, "utf-8")
        try:
            return load(path)
        except ConfigError as error:
            raise ConfigError([problem.removeprefix(f"{path}: ") for problem in error.problems]) from None


def config_text(values: Mapping[str, Mapping[str, object]]) -> str:
    """Return the example configuration, which is the manual, with *values* filled in."""
    text = (shipped("config") / "config.example.toml").read_text("utf-8")
    for section, pairs in values.items():
        text = with_values(text, section, pairs)
    return text


def accepted_secret(account: AccountConfig, values: Mapping[str, Mapping[str, object]], tries: int) -> str:
    """Return the password that the server accepted, after the first draft was shown; "" where a command prints it."""
    for tries_left in reversed(range(1 if account.password_command else tries)):
        secret = "" if account.password_command else ask_password(account)
        try:
            first_draft(account, values, secret)
            break
        except LoginRefused as error:
            if not tries_left:
                raise
            say(f"{error.args[0].partition(';')[0]}; try again, some providers want an app password")
    return secret


def first_draft(account: AccountConfig, values: Mapping[str, Mapping[str, object]], secret: str) -> None:
    """Log in and show what would be drafted for the newest answerable mail; write nothing anywhere."""
    from mailassist.config import desk_of
    from mailassist.keeping.store import open_store
    from mailassist.mailbox.account import ImapAccount
    from mailassist.mailbox.connection import Credential
    from mailassist.one_pass import Options, Outcome, run_pass
    from mailassist.present import explain
    from mailassist.values import Draft
    from mailassist.wiring import answer_with, credentials_of, server_of

    desk = desk_of(parsed(config_text(values)), account)
    seen: list[Outcome] = []
    credential = (lambda: Credential(secret)) if secret else credentials_of(account)
    with ImapAccount(account.name, server_of(account), credential) as server, open_store(None, b"") as store:
        say(f"logged in; drafts go to {server.drafts.name}, found by {server.drafts.how}")
        how = Options(limit=30, dry_run=True)
        run_pass(server, "INBOX", store, answer_with(desk), how, progress=lambda outcome, *_: seen.append(outcome))
    drafts = [one.result for one in sorted(seen, key=lambda one: one.key) if isinstance(one.result, Draft)]
    if not drafts:
        say("there is no mail of the last seven days that wants an answer; drafts come with the next one")
        return
    say("this is what it would draft for the newest mail that wants an answer (nothing is saved yet):")
    print("\n".join([*explain(drafts[-1]), "", drafts[-1].body]))


def save(path: Path, values: Mapping[str, Mapping[str, object]], account: AccountConfig, secret: str) -> None:
    """Store the secret and write the configuration, both or neither; raise SecretError or ConfigError."""
    from mailassist.mailbox.secret import delete_password, keyring_name, set_password

    try:
        if secret:
            set_password(account.name, account.login, secret)
        write(path, config_text(values))
    except BaseException:  # Ctrl-C too
        if secret:
            with contextlib.suppress(SecretError):
                delete_password(account.name, account.login)
        raise
    if secret:
        say(f"the password lies in the keyring ({keyring_name()})")
    say(f"wrote {path}; it explains every key")


def write(path: Path, text: str) -> None:
    """Write *text* to *path* whole or not at all, readable by its owner only; raise ConfigError."""
    draft = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        raise ConfigError(
            [f"{path} cannot be written ({error.strerror}); check its folder, or name another file with --config"]
        ) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def facts(path: Path, ask: Ask) -> int:
    """Ask for the facts drafts may state, with what is there as default, and write them; return 0."""
    from mailassist.config import load

    config = load(path)
    known = {key: value for key, value in config.business.items() if isinstance(value, str)}
    answers = {key: ask(question, known.get(key, "").replace("\n", r"\n")) for key, question in FACTS}
    answers["signature"] = answers["signature"].replace(r"\n", "\n")
    changed = {key: value for key, value in answers.items() if value and value != known.get(key)}
    if not changed:
        say("nothing was changed")
        return 0
    text = with_values(path.read_text("utf-8"), "business", changed)
    parsed(text)
    write(path, text)
    say(f"wrote {counted(len(changed), 'fact')} to {path}; drafts state them from now on")
    return 0
