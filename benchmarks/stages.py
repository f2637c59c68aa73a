"""
Measures what each step of an answer costs, beside the standard library's parser on the same mails, in one run.

usage: python benchmarks/stages.py [MAILS] [--times 5]      default: 240 mails

Microseconds of CPU a mail, the best of --times passes that take turns, after one that loads the tables; the ratio is to
the floor: email.message_from_bytes with the newer policy, the sender, the subject and the text of the body. The last
line is the answer as a whole, and how many mails a second that makes on one core.
"""

import argparse
import sys
import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.generated import mails
from mailassist.answering.desk import Desk, answer, read, respond
from mailassist.reading.intent import find_intents
from mailassist.reading.language import identify_language
from mailassist.reading.message import parse
from mailassist.reading.particulars import find_particulars
from mailassist.reading.said import split
from mailassist.reading.screen import screen
from mailassist.reading.tone import judge_tone

FLOOR, WHOLE = "standard library", "answer"


def parsed(octets: bytes) -> bool:
    """Parse *octets* with the standard library; say whether there is a text in them."""
    message = message_from_bytes(octets, policy=default)
    body = message.get_body(("plain", "html"))
    return bool(message["from"] and message["subject"] and body and body.get_content())


def steps(inbox: list[bytes]) -> dict[str, list[Callable[[], object]]]:
    """Return for each step what it does with each mail."""
    desk, read_mails = Desk(), list(map(parse, inbox))
    known = desk.tags()
    wanted = [mail for mail in read_mails if not screen(mail)]
    readings = [read(mail, desk) for mail in wanted]
    told = [(one.mail.said, one.language.tag) for one in readings]
    return {
        FLOOR: [lambda one=one: parsed(one) for one in inbox],
        "parse": [lambda one=one: parse(one) for one in inbox],
        "  of it said": [lambda one=one: split(one.body) for one in read_mails],
        "screen": [lambda one=one: screen(one) for one in read_mails],
        "language": [lambda said=said: identify_language(said, known) for said, _ in told],
        "tone": [lambda said=said, tag=tag: judge_tone(said, tag) for said, tag in told],
        "intents": [lambda said=said, tag=tag: find_intents(said, tag) for said, tag in told],
        "particulars": [lambda said=said, tag=tag: find_particulars(said, tag) for said, tag in told],
        "compose": [lambda one=one: respond(one, desk) for one in readings],
        WHOLE: [lambda one=one: answer(one, desk) for one in inbox],
    }


def cost(work: list[Callable[[], object]]) -> float:
    """Return the seconds of CPU a mail takes."""
    began = time.process_time()
    for one in work:
        one()
    return (time.process_time() - began) / len(work)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("mails", type=int, nargs="?", default=240)
    arguments.add_argument("--times", type=int, default=5)
    options = arguments.parse_args()
    work = steps(list(mails(options.mails)))
    best = {name: cost(some) for name, some in work.items()}
    for _ in range(options.times):
        best = {name: min(best[name], cost(some)) for name, some in work.items()}
    print(f"{'':18}{'µs a mail':>10}{'x floor':>9}")
    for name, seconds in best.items():
        print(f"{name:18}{1e6 * seconds:10.0f}{seconds / best[FLOOR]:9.2f}")
    print(f"{1 / best[WHOLE]:.0f} mails a second on one core")


if __name__ == "__main__":
    main()
