"""
A real IMAP server in memory, for `mailassist demo` and the tests. The one door to pymap.

It offers no SPECIAL-USE and keeps no keywords: PERMANENTFLAGS names the system flags only.
"""

import asyncio
import secrets
import threading
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Embedded:
    """Where the server listens and how to log in; without TLS, on loopback only."""

    host: str
    port: int
    user: str
    password: str


@contextmanager
def embedded_server(folders: Sequence[str] = ("Drafts", "Sent"), user: str = "demo") -> Iterator[Embedded]:
    """Run the server in a thread, on a free port, with *folders* beside INBOX, until the block ends."""
    loop = asyncio.new_event_loop()
    password = secrets.token_urlsafe(9)
    started: threading.Event = threading.Event()
    stopped = asyncio.Event()
    port = 0

    async def serve() -> None:
        nonlocal port
        server = await _listen(user, password, folders)
        async with server:
            port = server.sockets[0].getsockname()[1]
            started.set()
            await stopped.wait()

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        finally:
            started.set()
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0))
            loop.close()

    thread = threading.Thread(target=run, name="embedded-imap", daemon=True)
    thread.start()
    started.wait()
    try:
        yield Embedded(LOOPBACK, port, user, password)
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(stopped.set)
        thread.join(timeout=5)


async def _listen(user: str, password: str, folders: Sequence[str]) -> asyncio.Server:
    from proxyprotocol.reader import ProxyProtocolReader
    from pymap.backend.dict import DictBackend
    from pymap.imap import IMAPServer

    options = Namespace(
        host=LOOPBACK,
        port=0,
        cert=None,
        key=None,
        tls=False,
        debug=False,
        passlib_cfg=None,
        proxy_protocol=None,
        demo_data=False,
        demo_user=user,
        demo_password=password,
    )
    backend, config = await DictBackend.init(options)
    config.apply_context()
    async with backend.login.demo_user_identity.new_session() as session:
        for name in folders:
            await session.create_mailbox(name)
    accept = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
    return await asyncio.start_server(accept, host=LOOPBACK, port=0)
