"""
What an answer costs, in counts that are the same on every machine: calls, modules, octets; no time.

Each is measured in a process of its own. A limit stands a third above what was counted when it was set; whoever goes
beyond it has made each mail, each start or each language dearer, and should know.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = (  # each takes 10 ms or more, or 1 MB
    "authlib", "charset_normalizer", "dns", "email_validator", "imapclient", "jinja2", "keyring", "langdetect",
    "logging", "requests", "rich", "selectolax", "sqlite3", "tomllib",
)  # fmt: skip

LOADED = """
import contextlib, io, json, sys
before = set(sys.modules)
sys.argv = ["mailassist", *sys.argv[1:]]
from mailassist.__main__ import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()
print(json.dumps(sorted(set(sys.modules) - before)))
"""

CALLED = """
import json, sys
from collections import Counter
from email import message_from_bytes, policy
from benchmarks.generated import mails
import mailassist

def calls(work, octets):
    counts = Counter()
    def note(frame, event, _):
        if event == "call":
            counts[frame.f_globals.get("__name__", "") + "." + frame.f_code.co_name] += 1
    sys.setprofile(note)
    try:
        for one in octets:
            work(one)
    finally:
        sys.setprofile(None)
    return counts

def parse(octets):
    message = message_from_bytes(octets, policy=policy.default)
    body = message.get_body(("plain", "html"))
    return message["from"], message["subject"], body and body.get_content()

inbox = list(mails(80))
for work in (mailassist.answer, parse):
    for one in inbox:
        work(one)
ours, floor = calls(mailassist.answer, inbox), calls(parse, inbox)
print(json.dumps({"mails": len(inbox), "ours": ours, "floor": sum(floor.values())}))
"""

HELD = """
import gc, json, tracemalloc
tracemalloc.start()
import mailassist
mailassist.answer
SAID = {
    "en": "Hello, my order 30-55817 has not arrived and nobody answers the telephone. When will it come?",
    "de": "Guten Tag, meine Bestellung 30-55817 ist nicht gekommen, und niemand geht ans Telefon. Wann kommt sie?",
    "fr": "Bonjour, ma commande 30-55817 n'est pas arrivée et personne ne répond au téléphone. Quand viendra-t-elle ?",
    "ru": "Здравствуйте, мой заказ 30-55817 не пришёл, и никто не отвечает на звонки. Когда он придёт?",
    "da": "Hej, min bestilling 30-55817 er ikke kommet, og der er ingen, der tager telefonen. Hvornår kommer den?",
    "es": "Hola, mi pedido 30-55817 no ha llegado y nadie contesta al teléfono. ¿Cuándo llegará?",
    "pl": "Dzień dobry, moje zamówienie 30-55817 nie dotarło i nikt nie odbiera telefonu. Kiedy przyjdzie?",
}
HEADER = "From: a@example.org\\r\\nTo: b@example.org\\r\\nContent-Type: text/plain; charset=utf-8\\r\\n\\r\\n"
held = {}
before = tracemalloc.get_traced_memory()[0]
for tag, said in SAID.items():
    assert mailassist.answer((HEADER + said).encode()).reading.language.tag == tag
    gc.collect()
    now = tracemalloc.get_traced_memory()[0]
    held[tag] = (now - before) / 1e6
    before = now
print(json.dumps(held))
"""

GROWN = """
import json, time
import mailassist

HEADER = b"From: a@example.org\\r\\nTo: b@example.org\\r\\nContent-Type: %s\\r\\n\\r\\n"
PIECES = {
    "prose": (b"text/plain", b"My order has not come and I am waiting for it. "),
    "one word": (b"text/plain", b"a"),
    "blanks": (b"text/plain", b" "),
    "quotes": (b"text/plain", b"> and he wrote: yes\\n"),
    "reply lines": (b"text/plain", b"On Monday someone wrote:\\n"),
    "brackets": (b"text/plain", b"(("),
    "addresses": (b"text/plain", b"a@b.example, "),
    "questions": (b"text/plain", b"Where is it? "),
    "names": (b"text/plain", b"Anna Holm\\n"),
    "figures": (b"text/plain", b"1.000,00 2-3/4 "),
    "open tags": (b"text/html", b"<div>"),
    "cells": (b"text/html", b"<table><tr><td>a</td></tr></table>"),
    "styles": (b"text/html", b"<style>p{color:red}</style><p>a"),
}

