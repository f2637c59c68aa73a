"""
The page that HTML shows, as lines: quotes marked with `>`, list items with `- `, what is hidden left out.

The nodes come from the parser in `html`; nothing here knows which one it is. No library marks quotes, keeps lists and
table rows readable and drops what is hidden. Hidden text is how a preheader, and whoever wants to plant words, reaches
a reader of the text.
"""

import re
from typing import Any

from mailassist.reading.charset import clean


def _names(blank_separated: str) -> frozenset[str]:
    return frozenset(blank_separated.split())


_SKIPPED = _names(
    "script style head title template iframe embed svg audio video canvas select datalist map meta link base noframes "
    "frameset param source track area"
)
_WITHOUT_MARGIN = _names(
    "address article aside body center dd details dialog div dt fieldset figcaption figure footer form header html "
    "legend li main nav option section summary tbody tfoot thead tr caption table hr"
)
_WITH_MARGIN = _names("p h1 h2 h3 h4 h5 h6 blockquote ul ol dl pre listing xmp")
BLOCKS = _WITHOUT_MARGIN | _WITH_MARGIN
_CELLS = _names("td th")
_LISTS = _names("ul ol menu dir")
_PREFORMATTED = _names("pre listing xmp textarea plaintext")

# Containers in which a client puts what is not new: by class, id or name, without the "x_" that Outlook adds.
_QUOTE_CLASSES = _names(
    "gmail_attr gmail_quote_attribution moz-cite-prefix yahoo_quoted yahoo-quoted-begin protonmail_quote "
    "tutanota_quote zmail_extra zmail_extra_hr ms-outlook-mobile-reference-message aolmail_quote quoted-content "
    "mail_quote qq_reply_quote ymail_quote front-blockquote replyforwardheader moz-email-headers-table "
    "mailru-blockquote-head ecxgmail_quote mcntgmail_quote cite_prefix"
)
_QUOTE_IDS = _names(
    "mail-editor-reference-message-container olk_src_body_section replymessageoriginaltext isreplycontent "
    "isforwardcontent reply-intro replybody oldcontent"
)
_QUOTE_NAMES = _names("quote messagereplysection replysection")
# From this element on, everything to the end of the message is what was replied to.
_REST_IS_QUOTE = _names("divrplyfwdmsg appendonsend stopspelling")
_BORDER_TOP = re.compile(r"border-top:solid[^;]*?1(?:\.0)?pt|border-top:1(?:\.0)?p[tx]solid")
_LABEL = re.compile(r"\s*\*?[^\s:：*][^:：\n]{0,24}\s*[:：]")

HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|mso-hide:all|opacity:0(?:\.0*)?(?:;|$|!)"
    r"|(?:^|;)font-size:0(?:\.0+)?(?:px|pt|em|rem|%)?(?:;|$|!)|(?:^|;)max-height:0(?:px)?(?:;|$|!)"
    r"|(?:^|;)(?:width|height):0(?:px)?(?:;|$|!).*overflow:hidden|overflow:hidden.*;(?:width|height):0(?:px)?(?:;|$|!)"
    r"|text-indent:-\d{3,}|(?:^|;)left:-\d{4,}"
)
_COLOUR = re.compile(r"(?:^|;)(background(?:-color)?|color):([^;!]+)")
_SPACES = re.compile(r"[ \t\n\r\f]+")
INVISIBLE = dict.fromkeys([0x200B, 0x2060, 0xFEFF, 0x00AD, 0x034F, 0x180E, 0x2061, 0x2062, 0x2063, 0x115F, 0x1160])
_JOINERS = re.compile(r"[\u200c\u200d]+(?=\s|$)|(?:(?<=\s)|^)[\u200c\u200d]+")  # at a word's end they are padding
_RULE = "-" * 32
_BULLET = -1


