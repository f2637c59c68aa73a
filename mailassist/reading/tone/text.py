"""
A text made ready for judging its tone: sentences, and the words of each as they were meant.

Quoted passages are somebody else's words and are cut out. Spaced letters ("i d i o t") are put together; digits and
signs inside a word are undone at the lexicon (`lexicon.Lexicon`), where it is known which word was meant.
"""

import re
import unicodedata
from dataclasses import dataclass

HEAD, TAIL = 7000, 2000  # characters judged of a longer text: its beginning, and its end, where threats stand
MAX_SENTENCES = 400
MIN_SHOUTED_WORDS = 2
FEWEST_CAPITALS = 9  # 70 % of twelve letters
QUOTED = "▪"  # stands for a quoted passage

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0f\ufeff]")
_QUOTATION = re.compile(
    r"“[^“”]{2,400}[”“]|„[^„“”\"]{2,400}[“”\"]|«[^«»]{2,400}»|»[^«»]{2,400}«|\"[^\"\n]{2,400}\""
    r"|(?<![\w’'])‘[^‘’]{2,300}’(?!\w)|(?<!\S)'[^'\n]{3,300}'(?![\w'])|‚[^‚‘]{2,300}‘"
)
_SPACED = re.compile(r"(?<![\w'’])(?:[^\W\d_][ .\-_*]){3,}[^\W\d_](?![\w'’])")
_BREAK = re.compile(r"(?<=[.!?…。])[\"”»)\]]*\s+|\n\s*\n|\n(?=[\s>*•\-–]*[A-ZÀ-ÞА-ЯŁŚŻŹĆ])|(?<=[.!?]{2})(?=\w)")
_WORD = re.compile(r"[^\W_](?:[\w*@$#€!|+&'’.\-]*[\w*@$#€])?|▪|[*#@$][\w*#@$!]{2,}|[,;:()–—]")
ELISION = re.compile(  # d'idiots, dell'idiota: two words
    r"(?i)(?<![\w'’])((?:[ldnstmjc]|qu|jusqu|puisqu|lorsqu|un|dell|nell|all|sull|dall|quell|bell|coll|gl))['’](?=\w)"
)
CLITIC = re.compile(r"(?i)(?<=\w\w)-(me|te|lhes?|nos|vos|moi|toi|vous|nous|lui|leur)(?![\w-])")  # chamou-me, passez-moi
_PUNCTUATION = frozenset(",;:()–—")
# A comma before these parts no clause off in German, Danish, Russian and Polish: "I do not say, that you are idiots".
_JOINING = frozenset(
    ("dass", "daß", "ob", "at", "att", "that", "dat", "что", "чтобы", "будто", "że", "żeby", "jakoby", "che", "que")
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its words as written, which of them begin a clause, and how it was said."""

    text: str  # as written
    words: tuple[str, ...]
    clauses: tuple[int, ...]  # the number of the clause each word stands in
    shouted: bool  # nearly all in capitals, and more than an acronym


def clean(said: str) -> str:
    """Return *said* in its usual letters: NFKC, nothing invisible, no lone surrogates, spaced letters joined."""
    if len(said) > HEAD + TAIL:
        said = said[:HEAD] + "\n\n" + said[-TAIL:]
    text = said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _SPACED.sub(lambda match: _joined(re.sub(r"[ .\-_*]", "", match.group())), text)


def _joined(letters: str) -> str:
    """Return spaced letters as a word, a pronoun of one letter left apart: "i i d i o t e r", "u t w a t s"."""
    apart = letters[0] == letters[1] or (letters[0] in "uU" and letters[1] not in "aeinrstAEINRST")
    return f"{letters[0]} {letters[1:]}" if apart else letters


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a cleaned text, quoted passages replaced by one sign; no more than MAX_SENTENCES."""
    pieces = (piece.strip() for piece in _BREAK.split(_QUOTATION.sub(f" {QUOTED} ", text)) if piece)
    return [_sentence(piece) for piece in pieces if piece][:MAX_SENTENCES]


def parted(text: str) -> str:
    """Return *text* with what Romance languages tie to a word set apart: "d'idiots", "chamou-me"."""
    if "'" in text or "’" in text:
        text = ELISION.sub(r"\1 ", text)
    return CLITIC.sub(r" \1", text) if "-" in text else text


def _sentence(text: str) -> Sentence:
    words, clauses, clause, pause = [], [], 0, False
    for token in _WORD.findall(parted(text)):
        if token in _PUNCTUATION:
            pause = True
            continue
        clause += pause and token.lower() not in _JOINING
        pause = False
        words.append(token)
        clauses.append(clause)
    return Sentence(text, tuple(words), tuple(clauses), is_shouted(text))


def is_shouted(text: str) -> bool:
    """Return whether *text* is in capitals: 70 % of its letters, of which there are twelve, and two words or more."""
    capitals = sum(map(str.isupper, text))
    if capitals < FEWEST_CAPITALS:
        return False
    letters = sum(map(str.isalpha, text))
    if letters < 12 or capitals < 0.7 * letters:
        return False
    long_words = sum(len(word) > 2 and word.isupper() for word in text.split())
    return long_words >= MIN_SHOUTED_WORDS
