"""
A text as it came -> the customer's own words in it, without what brings other languages along.

What misleads most in a customer's mail is not its language but what lies around it: quoted mail, a signature in another
language, code and logs, error messages in quotation marks, names of products. A step that may take too much is undone
when it leaves too little. Every pattern is linear, or looks at runs of limited length.
"""

import re
import unicodedata
from collections.abc import Callable
from html import unescape

from mailassist.reading.language.lines import own_lines

LOOKED_AT = 8_000  # characters; quotations stand above an answer now and then
READ_AT_MOST = 6_000  # characters of one's own words; the rest is in the same language
SHORT = 14  # words, of which the salutation is one that tells
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ud800-\udfff]"
)
_LONG_RUN = re.compile(r"[!-~\u00a1-\u052f]{50,}")  # base64, keys, tokens
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,300}>")
_FENCE = re.compile(r"```.{0,4000}?(?:```|\Z)", re.DOTALL)
_PREFIX = re.compile(
    r"\s*(?:(?:re|fwd?|fw|aw|wg|sv|vs|vb|vl|tr|rv|odp|enc|antw|doorst|i|r|pd|ответ|відп|subject|betreff|emne|objet|ämne|asunto|oggetto|temat|assunto"
    r"|aihe|onderwerp|тема|předmět)\s?(?:\[\d+\])?:\s*)+",
    re.IGNORECASE,
)
_ENDING = (
    "com|net|org|info|biz|eu|io|co|example|pdf|jpe?g|png|gif|exe|dll|jsx?|py|php|html?|zip|docx?|xlsx?|csv|txt|log|json"
    "|xml|css|conf|cfg|ini|sh|so|app|mp[34]"
)
_UNSPOKEN = re.compile(
    r"https?://\S{1,60}|\bwww\.\S{1,60}|\S{1,50}@\S{1,50}|[@#]\w{1,40}"
    rf"|\b[\w-]{{1,40}}\.(?:{_ENDING})\b|\b\w{{1,40}}(?:\.\w{{1,40}}){{2,}}"  # host and file names
    r"|(?:[\w.:-]{0,40}[/\\]){2,}[\w.-]{0,40}|\b\w{1,40}(?:::|->)\w{1,40}|\b\w{1,40}\(\)"  # paths, calls
    r"|\b[a-z]+[A-Z]\w{0,40}|\b[^\W\d_]{0,40}\d\w{0,40}|\b\w{0,40}_\w{0,40}"  # camelCase, numbers, snake_case
)
_PERHAPS_UNSPOKEN = re.compile(r"(?<!\S)\S*?(?:[@#/\\:_(\d]|\.\S|->|[a-z][A-Z])\S*")  # nothing of it spans a blank
_QUOTATION = re.compile(r"[\"„“”«»‚‘‹›'`][^\"„“”«»‚‘’‹›'`\n]{2,160}[\"“”«»‘’‹›'`](?!\w)")
_POLITE = (
    "Sie|Ihnen|Ihre?[nmrs]?|De|Dem|Deres|Du|Dir|Dich|Dein[enmrs]?|Euch|Eure?|U|Uw|Lei|La|Le|Vous|Usted|Ustedes|Ni|I['’]"
)
_NAME = re.compile(
    rf"(?<=[a-zß-öø-ÿāăąćčďđēėęěğģīįķļłńņňőœŕřśşšťţūůűųźżž][ ,(])(?!(?:{_POLITE})\b)[A-ZÀ-ÖØ-Þ][\w'’-]{{1,40}}"
)
_UNCAPITALISED = re.compile(r"(?<![^\W\d_])[a-zß-öø-ÿ][A-Za-z\u00aa-\u024f]*")
_LATIN = re.compile(r"[A-Za-z\u00aa-\u024f\u1e00-\u1eff]+")
_SCRIPTS = (
    ("latin", _LATIN),
    ("cyrillic", re.compile(r"[\u0400-\u052f]+")),
    ("greek", re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]+")),
    ("hebrew", re.compile(r"[\u0590-\u05ff]+")),
    ("arabic", re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]+")),
    ("devanagari", re.compile(r"[\u0900-\u097f]+")),
    ("thai", re.compile(r"[\u0e00-\u0e7f]+")),
    ("kana", re.compile(r"[\u3040-\u30ff]+")),
    ("hangul", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]+")),
    ("han", re.compile(r"[\u3400-\u9fff]+")),
    (
        "other",
        re.compile(r"[\u0530-\u058f\u0700-\u074f\u0780-\u08ff\u0980-\u0dff\u0e80-\u10ff\u1200-\u1cff\ua000-\uabff]+"),
    ),
)

_FOREIGN = re.compile("|".join(pattern.pattern for name, pattern in _SCRIPTS if name != "latin"))


def own_words(said: str) -> tuple[str, str]:
    """Return the script, a name of _SCRIPTS or "" where there are no letters, and the customer's own words."""
    text = _LONG_RUN.sub(" ", _INVISIBLE.sub("", said[:LOOKED_AT]))
    text = _unless_left(2, lambda t: _FENCE.sub("\n", t), text) if "```" in text else text
    if "<" in text:
        text = unescape(_TAG.sub(" ", text))
    text = "\n".join(own_lines(text))[:READ_AT_MOST]
    if ":" in text:
        text = _PREFIX.sub("", text, count=1)
    text = _PERHAPS_UNSPOKEN.sub(_spoken, text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    script, text = _in_one_script(text)
    text = _unless_left(4, lambda t: _QUOTATION.sub(" ", t), text)
    text = _unless_left(4, lambda t: _NAME.sub(" ", t), text)
    return script, _unless_left(SHORT, _without_salutation, text)


def _spoken(run: re.Match[str]) -> str:
    """Return what is left of a run without blanks when addresses, paths, code and numbers are taken out of it."""
    return _UNSPOKEN.sub(" ", run[0])


def _unless_left(least: int, step: Callable[[str], str], text: str) -> str:
    """Return step(text), or *text* where that leaves fewer than *least* words."""
    shorter = step(text)
    return shorter if len(shorter.split()) >= least else text


def _in_one_script(text: str) -> tuple[str, str]:
    """Return the script *text* is written in, and *text* without the letters of other scripts."""
    if text.isascii() or not _FOREIGN.search(text):
        return ("latin" if _LATIN.search(text) else ""), text
    letters = {name: sum(map(len, pattern.findall(text))) for name, pattern in _SCRIPTS}
    total = sum(letters.values())
    if not total:
        return "", text
    if letters["kana"] * 8 >= letters["han"]:  # Japanese is written in both
        letters["kana"] += letters.pop("han")
    foreign = max((name for name in letters if name != "latin"), key=letters.__getitem__)
    spoken = sum(map(len, _UNCAPITALISED.findall(text)))  # Latin names among other letters do not count
    script = foreign if letters[foreign] * 4 >= total or letters[foreign] > max(spoken, total / 8) else "latin"
    for name, pattern in _SCRIPTS:
        if letters.get(name) and name != script:
            text = pattern.sub(" ", text)
    return script, text


def _without_salutation(text: str) -> str:
    """Return *text* without a first line of at most four words that a comma or an empty line ends: "Dear John,"."""
    first, _, rest = text.strip().partition("\n")
    is_salutation = len(first.split()) <= 4 and (first.rstrip().endswith((",", "!", ":", ".")) or rest.startswith("\n"))
    return rest if is_salutation else text
