"""
Which messages get no reply, and why (RFC 3834 §2, RFC 5230 §4).

A vacation responder that answers wrongly makes a loop; a draft that nobody needs is noise, and a customer who gets none
is lost. So there are two tiers: a HARD reason is enough; a SOFT one is a hint, and two of them are needed.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from mailassist.reading.letter import Letter, folded, is_called, is_kind, organisation, phrases, plain
from mailassist.reading.tables import table
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
    if len(hints) < needed or (_is_on_transport_alone(hints) and letter.asks):
        return None
    return " and ".join(hint.because for hint in hints[:2])


def _is_on_transport_alone(hints: list[Reason]) -> bool:
    """Say whether all *hints* are header fields that a CRM or a mailing service gives a person's mail."""
    return all(hint.applies in (asks_for_silence, comes_from_a_mailing_service, is_bulk) for hint in hints)


# ── it is ours ──


def is_own(letter: Letter) -> bool:
    return letter.ours(letter.sender) and not letter.is_form


def goes_round(letter: Letter) -> bool:
    """X-Loop names whose mail must not come back to them."""
    return any(
        value.strip().lower() in ("yes", "true") or letter.ours(value.strip()) for value in letter.values("x-loop")
    )


def is_copy(letter: Letter) -> bool:
    """We are in Cc and not in To. Delivered-To says nothing: it names us in every mail we get."""
    in_to = any(letter.ours(address.spec) for address in letter.mail.to)
    return not in_to and not letter.is_form and any(letter.ours(address.spec) for address in letter.mail.cc)


# ── the mail system, or the server itself, wrote it ──


def is_placeholder(letter: Letter) -> bool:
    """Courier answers a FETCH of a message that another client expunged with a forged one."""
    forged = letter.sender.startswith("root@localhost") or is_called(letter.mail.from_, "names") or not letter.sender
    return forged and letter.subject == "message unavailable" and not letter.has("received", "message-id", "date")


def is_folder_data(letter: Letter) -> bool:
    """UW-IMAP keeps its notes on a folder in a message at its top."""
    return letter.subject.startswith("don't delete this message") and "folder internal data" in letter.subject


def is_bounce(letter: Letter) -> bool:
    """RFC 3461 to 3464, and what mail servers did before them."""
    return (
        letter.part("multipart/report", "message/delivery-status", "message/global-delivery-status")
        or letter.has("x-failed-recipients")
        or (any(value.strip() == "<>" for value in letter.values("return-path")) and not letter.is_form)
    )


def comes_from_a_mail_system(letter: Letter) -> bool:
    local = letter.sender.partition("@")[0].lower()
    return (
        is_kind(letter.sender, "daemon")
        or local.startswith("owner-")
        or local.endswith(("-request", "-bounces", "-owner"))
    )


def is_receipt(letter: Letter) -> bool:
    """RFC 8098."""
    of_disposition = any("disposition-notification" in value.lower() for value in letter.values("content-type"))
    return letter.part("message/disposition-notification") or of_disposition


def is_abuse_report(letter: Letter) -> bool:
    """RFC 5965."""
    return letter.part("message/feedback-report")


def is_domain_report(letter: Letter) -> bool:
    """DMARC (RFC 7489 §7.2.1.1) and SMTP TLS reports (RFC 8460 §5.3)."""
    about = folded(letter.subject)
    packed = letter.part(
        "application/gzip",
        "application/zip",
        "application/x-zip-compressed",
        "application/x-gzip",
        "text/xml",
        "application/xml",
    )
    packed = packed or letter.part("application/octet-stream")
    return (
        letter.has("tls-report-domain", "tls-report-submitter")
        or letter.part("application/tlsrpt+gzip", "application/tlsrpt+json")
        or (" report domain " in about and " submitter " in about)
        or (" dmarc " in about and " report " in about and packed)
    )


# ── a program answered for somebody ──

_AUTO_FIELDS = (
    "x-autoreply*",
    "x-autorespon*",
    "x-auto-reply*",
    "x-auto-respond*",
    "x-mail-autoreply*",
    "x-autorespond*",
)
_AUTO_FIELDS_ALONE = (
    "x-ms-exchange-inbox-rules-loop",
    "x-vacation",
    "x-autogenerated",
    "x-fc-machinegenerated",
    "x-cron-env",
)


