"""One file a verb; each docstring is its --help."""
