"""A mail as the screen looks at it: header tokens (RFC 3834), kinds of sender, words without case and accents."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import chain, filterfalse

from mailassist.reading.address import is_ours, parse_addresses
from mailassist.reading.tables import table
from mailassist.values import Address, IncomingMail

MAX_WORDS = 20_000  # characters of the text that are compared with phrases
FIRST_WORDS, MOST_WORDS = 45, 120  # an absence note comes to the point, and has no other
_NOT_WORD = re.compile(r"[^\w]+|_+")
_SEPARATOR = re.compile(r"[^a-z]+")
_SAID_BY_OTHERS = re.compile(r"„[^“”\"]{1,300}[“”\"]|“[^”]{1,300}”|\"[^\"\n]{1,300}\"|«[^»]{1,300}»|»[^«]{1,300}«")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n\s*\n")
_BRACKETED = re.compile(r"[\[(*]+([^\[\]()*]+)[\])*]")
_DIVIDER = re.compile(r" ?[:：]| [-–—|] ")
_SECOND_LEVEL = {"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "gob", "gouv"}


class Letter:
    """What the reasons ask about a mail. Each answer is found once, when it is first asked for."""

    def __init__(self, mail: IncomingMail, own: Collection[str]) -> None:
        self.mail = mail
        self.own = own

    # ── header fields ──

    def values(self, *names: str) -> Iterable[str]:
        """Yield each value of the header fields *names*."""
        return (value for name in names for value in self.mail.headers.get(name, ()))

    def tokens(self, *names: str) -> set[str]:
        """Return the first word of each value of the fields *names*, in lower case, without comments and parameters."""
        return {token(value) for value in self.values(*names)} - {""}

    def has(self, *names: str) -> bool:
        """Say whether there is a field of one of *names*, where a name may end in `*`."""
        if not self.mail.headers.keys().isdisjoint(names):
            return True
        return any(f"\n{name[:-1]}" in self._names for name in names if name.endswith("*"))

    @cached_property
    def _names(self) -> str:
        """The names of the header fields, a line break before each."""
        return "\n" + "\n".join(self.mail.headers)

    def part(self, *content_types: str) -> bool:
        """Say whether the message or one of its unread parts is of one of *content_types*."""
        return any(
            kind in content_types for kind in (self.mail.content_type, *(p.content_type for p in self.mail.parts))
        )

    # ── addresses ──

    @property
    def sender(self) -> str:
        return self.mail.from_.spec if self.mail.from_ else ""

    @property
    def target(self) -> str:
        """Where a reply would go."""
        return self.mail.reply_to[0].spec if self.mail.reply_to else ""

    def ours(self, spec: str) -> bool:
        return bool(spec) and is_ours(spec, self.own)

    @cached_property
    def wants_none(self) -> bool:
        """Whether Reply-To itself is an address that nobody reads."""
        wanted = [address for value in self.values("reply-to") for address in parse_addresses(value)]
        return bool(wanted) and all(is_kind(address.spec, "no_reply") for address in wanted)

    @cached_property
    def answers_elsewhere(self) -> bool:
        """Whether a reply goes to someone else than the sender: a person, as far as the address tells."""
        if not self.target or self.target.casefold() == self.sender.casefold() or self.ours(self.target):
            return False
        if any(is_kind(self.target, kind) for kind in ("no_reply", "automatic", "daemon", "machine", "notifier")):
            return False
        at_home = organisation(self.target) == organisation(self.sender)
        return not at_home or not self.target.partition("@")[0].isalpha()  # "orders" is an office, "buyer-8s7d" a relay

    @cached_property
    def is_form(self) -> bool:
        """Whether a contact form wrote this for a customer: from ourselves or from nobody, and answered elsewhere."""
        if not self.answers_elsewhere:
            return False
        to_itself = any(address.spec.casefold() == self.sender.casefold() for address in self.mail.to)
        to_its_house = any(organisation(address.spec) == organisation(self.sender) for address in self.mail.to)
        by_a_program = is_kind(self.sender, "no_reply") or is_kind(self.sender, "form")
        return self.ours(self.sender) or to_itself or to_its_house or by_a_program

    @cached_property
    def is_answer(self) -> bool:
        """Whether the mail goes on with a conversation and shows it: programs seldom quote."""
        return bool(self.mail.in_reply_to or self.mail.references) and any(
            removed.kind in ("quote", "attribution") for removed in self.mail.removed
        )

    # ── words ──

    @cached_property
    def subject(self) -> str:
        """The subject, in lower case and without accents."""
        return plain(self.mail.subject)

    @cached_property
    def _title(self) -> str:
        return folded(self.subject)

    @cached_property
    def words(self) -> str:
        """What the sender's side wrote, footers included, quotes left out: words between single blanks."""
        return folded(self._text)

    @cached_property
    def statements(self) -> str:
        """The words of the sentences that are no question and in which nobody speaks of themselves."""
        sentences = (folded(found) for found in _SENTENCE_END.split(self._text) if not found.rstrip().endswith("?"))
        return " ".join(one for one in sentences if not holds_whole(one, "person", "first"))

    @cached_property
    def _text(self) -> str:
        kinds = ("footer", "disclaimer", "signature", "banner")
        own = (removed.text for removed in self.mail.removed if removed.kind in kinds)
        return _SAID_BY_OTHERS.sub(" ", "\n\n".join((self.mail.said, *own))[:MAX_WORDS])

    @cached_property
    def beginning(self) -> str:
        """The first FIRST_WORDS words of what was said, where it has no more than MOST_WORDS; else nothing."""
        words = folded(_SAID_BY_OTHERS.sub(" ", self.mail.said)).split()
        return " " + " ".join(words[:FIRST_WORDS]) + " " if len(words) <= MOST_WORDS else ""

    @cached_property
    def has_a_matter(self) -> bool:
        """Whether it asks something, or is about goods, money or a date: what people write about, absent or not."""
        return self.asks or holds_whole(self.words, "person", "matter")

    @cached_property
    def asks(self) -> bool:
        """Whether there is a question in it: programs seldom have one."""
        return any(mark in self.mail.said for mark in "?？؟")

    def says(self, section: str, key: str = "phrases") -> bool:
        """Say whether a phrase of a table stands in the text."""
        return holds(self.words, section, key)

    def begins(self, section: str, key: str) -> bool:
        """Say whether a phrase of a table stands at the beginning of a short text."""
        return holds(self.beginning, section, key)

    def states(self, section: str, key: str = "phrases") -> bool:
        """Say whether a phrase of a table stands in a sentence that a program could have written."""
        return holds(self.statements, section, key)

    def titled(self, section: str, key: str = "subjects") -> bool:
        """Say whether the subject begins with one of the phrases of a table."""
        return self._title.startswith(_openings(section, key))

    def headed(self, section: str, key: str) -> bool:
        """Say whether a phrase of a table is the whole subject, or all of it before a colon or a dash."""
        bracketed = _BRACKETED.match(self.subject)
        head = folded(bracketed[1] if bracketed else _DIVIDER.split(self.subject, maxsplit=1)[0]).strip()
        return head in _headings(section, key)


