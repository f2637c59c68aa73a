"""Octets -> text, whatever charset they claim or have. The only door to charset_normalizer."""

import re

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+()-]{0,39}")

# What a declared charset is really used for: supersets where mail is wider than its label, and names Python lacks.
_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "cn-gb": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "koi8": "koi8_r",
    "dos-866": "cp866",
}
# Python calls these text encodings; in a mail they are a trap (lone surrogates, errors despite "replace").
_NO_CHARSET = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}

_GUESS_FROM = 12  # octets above 127; with fewer one single-octet charset cannot be told from another
_GUESS_OCTETS = 8_000  # more does not make the guess better, only slower
_DROPPED = dict.fromkeys([*range(0x09), *range(0x0E, 0x20), 0x7F, 0xFEFF, *range(0xD800, 0xE000)])
_LINE_ENDS = {0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
_CLEAN = {**_DROPPED, **_LINE_ENDS}
_UNCLEAN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufeff\ud800-\udfff]")  # any of them


def decode_octets(octets: bytes, declared: str = "") -> str:
    """
    Return the text of *octets*: no lone surrogate, no control character but tab and line feed.

    declared: the charset they claim to have, "" where they claim none. It is believed where it fits, then UTF-8, then
    a guess from the octets, then Windows-1252.
    """
    return clean(_decoded(octets, declared))


def clean(text: str) -> str:
    """Return *text* with LF line ends and without NUL, other control characters and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_CLEAN) if _UNCLEAN.search(text) else text  # which takes a third of the time


def _decoded(octets: bytes, declared: str) -> str:
    if octets.isascii() and not _is_stateful(declared):
        return octets.decode("ascii")
    codec = _codec(declared)
    for name in _candidates(codec):
        try:
            return octets.decode(name)
        except (LookupError, ValueError):
            continue
    if codec == "utf-8" and _mostly_utf8(octets):
        return octets.decode("utf-8", "replace")
    guess = _guessed(octets)
    if codec and codec not in ("utf-8", "ascii") and not guess:
        guess = codec
    try:
        return octets.decode(guess or "cp1252", "replace")
    except (LookupError, ValueError):
        return octets.decode("cp1252", "replace")


def _is_stateful(declared: str) -> bool:
    """Say whether ASCII octets may mean something else: ISO-2022-*, HZ, UTF-7, UTF-16."""
    name = declared.strip().lower()
    return name.startswith(("iso-2022", "iso2022", "csiso2022", "hz", "utf-7", "utf7", "unicode-1-1-utf-7", "utf-16"))


def _codec(declared: str) -> str:
    """Return the codec for a *declared* charset, "" where there is none that could be text."""
    name = declared.strip().strip("\"'").lower()
    if not _NAME.fullmatch(name):
        return ""
    name = _ALIASES.get(name, name)
    return "" if name.replace("-", "_") in _NO_CHARSET else name


def _candidates(codec: str) -> list[str]:
    if not codec or codec in ("ascii", "utf-8", "utf8"):
        return ["utf-8-sig"]
    if codec.startswith(("cp125", "iso-8859", "iso8859", "mac")):
        # Valid multi-octet UTF-8 under the label of a single-octet charset is UTF-8: "Ã¤" is no one's spelling.
        return ["utf-8-sig", codec]
    return [codec, "utf-8-sig"]


def _mostly_utf8(octets: bytes) -> bool:
    """Say whether *octets* are UTF-8 with damage (cut, or one foreign octet) rather than something else."""
    text = octets[:100_000].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for char in text if char > "\x7f") - broken
    return whole >= 4 * broken or (broken == 1 and len(octets) > 1000)


def _guessed(octets: bytes) -> str:
    """Return the name of a codec that *octets* look like, "" where nothing fits."""
    from charset_normalizer import from_bytes  # takes 40 ms to load, and few messages need it

    lines = [line for line in octets[:200_000].split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)[:_GUESS_OCTETS]
    if sum(octet > 0x7F for octet in sample) < _GUESS_FROM:
        return ""
    best = from_bytes(sample, preemptive_behaviour=False).best()
    return best.encoding if best is not None else ""
