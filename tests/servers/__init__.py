"""Real IMAP servers for the tests: plain child processes on free loopback ports, gone when the test is."""

from tests.servers.base import Mailbox, NotInstalled, RealServer
from tests.servers.courier import Courier
from tests.servers.cyrus import Cyrus
from tests.servers.dovecot import Dovecot
from tests.servers.memory import Memory, Pymap

__all__ = ["SERVERS", "Courier", "Cyrus", "Dovecot", "Mailbox", "Memory", "NotInstalled", "Pymap", "RealServer"]

SERVERS = {"memory": Memory, "pymap": Pymap, "dovecot": Dovecot, "cyrus": Cyrus, "courier": Courier}
