"""
Measures what is told to be said, beside what other libraries tell, on the same mails in one run.

usage: python benchmarks/reading.py [--limit SECONDS]

Peers are measured where they are installed: pip install mail-parser-reply quotequail email-reply-parser. The floor is
no parsing at all. The mails are made of what customers wrote (training/mails), reply lines in 72 languages
(tests/reading/reply_lines.toml), header blocks, closings and device lines, put together the way mail programs do it.

Columns: right: share of mails of which exactly what was newly written is left; quotes: the same where a closing that
is left counts as right; leak: share in which words of the older mail are left; loss: share in which words of the
customer's are gone; ms: median, and the slowest tenth; worst: seconds for the worst of the hostile inputs of 100 kB,
and how many of them took longer than --limit (2.0).
"""

import argparse
import itertools
import json
import multiprocessing
import statistics
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from mailassist.reading.said import extract_said

ROOT = Path(__file__).resolve().parent.parent
OLD = "Vielen Dank fur Ihre Bestellung 4711.\nThe parcel was handed over on Wednesday.\n\nCordialement\nService Desk"

BLOCKS = (
    "From: Shop <info@example.org>\nSent: Monday, May 3, 2021 10:15 AM\nTo: Anna Berg\nSubject: RE: Order",
    "Von: Shop <info@example.org>\nGesendet: Montag, 3. Mai 2021 10:15\nAn: Anna Berg\nBetreff: AW: Bestellung",
    "De : Boutique <info@example.org>\nEnvoyé : lundi 3 mai 2021 10:15\nÀ : Anna Berg\nObjet : RE: Commande",
    "Fra: Butik <info@example.org>\nSendt: 3. maj 2021 10:15\nTil: Anna Berg\nEmne: SV: Ordre",
    "От: Магазин <info@example.org>\nОтправлено: 3 мая 2021 г. 10:15\nКому: Анна\nТема: Заказ",
    "-----Original Message-----\nFrom: Shop <info@example.org>\nSent: Monday, May 3, 2021 10:15 AM",
    "-----Ursprüngliche Nachricht-----\nVon: Shop <info@example.org>",
    "________________________________\nVan: Winkel <info@example.org>\nVerzonden: maandag 3 mei 2021 10:15\nAan: Anna",
    "---------- Forwarded message ---------\nFrom: Shop <info@example.org>\nDate: Mon, May 3, 2021 at 10:15 AM",
)
CLOSINGS = (
    "",
    "Best regards,\nAnna Berg",
    "Mit freundlichen Grüßen\nAnna Berg",
    "Cordialement,\nAnna Berg",
    "Mvh Anna",
    "С уважением,\nАнна Берг",
    "Un saludo,\nAnna",
    "Distinti saluti\nAnna Berg",
    "Met vriendelijke groet,\nAnna Berg",
    "Pozdrawiam\nAnna",
    "-- \nAnna Berg\nwww.example.org",
    "Sent from my iPhone",
    "Von meinem Samsung Galaxy Smartphone gesendet.",
    "Envoyé de mon iPhone",
    "Thanks!\nAnna\n\nSent from my iPad",
)
HOSTILE = {
    "dashes": "-" * 100_000,
    "marks": ">" * 100_000,
    "blank lines": "\n" * 100_000,
    "on": "On " * 33_000,
    "on, many lines": "On the day\n" * 9_000,
    "mailto": "On 1 <mailto:" * 7_700,
    "from": "From: a a a " * 8_300,
    "digits": "1" * 100_000,
    "tabs": "\t" * 100_000,
    "reply lines": "On 3 May 2020 at 10:00, A <a@b.example> wrote:\n" * 2_100,
    "closings": "Best regards\nAnna\n" * 5_500,
    "header lines": "From: a\n" * 12_500,
    "prose": "The quick brown fox jumps over the lazy dog.\n" * 2_200,
}


def mails() -> Iterator[tuple[str, str, str]]:
    """Yield mails: the body, what was newly written, and the same with its closing."""
    reply_lines = tomllib.loads((ROOT / "tests/reading/reply_lines.toml").read_text("utf-8"))
    lines = [line.removeprefix("> ") for group in reply_lines.values() for line in group]
    said = itertools.cycle(_written())
    closings = itertools.cycle(CLOSINGS)
    marked = "\n".join(f"> {line}".rstrip() for line in OLD.split("\n"))
    for number, line in enumerate(lines):
        older = f"{line}\n\n{marked}" if number % 3 else f"{line}\n\n{OLD}"
        yield _mail(next(said), next(closings), older)
    for block, _ in itertools.product(BLOCKS, range(6)):
        yield _mail(next(said), next(closings), f"{block}\n\n{OLD}")
    for _ in range(60):
        yield _mail(next(said), next(closings), "")


