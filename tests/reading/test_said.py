"""What was said, of bodies as mail programs write them. The rows are invented, in the shape of the programs named."""

import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailassist.reading.said import extract_said, split

REPLY_LINES = tomllib.loads((Path(__file__).parent / "reply_lines.toml").read_text("utf-8"))
EACH_REPLY_LINE = [
    pytest.param(line, id=f"{language}-{number}")
    for language, lines in REPLY_LINES.items()
    for number, line in enumerate(lines, 1)
]
OWN = "The kettle leaks. I want my money back."


def test_reply_lines_of_at_least_fifty_five_languages_are_tested():
    assert len(REPLY_LINES) >= 55


@pytest.mark.parametrize("line", EACH_REPLY_LINE)
def test_a_reply_line_above_quoted_lines_ends_what_was_said(line):
    assert extract_said(f"{OWN}\n\n{line}\n\n> Thank you for your order.\n> It is on its way.\n") == OWN


@pytest.mark.parametrize("line", [row for row in EACH_REPLY_LINE if not row.values[0].startswith(">")])
def test_a_reply_line_ends_what_was_said_where_the_quote_has_no_marks(line):
    assert extract_said(f"{OWN}\n\n{line}\n\nThank you for your order.\nIt is on its way.\n") == OWN


@pytest.mark.parametrize("line", [row for row in EACH_REPLY_LINE if len(row.values[0]) > 60])
def test_a_reply_line_may_be_wrapped(line):
    words = line.removeprefix("> ").split(" ")
    at = len(words) * 2 // 3
    wrapped = " ".join(words[:at]) + "\n" + " ".join(words[at:])
    assert extract_said(f"{OWN}\n\n{wrapped}\n\n> Thank you for your order.\n") == OWN


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(
            "From: Shop <info@example.org>\nSent: Monday, May 3, 2021 10:15 AM\nTo: Anna Berg\nSubject: RE: Order",
            id="outlook english",
        ),
        pytest.param(
            "Von: Shop [mailto:info@example.org]\nGesendet: Montag, 3. Mai 2021 10:15\nAn: 'Anna Berg'\nBetreff: AW: x",
            id="outlook german",
        ),
        pytest.param(
            "________________________________\nDe : Boutique <info@example.org>\nEnvoyé : lundi 3 mai 2021 10:15\n"
            "À : Anna Berg\nObjet : RE: Commande",
            id="outlook on the web, french",
        ),
        pytest.param(
            "*Fra:* Butik <info@example.org>\n*Sendt:* 3. maj 2021 10:15\n*Til:* Anna Berg\n*Emne:* Ordre",
            id="bold labels, danish",
        ),
        pytest.param(
            "Från: Butik <info@example.org>\nSkickat: den 3 maj 2021 10:15\nTill: Anna Berg\nÄmne: Order", id="swedish"
        ),
        pytest.param("От: Магазин\nОтправлено: 3 мая 2021 г. 10:15\nКому: Анна", id="windows mail, russian"),
        pytest.param(
            "Od: Sklep <info@example.org>\nWysłano: poniedziałek, 3 maja 2021 10:15\nDo: Anna\nTemat: Zamówienie",
            id="polish",
        ),
        pytest.param(
            "发件人: 商店 <info@example.org>\n发送时间: 2021年5月3日 10:15\n收件人: Anna\n主题: 订单", id="chinese"
        ),
        pytest.param(
            "差出人: 店 <info@example.org>\n送信日時: 2021年5月3日 10:15\n宛先: Anna\n件名: 注文", id="japanese"
        ),
        pytest.param("من: متجر <info@example.org>\nتم الإرسال: 03/05/2021 10:15\nإلى: Anna\nالموضوع: طلب", id="arabic"),
        pytest.param(
            "Subject: Order\nDate: Mon, 3 May 2021 10:15:12 +0200\nFrom: Shop <info@example.org>\nTo: anna@example.org",
            id="thunderbird",
        ),
        pytest.param(
            "From: Shop <i@example.org>\n\nDate: Mon, 3 May 2021 10:15:12\nTo:<anna@example.org>\n\n\nSubject: Order",
            id="blackberry, blank lines between the fields",
        ),
        pytest.param(
            "Von: Shop <info@example.org> Gesendet: Montag, 3. Mai 2021 10:15 An: Anna Betreff: Bestellung",
            id="line breaks lost",
        ),
        pytest.param(
            "Mbali: Re: order\nLanga: 2021-05-03 10:15\nVela: Shop <info@example.org>\nIya: anna@example.org",
            id="labels of no table",
        ),
        pytest.param("-----Original Message-----", id="original message"),
        pytest.param("-----Ursprüngliche Nachricht-----\nVon: Shop", id="original message, german"),
        pytest.param("-------- Oprindelig besked --------", id="samsung, danish"),
        pytest.param("---------- Forwarded message ---------\nFrom: Shop <info@example.org>", id="gmail forward"),
        pytest.param("Begin forwarded message:\n\nFrom: Shop <info@example.org>", id="apple forward"),
        pytest.param(
            "Anfang der weitergeleiteten Nachricht:\n\nVon: Shop <info@example.org>", id="apple forward, german"
        ),
        pytest.param("##- Please type your reply above this line -##", id="zendesk"),
        pytest.param("--- Bitte antworten Sie oberhalb dieser Linie ---", id="help desk, german"),
        pytest.param('>>> "Shop" <info@example.org> 3.5.2021 10:15 >>>', id="groupwise"),
        pytest.param(
            "On Mon, May 3, 2021 at 10:15 AM Shop\n\n<\nmailto:Shop <info@example.org>\n> wrote:", id="polymail"
        ),
    ],
)
def test_older_mail_without_quote_marks_is_not_said(block):
    assert extract_said(f"{OWN}\n\n{block}\n\nThank you for your order.\nIt is on its way.\n") == OWN


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            "I booked this:\n\nFrom: Hamburg\nTo: Berlin\nDate: 3 May 2021\n\nPlease cancel it.", id="booking"
        ),
        pytest.param(
            "A message from your contact form\n\nName: Anna Berg\nE-mail: anna@example.org\nDate: 2021-05-03 10:15\n"
            "Message: The kettle leaks.",
            id="contact form",
        ),
        pytest.param(
            "New enquiry from your website:\n\nFrom: Anna Berg <anna@example.org>\nSubject: Kettle\n\nMessage Body:\n"
            "The kettle leaks.",
            id="contact form that names a sender and a subject",
        ),
        pytest.param(
            "Anfrage\n\nDatum: 3.5.2021 10:15\nVon: Anna <anna@example.org>\nBetreff: Kanne\nNachricht: Sie leckt.",
            id="contact form, german",
        ),
        pytest.param(
            "Neue Nachricht\n\n------------\nName: Anna Berg\nE-Mail: anna@example.org\nNachricht: Die Kanne leckt.",
            id="contact form, ruled off",
        ),
        pytest.param(
            "You have a new message.\n\nName:\nAnna Berg\n\nEmail:\nanna@example.org\n\nBody:\nThe kettle leaks.",
            id="contact form, a label a line",
        ),
        pytest.param("Points:\n----\n1. It leaks\n2. It is loud\n----\nBoth are new.", id="ruled off"),
        pytest.param("Item | Price\n-----\nKettle 49.90 info@example.org\nPot 12.00\nSum 61.90", id="table"),
        pytest.param("---- Enter feedback below ----\n\nThe kettle leaks.", id="dashed words"),
        pytest.param("On the other hand, on Monday 3 May at 10:15 nobody came.\nI waited.", id="on"),
        pytest.param(
            "Am 03.05.2021 um 10:15 Uhr schrieb ich Ihnen und bekam keine Antwort.\nWas ist los?", id="prose, german"
        ),
        pytest.param("I tried on:\n3.5.2021 10:15\n4.5.2021 11:00\n5.5.2021 12:30\nand nobody answered.", id="times"),
        pytest.param("The kettle:\nEnviado por correo certificado\nIt never came. Please help.", id="sent by mail"),
        pytest.param("Sent from my desk, which is much easier than my phone.\nPlease call.", id="no device"),
        pytest.param(
            "I write with regards to the invoice.\nAs regards the kettle, it leaks.", id="regards in a sentence"
        ),
        pytest.param("Hello,\n\nthese are broken:\n- Kettle\n- Pot\n- Lid", id="list"),
        pytest.param("Which of them do I get?\n\nAnna Berg, order 4711", id="order number below"),
        pytest.param("The lid is blue -- I ordered red.", id="dashes in a line"),
    ],
)
def test_nothing_is_cut_where_there_is_nothing_to_cut(body):
    assert extract_said(body) == body


