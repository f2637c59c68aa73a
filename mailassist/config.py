"""
TOML -> Config: what the owner decided, checked whole before anything happens.

Every fault is reported at once, each with file, key and the next step; an unknown key is a fault.
The example file is the manual: `config/config.example.toml`.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from mailassist.answering.desk import Desk
from mailassist.answering.facts import Facts, check_facts
from mailassist.answering.playbook import INTENTS, check_strategies, playbook_with
from mailassist.answering.templates import STRATEGIES
from mailassist.errors import ConfigError
from mailassist.reading.address import valid_address
from mailassist.shipped import shipped
from mailassist.values import Address, Attention, Kind

DURATION = re.compile(r"(\d{1,6})\s*([smhdw])")
LONGEST = timedelta(days=36_500)  # reaching further back leaves the calendar
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # as RFC 5646 shapes them
KEYWORD = re.compile(r"[$A-Za-z0-9_.-]+")  # narrower than RFC 9051 §9: what every server takes
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
PORTS = {"implicit": 993, "starttls": 143, "none": 143}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountConfig:
    """One login on one IMAP server, and the identities its replies come from."""

    name: str
    address: str
    host: str
    aliases: tuple[str, ...] = ()
    display_name: str = ""
    port: int = 0  # 0: 993 with implicit TLS, else 143
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    ca_file: str = ""
    username: str = ""  # empty: the address
    auth: Literal["password", "oauth2"] = "password"
    password_command: tuple[str, ...] = ()
    provider: Literal["", "google", "microsoft", "own"] = ""
    client_id: str = ""
    authorization_endpoint: str = ""
    device_endpoint: str = ""
    token_endpoint: str = ""
    scope: str = ""
    folders: tuple[str, ...] = ("INBOX",)
    drafts: str = ""  # empty: found by special-use, then by name
    sent: str = ""

    @property
    def login(self) -> str:
        return self.username or self.address

    @property
    def tcp_port(self) -> int:
        return self.port or PORTS[self.tls]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagesConfig:
    """Which language a reply is written in."""

    default: str = "en"
    fallback: Literal["none", "default"] = "none"
    overrides: Mapping[str, str] = field(default_factory=dict)  # address or domain -> tag
    detector: Literal["langdetect", "py3langid", "lingua"] = "langdetect"
    second_opinion: Literal["", "langdetect", "py3langid", "lingua"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToneConfig:
    """When a message counts as hostile, and what happens to it then."""

    threshold: float = 0.5  # of Tone.score
    mark: tuple[str, ...] = ("$Hostile", "\\Flagged")
    hold: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookConfig:
    """Where the owner answers differently than the playbook."""

    strategies: Mapping[str, str] = field(default_factory=dict)  # intent -> strategy
    no_draft: tuple[str, ...] = ()  # intents and kinds of hostility


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftsConfig:
    """What a draft looks like and how long it stays."""

    quote: Literal["below", "none"] = "below"
    reply_all: bool = False
    max_age: timedelta = timedelta(0)
    remove_when_answered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreConfig:
    """Where and how long is remembered what was answered."""

    path: str = ""  # empty: $XDG_STATE_HOME/mailassist/store.sqlite
    keep: timedelta = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration; `path` is the file it came from."""

    path: Path
    account: tuple[AccountConfig, ...]
    business: Mapping[str, Any] = field(default_factory=dict)  # fact -> text, or texts by language
    languages: LanguagesConfig = field(default_factory=LanguagesConfig)
    tone: ToneConfig = field(default_factory=ToneConfig)
    playbook: PlaybookConfig = field(default_factory=PlaybookConfig)
    drafts: DraftsConfig = field(default_factory=DraftsConfig)
    store: StoreConfig = field(default_factory=StoreConfig)

    @property
    def template_folder(self) -> Path:
        """The owner's own template sets: `templates/` beside the configuration file."""
        return self.path.parent / "templates"

    def chosen(self, names: Sequence[str]) -> tuple[AccountConfig, ...]:
        """Return the accounts *names*, all where none is named; raise ConfigError for a name there is none of."""
        known = {account.name: account for account in self.account}
        if unknown := [name for name in names if name not in known]:
            raise ConfigError(
                [f"there is no account {name!r} in {self.path}; name one of {', '.join(known)}" for name in unknown]
            )
        return tuple(known[name] for name in names) or self.account


