"""
Measures `mailassist draft` over a Maildir, beside the standard library's parser over the same files.

usage: python benchmarks/files.py [MAILS ...]      default: 1000; with several numbers, how time and memory grow

    draft      mailassist draft --json DIRECTORY, everything it loads included
    parsing    each file read and parsed with the standard library, with the text of the body

Each has a process of its own. wall and CPU in seconds, peak: resident memory in MB.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.generated import mails

PARSING = """
import pathlib, sys
from email import message_from_bytes
from email.policy import default
for path in sorted(pathlib.Path(sys.argv[1], "cur").iterdir()):
    message = message_from_bytes(path.read_bytes(), policy=default)
    body = message.get_body(("plain", "html"))
    print(message["from"], message["subject"], len(body.get_content()) if body else 0)
"""
Row = dict[str, float]


def fill(maildir: Path, count: int) -> None:
    """Put *count* mails into a new Maildir."""
    for name in ("cur", "new", "tmp"):
        (maildir / name).mkdir()
    for number, octets in enumerate(mails(count)):
        (maildir / "cur" / f"{number:06}.mail:2,S").write_bytes(octets)


def measured(command: list[str]) -> Row:
    """Return what *command* costs."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[1:4]} ended with {process.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    return {"wall": time.perf_counter() - began, "cpu": cpu, "peak": usage.ru_maxrss / 1024}


def one_size(count: int) -> Row:
    """Print what each costs over *count* mails; return what ours does."""
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), count)
        found = {
            "draft": measured([sys.executable, "-m", "mailassist", "draft", "--json", folder]),
            "parsing": measured([sys.executable, "-c", PARSING, folder]),
        }
    print(f"{count:,} mails in a Maildir")
    print(f"{'':10}{'wall s':>9}{'CPU s':>9}{'mails/s':>9}{'peak MB':>9}{'x parsing':>11}")
    for name, row in found.items():
        numbers = f"{row['wall']:9.2f}{row['cpu']:9.2f}{count / row['wall']:9.0f}{row['peak']:9.1f}"
        print(f"{name:10}{numbers}{row['cpu'] / found['parsing']['cpu']:11.2f}", flush=True)
    return found["draft"]


def main(counts: list[int]) -> None:
    rows = {count: one_size(count) for count in counts}
    if len(counts) > 1:
        few, many = rows[counts[0]], rows[counts[-1]]
        a_mail = (many["cpu"] / counts[-1]) / (few["cpu"] / counts[0])
        print(
            f"from {counts[0]:,} to {counts[-1]:,}: CPU a mail x {a_mail:.2f}, peak x {many['peak'] / few['peak']:.2f}"
        )


if __name__ == "__main__":
    main([int(count) for count in sys.argv[1:]] or [1000])
