"""
python benchmarks/latency.py [N]: from the arrival of a message to its saved draft, on Dovecot with IDLE.

Beside it the floor, in the same run: a bare script of imapclient that waits with IDLE, fetches the message and appends
as large a draft to a folder of its own, with no look at what it does. Dovecot tells half a second late, by its source;
what is ours is the difference. The answer is a fixed text, so that the mailbox is measured and not the reading.
"""

import resource
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from imapclient import IMAPClient

from mailassist.keeping.store import open_store
from mailassist.one_pass import Options
from mailassist.watcher import Job, Stop, watch
from tests.servers import Dovecot
from tests.support import answer, mail

DRAFT = mail("a draft").replace(b"\n", b"\r\n")


def bare(server: Dovecot, count: int, saved: dict[int, float], ready: threading.Event) -> None:
    """Append a draft to Bare for each of *count* messages that come, and note when each is there, by its UID."""
    with IMAPClient("127.0.0.1", server.port, ssl=False) as session:
        session.login(server.user, server.password)
        session.create_folder("Bare")
        session.select_folder("INBOX", readonly=True)
        known = set(session.search())
        ready.set()
        while len(saved) < count:
            session.idle()
            session.idle_check()
            session.idle_done()
            for uid in sorted(set(session.search()) - known):
                session.fetch([uid], ["BODY.PEEK[]"])
                session.append("Bare", DRAFT, ("\\Draft", "\\Seen"))
                saved[uid] = time.monotonic()
                known.add(uid)


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main(count: int) -> None:
    saved: dict[int, float] = {}
    ours, floor = [], []
    with Dovecot("fsync") as server, tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "store.sqlite", b"k" * 32)
        server.put("INBOX", mail("first"))
        stop, ready = Stop(), threading.Event()
        job = Job("shop", server.account, ("INBOX",), answer, Options())
        threading.Thread(target=bare, args=(server, count, saved, ready), daemon=True).start()
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
                floor.append(saved[number + 2] - began)
        before = time.process_time()
        time.sleep(10)
        idle_cpu = time.process_time() - before
        stop.set()
        watching.join()
        store.close()
    for name, values in (("bare script", floor), ("mailassist", ours)):
        print(f"{name:12} p50 {statistics.median(values):.3f} s   p99 {percentile(values, 0.99):.3f} s")
    print(f"ratio at p50 {statistics.median(ours) / statistics.median(floor):.2f}")
    print(f"idle for 10 s: CPU {idle_cpu * 1000:.0f} ms; peak of memory {_peak_mb()} MB, the benchmark's own included")


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
