"""
Mails for measuring with: what customers wrote (training/mails), as their mail programs send it.

The same number and seed give the same octets, and fewer mails are a prefix of more. Twelve languages; some 40 % are
alternatives with HTML, 20 % go on with a thread and quote it, 13 % have an attachment. About 10 kB in the mean.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from pathlib import Path
from random import Random

TRAINING = Path(__file__).resolve().parent.parent / "training" / "mails"
OURS = "service@example.org"
BEGAN = datetime(2025, 3, 3, 8, tzinfo=UTC)
NAMES = ("Jana Berg", "Piotr Lis", "Marie Roux", "Lars Holm", "Elena Sokol", "Ana Prado", "Tom Wells", "Karin Vos")
STYLE = "<style>p { margin: 0 0 1em; font-family: Calibri, sans-serif; font-size: 11pt; color: #1f1f1f }</style>"


def mails(count: int, seed: int = 0) -> Iterator[bytes]:
    """Yield *count* mails, CRLF at the end of each line."""
    told = [json.loads(line) for path in sorted(TRAINING.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    for number in range(count):
        chance = Random(f"{seed}/{number}")
        yield _mail(number, chance, chance.choice(told)).as_bytes(policy=SMTP)


def _mail(number: int, chance: Random, told: dict[str, str]) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"{chance.choice(NAMES)} <customer{chance.randrange(5000)}@example.com>"
    mail["To"] = OURS
    mail["Subject"] = told["subject"] or "(…)"
    mail["Date"] = format_datetime(BEGAN + timedelta(minutes=7 * number))
    mail["Message-ID"] = f"<{number}@example.com>"
    body = told["body"]
    if chance.random() < 0.2:
        mail["In-Reply-To"] = mail["References"] = f"<draft-{number}@example.org>"
        body += f"\n\nOn Mon, 3 Mar 2025 at 08:15, Shop <{OURS}> wrote:\n" + _quoted(chance)
    mail.set_content(body)
    if chance.random() < 0.4:
        paragraphs = "".join(f"<p class=MsoNormal>{escape(line)}</p>\n" for line in body.splitlines())
        mail.add_alternative(f"<html><head>{STYLE * 3}</head><body>{paragraphs}</body></html>", subtype="html")
    if chance.random() < 0.13:
        size = min(int(chance.lognormvariate(10.3, 1.0)), 600_000)
        mail.add_attachment(chance.randbytes(size), maintype="image", subtype="jpeg", filename=f"photo{number}.jpg")
    for depth, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"{depth}={number}=")  # of its own accord it is another each time
    return mail


def _quoted(chance: Random) -> str:
    lines = ("> Thank you for your order.", "> It is packed and leaves us tomorrow.", "> Shop, Example Street 1", ">")
    return "\n".join(chance.choices(lines, k=chance.randrange(4, 60))) + "\n"