def is_automatic(letter: Letter) -> bool:
    """RFC 3834 §5; a form that writes for a customer marks its mail as generated, and is answered all the same."""
    tokens = letter.tokens("auto-submitted") - {"no"}
    return bool(tokens - {"auto-generated"} if letter.is_form else tokens)


def is_marked_as_automatic(letter: Letter) -> bool:
    fields = [name for name in letter.mail.headers if any(name.startswith(field[:-1]) for field in _AUTO_FIELDS)]
    return (
        bool(letter.tokens(*fields) - {"no", "false", "0", "none"})
        or letter.has(*_AUTO_FIELDS_ALONE)
        or any(
            "mailbox rules agent" in value.lower() for value in letter.values("x-ms-exchange-generated-message-source")
        )
        or any("autoresponder" in value.lower() for value in letter.values("delivered-to", "x-post-messageclass"))
        or any("autoreply" in value.lower() for value in letter.values("x-mailer"))
        or "no" in letter.tokens("x-ack")
    )


def is_headed_as_automatic(letter: Letter) -> bool:
    return ":" in letter.mail.subject.replace("：", ":") and letter.headed("auto_reply", "automatic")


def may_be_headed_as_automatic(letter: Letter) -> bool:
    return letter.headed("auto_reply", "automatic") or letter.headed("auto_reply", "absent")


def says_away(letter: Letter) -> bool:
    return not letter.asks and letter.says("auto_reply", "away")


def says_back_later(letter: Letter) -> bool:
    return says_away(letter) and letter.says("auto_reply", "back")


def is_titled_as_receipt(letter: Letter) -> bool:
    return letter.titled("receipt") or letter.headed("receipt", "read_subjects")


def says_received(letter: Letter) -> bool:
    """An office's mail may be its ticket system's; a person who writes so may mean it."""
    told = letter.says("receipt") and (is_kind(letter.sender, "office") or letter.says("machine"))
    return not letter.asks and (
        told or (letter.headed("receipt", "read_subjects") and letter.says("receipt", "read_phrases"))
    )


def challenges(letter: Letter) -> bool:
    known = letter.has("x-spamarrest*", "x-choicemail*", "x-boxbe*", "x-tmda*", "x-mailinblack*", "x-challenge*")
    return known or (letter.titled("challenge") and letter.says("challenge"))


# ── a program wrote it for many ──

_LIST_FIELDS = ("list-id", "list-post", "list-owner", "list-subscribe", "list-help", "list-archive")
_LIST_PROGRAMS = (
    "x-beenthere",
    "x-mailman-version",
    "x-mailing-list",
    "mailing-list",
    "x-listprocessor-version",
    "x-list",
)


def is_list(letter: Letter) -> bool:
    """RFC 2369, RFC 2919. A list that is one of our own addresses is a shared inbox, and its mail is a customer's."""
    return letter.has(*_LIST_FIELDS, *_LIST_PROGRAMS) and not _is_own_list(letter)


def _is_own_list(letter: Letter) -> bool:
    for value in letter.values("list-post", "x-beenthere", "mailing-list", "list-id"):
        for word in value.replace("<", " ").replace(">", " ").replace("mailto:", " ").replace(";", " ").split():
            address = word if "@" in word else word.replace(".", "@", 1)
            if letter.ours(address):
                return True
    return False


def has_precedence(letter: Letter) -> bool:
    tokens = letter.tokens("precedence", "x-precedence", "preference") & {"list", "junk", "auto_reply", "auto-reply"}
    return bool(tokens - {"list"} if _is_own_list(letter) else tokens)


def is_bulk(letter: Letter) -> bool:
    return "bulk" in letter.tokens("precedence", "x-precedence")


def comes_from_a_mailing_service(letter: Letter) -> bool:
    return letter.has("list-unsubscribe", "feedback-id", "x-mc-user", "x-campaign*", "x-mailchimp*", "x-csa-complaints")


def speaks_as_newsletter(letter: Letter) -> bool:
    return letter.says("bulk")


def asks_for_silence(letter: Letter) -> bool:
    """A wish not to be answered by a program (MS-OXCMAIL 2.1.3.2.20); Exchange and CRMs set it on people's mail too."""
    return bool(
        {part.strip() for value in letter.values("x-auto-response-suppress") for part in value.lower().split(",")}
        & {"all", "oof", "autoreply"}
    )


