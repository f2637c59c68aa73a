"""List, check, start and show template sets.

  templates                 the sets there are, and whose they are
  templates check           every fault, with file, line and what to do
  templates new TAG         start a set of your own beside the configuration file
  templates show [TAG]      one draft for each strategy, to read aloud

A file, a block or a list of sentences of your own lies over the shipped one; what is
missing or faulty is taken from the shipped set.
"""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mailassist.errors import ConfigError
from mailassist.present import print_json, print_table, say
from mailassist.shipped import shipped

if TYPE_CHECKING:
    from mailassist.answering.schema import Problem

TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # as RFC 5646 shapes them
SAMPLE = """From: Kim Harms <kim@example.org>
To: service@example.org
Subject: 30-55817
Message-ID: <sample@example.org>

{said}
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "check", "new", "show"),
        default="list",
        help="what to do; list where nothing is named",
    )
    parser.add_argument("tag", nargs="?", metavar="TAG", help="the language, as in de or pt-BR")
    parser.add_argument("--json", action="store_true", help="print JSON objects")


def run(options: argparse.Namespace) -> int:
    """Do the action; return 0, or 78 where check finds faults."""
    if options.tag and options.action == "list":
        raise ConfigError([f"list takes no language; look at one set with: mailassist templates show {options.tag}"])
    roots = (template_folder(options.config), shipped("templates"))
    if options.tag and options.action != "new":
        options.tag = canonical(options.tag)
    if options.action == "new":
        return new(options.tag, roots[0])
    if options.action == "show":
        return show(options.tag, roots, options.json)
    if options.action == "check":
        return check(options.tag, roots, options.json)
    return list_sets(roots, options.json)


def template_folder(config: Path | None) -> Path:
    """Return the owner's own folder of template sets; it need not exist."""
    from mailassist.config import default_path

    return (config or default_path()).parent / "templates"


def list_sets(roots: tuple[Path, ...], as_json: bool) -> int:
    from mailassist.answering.templates import available, load_set

    rows = []
    for tag in available(roots):
        found = load_set(tag, roots)
        own = (roots[0] / tag).is_dir()
        name = str(found.locale.raw.get("name", "")) if found else ""
        rows.append((tag, name, f"yours, in {roots[0] / tag}" if own else "shipped"))
    if as_json:
        for tag, name, whose in rows:
            print_json({"tag": tag, "name": name, "from": whose})
    else:
        print_table(("tag", "language", "from"), rows)
    return 0


def faults(tag: str | None, roots: tuple[Path, ...]) -> list[Problem]:
    """Return every fault of the set *tag*, of all sets where it is None."""
    from mailassist.answering.templates import available, load_set
    from mailassist.answering.wording import check_templates

    tags = [tag] if tag else available(roots)
    sets = [(one, load_set(one, roots)) for one in tags]
    if missing := [one for one, found in sets if found is None]:
        raise ConfigError(
            [f"there is no template set {missing[0]!r}; start it with: mailassist templates new {missing[0]}"]
        )
    found = [fault for _, found in sets if found for fault in check_templates(found)]
    return found + [fault for one in tags for fault in untranslated(one, roots)]


def untranslated(tag: str, roots: tuple[Path, ...]) -> Iterator[Problem]:
    """Yield a fault for each file of a set of the owner that is still the English it was started from."""
    from mailassist.answering.schema import Problem

    for name in ("blocks.toml", "set.toml"):
        file, english = roots[0] / tag / name, shipped("templates") / "en" / name
        if tag.partition("-")[0] == "en" or not file.is_file() or but_for_the_name(file) != but_for_the_name(english):
            continue
        yield Problem(file, 0, f"it is still in English; write it in {tag}, or remove {file.parent}")


def but_for_the_name(file: Path) -> list[str]:
    """Return the lines of *file* but for the name of the language: a set is not translated by that."""
    return [line for line in file.read_text("utf-8", "replace").splitlines() if not line.startswith("name = ")]


def check(tag: str | None, roots: tuple[Path, ...], as_json: bool) -> int:
    found = faults(tag, roots)
    for fault in found:
        if as_json:
            print_json({"path": str(fault.path), "line": fault.line, "text": fault.text})
        else:
            print(f"{fault.path}:{fault.line}: {fault.text}" if fault.line else f"{fault.path}: {fault.text}")
    if not found:
        say("no faults")
    return ConfigError.exit_status if found else 0


def new(tag: str | None, folder: Path) -> int:
    """Start a set as a copy: of the shipped set of that variety or language where there is one, else of English."""
    if not tag or not TAG.fullmatch(tag):
        raise ConfigError(["name the language by its tag, as in fi or pt-BR: mailassist templates new fi"])
    tag = canonical(tag)
    place = folder / tag
    if place.exists():
        raise ConfigError([f"{place} is there already; edit it, then: mailassist templates check {tag}"])
    sources = [shipped("templates") / one for one in (tag, tag.partition("-")[0], "en")]
    shutil.copytree(next(one for one in sources if one.is_dir()), place)
    if next(one for one in sources if one.is_dir()) == sources[-1] and tag.partition("-")[0] != "en":
        named(place / "set.toml", tag)
    say(f"started {place}; write its sentences in {tag}, then: mailassist templates check {tag}")
    return 0


def named(file: Path, tag: str) -> None:
    """Call the copied set by its tag, until its owner writes the language's own name for itself."""
    text = file.read_text("utf-8")
    file.write_text(re.sub(r'^name = ".*"', f'name = "{tag}"', text, count=1, flags=re.MULTILINE), "utf-8")


def canonical(tag: str) -> str:
    """Return *tag* as RFC 5646 §2.1.1 writes it: the language small, a script capitalised, a region in capitals."""
    first, *rest = tag.split("-")
    sizes = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(sizes.get(len(one), str.lower)(one) for one in rest)])


def show(tag: str | None, roots: tuple[Path, ...], as_json: bool) -> int:
    """Print one draft for each strategy of the set *tag*; raise ConfigError where there is none."""
    from mailassist.answering.desk import Desk, answer
    from mailassist.answering.templates import STRATEGIES, available
    from mailassist.values import Draft

    tags = available(roots)
    if tag and tag not in tags:
        raise ConfigError([f"there is no template set {tag!r}; start it with: mailassist templates new {tag}"])
    for one in [tag] if tag else tags:
        octets = SAMPLE.format(said="30-55817 ?").encode()
        desk = Desk(roots=roots, languages={"example.org": one}, quote=False)
        for strategy in STRATEGIES:
            outcome = answer(octets, desk, strategy=strategy)
            if not isinstance(outcome, Draft):
                continue
            if as_json:
                print_json({"tag": one, "strategy": strategy, "body": outcome.body})
            else:
                print(f"── {one} · {strategy}\n\n{outcome.body}")
    return 0
