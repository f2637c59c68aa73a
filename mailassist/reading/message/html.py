"""HTML -> the text a person would see. The only door to selectolax."""

import re
from html import unescape
from typing import Any

from mailassist.reading.charset import clean
from mailassist.reading.message.page import BLOCKS, HIDDEN_STYLE, INVISIBLE, Page

MAX_HTML = 2_000_000  # characters that are read
_MAX_OPEN = 2_000  # elements open at once; lexbor takes 7 s for 50 000 nested
_MAX_ATTRIBUTES = 1_000  # of one tag; lexbor takes 7 s for 20 000

_NESTING = re.compile(r"<(/?)(?:div|span|table|blockquote|font|b|i|u|a|ul|ol|section|center|svg|math)\b", re.IGNORECASE)
_STYLE_RULE = re.compile(r"\.([\w-]+)\s*\{([^{}]*)\}")
_UNSEEN = ("script", "style", "title")
_TAG_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]{0,14})")


def html_to_text(html: str) -> str:
    """
    Return the text that *html* shows: a line for a line, `>` before what is quoted, `- ` before list items.

    Hostile HTML, which takes the parser seconds, and HTML that a broken attribute makes empty, is stripped of its tags
    instead. Time is linear in the length.
    """
    html = html[:MAX_HTML]
    if _is_hostile(html):
        return _strip_tags(html)
    text = _visible_text(html)
    if not text and (stripped := _strip_tags(html)) and _has_swallowed(html):
        return stripped
    return text


def _is_hostile(html: str) -> bool:
    """Say whether *html* nests or repeats beyond what any mail program writes."""
    opened = 0
    for found in _NESTING.finditer(html):
        opened += -1 if found[1] else 1
        if opened > _MAX_OPEN:
            return True
    at = html.find("<")
    while at >= 0:
        end = html.find(">", at)
        end = len(html) if end < 0 else end
        if end - at > 4 * _MAX_ATTRIBUTES and len(html[at:end].split()) > _MAX_ATTRIBUTES:
            return True
        at = html.find("<", end)
    return False


def _has_swallowed(html: str) -> bool:
    """Say whether an attribute without its closing quote may have taken the text with it."""
    return html.count('"') % 2 == 1 or html.count("'") % 2 == 1 or "<!--" in html or "<title" in html.lower()


def _visible_text(html: str) -> str:
    # Loaded for the mails that have no text of their own.
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        tree = LexborHTMLParser(html)
    except (SelectolaxError, ValueError, RuntimeError, MemoryError):
        return _strip_tags(html)
    if tree.root is None:
        return ""
    page = Page(_hidden_classes(tree))
    _walk(tree.root, page)
    return page.text()


def _hidden_classes(tree: Any) -> frozenset[str]:
    """Return the classes that a style sheet of the message hides on every screen."""
    hidden: set[str] = set()
    for sheet in tree.css("style")[:20]:
        css = (sheet.text() or "")[:50_000].lower()
        plain, depth = [], 0
        for piece in re.split(r"(@[^{};]*\{)", css):
            if piece.startswith("@"):
                depth = 1
                continue
            while depth and piece:
                opening, closing = piece.find("{"), piece.find("}")
                if closing < 0:
                    piece = ""
                elif 0 <= opening < closing:
                    depth, piece = depth + 1, piece[opening + 1 :]
                else:
                    depth, piece = depth - 1, piece[closing + 1 :]
            plain.append(piece)
        for rule in _STYLE_RULE.finditer("".join(plain)):
            if HIDDEN_STYLE.search(rule[2].replace(" ", "")):
                hidden.add(rule[1])
    return frozenset(hidden)


def _walk(root: Any, page: Page) -> None:
    """Visit each node of the tree, without recursion: mails nest deeper than Python's stack."""
    above: list[Any] = []
    node = root
    while True:
        child = node.first_child if page.enter(node) else None
        if child is not None:
            above.append(node)
            node = child
            continue
        page.leave(node)
        while node.next is None:
            if not above:
                return
            node = above.pop()
            page.leave(node)
        if not above:
            return
        node = node.next


def _strip_tags(html: str) -> str:
    """Return *html* without its tags, by their angle brackets alone; linear whatever it holds."""
    pieces: list[str] = []
    closed = dict.fromkeys(_UNSEEN, True)  # whether a closing tag is still to come
    at = 0
    while (start := html.find("<", at)) >= 0:
        pieces.append(html[at:start])
        end = html.find(">", start)
        if end < 0:
            at = start + 1
            break
        at = end + 1
        name = _TAG_NAME.match(html, start + 1)
        tag = name[1].lower() if name else ""
        if closed.get(tag):
            close = re.compile(f"</{tag}", re.IGNORECASE).search(html, at)
            closed[tag] = close is not None
            at = close.start() if close else at
        elif tag in BLOCKS or tag == "br":
            pieces.append("\n")
    pieces.append(html[at:])
    lines = (" ".join(line.split()) for line in unescape("".join(pieces)).translate(INVISIBLE).split("\n"))
    return clean("\n".join(line for line in lines if line))
