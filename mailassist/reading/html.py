"""HTML -> the text a person would see."""


def html_to_text(html: str) -> str:
    """Return the text a person would see."""
    return html
