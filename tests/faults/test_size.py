"""Large messages and large folders: no more memory than a small machine has to spare."""

import os
import subprocess
import sys
import textwrap
import time

import pytest

from tests.servers.base import PASSWORD, USER
from tests.servers.dovecot import MAIL_OWNER
from tests.support import mail

MOST_MB = 120


def peak_of_a_pass(server, path) -> tuple[int, int]:
    """Make a pass in a process of its own; return its drafts and its peak of memory in MB."""
    code = f"""
        import re
        from mailassist.keeping.store import open_store
        from mailassist.mailbox.account import Credential, ImapAccount, Server
        from mailassist.one_pass import Options, run_pass
        from pathlib import Path
        from tests.support import answer
        server = Server("127.0.0.1", {server.port}, "none", username={USER!r})
        account = ImapAccount("shop", server, lambda: Credential({PASSWORD!r}))
        with open_store(Path({str(path)!r}), b"k" * 32) as store:
            report = run_pass(account, "INBOX", store, answer, Options())
        peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())
        print(report.drafts, int(peak[1]) // 1024)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    drafts, peak = done.stdout.split()
    print(f"peak {peak} MB")
    return int(drafts), int(peak)


def test_a_message_of_fifty_megabytes_takes_little_memory(dovecot, tmp_path):
    attachment = "\r\n".join(["A" * 76] * (50 * 1024 * 1024 // 78))
    dovecot.put("INBOX", mail(1, "See the pictures.\r\n" + attachment))
    drafts, peak = peak_of_a_pass(dovecot, tmp_path / "store.sqlite")
    assert drafts == 1
    assert peak <= MOST_MB


@pytest.mark.skipif(os.geteuid() != 0, reason="a folder of 100,000 messages is left out: only root can make it quickly")
def test_a_folder_of_a_hundred_thousand_messages_takes_little_memory(dovecot, tmp_path):
    folder = dovecot.dir / "mail" / USER / "cur"
    old = time.time() - 40 * 86_400
    firsts = [folder / f"{number}.0.test:2,S" for number in range(2)]  # a file has at most 65,000 names
    for first in firsts:
        first.write_bytes(mail("old"))
        os.chown(first, MAIL_OWNER, MAIL_OWNER)
        os.utime(first, (old, old))
    for number in range(2, 100_000):
        os.link(firsts[number % 2], folder / f"{number}.0.test:2,S")
    dovecot.put("INBOX", mail("new"))
    try:
        drafts, peak = peak_of_a_pass(dovecot, tmp_path / "store.sqlite")
    finally:
        for path in folder.iterdir():
            path.unlink()
    assert drafts == 1
    assert peak <= MOST_MB