def cost(octets):
    times = []
    for _ in range(3):
        began = time.process_time()
        mailassist.answer(octets)
        times.append(time.process_time() - began)
    return min(times)

found = {}
for name, (kind, piece) in PIECES.items():
    few, many = (HEADER % kind + piece * (size // len(piece)) for size in (25_000, 200_000))
    mailassist.answer(few)
    found[name] = cost(many) / cost(few)
print(json.dumps(found))
"""


def told(script: str, *arguments: str):
    """Return what *script* prints, a JSON value, run by a fresh interpreter."""
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def called():
    return told(CALLED)


@pytest.mark.parametrize(("words", "most"), [(("--version",), 15), (("--help",), 120)], ids=lambda value: str(value))
def test_a_word_about_itself_loads_nothing_heavy(words: tuple[str, ...], most: int) -> None:
    loaded = told(LOADED, *words)
    allowed = {"logging", "tomllib"} if words == ("--help",) else set()
    assert {name.partition(".")[0] for name in loaded} & set(HEAVY) <= allowed
    assert len(loaded) <= most


def test_a_draft_of_a_file_loads_no_mailbox_and_no_store() -> None:
    loaded = told(LOADED, "draft", "tests/messages/de/gmx-defekt.eml")
    absent = {"authlib", "dns", "imapclient", "keyring", "requests", "rich", "sqlite3", "email.policy"}
    assert absent.isdisjoint((*loaded, *(name.partition(".")[0] for name in loaded)))
    assert len(loaded) <= 320


@pytest.mark.parametrize(
    "name",
    [
        "re._compiler.compile",
        "tomllib._parser.loads",
        "jinja2.environment._compile",
        "mailassist.answering.templates.available",
    ],
)
def test_nothing_is_compiled_or_looked_up_anew_for_each_mail(called, name: str) -> None:
    assert called["ours"].get(name, 0) <= called["mails"] // 20  # a customer's own spelling may want a pattern


@pytest.mark.parametrize(
    ("name", "most"),
    [
        pytest.param("mailassist.reading.message.parse", 1, id="parsed"),
        pytest.param("mailassist.answering.person.greeting", 1, id="greeted"),
        pytest.param("mailassist.answering.desk.read", 1, id="read"),
        pytest.param("mailassist.reading.tone.judge_tone", 3, id="judged"),
        pytest.param("mailassist.reading.language.evidence.evidence", 1.2, id="told by its letters"),
        pytest.param("mailassist.answering.person.person", 4, id="looked at for a name"),
        pytest.param("mailassist.answering.compose._rendered", 2, id="rendered"),
        pytest.param("mailassist.reading.cues._find", 12, id="searched for cues"),
    ],
)
def test_a_mail_is_looked_at_no_more_often_than_needed(called, name: str, most: float) -> None:
    assert 0 < called["ours"][name] <= most * called["mails"]


def test_an_answer_takes_no_more_than_so_many_times_the_calls_of_parsing(called) -> None:
    assert sum(called["ours"].values()) <= 4.5 * called["floor"]


def test_a_language_takes_a_few_megabytes() -> None:
    first, *others = told(HELD).values()
    assert first <= 18
    assert max(others) <= 7, others


def test_a_text_eight_times_as_long_takes_no_more_than_twelve_times_as_long() -> None:
    """A ratio within one run: where it grows with the square, it is sixty-four."""
    assert {name: ratio for name, ratio in told(GROWN).items() if ratio > 12} == {}