# ── a program wrote it, and nobody reads what comes back ──

_TRACKERS = (
    "x-github-*", "x-gitlab-*", "x-jira-*", "x-bugzilla-*", "x-redmine-*", "x-trac-*", "x-jenkins-*", "x-facebook*",
    "x-linkedin-*", "x-nagios*", "x-pagerduty*", "x-alertmanager*", "x-discourse-*", "x-notificationtype",
)  # fmt: skip


def nobody_reads_it(letter: Letter) -> bool:
    if is_kind(letter.target, "no_reply"):
        return True
    return is_kind(letter.sender, "no_reply") and not letter.answers_elsewhere


def is_notification(letter: Letter) -> bool:
    elsewhere = letter.answers_elsewhere and organisation(letter.target) != organisation(letter.sender)
    return letter.has(*_TRACKERS) or (is_kind(letter.sender, "machine") and not elsewhere)


def may_be_a_program(letter: Letter) -> bool:
    return is_kind(letter.sender, "perhaps") or is_called(letter.mail.from_, "names")


def says_it_is_a_program(letter: Letter) -> bool:
    return not letter.asks and letter.says("machine")


def is_titled_as_notification(letter: Letter) -> bool:
    return letter.titled("machine")


def is_titled_as_bounce(letter: Letter) -> bool:
    return letter.titled("bounce")


def says_undelivered(letter: Letter) -> bool:
    return may_be_a_program(letter) and letter.says("bounce")


# ── it cannot be read, or it is no letter ──

_SEALED = ("multipart/encrypted", "application/pgp-encrypted")
_SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")


def is_encrypted(letter: Letter) -> bool:
    """PGP/MIME (RFC 3156), S/MIME enveloped and opaque-signed (RFC 8551 §3), inline PGP (RFC 9580 §6.2)."""
    sealed = letter.mail.content_type in (*_SEALED, *_SMIME) or letter.part("application/pgp-encrypted")
    smime = letter.part(*_SMIME) and not letter.mail.said.strip()
    inline = any(line.strip() == "-----BEGIN PGP MESSAGE-----" for line in letter.mail.body.splitlines())
    return sealed or smime or inline


def is_calendar_answer(letter: Letter) -> bool:
    """RFC 5546: REPLY, CANCEL, COUNTER and the rest but an invitation."""
    known = any(
        method in ("reply", "cancel", "counter", "refresh", "declinecounter", "add") for method in _methods(letter)
    )
    lost = letter.headed("calendar", "subjects") and (
        letter.part("application/ms-tnef") or not letter.mail.said.strip()
    )
    return known or lost


def is_bare_invitation(letter: Letter) -> bool:
    """An invitation in which nobody asks anything beyond the calendar's own lines."""
    if not any(method in ("request", "publish", "") for method in _methods(letter)):
        return False
    if letter.mail.content_type == "text/calendar":
        return True
    return bool({"request", "publish"} & set(_methods(letter))) and "?" not in _own_lines(letter)


def _methods(letter: Letter) -> list[str]:
    found = [part.method for part in letter.mail.parts if part.content_type == "text/calendar"]
    if letter.mail.content_type == "text/calendar":
        found += [
            value.lower().partition("method=")[2].partition(";")[0].strip(' "')
            for value in letter.values("content-type")
        ]
    return found


def _own_lines(letter: Letter) -> str:
    """Return what stands in an invitation beyond the lines every calendar writes."""
    starts = tuple(phrase[0] + " " for phrase in phrases("calendar", "lines"))
    lines = (line for line in letter.mail.said.splitlines() if "://" not in line)
    return "\n".join(line for line in lines if not folded(line).startswith(starts))


_SCL = ("x-ms-exchange-organization-scl", "x-ms-exchange-antispam-scl")


def is_spam(letter: Letter) -> bool:
    """What a filter on the way decided. Exchange: SCL 5 and more is spam, 9 is certain."""
    flags = letter.tokens(
        "x-spam-flag", "x-spam-status", "x-spam", "x-barracuda-spam-flag", "x-bogosity", "x-dspam-result"
    )
    marked = any(letter.mail.subject.lower().lstrip().startswith(mark) for mark in table("screen")["spam"]["marks"])
    return bool({flag.rstrip(",;") for flag in flags} & {"yes", "true", "spam"}) or marked or _scl(letter) >= 5


