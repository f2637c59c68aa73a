"""
Measures one pass over an inbox on a local Dovecot, beside fetching the same octets and appending the same drafts.

usage: python benchmarks/run.py [MAILS ...] [--mdbox]      default: 1000; with several numbers, how time and memory grow

    ours      one pass of mailassist: read, answered, remembered, saved; the tables of each language loaded on the way
    floor     imapclient alone: BODY.PEEK[] in batches of 200, then one APPEND after the other
    parsing   the floor's fetch, and the standard library's parser over the same octets, with the text of the body
    answer    `mailassist.answer` alone over the same octets, after a first one in each language

Each has a process of its own. wall and CPU (of the client) in seconds; idle, peak, after: resident memory in MB, logged
in and before the first message, at most, and when all is done. Dovecot syncs nothing, so that the disk is not what is
measured. In a Maildir it reads the list of all messages at each APPEND: ten thousand take a minute, a hundred thousand
hours. With --mdbox it does not, and what grows is ours.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from email import message_from_bytes
from email.policy import default
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.generated import OURS, mails
from tests.servers import Dovecot

BATCH = 200  # messages a FETCH
Login = tuple[str, int, str, str]  # host, port, user, password
Row = dict[str, float]
Begun = Callable[[], None]  # called when everything is ready and the first message is about to be asked for


def ours(login: Login, _given: Path, begun: Begun) -> int:
    """Make one pass; return how many drafts it saved."""
    from mailassist.answering.desk import Desk
    from mailassist.keeping.store import open_store
    from mailassist.mailbox.account import Credential, ImapAccount, Server
    from mailassist.one_pass import Options, run_pass
    from mailassist.values import Address
    from mailassist.wiring import answer_with

    host, port, user, password = login
    account = ImapAccount("shop", Server(host, port, "none", username=user), lambda: Credential(password))
    with tempfile.TemporaryDirectory() as folder, account:
        store = open_store(Path(folder) / "store.sqlite", b"k" * 32)
        begun()
        report = run_pass(account, "INBOX", store, answer_with(Desk((Address(OURS),))), Options(limit=None))
        store.close()
    return report.drafts


def floor(login: Login, drafts: Path, begun: Begun) -> int:
    """Fetch every message and append *drafts*, a file of them; return how many those are."""
    from imapclient import IMAPClient

    host, port, user, password = login
    with IMAPClient(host, port, ssl=False) as client:
        client.login(user, password)
        begun()
        for _ in _fetched(client):
            pass
        return sum(bool(client.append("Drafts", draft, ("\\Draft", "\\Seen"))) for draft in _read(drafts))


def parsing(login: Login, _given: Path, begun: Begun) -> int:
    """Fetch every message and parse it with the standard library; return how many there were."""
    from imapclient import IMAPClient

    host, port, user, password = login
    count = 0
    with IMAPClient(host, port, ssl=False) as client:
        client.login(user, password)
        begun()
        for octets in _fetched(client):
            message = message_from_bytes(octets, policy=default)
            body = message.get_body(("plain", "html"))
            count += bool(message["from"] and body and body.get_content())
    return count


def answering(_login: Login, inbox: Path, begun: Begun) -> int:
    """Answer *inbox*, a file of mails; return how many drafts that gives."""
    import mailassist

    for one in islice(_read(inbox), 100):
        mailassist.answer(one)
    begun()
    return sum(isinstance(mailassist.answer(one), mailassist.Draft) for one in _read(inbox))


def _keep(messages: Iterable[bytes], file: Path) -> Path:
    """Write *messages* into *file*: they shall weigh on nobody's memory."""
    with file.open("wb") as kept:
        for octets in messages:
            kept.write(len(octets).to_bytes(4) + octets)
    return file


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as kept:
        while size := kept.read(4):
            yield kept.read(int.from_bytes(size))


def _fetched(client):
    client.select_folder("INBOX", readonly=True)
    uids = client.search("ALL")
    for at in range(0, len(uids), BATCH):
        yield from (given[b"BODY[]"] for given in client.fetch(uids[at : at + BATCH], ["BODY.PEEK[]"]).values())


def measured(work: Callable[[Login, Path, Begun], int], login: Login, given: Path) -> Row:
    """Return what *work* costs in a process of its own."""
    context = get_context("spawn")  # a fork would have the memory of its parent
    here, there = context.Pipe()
    process = context.Process(target=_measure, args=(work, login, given, there))
    process.start()
    there.close()  # so that a process that fails ends this one too
    row: Row = here.recv()
    process.join()
    return row


def _measure(work: Callable[[Login, Path, Begun], int], login: Login, given: Path, answer: Connection) -> None:
    at: Row = {}

    def begun() -> None:
        at.update(wall=time.perf_counter(), cpu=time.process_time(), idle=_resident_mb())

    drafts = work(login, given, begun)
    wall, cpu = time.perf_counter() - at["wall"], time.process_time() - at["cpu"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send({"wall": wall, "cpu": cpu, "idle": at["idle"], "peak": peak, "after": _resident_mb(), "drafts": drafts})


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def one_size(count: int, variants: Sequence[str]) -> dict[str, Row]:
    """Return what each costs over *count* mails."""
    with Dovecot(*variants) as server, tempfile.TemporaryDirectory() as folder:
        login = ("127.0.0.1", server.port, server.user, server.password)
        inbox = _keep(mails(count), Path(folder, "inbox"))
        server.put_all("INBOX", _read(inbox))
        found = {"ours": measured(ours, login, inbox)}
        drafts = _keep((mail.octets for mail in server.listing("Drafts")), Path(folder, "drafts"))
        found["floor"] = measured(floor, login, drafts)
        found["parsing"] = measured(parsing, login, inbox)
        found["answer"] = measured(answering, login, inbox)
        size = inbox.stat().st_size / count / 1000
    print(f"{count:,} mails, {size:.1f} kB in the mean, {found['ours']['drafts']:,} drafts")
    print(f"{'':10}{'wall s':>9}{'CPU s':>9}{'mails/s':>9}{'idle MB':>9}{'peak MB':>9}{'after':>9}{'x floor':>9}")
    for name, row in found.items():
        ratio = row["wall"] / found["floor"]["wall"]
        speed = f"{row['wall']:9.2f}{row['cpu']:9.2f}{count / row['wall']:9.0f}"
        memory = f"{row['idle']:9.1f}{row['peak']:9.1f}{row['after']:9.1f}"
        print(f"{name:10}{speed}{memory}{ratio:9.2f}", flush=True)
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("mails", type=int, nargs="*", default=[1000])
    arguments.add_argument("--mdbox", action="store_true")
    options = arguments.parse_args()
    counts = options.mails
    rows = {count: one_size(count, ["mdbox"] if options.mdbox else [])["ours"] for count in counts}
    if len(counts) > 1:
        few, many = rows[counts[0]], rows[counts[-1]]
        wall, cpu = ((many[name] / counts[-1]) / (few[name] / counts[0]) for name in ("wall", "cpu"))
        grown = f"time a mail x {wall:.2f}, CPU a mail x {cpu:.2f}, peak x {many['peak'] / few['peak']:.2f}"
        print(f"from {counts[0]:,} to {counts[-1]:,}: {grown}")


if __name__ == "__main__":
    main()
