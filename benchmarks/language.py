"""
Measures language detection on mail-like texts, beside other detectors: raw, and behind our cleaner.

usage: python benchmarks/language.py [--known en,da,de,fr,ru] [--errors] [--texts FILE] [DETECTOR ...]

texts/language.jsonl: one object a line with lang ("und" where there is nothing to tell), kind, text. A detector has a
process of its own, so that memory and the first call are its own. Those that are not installed are named and left out;
pip install langdetect py3langid lingua-language-detector brings them all. texts/language_blind.jsonl was written after
the word lists were written by hand and none was added for it; its answers were looked at while settings were compared.

    ours                what mailassist does
    ours+py3langid …    two detectors that have to agree
    langdetect          as its package does it, seed 0; +cleaner: given what our cleaner leaves of the text
    py3langid, lingua   likewise; all of their languages are candidates

A detector is right when it names the language; `none` is "und", a language outside of the fifteen, or an exception. On
texts without a language and in languages outside, right is everything but naming one of the fifteen. da>nb: of the
Danish texts, the share taken for Norwegian. ms: per text, median and 95th percentile. first: the first call, in
seconds, imports included. MB: resident memory that came with it.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parent / "texts" / "language.jsonl"
FIFTEEN = ("en", "da", "de", "fr", "ru", "es", "it", "nl", "sv", "nb", "pl", "pt", "fi", "uk", "cs")
DETECTORS = (
    *("ours", "ours+py3langid", "ours+lingua"),
    *("langdetect", "langdetect+cleaner", "py3langid", "py3langid+cleaner", "lingua", "lingua+cleaner"),
)
Detector = Callable[[str], str]


def ours(known: Sequence[str] | None, names: str) -> Detector:
    from mailassist.reading.language import identify_language

    return lambda text: identify_language(text, known, detector=names).tag


def stock_langdetect() -> Detector:
    import langdetect

    langdetect.DetectorFactory.seed = 0
    return lambda text: langdetect.detect(text)  # type: ignore[no-any-return]


def py3langid() -> Detector:
    import py3langid

    return lambda text: str(py3langid.classify(text)[0])


def lingua() -> Detector:
    from lingua import LanguageDetectorBuilder

    detector = LanguageDetectorBuilder.from_all_languages().build()

    def detect(text: str) -> str:
        language = detector.detect_language_of(text)
        return language.iso_code_639_1.name.lower() if language else "und"

    return detect


PEERS: dict[str, Callable[[], Detector]] = {"langdetect": stock_langdetect, "py3langid": py3langid, "lingua": lingua}


def detector_named(name: str, known: Sequence[str] | None) -> Detector:
    first, _, second = name.partition("+")
    if first == "ours":
        return ours(known, "+".join(filter(None, ("langdetect", second))))
    detect = PEERS[first]()
    if second != "cleaner":
        return detect
    from mailassist.reading.language.clean import own_words

    return lambda text: detect(own_words(text)[1])


def resident() -> float:
    """Return the resident memory of this process, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def run(name: str, known: Sequence[str] | None, texts: Sequence[str]) -> dict[str, Any]:
    """Return what the detector says to each text, and what that cost."""
    before, started = resident(), time.perf_counter()
    detect = detector_named(name, known)
    said, spent = [], []
    for index, text in enumerate((texts[0], *texts)):
        begun = time.perf_counter()
        try:
            tag = detect(text)
        except Exception:
            tag = "und"
        if index == 0:
            first = time.perf_counter() - started
            continue
        spent.append(1000 * (time.perf_counter() - begun))
        said.append({"no": "nb", "nn": "nb"}.get(tag, tag))
    return {"said": said, "ms": spent, "first": first, "MB": resident() - before}


def verdict(lang: str, said: str, answerable: Sequence[str]) -> str:
    if lang in answerable:
        return "right" if said == lang else "wrong" if said in answerable else "none"
    return "wrong" if said in answerable else "right"


