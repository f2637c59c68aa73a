"""
Which messages get no reply, and why (RFC 3834 §2, RFC 5230 §4).

A vacation responder that answers wrongly makes a loop; a draft that nobody needs is noise, and a customer who gets none
is lost. So there are two tiers: a HARD reason is enough; a SOFT one is a hint, and two of them are needed.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from mailassist.reading.screen import signs
from mailassist.reading.screen.letter import Letter
from mailassist.values import IncomingMail

HARD: Literal["hard"] = "hard"
SOFT: Literal["soft"] = "soft"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a message gets no reply."""

    tier: Literal["hard", "soft"]
    because: str  # one sentence a user understands
    applies: Callable[[Letter], bool]


def screen(mail: IncomingMail, own_addresses: Collection[str] = ()) -> str | None:
    """
    Return why *mail* gets no reply, in words a user understands, or None where it is to be answered.

    own_addresses: the addresses of the account; an entry `@domain` stands for all of its domain.
    """
    letter = Letter(mail, own_addresses)
    hints = []
    for reason in REASONS:
        if reason.applies(letter):
            if reason.tier == HARD:
                return reason.because
            hints.append(reason)
    needed = 3 if letter.is_answer or letter.is_form else 2
    if len(hints) < needed or _came_through_a_crm(letter, hints):
        return None
    return " and ".join(hint.because for hint in hints[:2])


def _came_through_a_crm(letter: Letter, hints: list[Reason]) -> bool:
    """Say whether all *hints* are header fields that a CRM gives a person's mail, too."""
    fields = {hint.applies for hint in hints}
    if fields <= {signs.asks_for_silence, signs.comes_from_a_mailing_service}:
        return True
    return letter.asks and fields <= {signs.asks_for_silence, signs.comes_from_a_mailing_service, signs.is_bulk}


# The first that applies is the one a user reads: what they would say of the mail themselves comes first.
REASONS: tuple[Reason, ...] = (
    Reason(HARD, "the server's stand-in for a message that is gone", signs.is_placeholder),
    Reason(HARD, "the mail server's own notes on this folder, not a message", signs.is_folder_data),
    Reason(HARD, "sent from one of your own addresses", signs.is_own),
    Reason(HARD, "a mail of your own that came back", signs.goes_round),
    Reason(HARD, "marked as spam", signs.is_spam),
    Reason(HARD, "a receipt: your mail was opened or deleted", signs.is_receipt),
    Reason(HARD, "a report of abuse from a mail provider", signs.is_abuse_report),
    Reason(HARD, "a report about your domain (DMARC or TLS)", signs.is_domain_report),
    Reason(HARD, "a delivery report: a mail could not be delivered, or was", signs.is_bounce),
    Reason(HARD, "an answer to an invitation, for your calendar", signs.is_calendar_answer),
    Reason(HARD, "an invitation without a message, for your calendar", signs.is_bare_invitation),
    Reason(HARD, "encrypted, so it cannot be read here", signs.is_encrypted),
    Reason(HARD, "asks to prove that you are a person before your mail is delivered", signs.challenges),
    Reason(HARD, "an automatic reply", signs.is_automatic),
    Reason(HARD, "an automatic reply", signs.is_marked_as_automatic),
    Reason(HARD, "an automatic reply", signs.is_headed_as_automatic),
    Reason(HARD, "from a mailing list", signs.is_list),
    Reason(HARD, "a bulk mailing or an automatic reply", signs.has_precedence),
    Reason(HARD, "from a mail system, not from a person", signs.comes_from_a_mail_system),
    Reason(HARD, "a notification from a program", signs.is_notification),
    Reason(HARD, "from an address that nobody reads", signs.nobody_reads_it),
    Reason(HARD, "there is no address to answer to", signs.has_no_address),
    Reason(HARD, "you are only in copy", signs.is_copy),
    Reason(HARD, "it is empty: there is nothing to answer", signs.is_empty),
    Reason(SOFT, "headed like an automatic reply", signs.may_be_headed_as_automatic),
    Reason(SOFT, "says that someone is away", signs.says_away),
    Reason(SOFT, "says when or by whom it will be answered", signs.says_back_later),
    Reason(SOFT, "headed like a receipt", signs.is_titled_as_receipt),
    Reason(SOFT, "says that your mail has arrived", signs.says_received),
    Reason(SOFT, "headed like a delivery report", signs.is_titled_as_bounce),
    Reason(SOFT, "says that a mail could not be delivered", signs.says_undelivered),
    Reason(SOFT, "headed like a notification", signs.is_titled_as_notification),
    Reason(SOFT, "says that a program wrote it", signs.says_it_is_generated),
    Reason(SOFT, "wants no answer", signs.wants_no_answer),
    Reason(SOFT, "from an address that programs use", signs.may_be_a_program),
    Reason(SOFT, "sent through a mailing service", signs.comes_from_a_mailing_service),
    Reason(SOFT, "marked as bulk mail", signs.is_bulk),
    Reason(SOFT, "speaks like a newsletter", signs.speaks_as_newsletter),
    Reason(SOFT, "asks for no automatic answer", signs.asks_for_silence),
)