def desk_of(config: Config, account: AccountConfig | None = None) -> Desk:
    """Return what the owner decided, as the answering needs it; *account* gives the identities."""
    accounts = [account] if account else []
    identities = [Address(one.address, one.display_name) for one in accounts]
    identities += [Address(alias, one.display_name) for one in accounts for alias in one.aliases]
    return Desk(
        identities=tuple(identities),
        facts=Facts(config.business),
        roots=(config.template_folder, shipped("templates")),
        playbook=playbook_with(config.playbook.strategies),
        no_draft=config.playbook.no_draft,
        default_language=config.languages.default,
        fallback=config.languages.fallback == "default",
        languages=config.languages.overrides,
        detector="+".join(filter(None, (config.languages.detector, config.languages.second_opinion))),
        threshold=config.tone.threshold,
        quote=config.drafts.quote == "below",
        reply_all=config.drafts.reply_all,
    )


def default_path() -> Path:
    """Return where the configuration lies when --config does not say: below $XDG_CONFIG_HOME."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "mailassist" / "config.toml"


def state_path(config: Config) -> Path:
    """Return the store's file: as configured, else below $XDG_STATE_HOME."""
    if config.store.path:
        return Path(config.store.path).expanduser()
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "mailassist" / "store.sqlite"


def load(path: Path) -> Config:
    """Return the configuration in *path*; raise ConfigError with every fault it has."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError([f"there is no configuration at {path}; make one with: mailassist init"]) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ConfigError([f"{path} cannot be read: {reason}; check its path and permissions"]) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path} is not valid TOML: {_said(error)}; mend that line"]) from error
    problems: list[str] = []
    config = _config(raw, path, problems)
    problems += [] if config is None else _impossible(config)
    if config is None or problems:
        raise ConfigError([f"{path}: {problem}" for problem in problems])
    return config


def _said(error: tomllib.TOMLDecodeError) -> str:
    """Return what the parser says, without its tuples: Cannot declare ('business',) twice (at line 9, column 10)."""
    return re.sub(r"\('(.+?)',?\)", lambda keys: f"[{keys[1].replace(chr(39) + ', ' + chr(39), '.')}]", str(error))


def _config(raw: Mapping[str, Any], path: Path, problems: list[str]) -> Config | None:
    """Read the tables of *raw*; None, and the reasons in *problems*, when there is no Config to be had."""
    known = {"account", "business", *SECTIONS}
    problems += [_unknown(key, "", known) for key in raw if key not in known]
    accounts = raw.get("account", [])
    if not isinstance(accounts, list) or not all(isinstance(one, dict) for one in accounts):
        problems.append("account: write each account as a table of its own under [[account]]")
        accounts = []
    elif not accounts:
        problems.append("account: there is none; add one under [[account]], or run: mailassist init")
    read = [_table(AccountConfig, one, f"account[{n}]", problems) for n, one in enumerate(accounts, start=1)]
    sections = {name: _table(kind, raw.get(name, {}), name, problems) for name, kind in SECTIONS.items()}
    business = raw.get("business", {})
    if not isinstance(business, dict):
        problems.append("business: write it as a table, [business]")
    if problems:
        return None
    return Config(path=path, account=tuple(read), business=business, **sections)


SECTIONS: Mapping[str, type] = {
    "languages": LanguagesConfig,
    "tone": ToneConfig,
    "playbook": PlaybookConfig,
    "drafts": DraftsConfig,
    "store": StoreConfig,
}


def _table(kind: type, raw: object, where: str, problems: list[str]) -> Any:
    """Return a *kind* made of the TOML table *raw*; what is wrong with it goes to *problems*."""
    if not isinstance(raw, dict):
        problems.append(f"{where}: write it as a table, [{where}]")
        return None
    hints = get_type_hints(kind)
    known: dict[str, Field[Any]] = {one.name: one for one in fields(kind)}
    problems += [_unknown(key, where, known) for key in raw if key not in known]
    values: dict[str, Any] = {}
    for name, one in known.items():
        if name in raw:
            values[name] = _value(raw[name], hints[name], f"{where}.{name}", problems)
        elif one.default is MISSING and one.default_factory is MISSING:
            problems.append(f"{where}.{name}: it is missing; add it")
            values[name] = None
    return kind(**values)


def _unknown(key: str, where: str, known: Sequence[str] | Mapping[str, object] | set[str]) -> str:
    if key in ("password", "secret", "token"):
        return f"{where}.{key}: a secret does not belong here; take it out, and store it with: mailassist login"
    import difflib  # takes 4 ms to load, for those who mistype

    near = difflib.get_close_matches(key, list(known), n=1)
    advice = f"did you mean {near[0]!r}?" if near else "remove it, or see config.example.toml"
    return f"{where + '.' if where else ''}{key}: there is no such key; {advice}"


def _value(raw: object, hint: Any, where: str, problems: list[str]) -> Any:
    """Return *raw* as *hint* wants it, or None and a problem."""
    for wanted, reads, said in READERS:
        if hint is wanted or get_origin(hint) is wanted:
            value = reads(raw, hint)
            if value is None:
                problems.append(f"{where}: {raw!r} will not do; write {said(hint)}")
            return value
    raise AssertionError(hint)  # a field of a type that no reader knows: a fault of ours


def duration(text: str) -> timedelta:
    """Return the time span that *text* names ("90s", "30m", "2h", "7d", "2w"); raise ValueError."""
    match = DURATION.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is no duration")
    span = timedelta(seconds=int(match[1]) * SECONDS[match[2]])
    if span > LONGEST:
        raise ValueError(f"{text!r} is more than {LONGEST.days} days")
    return span


def _duration(raw: object, hint: Any) -> timedelta | None:
    try:
        return duration(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def _strings(raw: object, hint: Any) -> tuple[str, ...] | None:
    return tuple(raw) if isinstance(raw, list) and all(isinstance(one, str) for one in raw) else None


def _mapping(raw: object, hint: Any) -> Mapping[str, str] | None:
    return dict(raw) if isinstance(raw, dict) and all(isinstance(one, str) for one in raw.values()) else None


def _plain(raw: object, hint: Any) -> Any:
    fits = isinstance(raw, hint) or (hint is float and isinstance(raw, int))
    return raw if fits and (hint is bool or not isinstance(raw, bool)) else None


def _choice(raw: object, hint: Any) -> Any:
    return raw if raw in get_args(hint) else None


READERS: tuple[tuple[Any, Callable[[object, Any], Any], Callable[[Any], str]], ...] = (
    (timedelta, _duration, lambda _: 'a duration such as "90s", "30m", "2h" or "7d"'),
    (tuple, _strings, lambda _: 'a list of texts, ["…", "…"]'),
    (Mapping, _mapping, lambda _: "a table of texts"),
    (Literal, _choice, lambda hint: "one of " + ", ".join(f'"{one}"' for one in get_args(hint))),
    (str, _plain, lambda _: 'a text, "…"'),
    (bool, _plain, lambda _: "true or false"),
    (int, _plain, lambda _: "a whole number"),
    (float, _plain, lambda _: "a number"),
)


def _impossible(config: Config) -> list[str]:
    """Return what cannot be together."""
    problems = []
    names = [account.name for account in config.account]
    for n, account in enumerate(config.account, start=1):
        where = f"account[{n}]"
        if not account.name or "/" in account.name:
            problems.append(f"{where}.name: {account.name!r} will not do; write a short word without '/'")
        elif names.count(account.name) > 1:
            problems.append(f"{where}.name: {account.name!r} is taken by another account; give each a name of its own")
        if account.tls == "none" and account.host not in LOOPBACK:
            problems.append(
                f'{where}.tls: "none" sends the password in clear and is only for this machine; write "implicit"'
            )
        if not account.host or set(account.host) & set("/@ ") or account.host.count(":") == 1:
            problems.append(
                f"{where}.host: {account.host!r} is no host name; write imap.example.org, and a port as port"
            )
        if account.ca_file and not Path(account.ca_file).expanduser().is_file():
            problems.append(f"{where}.ca_file: there is no file {account.ca_file}; correct the path")
        if not 0 <= account.port < 65536:
            problems.append(f"{where}.port: {account.port} is no port; leave it out for the usual one")
        if not account.folders:
            problems.append(f'{where}.folders: there is nothing to watch; write ["INBOX"]')
        if account.auth == "oauth2" and not (account.provider and account.client_id):
            problems.append(f"{where}.auth: oauth2 needs provider and client_id; add both, or use a password")
        if account.auth == "password" and (account.provider or account.client_id):
            problems.append(f'{where}.auth: provider and client_id go with "oauth2"; write that, or remove both')
        if account.provider == "own" and not account.token_endpoint:
            problems.append(f'{where}.provider: "own" needs token_endpoint and authorization_endpoint; add them')
        problems += [*_bad_folders(account, where), *_bad_addresses(account, where)]
    if not 0.0 < config.tone.threshold <= 1.0:
        problems.append(f"tone.threshold: {config.tone.threshold} will not do; write a number above 0 and up to 1")
    problems += [
        f'tone.mark: {mark!r} will not do; write "\\\\Flagged" or a keyword of letters and digits, "$Hostile"'
        for mark in config.tone.mark
        if mark != "\\Flagged" and not KEYWORD.fullmatch(mark)
    ]
    known = (*INTENTS, *get_args(Kind), *get_args(Attention))
    problems += [
        f"playbook.no_draft: there is no {name!r}; use any of {', '.join(dict.fromkeys(known))}"
        for name in config.playbook.no_draft
        if name not in known
    ]
    problems += _bad_languages(config.languages)
    problems += check_facts(config.business)
    problems += check_strategies(config.playbook.strategies, STRATEGIES)
    return problems


def _bad_folders(account: AccountConfig, where: str) -> list[str]:
    """Return what makes a draft lie where mail is read, or answers are looked for."""
    drafts, watched = account.drafts.casefold(), {name.casefold() for name in account.folders}
    if drafts and drafts in {"inbox", *watched}:
        return [f"{where}.drafts: {account.drafts!r} is watched for mail; name the folder for drafts, or leave it out"]
    if drafts and drafts == account.sent.casefold():
        return [f"{where}.drafts: {account.drafts!r} is the folder for sent mail, too; name two, or leave both out"]
    return []


def _bad_languages(languages: LanguagesConfig) -> list[str]:
    """Return what is no language, and what is neither an address nor a domain."""
    named = [("default", languages.default), *((f"overrides.{who}", tag) for who, tag in languages.overrides.items())]
    problems = [
        f"languages.{key}: {tag!r} is no language; write its tag, as in de or pt-BR"
        for key, tag in named
        if not TAG.fullmatch(tag)
    ]
    return problems + [
        f"languages.overrides.{who}: write an address or a whole domain, as in anna@example.org or example.org"
        for who in languages.overrides
        if "." not in who.rpartition("@")[2]
    ]


def _bad_addresses(account: AccountConfig, where: str) -> list[str]:
    named = [("address", account.address), *(("aliases", alias) for alias in account.aliases)]
    return [
        f"{where}.{key}: {text!r} is no address; write it as name@example.org"
        for key, text in named
        if not valid_address(text)
    ]