def table(title: str, columns: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> None:
    print(f"\n{title:24}" + "".join(f"{column:>10}" for column in columns))
    for name, cells in rows:
        print(f"{name:24}" + "".join(f"{cell:>10}" for cell in cells))


def share(right: int, all_: int) -> str:
    return f"{100 * right / all_:.1f}" if all_ else "-"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("detectors", nargs="*", default=DETECTORS, metavar="DETECTOR")
    parser.add_argument("--known", help="tags with a template set; default: the fifteen, and ours is not told")
    parser.add_argument("--texts", type=Path, default=TEXTS)
    parser.add_argument("--errors", action="store_true", help="print what was wrong or none")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    known = arguments.known.split(",") if arguments.known else None
    items = [json.loads(line) for line in arguments.texts.read_text("utf-8").splitlines()]
    if arguments.one:
        print(json.dumps(run(arguments.one, known, [item["text"] for item in items])))
        return
    found: dict[str, dict[str, Any]] = {}
    for name in arguments.detectors:
        command = [sys.executable, __file__, "--one", name, "--texts", str(arguments.texts)]
        done = subprocess.run(
            [*command, *(["--known", arguments.known] if known else [])], capture_output=True, text=True
        )
        if done.returncode:
            print(f"{name} is left out: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        else:
            found[name] = json.loads(done.stdout)
    report(items, found, known or FIFTEEN)
    if arguments.errors:
        for item, said in zip(items, found[arguments.detectors[0]]["said"], strict=True):
            if (said_is := verdict(item["lang"], said, known or FIFTEEN)) != "right":
                print(f"{said_is:6}{item['lang']:4}{said:4}{item['kind']:18}{item['text'][:100]!r}")


def report(items: Sequence[dict[str, str]], found: dict[str, dict[str, Any]], answerable: Sequence[str]) -> None:
    """Print the tables."""
    languages = [item["lang"] for item in items]
    verdicts = {
        name: [verdict(lang, said, answerable) for lang, said in zip(languages, one["said"], strict=True)]
        for name, one in found.items()
    }

    def cells(name: str, group: Callable[[dict[str, str]], str | None], column: str, result: str) -> str:
        hits = [v == result for v, item in zip(verdicts[name], items, strict=True) if group(item) == column]
        return share(sum(hits), len(hits))

    def part(item: dict[str, str]) -> str:
        return "mail" if item["lang"] in answerable else "undecided" if item["lang"] == "und" else "other"

    def whole(item: dict[str, str]) -> str | None:
        return "all" if part(item) != "other" else None

    def mixed_up(name: str, lang: str, other: str) -> str:
        said = [s for s, item in zip(found[name]["said"], items, strict=True) if item["lang"] == lang]
        return share(said.count(other), len(said))

    def summary(name: str) -> list[str]:
        spent = sorted(found[name]["ms"])
        return [
            *(cells(name, whole, "all", result) for result in ("right", "wrong")),
            *(cells(name, part, column, "right") for column in ("mail", "undecided", "other")),
            *(mixed_up(name, "da", "nb"), mixed_up(name, "nb", "da")),
            *(f"{spent[len(spent) * share // 100]:.2f}" for share in (50, 95)),
            *(f"{found[name]['first']:.2f}", f"{found[name]['MB']:.0f}"),
        ]

    counts = Counter(map(part, items))
    print(
        f"{counts['mail']} mails, {counts['undecided']} texts without a language, {counts['other']} in others; per cent"
    )
    columns = ("right", "wrong", "mail", "undecided", "other", "da>nb", "nb>da", "ms", "ms p95", "first s", "MB")
    table("", columns, [(name, summary(name)) for name in found])
    tags = sorted({item["lang"] for item in items if part(item) == "mail"})
    by_lang = [(name, [cells(name, lambda item: item["lang"], tag, "right") for tag in tags]) for name in found]
    table("right, by language", tags, by_lang)
    kinds = sorted({item["kind"] for item in items if part(item) == "mail"})
    by_kind = [
        (
            kind,
            [cells(name, lambda item: item["kind"] if part(item) == "mail" else None, kind, "right") for name in found],
        )
        for kind in kinds
    ]
    table("right, by kind", [name.replace("cleaner", "c") for name in found], by_kind)


if __name__ == "__main__":
    main()
