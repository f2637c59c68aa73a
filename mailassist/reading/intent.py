"""
What a message wants or complains of: the intents of the playbook, with the customer's own words for each.

The tables `words/intent/<tag>.toml` name what phrases show ("no_answer", "refund"), alike in every language;
`models/intent.json` says how much each of them speaks for each intent, and a table a language how much its words do,
cues or not. All is learned by training/train_intent.py.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from mailassist.reading.cues import CueTable, Hit, Word, split_words
from mailassist.reading.intent_model import Model, load_model, load_words, odds, shares
from mailassist.reading.tables import read_table, table
from mailassist.reading.together import adding, join, pairs
from mailassist.reading.vocabulary import RELATED
from mailassist.values import Aspect, Intent

MOST_READ = 12_000  # characters of a message that are read
MOST_INTENTS = 3
MOST_EVIDENCE = 3  # phrases shown for an intent
STANDS_OUT = 0.35  # probability from which a further intent is named
SURELY = 0.6  # of one that changes the whole answer
CHANGING = frozenset({"hardship", "misdirected", "out_of_scope", "other", "praise_thanks", "unreasonable_demand"})
PLAIN, PLAINLY_ASKED = 2.2, 0.03  # weight of a cue that leaves no doubt, and the probability that is enough beside it
UNSPOKEN = 0.01  # probability of an intent that no word speaks for
SPEAKS = 0.25  # weight from which a phrase is shown as evidence
OVERDUE = frozenset({"promised", "not_arrived", "late"})
OF_THE_SUBJECT = "subject: "
OF_A_QUESTION = "asked: "
LONGEST_SIGNED = 4  # words of a line that may be a name
TOLD: Mapping[str, str] = {  # what leaves no doubt of a matter, however unlikely it is beside the rest
    **dict.fromkeys(("no_reply", "no_call_back", "nobody_picks_up"), "no_response"),
    **dict.fromkeys(("of_subscription", "of_order"), "cancellation"),
    "refund": "refund_request",
    "charged_twice": "billing_dispute",
    "came_late": "late_delivery",
}
AS_TOLD = 0.5  # probability of such a matter
NOTHING_ELSE_TO_ASK = frozenset({"praise_thanks", "cancellation"})  # a question such a mail ends with is another matter
AT_THE_END = 2  # sentences
FEWEST_ASKED = 3  # words of a question that is one
QUESTION = "question"
OTHER = "other"  # what is left: it needs no evidence
_QUESTION = re.compile(r"[^\W_][^.!?\n]{3,200}\?")
_ASKED_ON = re.compile(r"[^?!\n]{8,240}(?<!, ..)(?<!, ...)\?(?=\s|$)")  # not "…, yes?"
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|\n\s*\n")
_TABLES = Path(__file__).parent / "words" / "intent"


def find_intents(said: str, language: str, subject: str = "") -> tuple[Intent, ...]:
    """
    Return what *said* wants, the most weighty first, each with the phrases that show it; never empty.

    "other" where nothing stands out. language: its RFC 5646 tag; English is taken for one without a table.
    The subject is worth giving: it often names the matter that the text only is angry about.
    """
    said, subject = said[:MOST_READ], subject[:MOST_READ]
    text, language = unsigned(said), table_of(language)
    hits, subject_hits = find_cues(text, language), find_cues(subject, language)
    features, model = weigh(said, hits, subject_hits), load_model("first")
    most, likely = shares(model, features), odds(load_model("each"), features)
    words = load_words(language) if language else None
    share = weighed_together(most, likely, words.shares(f"{subject}\n{text}") if words else dict.fromkeys(most, 1.0))
    first = _first(share, likely)
    phrases = (*_phrases(said, hits), *_phrases(subject, subject_hits))
    found = []
    for name in (first, *sorted(likely.keys() - {first}, key=lambda name: -likely[name])):
        if name != first and likely[name] < PLAINLY_ASKED:
            break  # the others are less likely still
        evidence = _evidence(model, name, phrases) or (_asked(said) if name == QUESTION else ())
        if name == first and words and not evidence and share[name] >= STANDS_OUT:
            evidence = words.evidence(text, name, MOST_EVIDENCE)
        if name == first and (evidence or name == OTHER):
            found.append(Intent(name, evidence, round(share[name], 3)))
        elif evidence and (likely[name] >= stands_out(name) or _is_plain(model, name, phrases, likely[name])):
            found.append(Intent(name, evidence, round(likely[name], 3)))
    found = _settled(found, hits)[:MOST_INTENTS]
    found = _asking(model, found, text, hits, language)
    return tuple(found) or (Intent(OTHER, (), 0.0),)


def in_order(intents: Sequence[Intent], aspects: Collection[str]) -> tuple[Intent, ...]:
    """Return *intents*, what was charged after the end before the end itself, which is no longer what is asked for."""
    names = [intent.name for intent in intents]
    if "charged_after_end" not in aspects or names[0] != "cancellation" or "billing_dispute" not in names:
        return tuple(intents)
    return tuple(sorted(intents, key=lambda intent: intent.name != "billing_dispute"))


def with_told(intents: Sequence[Intent], aspects: Mapping[Aspect, str]) -> tuple[Intent, ...]:
    """
    Return *intents* with those behind them that *aspects* leave no doubt of, for what is less likely if need be.

    aspects: each with the words that tell it.
    """
    known = {intent.name for intent in intents}
    words: dict[str, str] = {}
    for one, said in aspects.items():
        if one in TOLD and TOLD[one] not in known:
            words.setdefault(TOLD[one], said)
    told = [Intent(name, (said,), AS_TOLD) for name, said in words.items()]
    kept = [one for one in intents[1:] if one.likely >= AS_TOLD] if told else intents[1:]
    return (*intents[:1], *kept, *told)[:MOST_INTENTS]


def meant_for_others(evidence: tuple[str, ...], intents: Sequence[Intent]) -> tuple[Intent, ...]:
    """Return "misdirected" for the *evidence* there is of it, and of *intents* only hardship: the rest is not ours."""
    hardship = [one for one in intents if one.name == "hardship"]
    return (Intent("misdirected", evidence[:MOST_EVIDENCE], SURELY), *hardship)


def _asking(model: Model, found: list[Intent], text: str, hits: Sequence[Hit], language: str) -> list[Intent]:
    """Return *found* with "question" behind it where a sentence adds one: "Also, do you …?"."""
    if len(found) == MOST_INTENTS or {QUESTION, OTHER} & {intent.name for intent in found}:
        return found
    cues = cues_of(language)
    words, phrases = split_words(text, cues.language), cues.find(text)
    if found and (aside := _asked_aside(text, words, phrases, found[0].name)):
        return [*found, Intent(QUESTION, (aside,), AS_TOLD)]
    for number in sorted(adding(words, phrases)):
        asked = [hit for hit in hits if hit.sentence == number and hit.name in model.weights and _is_asked(text, hit)]
        sums = {name: _sum(model, name, asked) for name in (QUESTION, *(intent.name for intent in found))}
        evidence = _evidence(model, QUESTION, _phrases(text, asked))
        if evidence and max(sums, key=lambda name: sums[name]) == QUESTION:
            return [*found, Intent(QUESTION, evidence, STANDS_OUT)]
    return found


def _asked_aside(text: str, words: Sequence[Word], phrases: Iterable[Hit], first: str) -> str:
    """Return the question of *text* that is asked by the way, or that a mail ends with which needs no answer; or ""."""
    named = {name: {hit.sentence for hit in phrases if hit.name == name} for name in ("aside", "thanks")}
    last = words[-1].sentence if words else 0
    at_the_end = set(range(last + 1 - AT_THE_END, last + 1)) if first in NOTHING_ELSE_TO_ASK else set()
    for number in sorted(
        named["aside"] | (at_the_end - named["thanks"]), reverse=True
    ):  # "Would you pass on our thanks?"
        own = [word for word in words if word.sentence == number]
        asked = _ASKED_ON.match(text, own[0].start) if len(own) >= FEWEST_ASKED else None
        if asked and (number in named["aside"] or "?" in text[own[-1].end : asked.end()]):
            return " ".join(asked[0].split())
    return ""


def _settled(found: list[Intent], hits: Iterable[Hit]) -> list[Intent]:
    """Return *found* without the question when it comes, where it is late: that belongs to the delay."""
    overdue = OVERDUE & {hit.name for hit in hits} and "late_delivery" in {intent.name for intent in found}
    return [one for one in found if not (overdue and one.name == "status_request" and one is not found[0])]


def _asked(said: str) -> tuple[str, ...]:
    """Return the first question of *said*, for one that none of our cues is in."""
    asked = _QUESTION.search(said)
    return (" ".join(asked[0].split()),) if asked else ()


def _sum(model: Model, intent: str, hits: Iterable[Hit]) -> float:
    return sum(model.weight(name, intent) for name in {hit.name for hit in hits})


def find_cues(text: str, language: str) -> list[Hit]:
    """Return what the phrases of *text* show, in any language, alone and together."""
    cues = cues_of(language)
    return join(cues.find(text))


def weigh(said: str, hits: Sequence[Hit], subject_hits: Sequence[Hit] = ()) -> dict[str, float]:
    """Return the features of a message by name: what its phrases show, its questions, exclamations and length."""
    features = defaultdict[str, float](float)
    for name, count in Counter(hit.name for hit in hits).items():
        features[name] = 1 + math.log(count)
    for name in {hit.name for hit in subject_hits}:
        features[name] += 1
        features[OF_THE_SUBJECT + name] = 1.0
    for name in pairs({hit.name for hit in hits}):
        features[name] = 1.0
    for name in {hit.name for hit in hits if _is_asked(said, hit)}:
        features[OF_A_QUESTION + name] = 1.0  # who asks for "oak instead of ash" got nothing wrong
    if ends := [end for end in _SENTENCE_END.findall(unsigned(said)) if not end.isspace()]:
        features["asks"] = sum("?" in end for end in ends) / len(ends)
        features["asks only"] = float(features["asks"] == 1)
    features["length"] = math.log(1 + len(said.split())) / 3
    features["questions"] = min(said.count("?"), 3) / 2
    features["exclamations"] = min(said.count("!"), 3) / 3
    return dict(features)


@cache
def languages() -> frozenset[str]:
    """Return the tags there is a table of cues for."""
    return frozenset(path.stem for path in _TABLES.glob("*.toml"))


@cache
def cues_of(language: str) -> CueTable:
    """Return the cues of *language* and the parts of those that words are together; English where it has no table."""
    tag = table_of(language) or "en"
    return CueTable(read_table(f"intent/{tag}") | table("together")[tag], tag)


def table_of(language: str) -> str:
    """Return the tag of the table that is for *language*, empty where there is none."""
    tag = language.partition("-")[0].lower()
    tag = RELATED.get(tag, tag)
    return tag if tag in languages() else ""


def weighed_together(
    most: Mapping[str, float], likely: Mapping[str, float], spoken: Mapping[str, float]
) -> dict[str, float]:
    """Return how likely each intent is the most weighty one by all three models; together 1."""
    weighed = {name: math.sqrt(most[name]) * likely[name] * (spoken[name] + UNSPOKEN) for name in most}
    total = sum(weighed.values())
    return {name: one / total for name, one in weighed.items()}


def _first(share: Mapping[str, float], likely: Mapping[str, float]) -> str:
    """Return the most weighty intent; "other" only where no matter stands out."""
    first, second = sorted(share, key=lambda name: -share[name])[:2]
    return second if first == OTHER and likely[second] >= max(STANDS_OUT, likely[OTHER]) else first


def stands_out(intent: str) -> float:
    """Return the probability from which *intent* is named behind another one."""
    return SURELY if intent in CHANGING else STANDS_OUT


def unsigned(said: str) -> str:
    """Return *said* without the last lines that are written like names: "Надежда" is hope elsewhere."""
    lines = said.rstrip().splitlines()
    while len(lines) > 1 and (not lines[-1].strip() or _like_a_name(lines[-1].split())):
        lines.pop()
    return "\n".join(lines)


def _like_a_name(words: Sequence[str]) -> bool:
    return len(words) <= LONGEST_SIGNED and all(word[0].isupper() for word in words) and words[-1][-1].isalpha()


def _is_asked(said: str, hit: Hit) -> bool:
    """Say whether *hit* stands in a sentence with a question mark."""
    end = _SENTENCE_END.search(said, hit.end)
    return end is not None and "?" in end[0]


def _phrases(text: str, hits: Iterable[Hit]) -> list[tuple[str, str]]:
    """Return the name and the words of each hit, as they were written."""
    return [(hit.name, " ".join(text[hit.start : hit.end].split())) for hit in hits]


def _evidence(model: Model, intent: str, phrases: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the phrases that speak most for *intent*, each once."""
    weighed = {phrase: model.weight(name, intent) for name, phrase in phrases}
    heaviest = sorted((phrase for phrase, weight in weighed.items() if weight >= SPEAKS), key=lambda p: -weighed[p])
    return tuple(heaviest[:MOST_EVIDENCE])


def _is_plain(model: Model, intent: str, phrases: Iterable[tuple[str, str]], likely: float) -> bool:
    """Say whether one phrase, or a pair of cues with both its own, speaks so much for *intent* that it is named."""
    weights = {name: model.weight(name, intent) for name, _ in phrases}
    own = {name: max(0.0, weight) for name, weight in weights.items()}
    paired = (model.weight(pair, intent) + sum(own[name] for name in pair.split(" + ")) for pair in pairs(weights))
    return (
        intent not in CHANGING and likely >= PLAINLY_ASKED and max((*weights.values(), *paired), default=0.0) >= PLAIN
    )
