"""HTML becomes the text a person would see, and the quotes in it are told by the client that made them."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailassist.reading.message.html import html_to_text
from mailassist.reading.said import extract_said


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<p>The <b>ket</b>tle leaks.</p>", "The kettle leaks.", id="inline tags"),
        pytest.param("<p>The\n  kettle\t leaks.</p>", "The kettle leaks.", id="white space"),
        pytest.param("The<br>kettle<br/>leaks.", "The\nkettle\nleaks.", id="line breaks"),
        pytest.param("<p>one</p><p>two</p>", "one\n\ntwo", id="paragraphs"),
        pytest.param("<div>one</div><div>two</div>", "one\ntwo", id="a line a div"),
        pytest.param("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo", id="blank line"),
        pytest.param(
            "<p class=MsoNormal>one</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>two</p>", "one\n\ntwo", id="word"
        ),
        pytest.param("<ul><li>one<li>two<ul><li>deep</ul></ul>", "- one\n- two\n  - deep", id="lists"),
        pytest.param("<ol start=3><li>one<li>two</ol>", "3. one\n4. two", id="numbers"),
        pytest.param(
            "<table><tr><td>Kettle<td>49.90<tr><td>Pot<td>12.00</table>", "Kettle  49.90\nPot  12.00", id="table"
        ),
        pytest.param("<dl><dt>Kettle<dd>leaks</dl>", "Kettle\nleaks", id="definitions"),
        pytest.param("<pre>a\n  b</pre>", "a\n  b", id="preformatted"),
        pytest.param('<div style="white-space: pre-wrap">a\n b</div>', "a\n b", id="preformatted by style"),
        pytest.param('see <a href="https://example.org/a">this</a>', "see this <https://example.org/a>", id="link"),
        pytest.param('<a href="https://example.org/">example.org</a>', "example.org", id="link that is its text"),
        pytest.param('<a href="mailto:a@example.org">Anna</a>', "Anna", id="mailto"),
        pytest.param("&lt;b&gt; &amp; &euro; &#x1F600;", "<b> & € 😀", id="entities"),
        pytest.param("a&nbsp;b", "a b", id="no-break space"),
        pytest.param('Fine <img alt="😀" src="x">', "Fine 😀", id="emoji sent as an image"),
        pytest.param('<img alt="Kettle, broken" src="x">', "[Kettle, broken]", id="image"),
        pytest.param('<img alt="image001.png" src="x"><img alt="x" width=1>x', "x", id="images that say nothing"),
        pytest.param("a<hr>b", "a\n--------------------------------\nb", id="rule"),
        pytest.param("<q>yes</q>", "“yes”", id="quotation"),
        pytest.param(
            "<blockquote type=cite>old<blockquote>older</blockquote></blockquote>new",
            "> old\n>\n> > older\n\nnew",
            id="quotes",
        ),
        pytest.param(
            '<blockquote style="margin:0 0 0 40px;border:none">mine</blockquote>', "mine", id="indented, not quoted"
        ),
        pytest.param(
            "<head><title>no</title><style>no</style></head><script>no</script>yes<!-- no -->", "yes", id="not shown"
        ),
        pytest.param("<!--[if mso]>no<![endif]--><![if !mso]>yes<![endif]>", "yes", id="conditional"),
        pytest.param("<noscript>yes</noscript><object>yes</object>", "yesyes", id="shown in mail"),
        pytest.param('<div style="display: none">no</div>yes', "yes", id="display"),
        pytest.param('<span style="visibility:hidden">no</span>yes', "yes", id="visibility"),
        pytest.param("<p hidden>no</p>yes", "yes", id="hidden"),
        pytest.param('<span style="font-size:0px">no</span>yes', "yes", id="font size"),
        pytest.param('<span style="mso-hide:all">no</span>yes', "yes", id="mso-hide"),
        pytest.param('<span style="opacity:0">no</span>yes', "yes", id="opacity"),
        pytest.param('<div style="max-height:0;overflow:hidden">no</div>yes', "yes", id="no height"),
        pytest.param('<div style="height:0px;overflow:hidden">no</div>yes', "yes", id="no height, overflow hidden"),
        pytest.param('<span style="color:#fff;background-color:#fff">no</span>yes', "yes", id="white on white"),
        pytest.param("<style>.pre{display:none}</style><p class=pre>no</p>yes", "yes", id="hidden by a style sheet"),
        pytest.param(
            "<style>@media print{.wide{display:none}}</style><p class=wide>yes", "yes", id="hidden when printed"
        ),
        pytest.param('<span style="color:#fff">yes</span>', "yes", id="white on a dark ground"),
        pytest.param("a\u200bb&shy;c&zwnj; &zwnj; ", "abc", id="zero width"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="a joiner that is spelling"),
        pytest.param("", "", id="empty"),
        pytest.param("no tags", "no tags", id="no tags"),
        pytest.param('<p title="x>The kettle leaks.', "The kettle leaks.", id="attribute never closed"),
        pytest.param("<b><p>The <i>kettle</b> leaks.</i>", "The kettle leaks.", id="crossed tags"),
        pytest.param("a < b and c > d", "a < b and c > d", id="signs"),
        pytest.param('<?xml version="1.0"?><html><body>yes</body></html>', "yes", id="xml"),
        pytest.param("<DIV>ONE</DIV><o:p>TWO</o:p>", "ONE\nTWO", id="capitals, namespaces"),
        pytest.param("<div>" * 300 + "deep", "deep", id="300 levels"),
    ],
)
def test_html_is_shown_as_a_person_would_see_it(html, text):
    assert html_to_text(html) == text


OLD = "<div>Thank you for your order.</div>"


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param(
            '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, May 3, 2021 at 10:15 AM Shop &lt;<a '
            'href="mailto:info@example.org">info@example.org</a>&gt; wrote:<br></div><blockquote class="gmail_quote">'
            f"{OLD}</blockquote></div>",
            id="gmail",
        ),
        pytest.param(
            f'<div><br><blockquote type="cite"><div>On 3 May 2021, at 10:15, Shop wrote:</div>{OLD}</blockquote></div>',
            id="apple",
        ),
        pytest.param(
            '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class=MsoNormal>'
            "<b>Von:</b> Shop<br><b>Gesendet:</b> Montag<br><b>An:</b> Anna<br><b>Betreff:</b> Kanne</p></div>"
            f"<p class=MsoNormal>&nbsp;</p>{OLD}",
            id="outlook",
        ),
        pytest.param(
            f'<div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg">Shop</div>{OLD}', id="outlook.com"
        ),
        pytest.param(
            f'<div id="mail-editor-reference-message-container"><div>From: Shop</div>{OLD}</div>', id="outlook mobile"
        ),
        pytest.param(
            f'<div class="ydp12yahoo_quoted" id="ydp12yahoo_quoted_1"><div>On Monday, Shop wrote:</div>{OLD}</div>',
            id="yahoo",
        ),
        pytest.param(
            f'<div class="moz-cite-prefix">On 3 May 2021, X wrote:<br></div><blockquote type="cite">{OLD}</blockquote>',
            id="thunderbird",
        ),
        pytest.param(
            f'<div name="quote" style="margin:10px"><div><b>Gesendet:</b> Montag<br><b>Von:</b> Shop</div>{OLD}</div>',
            id="gmx",
        ),
        pytest.param(
            f'<div class="protonmail_quote">On Monday, Shop wrote:<blockquote>{OLD}</blockquote></div>', id="proton"
        ),
        pytest.param(
            f'<div class="zmail_extra">---- Shop wrote ----<br><blockquote>{OLD}</blockquote></div>', id="zoho"
        ),
        pytest.param(f'<hr id="stopSpelling">Date: Mon, 3 May 2021<br>{OLD}', id="hotmail"),
        pytest.param(f'<div id="x_divRplyFwdMsg">From: Shop</div>{OLD}', id="sent on by outlook"),
        pytest.param(f'<span id="OLK_SRC_BODY_SECTION"><b>From: </b>Shop<br>{OLD}</span>', id="outlook for mac"),
        pytest.param(
            f"<div>03.05.2021, 10:15, Shop &lt;info@example.org&gt;:</div><blockquote>{OLD}</blockquote>", id="yandex"
        ),
        pytest.param(f"<p>-----Original Message-----<br>From: Shop</p>{OLD}", id="aol"),
    ],
)
def test_what_was_replied_to_is_not_said(quote):
    assert (
        extract_said(html_to_text(f"<html><body><div>The kettle leaks.</div>{quote}</body></html>"))
        == "The kettle leaks."
    )


def test_answers_between_quotes_are_said():
    html = "<blockquote>Which one?</blockquote><div>The blue one.</div><blockquote>And when?</blockquote>On Friday."
    assert extract_said(html_to_text(html)) == "The blue one.\n\nOn Friday."


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<div>" * 50_000 + "The kettle leaks.", id="50000 levels"),
        pytest.param("<b>" * 50_000 + "The kettle leaks.", id="50000 open tags"),
        pytest.param("<a " + "b=c " * 20_000 + ">The kettle leaks.", id="20000 attributes"),
        pytest.param("The kettle leaks." + "<style>" * 20_000, id="style never closed"),
        pytest.param("The kettle leaks." + "<!--" * 20_000, id="comment never closed"),
        pytest.param("<table><tr><td>" * 5_000 + "The kettle leaks.", id="tables"),
        pytest.param("\ud800<p>The kettle leaks.\x00", id="surrogate"),
    ],
)
def test_hostile_html_loses_no_words(html):
    assert "The kettle leaks." in html_to_text(html)


@pytest.mark.parametrize(
    "piece",
    [
        "<p>x",
        "<div>x</div>",
        "<li>x",
        "<blockquote>x</blockquote>",
        "<td>x",
        "<br>",
        "&nbsp;",
        '<a href="http://x">y</a>',
        "<span>",
    ],
)
def test_twice_the_html_is_twice_the_work(piece):
    def work(html):
        count = 0

        def counted(frame, event, _):
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(counted)
        try:
            html_to_text(html)
        finally:
            sys.setprofile(None)
        return count

    html_to_text(piece)
    assert work(piece * 1_600) <= 2.3 * work(piece * 800) + 1_000


TAGS = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<br>",
            "<blockquote>",
            "</blockquote>",
            "<ul>",
            "<li>",
            "</ul>",
            "<table>",
            "<tr>",
            "<td>",
        ),
        *(
            "</table>",
            "<a href='http://x'>",
            "</a>",
            "<pre>",
            "</pre>",
            "<img alt=x>",
            "<style>",
            "</style>",
            "<!--",
            "-->",
            "<hr>",
            "&amp",
        ),
        *(
            '<p style="display:none">',
            '<div class="gmail_quote">',
            "<b",
            '"',
            "<",
            ">",
            "&#0;",
            "<svg>",
            "<template>",
            "<q>",
            "</q>",
        ),
    ]
)


@given(st.lists(TAGS | st.text(max_size=20), max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_no_html_fails(html):
    html_to_text(html).encode("utf-8")
