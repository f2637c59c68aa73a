"""Watch every account in the background: a draft within seconds of a customer's mail.

Runs until it is told to stop (Ctrl-C, SIGTERM); the message in hand is finished first. A
server that is away is waited for. To have it started with your session: mailassist
service install.
"""

from __future__ import annotations

import argparse
import sys

from mailassist.present import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("account", nargs="*", metavar="ACCOUNT", help="only these accounts")


def run(options: argparse.Namespace) -> int:
    """Watch until stopped; return 0. The error of the last account that can be watched is raised."""
    from mailassist.mailbox.idle import Stop
    from mailassist.watcher import install_signals, watch
    from mailassist.wiring import configuration, job_of, store_of, template_faults

    config = configuration(options.config)
    for fault in template_faults(config):
        say(f"{fault}; meanwhile the shipped words are taken")
    accounts = config.chosen(options.account)
    stop = Stop()
    install_signals(stop)
    with store_of(config) as store:
        if sys.stderr.isatty():
            names = ", ".join(account.name for account in accounts)
            say(f"watching {names} until Ctrl-C; -q shows only what goes wrong")
        watch([job_of(config, account) for account in accounts], store, stop)
    return 0
