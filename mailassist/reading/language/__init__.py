"""
The language a customer writes in: by the message first, then by its context.

    override   a person said so for this sender
    text       what the customer newly wrote, where it makes a good case
    thread     what the thread was in; it also tips the balance between two languages that are close in the text
    sender     what this sender wrote in before; likewise
    header     Content-Language
    default    the account's

Never restricted to the languages that can be answered in: a language without a template set is a candidate too, so that
it is recognised as itself and not taken for its neighbour.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from mailassist.errors import ConfigError
from mailassist.values import UNDETERMINED, Detection

if TYPE_CHECKING:
    from mailassist.reading.language.mixed import Ranked
    from mailassist.reading.language.text import Chooser

Source = Literal["override", "thread", "sender", "header", "default"]
SURE = 0.55  # probability from which the text decides: a wrong language is worse than none
UNANSWERABLE = 1.5  # nats against a language that is not in *known*
# By context alone: how far it is trusted, and the nats it adds to what the text says. More would let a thread in Danish
# turn a Norwegian answer into Danish.
TRUST: Mapping[Source, float] = {"thread": 0.8, "sender": 0.7, "header": 0.5, "default": 0.3}
NATS: Mapping[Source, float] = {"thread": 2.0, "sender": 1.5}


class Hint(NamedTuple):
    """What else tells the language of a message, and where that is from."""

    source: Source
    tag: str  # RFC 5646


def detect_language(said: str, known: Collection[str] | None = None) -> str:
    """Return the RFC 5646 tag of the language of *said*, or UNDETERMINED; *known* as in identify_language."""
    return identify_language(said, known).tag


def identify_language(
    said: str,
    known: Collection[str] | None = None,
    hints: Sequence[tuple[Source, str]] = (),
    detector: str = "langdetect",
) -> Detection:
    """
    Return the language of a message, how sure that is, and how it was found.

    said: what the message adds. Quoted text, signatures, code and names that are still in it do not count.
    known: tags for which there is a template set; the others then have to make a better case. None: all are equal.
    hints: the context, (source, tag) or Hint, each source at most once; their order does not matter.
    detector: a name in DETECTORS, or two joined by "+" that have to agree; ConfigError where one is not installed.
    """
    context = {source: _tag(tag) for source, tag in hints if tag and tag != UNDETERMINED}
    if "override" in context:
        return Detection(context["override"], 1.0, "override", "set for this sender")
    from mailassist.reading.language.text import guess  # reads large tables, for those who ask

    found = guess(said, _priors(known, context), chooser(detector))
    if found.probability >= SURE:
        return Detection(found.tag, found.probability, "text", f"text: {found.because}")
    said_so = f"text: {found.because}" + (f", {found.tag} only {found.probability:.2f}" if found.probability else "")
    for source in get_args(Source)[1:]:
        if source in context:
            return Detection(context[source], TRUST[source], source, f"{said_so}; {source}: {context[source]}")
    return Detection(UNDETERMINED, 0.0, "text", said_so)


def _priors(known: Collection[str] | None, context: Mapping[Source, str]) -> dict[str, float]:
    """Return tag -> nats for and against it before the text is read."""
    from mailassist.reading.language.table import LANES, TRANSLITERATED

    priors: dict[str, float] = {}
    if known is not None:
        answerable = {_tag(tag) for tag in known}
        priors = {tag: -UNANSWERABLE for tag in LANES if tag not in answerable and tag not in TRANSLITERATED}
    for source, nats in NATS.items():
        if source in context:
            tag = context[source]
            priors[tag] = max(priors.get(tag, 0.0), 0.0) + nats
    return priors


def _tag(tag: str) -> str:
    """Return the language of an RFC 5646 tag; Norwegian is bokmål: "pt-BR" -> "pt", "no" -> "nb"."""
    language = tag.replace("_", "-").split("-")[0].lower()
    return {"no": "nb", "nn": "nb"}.get(language, language)


def chooser(detector: str) -> "Chooser":
    """Return the detector of that name; "one+other" names a language only where both do."""
    names = [name.strip() for name in detector.split("+")]
    if unknown := [name for name in names if name not in DETECTORS]:
        raise ConfigError([f"languages.detector: there is no {unknown[0]}; choose from {', '.join(DETECTORS)}"])
    choosers = [DETECTORS[name]() for name in names]
    if len(choosers) == 1:
        return choosers[0]

    def agreed(text: str, ranked: "Sequence[Ranked]") -> str:
        tags = {choose(text, ranked) for choose in choosers}
        return tags.pop() if len(tags) == 1 else UNDETERMINED

    return agreed


def _langdetect() -> "Chooser":
    from mailassist.reading.language.text import likeliest

    return likeliest


@cache
def _py3langid() -> "Chooser":
    classify = _import("py3langid").classify
    return lambda text, ranked: _tag(classify(text)[0])


@cache
def _lingua() -> "Chooser":
    lingua = _import("lingua")
    detector = lingua.LanguageDetectorBuilder.from_all_languages().build()

    def choose(text: str, ranked: "Sequence[Ranked]") -> str:
        language = detector.detect_language_of(text)
        return _tag(language.iso_code_639_1.name) if language else UNDETERMINED

    return choose


def _import(name: str) -> Any:
    """Return the module *name*, which is an extra of that name as well."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise ConfigError(
            [f"languages.detector: {name} is not installed; in the checkout, run: pipx install --force '.[{name}]'"]
        ) from error


# A detector is a function that returns what names the language of a cleaned text. Adding one is one line here.
DETECTORS: Mapping[str, Callable[[], "Chooser"]] = {
    "langdetect": _langdetect,
    "py3langid": _py3langid,
    "lingua": _lingua,
}
