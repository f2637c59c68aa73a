"""
The words of tone: one table a language, `words/tone/<tag>.toml`, compiled into a lexicon and a net of phrases.

A table has two parts. `[words]` are lists of single words by class: a `*` at the end or the beginning stands for any
ending or beginning, a word with a capital for that word with its capital. Under `plain` stand ordinary words that would
be taken for abuse, by a star or without their marks: "psychology", Norwegian "javel". `[phrases]` are lists of phrases
by name, one a line: a word in CAPITALS stands for any word of that class, `(a|b c)` for either, `word?` for a word that
may be missing, `..` for up to three words in between. A phrase under `[guards]` takes back what it covers ("I am such
an IDIOT"); one under `[reported]` everything after it in the sentence; one under `[unguarded]` is no guard though it
looks like one ("nothing but IDIOTS"). `[parts]` are the parts of a threat that is never said, and under `harmless` what
makes a sentence none of them. `frames.toml` holds what all languages share.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from mailassist.reading.tables import one_for_all, read_table
from mailassist.reading.tone.text import parted

_TABLES = Path(__file__).parent.parent / "words" / "tone"
GAP = 3  # words that `..` may stand for
CROWD = 64  # places followed at once, from which on equal ones are merged
GUARD, REPORTED, UNGUARDED, PART = (
    "guard ",
    "reported ",
    "unguarded ",
    "part ",
)  # what the names of some phrases begin with
PARTS = {"phrases": "", "guards": GUARD, "reported": REPORTED, "unguarded": UNGUARDED, "parts": PART}
ABUSE = frozenset(("INSULT", "OBSCENE", "SLUR", "SWEAR"))
MASKABLE = ("OBSCENE", "INSULT", "SWEAR", "SLUR", "BEAST", "SEXUAL")  # classes people write with stars and digits

_MASK = re.compile(r"[*#@$€!|.\-_+&×]+|(?<=\D)\d+(?=\D|$)")
_LEET = str.maketrans("013457@$€!|", "oieastaseii")
_CYRILLIC_LEET = str.maketrans("013460@$", "оизчбоас")
_ELEMENT = re.compile(r"\([^()?]+\)\??|[^\s()?]+\??")
_RUN = re.compile(r"(.)\1{2,}")
_MASKED_PIECE = re.compile(r"[*#@$!]+|[^*#@$!]+")
_DIGRAPHS = {
    "de": ("ae oe ue ss", "äöüß"),
    "da": ("ae oe aa", "æøå"),
    "nb": ("ae oe aa", "æøå"),
    "sv": ("ae oe aa", "äöå"),
}
_STROKES = str.maketrans("øæłßđ", "oalsd")
_LATIN = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"),
    ("ya", "я"),
    ("yo", "е"), ("ye", "е"), ("ey", "ей"), ("ay", "ай"), ("oy", "ой"), ("iy", "ий"), ("yy", "ый"), ("uy", "уй"),
    *zip("abvgdezijklmnoprstufhcyw'", "абвгдезийклмнопрстуфхцывь", strict=True),
)  # fmt: skip


class Node:
    """A place in the net: where each word leads, how many words may be skipped here, and which phrases end here."""

    __slots__ = ("edges", "gap", "joined", "names")

    def __init__(self, gap: int = 0) -> None:
        self.edges: dict[str, tuple[Node, ...]] = {}
        self.joined: dict[str, tuple[Node, ...]] | None = None  # the same, as far as it was asked for, by `after`
        self.gap = gap
        self.names: tuple[str, ...] = ()

    def after(self, symbol: str) -> tuple["Node", ...]:
        """Return where a word with this symbol leads, the places of one gap joined: phrases are followed together."""
        places = self.edges[symbol]
        if len(places) == 1:
            return places
        if self.joined is None:
            self.joined = {}
        found = self.joined.get(symbol)
        if found is None:
            found = self.joined[symbol] = tuple(_joined(gap, places) for gap in {place.gap for place in places})
        return found


def _joined(gap: int, places: Iterable[Node]) -> Node:
    """Return those of *places* that have this gap as one place."""
    of_gap = list(dict.fromkeys(place for place in places if place.gap == gap))
    if len(of_gap) == 1:
        return of_gap[0]
    node = Node(gap)
    for place in of_gap:
        node.names += place.names
        for symbol, children in place.edges.items():
            node.edges[symbol] = node.edges.get(symbol, ()) + children
    return node


class Hit(NamedTuple):
    """A phrase of the tables, found from word *start* to word *end* (inclusive)."""

    name: str
    start: int
    end: int


@dataclass(slots=True)
class Lexicon:
    """The tables of one language, compiled: the classes of a word, and the phrases in a row of words."""

    language: str
    exact: dict[str, tuple[str, ...]] = field(default_factory=dict)
    prefixes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    suffixes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    classes: set[str] = field(default_factory=set)
    root: Node = field(default_factory=Node)
    steps: dict[tuple[Node, str, int], Node] = field(default_factory=dict)  # phrases that begin alike share beginnings
    symbols: Callable[[str], tuple[str, ...]] = field(init=False)  # `_symbols`, which remembers

    def __post_init__(self) -> None:
        self.symbols = lru_cache(maxsize=1024)(self._symbols)

    def _symbols(self, word: str) -> tuple[str, ...]:
        """Return the classes of *word* (written in any way), and the word itself where phrases name it."""
        found = self._look_up(word)
        return tuple(sorted(found - ABUSE if "PLAIN" in found else found))

    def find(self, rows: Sequence[tuple[str, ...]]) -> list[Hit]:
        """Return every phrase in a row of words, each word given by its symbols."""
        found: set[tuple[str, int, int]] = set()
        active: list[tuple[Node, int, int]] = []  # a place in the net, the last word that may follow, where it began
        root = self.root
        for position, symbols in enumerate(rows):
            if not symbols:
                continue
            followed = [entry for entry in active if entry[1] >= position]
            active = [entry for entry in followed if entry[1] > position]
            for node, _, start in [*followed, (root, position, position)]:
                for symbol in symbols:
                    if symbol in node.edges:
                        for child in node.after(symbol):
                            if child.names:
                                found.update((name, start, position) for name in child.names)
                            if child.edges:
                                active.append((child, position + child.gap + 1, start))
            if len(active) > CROWD:
                active = list(dict.fromkeys(active))
        return [Hit(*hit) for hit in sorted(found)]

    def add_word(self, symbol: str, entry: str) -> None:
        """Enter one word of a list; a star at either end stands for any letters, a capital for itself alone."""
        if symbol.isupper():
            self.classes.add(symbol)
        if symbol.isupper() and not entry.islower() and entry[0].isalpha():
            _enter(self.exact, entry, symbol)
            return
        for form in spellings(entry, self.language):
            entries = self.prefixes if form.endswith("*") else self.suffixes if form.startswith("*") else self.exact
            _enter(entries, one_for_all(form.strip("*"), self.language), symbol)

    def add_phrase(self, name: str, phrase: str) -> None:
        """Enter one phrase into the net; ValueError where it cannot be read."""
        phrase = parted(" ".join(phrase.split())).replace("' ", " ").replace("'|", "|").replace("')", ")")
        elements = _ELEMENT.findall(phrase)
        if "".join(elements) != phrase.replace(" ", "") and " ".join(elements) != phrase:
            raise ValueError(f"{self.language}: {name}: cannot read {phrase!r}")
        nodes = [self.root]
        for index, element in enumerate(elements):
            if element == "..":
                continue
            gap = GAP if elements[index + 1 : index + 2] == [".."] else 0
            child = self._child(nodes, element.removesuffix("?"), gap)
            nodes = [*nodes, child] if element.endswith("?") else [child]
        for node in nodes:
            node.names += (name,)

    def _child(self, nodes: list[Node], element: str, gap: int) -> Node:
        """Return the place after *element*, one of whose alternatives leads there from each of *nodes*."""
        spelled = [words.split() for words in element.strip("()").split("|")]
        alternatives = [[one_for_all(word, self.language) for word in words] for words in spelled]
        for word in {word for alternative in alternatives for word in alternative if not word.isupper()}:
            self.add_word(word, word)
        shared = (nodes[0], element, gap)
        if len(nodes) == 1 and shared in self.steps:
            return self.steps[shared]
        child = Node(gap)
        if len(nodes) == 1:
            self.steps[shared] = child
        alone = (child,)
        for *before, last in alternatives:
            places = nodes
            for word in before:
                step = Node()
                _connect(places, word, (step,))
                places = [step]
            _connect(places, last, alone)
        return child

    def _look_up(self, word: str) -> set[str]:
        plain = word.casefold().replace("ё", "е").replace("’", "'").strip(".-!'")
        written = word.strip(".-!'")
        found = self._classes(plain).union(self.exact.get(written, ()))
        if written.isupper():
            found.update(self.exact.get(written.capitalize(), ()))
        if self.language == "ru" and plain.isascii():
            found |= self._classes(from_latin(plain))
        if not found and (squeezed := _RUN.sub(r"\1\1", plain)) != plain:
            found = self._classes(squeezed) or self._classes(_RUN.sub(r"\1", plain))
        if not found and _MASK.search(plain):
            found = self._unmask(plain)
        return found

    def _classes(self, word: str) -> set[str]:
        listed = self.exact.get(word, ())
        found, longest = set(listed), dict.fromkeys(listed, len(word) + 1)
        for length in range(2, len(word) + 1):
            for symbol in (*self.prefixes.get(word[:length], ()), *self.suffixes.get(word[-length:], ())):
                found.add(symbol)
                longest[symbol] = max(length, longest.get(symbol, 0))
        if longest.get("STUPID", 0) > longest.get("INSULT", 0) < len(word) - 1:
            found.discard("INSULT")  # "idiotic" is said of things as well, "idiot" and "idiots" are not
        return found

    def _unmask(self, word: str) -> set[str]:
        if sum(map(str.isalpha, word)) < 2:
            return set()
        latin = word.translate(_LEET)
        plain = (
            self._classes(latin)
            | self._classes(latin.replace("i", "l"))
            | self._classes(word.translate(_CYRILLIC_LEET))
        )
        plain |= self._classes(re.sub(r"[*.\-_+]", "", word))
        if hidden := plain.intersection(MASKABLE):
            return hidden
        if not word[0].isalpha() or not re.search(r"[*#@$!]", word[1:]):
            return set()
        hidden = {symbol for entry in self.exact if _may_be(word, entry) for symbol in self.exact[entry]}
        for end in range(len(word), max(len(word) - 4, 2), -1):  # a beginning stands for what follows it, too
            matching = (entry for entry in self.prefixes if _may_be(word[:end], entry))
            hidden.update(symbol for entry in matching for symbol in self.prefixes[entry])
        return hidden.intersection(MASKABLE)


def _may_be(masked: str, entry: str) -> bool:
    """Return whether *masked* may stand for *entry*: "f*ck", "m***n"; a sign stands for up to three letters."""
    if entry[0] != masked[0]:
        return False
    shape = "".join(".{1,3}" if piece[0] in "*#@$!" else re.escape(piece) for piece in _MASKED_PIECE.findall(masked))
    return re.fullmatch(shape, entry) is not None


def _enter(entries: dict[str, tuple[str, ...]], word: str, symbol: str) -> None:
    symbols = entries.get(word, ())
    if symbol not in symbols:
        entries[word] = (*symbols, symbol)


def _connect(nodes: list[Node], symbol: str, children: tuple[Node, ...]) -> None:
    for node in nodes:
        node.edges[symbol] = node.edges.get(symbol, ()) + children


def _share(node: Node, known: dict[object, Any], shared: dict[Node, Node]) -> Node:
    """Return a place that is equal to *node*, one for all: phrases that end alike share their ends."""
    found = shared.get(node)
    if found is None:
        edges = node.edges
        for symbol, children in edges.items():
            same = tuple(_share(child, known, shared) for child in children)
            edges[symbol] = known.setdefault(same, same)
        node.names = known.setdefault(node.names, node.names)
        found = shared[node] = known.setdefault((node.gap, node.names, frozenset(edges.items())), node)
    return found


def spellings(entry: str, language: str) -> set[str]:
    """Return the ways *entry* is written: as it stands, without its marks, and with the digraphs of its language."""
    entry = entry.casefold().replace("ё", "е")
    forms = {entry}
    if language != "ru":
        forms.add(
            "".join(c for c in unicodedata.normalize("NFD", entry) if not unicodedata.combining(c)).translate(_STROKES)
        )
    if language in _DIGRAPHS:
        digraphs, letters = _DIGRAPHS[language]
        forms.add(entry.translate({ord(c): d for c, d in zip(letters, digraphs.split(), strict=True)}))
    return forms


def from_latin(word: str) -> str:
    """Return a Russian word typed in Latin letters in its own."""
    for latin, letter in _LATIN:
        word = word.replace(latin, letter)
    return word


@cache
def lexicon(language: str) -> Lexicon:
    """Return the compiled tables of *language*, which has one (`languages`)."""
    made = Lexicon(language)
    for part_of in (read_table(f"tone/{language}"), read_table("tone/frames")):
        for symbol, words in part_of.get("words", {}).items():
            for word in words.split():
                made.add_word(symbol.upper(), word)
        for part, prefix in PARTS.items():
            for name, phrases in part_of.get(part, {}).items():
                for phrase in _lines(phrases):
                    made.add_phrase(prefix + name.replace("_", " "), phrase)
    made.steps.clear()  # needed while phrases are entered only
    known: dict[object, Any] = {}
    _share(made.root, known, {})
    for entries in (made.exact, made.prefixes, made.suffixes):
        for word, symbols in entries.items():
            entries[word] = known.setdefault(symbols, symbols)
    return made


@cache
def languages() -> frozenset[str]:
    """Return the tags that have a table."""
    return frozenset(path.stem for path in _TABLES.glob("*.toml")) - {"frames"}


def _lines(text: str) -> Iterable[str]:
    return (line for line in (line.partition("#")[0].strip() for line in text.splitlines()) if line)
