"""Writes tests/golden/<tag>.txt anew: python -m tests.golden.regenerate"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mailassist.answering.desk import Desk
from mailassist.answering.facts import Facts
from mailassist.values import Address, Dated, Draft, Number, Thing
from tests.answering.readings import draft, message, reading

FOLDER = Path(__file__).parent
RULE = "=" * 78


def mails(tag: str) -> tuple[list[Mapping[str, Any]], Desk]:
    """Return the mails of *tag* with their readings, and the desk they are answered from."""
    table = tomllib.loads((FOLDER / f"{tag}.toml").read_text("utf-8"))
    identity = Address("service@shop.example", table["business"]["name"])
    return table["mail"], Desk(identities=(identity,), facts=Facts(table["business"]))


def drafts(tag: str) -> Iterator[tuple[Mapping[str, Any], Draft]]:
    """Yield each mail of *tag* with its draft; every second one is answered without facts, so that gaps show."""
    rows, desk = mails(tag)
    for n, row in enumerate(rows):
        octets = message(row["body"], row["subject"], row["sender"], Message_ID=f"<golden-{n}@example.org>")
        particulars = {
            name: row[name] for name in ("dates", "amounts", "things", "questions", "sender_name") if name in row
        }
        for name, kind in (("numbered", Number), ("dated", Dated), ("named", Thing)):
            particulars[name] = [kind(*one) for one in row.get(name, ())]
        read = reading(
            octets=octets, tone=row["tone"], kind=row.get("kind"), intents=tuple(row["intents"]), language=tag,
            attention=tuple(row.get("attention", ())), aspects=tuple(row.get("aspects", ())), **particulars,
        )  # fmt: skip
        facts = desk.facts if n % 2 else Facts()
        yield row, draft(read, Desk(identities=desk.identities, facts=facts), strategy=row.get("strategy"))


def text_of(tag: str) -> str:
    """Return the golden text of *tag*: each draft under the reading it answers."""
    parts = []
    for row, made in drafts(tag):
        tone = f"{row['tone']}/{row['kind']}" if "kind" in row else row["tone"]
        how = f"{tone} · {', '.join(row['intents'])} -> {made.strategy}"
        remarks = "".join(f"\nRemark: {one}" for one in made.remarks)
        parts.append(f"{RULE}\n{how}\nTo: {made.to[0]}\nSubject: {made.subject}{remarks}\n\n{made.body}")
    return "\n".join(parts)


def tags() -> list[str]:
    """Return the languages that have golden mails."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


if __name__ == "__main__":
    for one in tags():
        (FOLDER / f"{one}.txt").write_text(text_of(one), "utf-8")
