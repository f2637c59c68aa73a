"""
mailassist drafts calm replies to customer mail, in the customer's language. It never sends.

As a library it is a pure core: octets in, values out; no mailbox, no network, no clock.

    >>> import mailassist
    >>> outcome = mailassist.answer(open("message.eml", "rb").read())
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailassist.answering.desk import Desk, answer
    from mailassist.answering.standing import judge_sender
    from mailassist.reading.intent import find_intents
    from mailassist.reading.language import detect_language, identify_language
    from mailassist.reading.message import parse
    from mailassist.reading.said import extract_said
    from mailassist.reading.screen import screen
    from mailassist.reading.tone import judge_tone
    from mailassist.values import (
        Address,
        Contact,
        Detection,
        Draft,
        History,
        IncomingMail,
        Intent,
        Skipped,
        Standing,
        Tone,
    )

__version__ = "0.1.0"

__all__ = [
    "Address",
    "Contact",
    "Desk",
    "Detection",
    "Draft",
    "History",
    "IncomingMail",
    "Intent",
    "Skipped",
    "Standing",
    "Tone",
    "answer",
    "detect_language",
    "extract_said",
    "find_intents",
    "identify_language",
    "judge_sender",
    "judge_tone",
    "parse",
    "screen",
]

_HOMES = {
    "Desk": "answering.desk",
    "answer": "answering.desk",
    "detect_language": "reading.language",
    "extract_said": "reading.said",
    "find_intents": "reading.intent",
    "identify_language": "reading.language",
    "judge_sender": "answering.standing",
    "judge_tone": "reading.tone",
    "parse": "reading.message",
    "screen": "reading.screen",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: `mailassist --version` needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module 'mailassist' has no attribute {name!r}")
    module = importlib.import_module(f"mailassist.{_HOMES.get(name, 'values')}")
    value = getattr(module, name)
    globals()[name] = value
    return value
