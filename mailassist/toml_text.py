"""Changes values in TOML text and keeps its comments: the configuration file stays the manual it was."""

import json
import re
from collections.abc import Mapping

_SECTION = re.compile(r"^\[\[?([^\[\]]+)\]\]?")


def with_values(text: str, section: str, values: Mapping[str, object]) -> str:
    """
    Return *text* with *values* set in the first table or array table named *section*.

    A key that stands there, or stands there commented out, keeps its place and its comment; another one is added right
    below the heading. A section that is missing is added at the end.
    """
    lines = text.split("\n")
    start, end = _bounds(lines, section)
    if start is None:
        lines += [f"[{section}]", ""]
        start, end = len(lines) - 2, len(lines) - 1
    for key, value in values.items():
        line = f"{key} = {written(value)}"
        at = next((n for n in range(start + 1, end) if re.match(rf"(# )?{re.escape(key)} = ", lines[n])), None)
        if at is None:
            lines.insert(start + 1, line)
            end += 1
        else:
            _, mark, comment = lines[at].partition("  # ")
            lines[at] = f"{line:<38} # {comment.strip()}" if mark else line
    return "\n".join(lines)


def _bounds(lines: list[str], section: str) -> tuple[int | None, int]:
    """Return the line of the heading of *section* and the line behind its last; None where there is none."""
    start = None
    for number, line in enumerate(lines):
        heading = _SECTION.match(line)
        if heading and start is not None:
            return start, number
        if heading and heading[1].strip() == section:
            start = number
    return start, len(lines)


def written(value: object) -> str:
    """Return *value* as TOML writes it; a JSON string is a TOML string."""
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(written(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
