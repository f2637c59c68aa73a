"""
Measures how long a command takes from nothing, beside a bare interpreter: median of --times, wall and CPU in seconds.

usage: python benchmarks/start.py [--times 7]

The commands take turns, so that what else the machine does weighs on all of them alike.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

MESSAGE = Path(__file__).resolve().parent.parent / "tests" / "messages" / "de" / "gmx-defekt.eml"
RUN = (sys.executable, "-m", "mailassist")


def took(command: tuple[str, ...]) -> tuple[float, float]:
    """Return wall and CPU seconds of *command*."""
    before, began = os.times(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - began, os.times()
    return wall, after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--times", type=int, default=7)
    times = arguments.parse_args().times
    commands = {
        "python -c pass": (sys.executable, "-c", "pass"),
        "import mailassist": (sys.executable, "-c", "import mailassist"),
        "--version": (*RUN, "--version"),
        "--help": (*RUN, "--help"),
        "draft one.eml": (*RUN, "draft", str(MESSAGE)),
    }
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            spent[name].append(took(command))
    floor = statistics.median(wall for wall, _ in spent["python -c pass"])
    print(f"{'':20}{'wall s':>8}{'CPU s':>8}{'x floor':>9}")
    for name, found in spent.items():
        wall, cpu = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"{name:20}{wall:8.3f}{cpu:8.3f}{wall / floor:9.1f}")


if __name__ == "__main__":
    main()