@pytest.mark.parametrize(
    "closing",
    [
        pytest.param("Best regards,\nAnna Berg", id="english"),
        pytest.param("Kind regards, Anna", id="name on the same line"),
        pytest.param("Thanks!\nAnna", id="thanks and a name"),
        pytest.param("Med venlig hilsen\nAnna Berg", id="danish"),
        pytest.param("Mvh Anna", id="danish, short"),
        pytest.param("Mit freundlichen Grüßen\n\nAnna Berg\nTel. 030 1234567", id="german"),
        pytest.param("LG Anna", id="german, short"),
        pytest.param("Mit verärgerten Grüßen\nAnna Berg", id="german, of one's own"),
        pytest.param("Cordialement,\nAnna Berg", id="french"),
        pytest.param("С уважением,\nАнна Берг", id="russian"),
        pytest.param("Un cordial saludo,\nAnna Berg", id="spanish"),
        pytest.param("Cordiali saluti\nAnna Berg", id="italian"),
        pytest.param("Met vriendelijke groet,\nAnna Berg", id="dutch"),
        pytest.param("Med vänliga hälsningar\nAnna Berg", id="swedish"),
        pytest.param("Med vennlig hilsen\nAnna Berg", id="norwegian"),
        pytest.param("Pozdrawiam,\nAnna Berg", id="polish"),
        pytest.param("Com os melhores cumprimentos,\nAnna Berg", id="portuguese"),
        pytest.param("S pozdravem\nAnna Berg", id="czech"),
        pytest.param("Ystävällisin terveisin\nAnna Berg", id="finnish"),
        pytest.param("-- \nAnna Berg\nBerg & Sons\nwww.example.org", id="delimiter"),
        pytest.param("—\nAnna Berg\nBerg & Sons", id="long dash"),
        pytest.param("_____________\nAnna Berg\nphone +49 30 1234567", id="underscores"),
        pytest.param("Anna Berg\nBerg & Sons\n+49 30 1234567", id="name and number"),
        pytest.param("-Anna", id="dash and name"),
        pytest.param("Sent from my iPhone", id="iphone"),
        pytest.param("Sent from my Fairphone 5", id="a make of no table"),
        pytest.param("Get Outlook for iOS<https://example.org/x>", id="outlook app"),
        pytest.param("Von meinem iPhone gesendet", id="iphone, german"),
        pytest.param("Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.", id="k-9, german"),
        pytest.param("Envoyé de mon iPhone", id="iphone, french"),
        pytest.param("Sendt fra min iPhone", id="iphone, danish"),
        pytest.param("Отправлено с iPhone", id="iphone, russian"),
        pytest.param("Enviado desde mi iPhone", id="iphone, spanish"),
        pytest.param("Inviato da iPhone", id="iphone, italian"),
        pytest.param("Verstuurd vanaf mijn iPhone", id="iphone, dutch"),
        pytest.param("Skickat från min iPhone", id="iphone, swedish"),
        pytest.param("Wysłane z iPhone'a", id="iphone, polish"),
        pytest.param("Enviado do meu iPhone", id="iphone, portuguese"),
        pytest.param("Az iPhone-omról küldve", id="iphone, hungarian"),
        pytest.param("أُرسلت من الـ iPhone", id="iphone, arabic"),
        pytest.param("发自我的iPhone", id="iphone, chinese"),
        pytest.param("Best regards,\nAnna\n\nSent from my iPhone", id="formula and device"),
        pytest.param(
            "Regards\nAnna Berg\n\nThis e-mail is confidential and intended solely for the addressee. If you have "
            "received this message in error, please delete it.",
            id="disclaimer",
        ),
        pytest.param("Disclaimer\n\nOpinions are those of the author alone.", id="disclaimer by its headline"),
    ],
)
def test_what_closes_a_mail_is_not_said(closing):
    assert extract_said(f"{OWN}\n\n{closing}\n") == OWN


