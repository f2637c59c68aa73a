"""How the matter is named: the reference, the subject line, the one sentence of the customer's to say back."""

import re
from collections.abc import Sequence

from mailassist.answering.locale import Locale
from mailassist.answering.plain import as_value
from mailassist.reading.rude import is_rude
from mailassist.reading.sentences import split_sentences, without_salutation
from mailassist.values import Number, Particulars, Reading

MOST_NUMBERS = 2
LEAST_WEIGHT = 1.0  # of a sentence worth quoting
LEAST_WEIGHT_ALONE = 0.5  # where nothing else shows what the mail is about
QUOTED_WORDS = range(5, 37)  # shorter says nothing, longer is no longer a quotation
TOPIC_WORDS = range(1, 9)
MOST_HOSTILITY = 1 / 3  # of words to say back; whether so few are calm or upset cannot be told
MONEY = {"billing_dispute", "refund_request", "terms_dispute"}
ASKING = {"question", "status_request", "technical_help", "out_of_scope", "other", "no_response"}
QUOTE_MARKS = '"“”„«»‟'
_PREFIX = re.compile(r"^\s*(?:[^\W\d]{1,10}(?:\[\d+\]|\(\d+\))?\s*[::]\s*|\[[^\]]*\]\s*)+", re.I)


def numbered(particulars: Particulars, locale: Locale) -> list[str]:
    """Return the first numbers of the mail, each with the word for what it numbers: "order 30-55817"."""
    labels = locale.table("numbers", "labels")
    known = particulars.numbered or tuple(Number("other", one) for one in particulars.numbers)
    shown = ((labels.get(one.kind) or labels.get("other", ""), as_value(one.text)) for one in known[:MOST_NUMBERS])
    return [f"{label} {text}".strip() for label, text in shown]


def reference(reading: Reading, matter: str, locale: Locale) -> tuple[str, str]:
    """Return what stands behind the name of the matter, " (order 30-55817, 49 €)", and that without amounts; or ""."""
    particulars = reading.particulars
    numbers = numbered(particulars, locale)
    amounts = [as_value(one) for one in particulars.amounts[:2]] if matter in MONEY else []
    return _bracketed([*numbers, *amounts]), _bracketed(numbers)


def _bracketed(items: Sequence[str]) -> str:
    return f" ({', '.join(items)})" if items else ""


def thing(reading: Reading, locale: Locale) -> str:
    """Return what the mail is about without its article, "blue kettle"; empty when that is not known."""
    articles = {one.casefold() for one in locale.texts("numbers", "articles")}
    for one in reading.particulars.things[:1]:
        words = as_value(one).split()
        while words and words[0].casefold() in articles:
            words = words[1:]
        return " ".join(words)
    return ""


def topic(reading: Reading, locale: Locale) -> str:
    """Return the subject line where it names the matter and can be said back, else the thing it is about; else ""."""
    if "hardship" in {one.name for one in reading.intents}:
        return ""
    subject = _PREFIX.sub("", as_value(reading.mail.subject)).strip(" .-–—")
    for title in (subject, thing(reading, locale)):
        shouted = title.isupper() or any(len(word) > 3 and word.isupper() for word in title.split())
        named = len(title) > 3 and (" " in title or title[0].isupper())  # "squeaky" alone names nothing
        plain = named and not shouted and not re.search(r"[!?*\[\]{}<>@]|https?:", title)
        if plain and len(title.split()) in TOPIC_WORDS and _harmless(title, reading, locale):
            return title
    return ""