def token(value: str) -> str:
    """Return the first word of a structured field in lower case, comments and parameters left out (RFC 3834 §5)."""
    bare, depth = [], 0
    for char in value:
        depth += (char == "(") - (char == ")" and depth > 0)
        bare.append(" " if char in "()" or depth else char)
    words = "".join(bare).partition(";")[0].split()
    return words[0].strip("\"'").lower() if words else ""


def organisation(spec: str) -> str:
    """Return the part of the domain of *spec* that someone has registered, as far as it can be told from the name."""
    labels = spec.rpartition("@")[2].casefold().split(".")
    known = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-known:])


def is_kind(spec: str, kind: str) -> bool:
    """Say whether the local part of *spec* is of a *kind* of the table; digits and a `+detail` do not count."""
    local = plain(spec.rpartition("@")[0].partition("+")[0])
    words, known = _words_of(local), _local_parts(kind)
    ends = range(1, len(words) + 1)
    if kind in ("no_reply", "automatic"):  # any word may stand around it: "track-noreply-eu"
        return any("-".join(words[at:end]) in known for end in ends for at in range(end))
    if kind in ("notifier", "form"):  # before it or behind it: "calendar-notification"
        return any("-".join(words[:end]) in known or "-".join(words[end - 1 :]) in known for end in ends)
    is_a_persons = kind == "machine" and local[-1:].isdigit()  # nobody77@ is somebody
    return "-".join(words) in known and not is_a_persons