def test_a_closing_above_a_reply_line_is_not_said():
    body = f"{OWN}\n\nBest regards\nAnna\n\nSent from my iPhone\n\nOn 3 May 2021, at 10:15, Shop wrote:\n\n> Hello Anna"
    assert extract_said(body) == OWN


def test_answers_between_and_below_quoted_lines_are_said():
    body = "On 3 May 2021, at 10:15, Shop wrote:\n> Which one?\nThe blue one.\n> And when?\nOn Friday, please.\n"
    assert extract_said(body) == "The blue one.\nOn Friday, please."


def test_an_answer_below_an_unquoted_header_block_is_said():
    body = f"Von: Shop <info@example.org>\nAn: Anna Berg\nBetreff: Bestellung\n\n{OWN}"
    assert extract_said(body) == OWN


def test_a_reply_line_may_share_its_line_with_what_was_said():
    assert (
        extract_said("Yes please. On Mon, 3 May 2021 at 10:15, Shop <info@example.org> wrote:\n> Shall we?")
        == "Yes please."
    )


def test_a_tail_that_a_client_wrapped_belongs_to_the_quote():
    quoted = "> We will send the blue kettle with the long handle to you on Wednesday of the next"
    assert extract_said(f"{OWN}\n\n{quoted}\nweek\n> and not before.\n") == OWN