def _scl(letter: Letter) -> int:
    levels = [value.strip() for value in letter.values(*_SCL)]
    for value in letter.values("x-forefront-antispam-report", "x-microsoft-antispam"):
        levels += [item.strip()[4:] for item in value.split(";") if item.strip().upper().startswith("SCL:")]
    return max((int(level) for level in levels if level.isdecimal() and len(level) < 3), default=-1)


def has_no_address(letter: Letter) -> bool:
    return not letter.target or letter.target.endswith(("@localhost", ".invalid"))


def is_empty(letter: Letter) -> bool:
    """Nothing new is said, in the text or in the subject."""
    return not any(char.isalnum() for char in letter.mail.said) and not _tells(letter)


def _tells(letter: Letter) -> bool:
    """Say whether the subject is the sender's own and more than a greeting."""
    head, colon, rest = letter.subject.partition(":")
    if colon and plain(head).strip(" []0123456789") in table("screen")["subject"]["reply"]:
        return False if letter.mail.removed else _is_telling(rest)
    return _is_telling(letter.subject)


def _is_telling(subject: str) -> bool:
    words = folded(subject).strip()
    return sum(char.isalpha() for char in words) >= 5 and all(
        words != phrase[0].strip() for phrase in phrases("subject", "empty")
    )


# The first that applies is the one a user reads: what they would say of the mail themselves comes first.
REASONS: tuple[Reason, ...] = (
    Reason(HARD, "the server's stand-in for a message that is gone", is_placeholder),
    Reason(HARD, "the mail server's own notes on this folder, not a message", is_folder_data),
    Reason(HARD, "sent from one of your own addresses", is_own),
    Reason(HARD, "a mail of your own that came back", goes_round),
    Reason(HARD, "marked as spam", is_spam),
    Reason(HARD, "a receipt: your mail was opened or deleted", is_receipt),
    Reason(HARD, "a report of abuse from a mail provider", is_abuse_report),
    Reason(HARD, "a report about your domain (DMARC or TLS)", is_domain_report),
    Reason(HARD, "a delivery report: a mail could not be delivered, or was", is_bounce),
    Reason(HARD, "an answer to an invitation, for your calendar", is_calendar_answer),
    Reason(HARD, "an invitation without a message, for your calendar", is_bare_invitation),
    Reason(HARD, "encrypted, so it cannot be read here", is_encrypted),
    Reason(HARD, "asks to prove that you are a person before your mail is delivered", challenges),
    Reason(HARD, "an automatic reply", is_automatic),
    Reason(HARD, "an automatic reply", is_marked_as_automatic),
    Reason(HARD, "an automatic reply", is_headed_as_automatic),
    Reason(HARD, "from a mailing list", is_list),
    Reason(HARD, "a bulk mailing or an automatic reply", has_precedence),
    Reason(HARD, "from a mail system, not from a person", comes_from_a_mail_system),
    Reason(HARD, "a notification from a program", is_notification),
    Reason(HARD, "from an address that nobody reads", nobody_reads_it),
    Reason(HARD, "there is no address to answer to", has_no_address),
    Reason(HARD, "you are only in copy", is_copy),
    Reason(HARD, "it is empty: there is nothing to answer", is_empty),
    Reason(SOFT, "headed like an automatic reply", may_be_headed_as_automatic),
    Reason(SOFT, "says that someone is away", says_away),
    Reason(SOFT, "says when or by whom it will be answered", says_back_later),
    Reason(SOFT, "headed like a receipt", is_titled_as_receipt),
    Reason(SOFT, "says that your mail has arrived", says_received),
    Reason(SOFT, "headed like a delivery report", is_titled_as_bounce),
    Reason(SOFT, "says that a mail could not be delivered", says_undelivered),
    Reason(SOFT, "headed like a notification", is_titled_as_notification),
    Reason(SOFT, "says that a program wrote it", says_it_is_a_program),
    Reason(SOFT, "from an address that programs use", may_be_a_program),
    Reason(SOFT, "sent through a mailing service", comes_from_a_mailing_service),
    Reason(SOFT, "marked as bulk mail", is_bulk),
    Reason(SOFT, "speaks like a newsletter", speaks_as_newsletter),
    Reason(SOFT, "asks for no automatic answer", asks_for_silence),
)
