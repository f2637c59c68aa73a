"""
Measures the resident memory of the idle daemon on a local Dovecot, beside a bare session of imapclient, in one run.

usage: python benchmarks/memory.py [ACCOUNTS ...]      default: 1 10 50

    bare session    imapclient, logged in, the inbox selected
    started         `mailassist watch`, before the first mail
    idle            after it has answered a mail in each of three languages, for each account
    large           after a message of 50 MB as well

In MB; a further account: idle with many accounts, less idle with one, by the number of further accounts.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.servers import Dovecot

SAID = {
    "en": "Hello,\n\nmy order 30-55817 has not arrived and nobody answers the phone. When will it come?\n\nTom Wells",
    "de": "Guten Tag,\n\nmeine Bestellung 30-55817 ist nicht gekommen. Wann kommt sie?\n\nGruß\nJana Berg",
    "ru": "Здравствуйте!\n\nМой заказ 30-55817 не пришёл. Когда он придёт?\n\nС уважением,\nЕлена Сокол",
}
LARGE = 50_000_000  # octets
ACCOUNT = """
[[account]]
name = "shop{number}"
address = "service{number}@example.org"
host = "127.0.0.1"
port = {port}
tls = "none"
username = "{user}"
password_command = ["echo", "{password}"]
"""
BARE = """
import sys, imapclient
session = imapclient.IMAPClient("127.0.0.1", port=int(sys.argv[1]), ssl=False)
session.login(sys.argv[2], sys.argv[3])
session.select_folder("INBOX")
session.idle()
print("ready", flush=True)
sys.stdin.read()
"""
WAIT_S = 120.0


def resident_mb(process: subprocess.Popen[bytes]) -> float:
    """Return the resident memory of *process*."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def mail(name: str, said: str, attached: int = 0) -> bytes:
    """Return a message that says *said*, with an attachment of so many octets."""
    made = EmailMessage()
    made["From"], made["To"] = f"Tom Wells <{name}@example.com>", "service0@example.org"
    made["Subject"], made["Message-ID"] = "30-55817", f"<{name}-{time.time_ns()}@example.com>"
    made["Date"] = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
    made.set_content(said)
    if attached:
        made.add_attachment(os.urandom(attached * 3 // 4), maintype="image", subtype="tiff", filename="photo.tiff")
    return made.as_bytes(policy=SMTP)


def bare(server: Dovecot) -> float:
    """Return what a bare session takes."""
    command = [sys.executable, "-c", BARE, str(server.port), server.user, server.password]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        found = resident_mb(process)
        process.kill()
    return found


def watching(accounts: int) -> dict[str, float]:
    """Return what the daemon takes with so many accounts on one mailbox, at each point."""
    with Dovecot() as server, tempfile.TemporaryDirectory() as folder:
        values = {"port": server.port, "user": server.user, "password": server.password}
        config = Path(folder, "config.toml")
        tables = "".join(ACCOUNT.format(number=number, **values) for number in range(accounts))
        config.write_text(f'{tables}[store]\npath = "{folder}/store.sqlite"\n', "utf-8")
        environment = {**os.environ, "HOME": folder, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
        command = [sys.executable, "-m", "mailassist", "-q", "--config", str(config), "watch"]
        with subprocess.Popen(command, env=environment) as process:
            try:
                return {"bare session": bare(server), **_points(server, process, accounts)}
            finally:
                process.terminate()


def _points(server: Dovecot, process: subprocess.Popen[bytes], accounts: int) -> dict[str, float]:
    time.sleep(4 + accounts / 8)
    found = {"started": resident_mb(process)}
    for tag, said in SAID.items():
        server.put("INBOX", mail(tag, said))
    _until(lambda: len(server.listing("Drafts")) >= 3)
    time.sleep(3 + accounts / 8)
    found["idle"] = resident_mb(process)
    if accounts == 1:
        server.put("INBOX", mail("large", SAID["en"], LARGE))
        _until(lambda: len(server.listing("Drafts")) >= 4)
        time.sleep(3)
        found["large"] = resident_mb(process)
    return found


def _until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError(f"nothing within {WAIT_S:.0f} s")
        time.sleep(0.2)


def main(counts: list[int]) -> None:
    rows = {count: watching(count) for count in counts}
    print(
        f"{'accounts':>9}"
        + "".join(f"{name:>14}" for name in ("bare session", "started", "idle", "large", "idle x bare"))
    )
    for count, row in rows.items():
        shown = "".join(
            f"{row[name]:14.1f}" if name in row else f"{'':14}" for name in ("bare session", "started", "idle", "large")
        )
        print(f"{count:9}{shown}{row['idle'] / row['bare session']:14.2f}")
    if len(counts) > 1:
        few, many = counts[0], counts[-1]
        print(f"a further account: {(rows[many]['idle'] - rows[few]['idle']) / (many - few):.2f} MB")


if __name__ == "__main__":
    main([int(count) for count in sys.argv[1:]] or [1, 10, 50])