def test_a_thread_that_a_phone_introduces_with_nothing_is_not_said():
    assert extract_said(f"{OWN}\n\nSent from my iPhone\n\nThank you for your order.\nIt is on its way.") == OWN


def test_what_stands_below_a_device_line_at_the_top_is_said():
    assert extract_said(f"Sent from my iPhone\n\n{OWN}") == OWN


def test_the_armour_around_a_signed_text_is_not_said():
    head, foot = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n",
        "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----",
    )
    assert extract_said(f"{head}\n{OWN}\n{foot}\n") == OWN


def test_a_postscript_below_the_name_is_said():
    assert extract_said(f"{OWN}\n\nBest regards\nAnna\n\nP.S. It is the blue one.").endswith("P.S. It is the blue one.")


def test_an_order_number_in_a_signature_is_said():
    assert "Order 30-55817" in extract_said(f"{OWN}\n\nBest regards\nAnna Berg\nOrder 30-55817")


def test_the_warning_of_a_gateway_is_not_said():
    banner = "CAUTION: This email originated from outside of the organization. Do not click links."
    assert extract_said(f"{banner}\n\n{OWN}") == OWN


def test_the_senders_name_alone_closes_a_mail():
    assert split(f"{OWN}\nAnna", sender="Anna Berg")[0] == OWN


def test_a_mail_is_not_emptied_by_its_closing():
    assert extract_said("Best regards\nAnna Berg") == "Best regards\nAnna Berg"


def test_a_mail_of_nothing_but_marks_is_said_unless_they_are_ascribed_to_someone():
    assert extract_said(f"> {OWN}") == f"> {OWN}"
    assert extract_said("> On 3 May 2021, at 10:15, Shop wrote:\n>\n> > Thank you for your order.") == ""


def test_what_is_removed_is_returned_with_its_kind():
    body = f"{OWN}\n\nBest regards\nAnna\n\nSent from my iPhone\n\nOn 3 May 2021, at 10:15, Shop wrote:\n\n> Hello Anna"
    assert [(piece.kind, piece.text) for piece in split(body)[1]] == [
        ("signature", "Best regards\nAnna"),
        ("footer", "Sent from my iPhone"),
        ("attribution", "On 3 May 2021, at 10:15, Shop wrote:"),
        ("quote", "> Hello Anna"),
    ]


