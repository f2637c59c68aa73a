"""Delete what is remembered of a customer.

Dates, tones, intents and exceptions of the address go; that a message was dealt with
stays, without a name, so that it is not drafted again. Mail on the server is not touched.
"""

from __future__ import annotations

import argparse

from mailassist.present import counted, print_json, say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("address", metavar="ADDRESS", help="the customer's address")
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(options: argparse.Namespace) -> int:
    """Forget and say how much; return 0."""
    from mailassist.commands.senders import an_address
    from mailassist.wiring import configuration, store_of

    with store_of(configuration(options.config)) as store:
        forgotten = store.forget(an_address(options.address))
    if options.json:
        print_json({"address": options.address, "mails": forgotten.mails, "exceptions": forgotten.exceptions})
        return 0
    parts = [counted(forgotten.mails, "mail")] if forgotten.mails else []
    parts += ["the exceptions"] if forgotten.exceptions else []
    what = f"forgot {' and '.join(parts)}" if parts else "nothing was remembered"
    say(f"{what} of {options.address}")
    return 0