def _written() -> list[str]:
    """Return what customers wrote, without the last line, which may be a name."""
    texts = []
    for path in sorted((ROOT / "training/mails").glob("*.jsonl")):
        for row in itertools.islice(map(json.loads, path.open(encoding="utf-8")), 0, 120, 3):
            text = row["body"].rpartition("\n")[0].strip()
            if text and text[-1] in ".!?" and ">" not in text and extract_said(text) == text:
                texts.append(text)
    return texts


def _mail(said: str, closing: str, older: str) -> tuple[str, str, str]:
    signed = f"{said}\n\n{closing}" if closing else said
    return (f"{signed}\n\n{older}\n" if older else signed + "\n"), said, signed


def peers() -> dict[str, Callable[[str], str]]:
    """Return the functions that are measured, by name: ours, those installed, and the floor."""
    found: dict[str, Callable[[str], str]] = {"mailassist": extract_said}
    try:
        from mailparser_reply import EmailReplyParser

        parser = EmailReplyParser(
            languages=["en", "de", "da", "fr", "nl", "it", "ja", "pl", "sv", "cs", "es", "ko", "zh"]
        )
        found["mail-parser-reply"] = lambda text: parser.read(text).replies[0].body
    except ImportError:
        pass
    try:
        from quotequail import unwrap

        found["quotequail"] = lambda text: (unwrap(text) or {}).get("text_top", text)
    except ImportError:
        pass
    try:
        from email_reply_parser import EmailReplyParser as Zapier

        found["email-reply-parser"] = Zapier.parse_reply
    except ImportError:
        pass
    found["no parsing"] = lambda text: text
    return found


def measure(extract: Callable[[str], str]) -> dict[str, float]:
    """Return the columns for one peer, shares in percent, times in milliseconds."""
    count = right = quotes = leak = loss = 0
    times = []
    for body, said, signed in mails():
        begun = time.perf_counter()
        got = extract(body)
        times.append((time.perf_counter() - begun) * 1000)
        words = got.split()
        count += 1
        right += words == said.split()
        quotes += words in (said.split(), signed.split())
        leak += not set(words) <= set(signed.split())
        loss += not set(said.split()) <= set(words)
    shares = {"right": right, "quotes": quotes, "leak": leak, "loss": loss}
    result = {name: 100 * value / count for name, value in shares.items()}
    return {"mails": count, **result, "ms": statistics.median(times), "p90": sorted(times)[int(0.9 * len(times))]}


def worst(name: str, limit: float) -> tuple[float, int]:
    """Return the seconds the slowest hostile input took, and how many took longer than *limit*."""
    slowest, beyond = 0.0, 0
    for text in HOSTILE.values():
        process = multiprocessing.Process(target=lambda text=text: peers()[name](text))
        begun = time.perf_counter()
        process.start()
        process.join(limit)
        if process.is_alive():
            process.kill()
            beyond += 1
        process.join()
        slowest = max(slowest, time.perf_counter() - begun)
    return slowest, beyond


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--limit", type=float, default=2.0, help="seconds after which a hostile input is given up")
    limit = arguments.parse_args().limit
    multiprocessing.set_start_method("fork")
    columns = f"{'right':>8}{'quotes':>8}{'leak':>7}{'loss':>7}{'ms':>8}{'p90':>8}{'worst s':>9}{'given up':>10}"
    print(f"{'':20}{'mails':>6}{columns}")
    for name, extract in peers().items():
        extract("warm up")
        row = measure(extract)
        slowest, beyond = worst(name, limit)
        print(
            f"{name:20}{row['mails']:6.0f}{row['right']:8.1f}{row['quotes']:8.1f}{row['leak']:7.1f}{row['loss']:7.1f}"
            f"{row['ms']:8.2f}{row['p90']:8.2f}{slowest:9.2f}{beyond:7d}/{len(HOSTILE)}"
        )


if __name__ == "__main__":
    main()