@lru_cache(maxsize=8)  # one address is asked about for many kinds
def _words_of(local: str) -> Sequence[str]:
    return [word for word in _SEPARATOR.split(local) if word]


@cache
def _local_parts(kind: str) -> frozenset[str]:
    """Return the local parts of a *kind* with any of their hyphens left out: "do-not-reply", "donot-reply", …"""
    return frozenset(
        spelling for entry in table("screen")["local_parts"][kind] for spelling in _spellings(entry.split("-"))
    )


def _spellings(words: list[str]) -> list[str]:
    rest = _spellings(words[1:]) if len(words) > 1 else [""]
    return [words[0] + hyphen + end for end in rest for hyphen in (("-", "") if end else ("",))]


def is_called(address: Address | None, key: str) -> bool:
    """Say whether the display name of *address* is one of a table."""
    return address is not None and folded(address.name).strip() in _display_names(key)


@cache
def _display_names(key: str) -> frozenset[str]:
    return frozenset(folded(name).strip() for name in table("screen")["local_parts"][key])


def plain(text: str) -> str:
    """Return *text* in lower case, without accents."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    parts = unicodedata.normalize("NFKD", lower)
    return "".join(filterfalse(unicodedata.combining, parts)).replace("’", "'")


def folded(text: str) -> str:
    """Return the words of *text* in lower case, without accents and marks, each between single blanks."""
    return " " + _NOT_WORD.sub(" ", plain(text)).strip() + " "


@cache
def phrases(section: str, key: str) -> tuple[tuple[str, ...], ...]:
    """Return the phrases of a table, each as the pieces that follow one another."""
    return tuple(
        tuple(folded(piece).rstrip() for piece in phrase.split("…")) for phrase in table("screen")[section][key]
    )


@cache
def _headings(section: str, key: str) -> frozenset[str]:
    return frozenset(phrase[0].strip() for phrase in phrases(section, key))


@cache
def _openings(section: str, key: str) -> tuple[str, ...]:
    return tuple(phrase[0] + " " for phrase in phrases(section, key))


def holds(words: str, section: str, key: str = "phrases") -> bool:
    """Say whether a phrase of a table stands in *words*: "generated automatic" does in "generated automatically"."""
    found = (phrase for phrase in _candidates(words, section, key, whole=False) if phrase[0] in words)
    return any(occurs(phrase, words) for phrase in found)


def holds_whole(words: str, section: str, key: str) -> bool:
    """Say whether a phrase of a table stands in *words* and ends where a word does; looks at its first piece."""
    return any(phrase[0] + " " in words for phrase in _candidates(words, section, key, whole=True))


def _candidates(words: str, section: str, key: str, whole: bool) -> Iterable[tuple[str, ...]]:
    """Yield the phrases of a table whose first word is one of *words*, and those that may be the beginning of one."""
    begun = _by_first_word(section, key, whole)
    return chain.from_iterable(begun[first] for first in begun.keys() & _different(words))


@lru_cache(maxsize=8)  # one text is looked at for many tables
def _different(words: str) -> frozenset[str]:
    """Return each word of *words* once, and "" for what is no whole word."""
    return frozenset((*words.split(), ""))


@cache
def _by_first_word(section: str, key: str, whole: bool) -> Mapping[str, Sequence[tuple[str, ...]]]:
    """Return the phrases of a table by their first word; by "" where the text may go on with that word."""
    begun = defaultdict[str, list[tuple[str, ...]]](list)
    for phrase in phrases(section, key):
        first, *others = phrase[0].split() or [""]
        begun[first if others or whole else ""].append(phrase)
    return begun


def occurs(phrase: tuple[str, ...], words: str) -> bool:
    """Say whether the pieces of *phrase* stand in *words* one after the other, at most 60 characters apart."""
    at = words.find(phrase[0])
    for piece in phrase[1:]:
        at = words.find(piece, at + 1, at + len(phrase[0]) + 60 + len(piece)) if at >= 0 else -1
    return at >= 0
