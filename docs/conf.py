"""How Sphinx builds the pages: Markdown, one theme, nothing fetched from anywhere."""

from mailassist import __version__

project = "mailassist"
release = __version__
html_title = f"mailassist {__version__}"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
