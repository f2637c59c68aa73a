"""Watch every account in the background: a draft within seconds of a customer's mail.

Runs until it is told to stop (Ctrl-C, SIGTERM); the message in hand is finished first. A
server that is away is waited for. To have it started with your session: mailassist
service install.
"""

from __future__ import annotations

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("account", nargs="*", metavar="ACCOUNT", help="only these accounts")


def run(options: argparse.Namespace) -> int:
    """Watch until stopped; return 0. The error of the last account that can be watched is raised."""
    from mailassist.mailbox.idle import Stop
    from mailassist.watcher import install_signals, watch
    from mailassist.wiring import configuration, job_of, store_of

    config = configuration(options.config)
    accounts = config.chosen(options.account)
    stop = Stop()
    install_signals(stop)
    with store_of(config) as store:
        watch([job_of(config, account) for account in accounts], store, stop)
    return 0