def telling_sentence(reading: Reading, locale: Locale) -> tuple[str, bool]:
    """
    Return the sentence of the customer's that says most of the matter, and whether it is a question; or ("", False).

    Nothing of a hostile mail is said back, no sentence with rude words or in capitals, none that quotes somebody else.
    """
    if reading.tone.level == "hostile":
        return "", False
    language = reading.language.tag
    said = [
        _capital(without_salutation(as_value(one), language)) for one in split_sentences(reading.mail.said, language)
    ]
    quotable = [(n, one) for n, one in enumerate(said) if _quotable(one, reading)]
    weighed = sorted((-_weight(one, n / len(said), reading, locale), n) for n, one in quotable)
    least = LEAST_WEIGHT if numbered(reading.particulars, locale) or topic(reading, locale) else LEAST_WEIGHT_ALONE
    for weight, n in weighed:
        if -weight >= least and _harmless(said[n], reading, locale):
            return _with_next_question(said, n, reading, locale), said[n].endswith("?")
    return "", False


def _capital(sentence: str) -> str:
    """Return *sentence* begun with a capital, but for a first word that has one within: "iPhone"."""
    first = sentence.partition(" ")[0]
    return re.sub(r"^\W*\w", lambda start: start[0].upper(), sentence) if first.islower() else sentence


def _with_next_question(said: Sequence[str], n: int, reading: Reading, locale: Locale) -> str:
    """Return said[n]; of two questions that follow each other, both."""
    pair = next((p for p in ((n, n + 1), (n - 1, n)) if p[0] >= 0 and p[1] < len(said) and _both_ask(said, p)), None)
    other = pair and said[pair[0] if pair[1] == n else pair[1]]
    if pair is None or not other or not _quotable(other, reading) or not _harmless(other, reading, locale):
        return said[n]
    return f"{said[pair[0]]} {said[pair[1]]}"


def _both_ask(said: Sequence[str], pair: tuple[int, int]) -> bool:
    first, second = said[pair[0]], said[pair[1]]
    return first.endswith("?") and second.endswith("?") and len(f"{first} {second}".split()) < QUOTED_WORDS.stop


def _quotable(sentence: str, reading: Reading) -> bool:
    words = sentence.split()
    shouted = sum(map(str.isupper, sentence)) * 5 > 2 * sum(map(str.isalpha, sentence))
    return (
        len(words) in QUOTED_WORDS
        and sentence[-1:] in ".?…"
        and not re.search(r"\s\d{1,2}\.$", sentence)  # an ordinal perhaps, and what follows it lost
        and not shouted
        and not re.search(r"https?:|www\.|@|[<>{}\[\]|*^~`\\=#]|[!?]{2}", sentence)
        and not any(mark in sentence for mark in QUOTE_MARKS)
        and not any(" " in one and as_value(one) in sentence for one in reading.tone.evidence)
    )


def _harmless(text: str, reading: Reading, locale: Locale) -> bool:
    """Say whether *text*, the customer's own words, can be said back to them: nothing rude, no mere courtesy."""
    if locale.matches("sentences", "unquotable", text) or locale.matches("sentences", "courtesy", text):
        return False
    return not is_rude(text, reading.language.tag)


def _weight(sentence: str, place: float, reading: Reading, locale: Locale) -> float:
    """Return how much *sentence* says of the matter: a request, facts, the intent's evidence, its *place* (0..1)."""
    particulars, matter = reading.particulars, reading.intents[0]
    facts = (*particulars.dates, *particulars.amounts, *particulars.things)  # the numbers stand in the reference
    evident = any(one and one.casefold() in sentence.casefold() for one in matter.evidence)
    weight = sum(fact in sentence for fact in facts) + 1.5 * evident + 0.7 * any(c.isdigit() for c in sentence)
    if matter.name == "praise_thanks" and not evident:
        return 0.0  # only the praise itself is passed on
    if sentence.endswith("?"):
        weight += 2.5 if matter.name in ASKING else 0.5
    elif locale.matches("sentences", "request", sentence):
        weight += 1.2
    elif len(sentence.split()) < 7:
        weight -= 0.5  # "That was 8 February." says little on its own
    return weight + 0.5 * (1 - place) + 0.3 * (len(sentence.split()) in range(7, 22))
