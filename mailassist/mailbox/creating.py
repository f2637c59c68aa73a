"""Folders made on a server: the one for drafts, where the configuration names it or it has vanished."""

from collections.abc import Sequence
from contextlib import suppress

from mailassist.errors import FolderMissing
from mailassist.mailbox import parsing
from mailassist.mailbox.connection import Connection
from mailassist.mailbox.folders import Found, Listed, encode_name
from mailassist.mailbox.responses import printable
from mailassist.mailbox.wire import Declined


def full_name(connection: Connection, name: str, folders: Sequence[Listed]) -> str:
    """Return *name* below the personal namespace: Cyrus and Courier refuse what does not begin with `INBOX.`."""
    prefix = ""
    if "NAMESPACE" in connection.capabilities:
        with suppress(Declined), connection.operation(may_decline=True):
            typ, data = connection.wire._simple_command("NAMESPACE")
            _, lines = connection.wire._untagged_response(typ, data, "NAMESPACE")
            prefix = parsing.personal_prefix(lines[0]) if lines else ""
    taken = any(f.wire == encode_name(name) for f in folders)
    return name if taken or name.startswith(prefix) else prefix + name


def create_for_drafts(connection: Connection, name: str) -> Found:
    """Make the folder *name* for drafts (RFC 6154 §3) and subscribe to it. Raises FolderMissing."""
    wire_name = encode_name(name)
    use = ["(USE (\\Drafts))"] if "CREATE-SPECIAL-USE" in connection.capabilities else []
    try:
        with connection.operation(may_decline=True):
            connection.wire._simple_command("CREATE", parsing.quoted(wire_name), *use)
    except Declined as error:
        if use and "USEATTR" in error.text.upper():
            with suppress(Declined), connection.operation(may_decline=True):
                connection.wire._simple_command("CREATE", parsing.quoted(wire_name))
        elif "EXISTS" not in error.text.upper():
            raise FolderMissing(
                f"the server does not make the folder {name}: {printable(error.text)}; make it in your mail client",
                name,
            ) from error
    with suppress(Declined), connection.operation(may_decline=True):
        connection.wire._simple_command("SUBSCRIBE", parsing.quoted(wire_name))
    return Found(wire_name, name, "configuration")
