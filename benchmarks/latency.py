"""
python benchmarks/latency.py [N]: from the arrival of a message to its saved draft, on Dovecot with IDLE.

Beside it the floor, in the same run: a bare session that hears of the message by IDLE and does nothing. Dovecot tells
half a second late, by its source; what is ours is the difference. The answer is a fixed text, so that the mailbox is
measured and not the reading.
"""

import re
import resource
import socket
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from mailassist.keeping.store import open_store
from mailassist.one_pass import Options
from mailassist.watcher import Job, Stop, watch
from tests.servers import Dovecot
from tests.support import answer, mail


def hear(server: Dovecot, heard: dict[int, float], ready: threading.Event) -> None:
    """Note when a bare session hears of each new number of messages."""
    with server.client("INBOX") as session, socket.socket():
        session.send(b"x IDLE\r\n")
        ready.set()
        while line := session.readline():
            if found := re.match(rb"\* (\d+) EXISTS", line):
                heard.setdefault(int(found[1]), time.monotonic())


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main(count: int) -> None:
    heard: dict[int, float] = {}
    ours, floor = [], []
    with Dovecot("fsync") as server, tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "store.sqlite", b"k" * 32)
        server.put("INBOX", mail("first"))
        stop, ready = Stop(), threading.Event()
        job = Job("shop", server.account, ("INBOX",), answer, Options())
        threading.Thread(target=hear, args=(server, heard, ready), daemon=True).start()
        watching = threading.Thread(target=watch, args=([job], store, stop))
        watching.start()
        ready.wait()
        time.sleep(1.5)
        with server.client("Drafts") as drafts:
            for number in range(count):
                began = time.monotonic()
                server.put("INBOX", mail(number))
                while drafts.select("Drafts")[1][0] != str(number + 2).encode():
                    time.sleep(0.005)
                ours.append(time.monotonic() - began)
                time.sleep(0.05)
                floor.append(heard[number + 2] - began)
        before = time.process_time()
        time.sleep(10)
        idle_cpu = time.process_time() - before
        stop.set()
        watching.join()
        store.close()
    for name, values in (("bare session hears", floor), ("draft is saved", ours)):
        print(f"{name:20} p50 {statistics.median(values):.3f} s   p99 {percentile(values, 0.99):.3f} s")
    print(f"ratio at p50         {statistics.median(ours) / statistics.median(floor):.2f}")
    print(f"idle for 10 s: CPU {idle_cpu * 1000:.0f} ms; peak of memory {_peak_mb()} MB, the benchmark's own included")


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
