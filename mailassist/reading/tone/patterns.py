"""The named patterns in a text: what fired, in the customer's own words; and which classes of words stand in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mailassist.reading.tone.lexicon import GUARD, PART, REPORTED, UNGUARDED, Hit, Lexicon
from mailassist.reading.tone.text import Sentence

KINDS = {  # the kind of hostility each named pattern is
    "violence": "threat",
    "damage": "threat",
    "veiled threat": "threat",
    "extortion": "threat",
    "harassment": "harassment",
    "sexual remark": "harassment",
    "obscenity": "profanity",
    "insult": "insult",
    "name calling": "insult",
    "dehumanising": "insult",
    "accusation": "insult",
    "contempt": "insult",
    "belittling": "insult",
    "sarcasm at a person": "insult",
    "wish of harm": "insult",
    "order to vanish": "insult",
    "order to be silent": "insult",
}
ACROSS_CLAUSES = frozenset((GUARD + "kin", GUARD + "praise"))  # "my husband, the idiot,", "you are mad, thank you"
# Parts of a threat that is never said: what they know of somebody, what may happen, and what they want. Two of them, a
# grave one among them, are a threat; a sentence that wants to fetch a thing, or wishes well, is no part of one.
THREAT_IN_PARTS = "threat in parts"
GRAVE_PARTS = frozenset(("private", "menace", "harm"))
HARMLESS, DEMAND = "harmless", "demand"
VOCATIVE_WORDS = 3  # "you lazy idiots", "Idiots.", "..., idiots": no longer than this
NAMES_OF_ABUSE = {"INSULT": "insult", "OBSCENE": "obscenity", "SLUR": "harassment"}
ABUSIVE = frozenset(("INSULT", "OBSCENE", "SLUR", "BEAST", "ACCUSE", "STUPID", "SWEAR", "SEXY", "HARM", "DIE"))
LEADING_TO_ABUSE = frozenset(("YOU", "YE", "STUPID", "SWEAR", "BUNCH", "SMALL", "BE"))  # "you Moron" is no name


@dataclass(slots=True)
class Findings:
    """What the tables find in a text: how often each pattern fired, which words are there, and the evidence."""

    patterns: Counter[str] = field(
        default_factory=Counter
    )  # by name; "shouted " before it where the sentence is in capitals
    words: Counter[str] = field(
        default_factory=Counter
    )  # by class; "CLASS+YOU" where the reader is addressed in the sentence
    struck: int = 0  # sentences with a pattern of hostility
    guards: int = 0  # patterns taken back
    meant: list[str] = field(default_factory=list)  # each sentence without the words that a guard covers
    phrases: dict[str, str] = field(default_factory=dict)  # a phrase for each pattern that fired, as written
    classes: list[dict[str, str]] = field(default_factory=list)  # of each sentence's words, with the first of each;
    # the parts of a threat among them, in small letters
    parts: dict[str, str] = field(default_factory=dict)  # a phrase for each part of a threat, as written
    upset: list[str] = field(default_factory=list)  # the words of displeasure, as written

    @property
    def threatened(self) -> bool:
        """Whether there are parts enough for a threat."""
        return len(self.parts) > 1 and not GRAVE_PARTS.isdisjoint(self.parts)


def find_patterns(sentences: Sequence[Sentence], words: Lexicon) -> Findings:
    """Return the patterns and word classes of *sentences*, those left out that a guard covers."""
    found = Findings()
    for sentence in sentences:
        rows = _without_names(sentence, [words.symbols(word) for word in sentence.words], words.language)
        hits = [*words.find(rows), *_name_calling(sentence, rows)]
        covered = _covered(hits, sentence)
        _count_words(found, sentence, rows, covered, words.classes)
        found.upset += [word for word, symbols in zip(sentence.words, rows, strict=True) if "UPSET" in symbols]
        found.meant.append(" ".join(word for place, word in enumerate(sentence.words) if place not in covered))
        if sentence.shouted and any("YOU" in symbols for symbols in rows):
            found.patterns["shouted at you"] += 1
        _note(found, sentence, hits, covered)
    return found


def _note(found: Findings, sentence: Sentence, hits: Sequence[Hit], covered: set[int]) -> None:
    """Enter what fired in one sentence, and the phrases it fired at."""
    is_harmless = any(hit.name == PART + HARMLESS for hit in hits)
    fired: set[str] = set()
    for hit in hits:
        if hit.name.startswith((GUARD, REPORTED, UNGUARDED)):
            continue
        phrase = " ".join(sentence.words[hit.start : hit.end + 1])
        if hit.start in covered or hit.end in covered or (is_harmless and hit.name == "veiled threat"):
            found.guards += hit.name in KINDS
        elif not hit.name.startswith(PART):
            fired.add(hit.name)
            found.phrases[hit.name] = min(found.phrases.get(hit.name, phrase), phrase, key=len)
        else:
            part = hit.name.removeprefix(PART)
            found.classes[-1].setdefault(part, phrase)
            if not is_harmless or part == DEMAND:
                found.parts.setdefault(part, phrase)
    found.struck += not fired.isdisjoint(KINDS)
    for name in fired:
        found.patterns[name] += 1
        if sentence.shouted and name in KINDS:
            found.patterns["shouted " + name] += 1


def _without_names(sentence: Sentence, rows: Sequence[tuple[str, ...]], language: str) -> list[tuple[str, ...]]:
    """Return *rows*, proper names freed of what they would mean as words: "Mr Crook", "Caroline Dick"."""
    if sentence.shouted or language == "de":  # German writes every noun with a capital; its table names the titles
        return list(rows)
    return [
        symbols
        if ABUSIVE.isdisjoint(symbols) or not _is_name(sentence, rows, place)
        else tuple(symbol for symbol in symbols if symbol not in ABUSIVE)
        for place, symbols in enumerate(rows)
    ]


def _is_name(sentence: Sentence, rows: Sequence[tuple[str, ...]], place: int) -> bool:
    word = sentence.words[place]
    if not place or not word[0].isupper() or (len(word) > 1 and word.isupper()):
        return False
    return sentence.clauses[place] == sentence.clauses[place - 1] and LEADING_TO_ABUSE.isdisjoint(rows[place - 1])


def _covered(hits: Sequence[Hit], sentence: Sentence) -> set[int]:
    """Return the places that a guard takes back: its own, within one clause; after reported speech, all that follow."""
    covered: set[int] = set()
    spared = {place for hit in hits if hit.name.startswith(UNGUARDED) for place in range(hit.start, hit.end + 1)}
    for hit in hits:
        places = range(hit.start, hit.end + 1)
        one_clause = hit.name in ACROSS_CLAUSES or sentence.clauses[hit.start] == sentence.clauses[hit.end]
        if hit.name.startswith(REPORTED):
            covered.update(range(hit.start, len(sentence.words)))
        elif hit.name.startswith(GUARD) and one_clause and spared.isdisjoint(places):
            covered.update(places)
    return covered


def _name_calling(sentence: Sentence, rows: Sequence[tuple[str, ...]]) -> list[Hit]:
    """
    Return the nouns of abuse, wherever they stand.

    In a clause of no more than three words they are called out at somebody: "Idiots!", ", you lazy idiots".
    """
    called = [(place, symbol) for place, symbols in enumerate(rows) for symbol in symbols if symbol in NAMES_OF_ABUSE]
    sizes = Counter(sentence.clauses) if called else {}
    return [
        Hit(NAMES_OF_ABUSE[name] if sizes[sentence.clauses[place]] <= VOCATIVE_WORDS else "name calling", place, place)
        for place, name in called
    ]


def _count_words(
    found: Findings, sentence: Sentence, rows: Sequence[tuple[str, ...]], covered: set[int], known: set[str]
) -> None:
    classes: dict[str, str] = {}
    for place, symbols in enumerate(rows):
        if symbols and place not in covered:
            for name in symbols:
                if name in known:
                    classes.setdefault(name, sentence.words[place])
    for name in classes:
        found.words[name] += 1
        if "YOU" in classes:
            found.words[name + "+YOU"] += 1
    found.classes.append(classes)