class Page:
    """The lines shown so far, and what holds at the place the walk has come to."""

    def __init__(self, hidden_classes: frozenset[str]) -> None:
        self._hidden_classes = hidden_classes
        self._lines: list[str] = []
        self._line: list[str] = []  # the pieces of the line that is being written
        self._space = False  # a blank is due before the next word
        self._margin = False  # a blank line is due before the next line
        self._quote = 0
        self._rest_quoted = False
        self._pre = 0
        self._lists: list[int] = []  # the next number of each open list, or _BULLET
        self._mark = ""  # of a list item, due before its first word
        self._undo: list[tuple[str, bool, bool, str]] = []  # of each open element: tag, quoted, preformatted, link

    def text(self) -> str:
        self._end_line()
        lines = [_JOINERS.sub("", line) if "\u200c" in line or "\u200d" in line else line for line in self._lines]
        kept: list[str] = []
        for line in lines:
            line = line.replace("\xa0", " ").rstrip()
            if line or not kept or kept[-1]:
                kept.append(line)
        return clean("\n".join(kept)).strip("\n")

    def enter(self, node: Any) -> bool:
        """Show what *node* opens with; say whether its children are to be visited."""
        if node.is_text_node:
            self._write(node.text_content or "")
            self._undo.append(("", False, False, ""))
            return False
        tag = node.tag
        attributes = node.attributes if node.is_element_node else {}
        style = (attributes.get("style") or "").lower().replace(" ", "") if attributes else ""
        if tag in _SKIPPED or tag == "-comment" or (attributes and self._is_hidden(attributes, style)):
            self._undo.append(("", False, False, ""))
            return False
        quoted = bool(attributes or tag == "blockquote") and self._opens_quote(node, tag, attributes, style)
        pre = tag in _PREFORMATTED or "white-space:pre" in style or "white-space:break-spaces" in style
        if tag in BLOCKS or quoted:
            self._break(not self._lists and _margin(tag, attributes, style))
        self._quote += quoted
        self._pre += pre
        href = attributes.get("href") or "" if tag == "a" else ""
        self._undo.append((tag, quoted, pre, href))
        self._open(tag, attributes)
        return True

    def leave(self, node: Any) -> None:
        tag, quoted, pre, href = self._undo.pop()
        if href:
            self._show_link(node, href)
        if tag in _LISTS and self._lists:
            self._lists.pop()
        if tag in BLOCKS or quoted:
            style = node.attributes.get("style") or ""
            self._break(not self._lists and _margin(tag, node.attributes, style))
        self._quote -= quoted
        self._pre -= pre
        if tag == "q":
            self._write("”")

    # ── what an element opens with ──

    def _open(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "br":
            self._end_line(even_empty=True)
        elif tag in _CELLS and self._line:
            self._write("\xa0 ")
        elif tag == "hr":
            self._write(_RULE)
            self._break(False)
        elif tag == "img":
            self._show_image(attributes)
        elif tag in _LISTS:
            self._lists.append(_first_number(attributes) if tag == "ol" else _BULLET)
        elif tag == "li":
            self._mark = self._list_mark()
        elif tag == "q":
            self._write("“")

    def _list_mark(self) -> str:
        indent = "  " * (len(self._lists) - 1)
        if not self._lists or self._lists[-1] == _BULLET:
            return indent + "- "
        self._lists[-1] += 1
        return f"{indent}{self._lists[-1] - 1}. "

    def _show_image(self, attributes: dict[str, str | None]) -> None:
        alt = " ".join((attributes.get("alt") or "").split())
        if not alt or len(alt) > 100 or attributes.get("width") in ("0", "1") or attributes.get("height") in ("0", "1"):
            return
        if not any(char.isalnum() for char in alt):
            self._write(alt)  # an emoji that was sent as an image
        elif not re.search(r"\.(?:png|jpe?g|gif|bmp|webp)$", alt, re.I):
            self._write(f"[{alt}]")

    def _show_link(self, node: Any, href: str) -> None:
        href = href.strip()
        shown = (node.text() or "").strip()
        if not href.lower().startswith(("http://", "https://")) or len(href) > 300 or not shown:
            return
        if "://" in shown or shown.rstrip("/").lower() in href.lower():
            return
        self._write(f" <{href}>")

    # ── hidden, quoted ──

    def _is_hidden(self, attributes: dict[str, str | None], style: str) -> bool:
        if "hidden" in attributes:
            return True
        if style and (HIDDEN_STYLE.search(style) or _is_same_colour(style)):
            return True
        return bool(self._hidden_classes) and not self._hidden_classes.isdisjoint(
            (attributes.get("class") or "").lower().split()
        )

    def _opens_quote(self, node: Any, tag: str, attributes: dict[str, str | None], style: str) -> bool:
        classes = [name.removeprefix("x_") for name in (attributes.get("class") or "").lower().split()]
        identity = (attributes.get("id") or "").lower()
        while identity.startswith("x_"):
            identity = identity[2:]
        if not self._rest_quoted and (identity in _REST_IS_QUOTE or _is_outlook_rule(node, tag, style)):
            self._break(True)
            self._rest_quoted = True
            self._quote += 1
            return False
        if tag == "blockquote":
            cited = attributes.get("type") or attributes.get("cite") or classes
            return (
                bool(cited) or "border:none" not in style
            )  # Gmail and Outlook indent with a blockquote without border
        if identity in _QUOTE_IDS or "yahoo_quoted" in identity or not _QUOTE_CLASSES.isdisjoint(classes):
            return True
        return (attributes.get("name") or "").lower() in _QUOTE_NAMES

    # ── lines ──

    def _write(self, text: str) -> None:
        text = text.translate(INVISIBLE)
        if self._pre:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self._append(first)
            for other in others:
                self._end_line(even_empty=True)
                self._append(other)
            return
        collapsed = _SPACES.sub(" ", text)
        words = collapsed.strip(" ")
        if not words:
            self._space = self._space or bool(collapsed)
            return
        if (self._space or collapsed[0] == " ") and self._line:
            self._line.append(" ")
        self._append(words)
        self._space = collapsed[-1] == " "

    def _append(self, words: str) -> None:
        if not words:
            return
        if not self._line and self._mark:
            self._line.append(self._mark)
            self._mark = ""
        self._line.append(words)
        self._space = False

    def _break(self, margin: bool) -> None:
        """End the line, if one was begun; *margin*: keep a blank line's distance to what follows."""
        self._end_line()
        self._margin = self._margin or margin

    def _end_line(self, even_empty: bool = False) -> None:
        line = "".join(self._line)
        self._line, self._space = [], False
        if not line and not even_empty:
            return
        prefix = "> " * self._quote
        if self._margin and self._lines and self._lines[-1].strip("> "):
            depth = min(self._quote, _depth(self._lines[-1]))
            self._lines.append("> " * depth)
        self._margin = False
        self._lines.append(prefix + line)


def _first_number(attributes: dict[str, str | None]) -> int:
    start = attributes.get("start") or ""
    return int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1


def _depth(line: str) -> int:
    """Return how many `> ` *line* begins with."""
    depth = 0
    while line.startswith("> ", 2 * depth):
        depth += 1
    return depth


def _margin(tag: str, attributes: dict[str, str | None], style: str) -> bool:
    """Say whether a blank line stands before and after the element; Outlook's paragraphs have no margin."""
    if tag not in _WITH_MARGIN:
        return False
    return tag != "p" or not ((attributes.get("class") or "").startswith("Mso") or "margin:0" in style.replace(" ", ""))


def _is_same_colour(style: str) -> bool:
    colours = {found[1].partition("-")[0]: found[2] for found in _COLOUR.finditer(style)}
    return "color" in colours and colours["color"] == colours.get("background")


def _is_outlook_rule(node: Any, tag: str, style: str) -> bool:
    """Say whether *node* is the ruled box in which Outlook writes From, Sent, To and Subject."""
    if tag != "div" or not _BORDER_TOP.search(style):
        return False
    text = (node.text(separator="\n") or "")[:600].strip()
    return sum(1 for line in text.split("\n") if _LABEL.match(line)) >= 3