# ── properties ──

LINES = st.sampled_from(
    [
        *(
            "",
            "",
            OWN,
            "I waited.",
            "> quoted",
            "> > deep",
            "> ",
            "-- ",
            "--",
            "---",
            "____",
            "***",
            "<",
            "> wrote:",
            "wrote:",
        ),
        *(
            "Best regards",
            "Best regards,",
            "Kind regards, Anna Berg",
            "Anna Berg",
            "Anna",
            "Thanks,",
            "/Bob",
            "- a",
            "* x",
        ),
        *("On 3 May 2020 at 10:00, Anna <a@b.example> wrote:", "Am 03.05.2024 um 10:15 schrieb Anna Berg:"),
        *("From: Anna <a@b.example>", "Sent: Monday 3 May 2024 10:15", "To: Shop", "Subject: Re: x", "Name: Anna"),
        *("-----Original Message-----", "---------- Forwarded message ---------", "##- reply above this line -##"),
        *(
            "CAUTION: external email, do not click",
            "P.S. one more",
            "Order 30-55817",
            "+49 30 1234567",
            "www.b.example",
        ),
        *(
            "x On 3 May 2020 at 10:00, A <a@b.example> wrote:",
            "2020-01-01 10:00",
            "<a@b.example>",
            "| a | b |",
            "\u200b",
        ),
        *(
            "Sent from my iPhone",
            "Get Outlook for iOS",
            "Disclaimer",
            "Zitat von Anna <a@b.example>:",
            "&gt; x",
            "\xa0",
        ),
    ]
)
BODIES = st.lists(LINES | st.text(max_size=60), max_size=25).map("\n".join)


@given(BODIES)
@settings(max_examples=300, deadline=None)
def test_what_was_said_is_part_of_the_body(body):
    assert set(extract_said(body).split()) <= set(body.split())


@given(BODIES)
@settings(max_examples=300, deadline=None)
def test_what_was_said_says_the_same_when_read_again(body):
    said = extract_said(body)
    assert extract_said(said) == said


@given(BODIES)
@settings(max_examples=200, deadline=None)
def test_each_word_is_said_or_removed(body):
    said, removed = split(body)
    left = set(said.split()).union(*(piece.text.split() for piece in removed))
    words = (word for word in body.replace("\r", "\n").split() if any(char.isalnum() for char in word))
    assert all(word in left for word in words)


def calls(function, argument):
    """Return how many Python functions are called by *function*: work, told without a clock."""
    count = 0

    def counted(frame, event, _):
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        function(argument)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "line",
    [
        *(
            "> ",
            "",
            "On the day",
            "From: a",
            "Best regards\nAnna",
            "Sent from my iPhone",
            "x\n-- \ny",
            "- Anna\n\n/Bob",
            "a:",
        ),
        *(
            "On 3 May 2020 at 10:00, A <a@b.example> wrote:",
            "x On 3 May 2020 at 10:00, A <a@b.example> wrote:\n> q",
            "---",
        ),
        *(
            "2020-01-01 10:00",
            "From: a@b.example\nTo: x\n",
            "external email do not click\n",
            "P.S. x",
            "| a",
            "A> a",
            "<http://a>",
        ),
        *(
            "confidential, delete this, virus, intended recipient, any attachments\n",
            "---------- Forwarded message ---------",
        ),
    ],
)
def test_twice_the_lines_are_twice_the_work(line):
    extract_said(line)  # tables are read once
    once, twice = (calls(extract_said, f"{OWN}\n\n" + f"{line}\n" * count) for count in (400, 800))
    assert twice <= 2.3 * once + 2000


@pytest.mark.parametrize(
    "text", ["-", ">", "On ", "On 1 <mailto:", "1", "\t", "<", "@", "a@", ":", "From: a ", "http://", "كتب "]
)
def test_a_long_line_is_no_more_work_than_a_short_one(text):
    short, long = (calls(extract_said, f"{OWN}\n" + text * (size // len(text))) for size in (1_000, 100_000))
    assert long <= 2 * short + 2000
