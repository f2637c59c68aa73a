"""A pass in a process of its own, which ends itself with SIGKILL before or after the step it is told."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from mailassist.errors import AccountError
from mailassist.keeping.store import open_store
from mailassist.mailbox.account import Credential, ImapAccount, Server
from mailassist.one_pass import Options, run_pass
from tests.support import answer

KEY = b"k" * 32


class Tripwire:
    """Counts the calls of *inner*'s methods, and kills this process before the one numbered *at*."""

    def __init__(self, inner: Any, steps: "Steps") -> None:
        self._inner, self._steps = inner, steps

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if not callable(value) or name == "lock":
            return value

        def counted(*arguments: Any, **named: Any) -> Any:
            self._steps.step()
            result = value(*arguments, **named)
            return iter(list(result)) if hasattr(result, "__next__") else result  # done at this step, not later

        return counted


class Steps:
    """The durable steps (the store's) and those on the wire (the account's), in one count."""

    def __init__(self, at: int | None) -> None:
        self.at, self.count = at, 0

    def step(self) -> None:
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1


def work(server: Server, folders: tuple[str, str], path: Path, settle_s: float, at: int | None, report: Any) -> None:
    """Make one pass; send the number of steps and of drafts, or the error, to *report*."""
    steps = Steps(at)
    account = ImapAccount("shop", server, lambda: Credential(_password()), *folders)
    store = open_store(path, KEY)
    try:
        result = run_pass(
            Tripwire(account, steps),
            "INBOX",
            Tripwire(store, steps),
            answer,
            _options(settle_s),  # type: ignore[arg-type]
        )
        report.send((steps.count, result.drafts, result.next_s))
    except AccountError as error:
        report.send((steps.count, 0, str(error)))
    finally:
        account.close()
        store.close()


def _password() -> str:
    from tests.servers.base import PASSWORD

    return PASSWORD


def _options(settle_s: float) -> Options:
    return Options(settle=timedelta(seconds=settle_s), limit=None)


_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.faults.worker", "mailassist.answering.desk"])


def start(*arguments: Any) -> tuple[Any, Callable[[], Any]]:
    """Start `work` in a process; return it, and what yields its report (None when it was killed)."""
    ours, theirs = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=work, args=(*arguments, theirs), daemon=True)
    process.start()
    theirs.close()

    def reported() -> Any:
        try:
            return ours.recv()
        except EOFError:
            return None
        finally:
            ours.close()

    return process, reported
