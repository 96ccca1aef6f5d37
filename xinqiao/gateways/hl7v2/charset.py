"""What characters the bytes of a message are (字符集), believed only as far as the bytes agree."""

import re
from dataclasses import dataclass

from .reasons import Unreadable

# HL7 table 0211 as hospitals really write it, compared without blanks, dashes, slashes and underlines.
DECLARED = {
    "ASCII": "ascii",
    "UNICODEUTF8": "utf-8",
    "UTF8": "utf-8",
    "UNICODE": "utf-16",
    "UNICODEUTF16": "utf-16",
    "UTF16": "utf-16",
    "GB180302000": "gb18030",
    "GB18030": "gb18030",
    "GBK": "gb18030",
    "GB2312": "gb18030",
    "CP936": "gb18030",
    "BIG5": "big5hkscs",
    **{f"8859{n}": f"iso-8859-{n}" for n in range(1, 16) if n != 12},
    **{f"ISO8859{n}": f"iso-8859-{n}" for n in range(1, 16) if n != 12},
}
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
WIDE = re.compile(rb"\A\s*(?:M\0S\0H\0|\0M\0S\0H)")
HANZI_UTF8 = re.compile(rb"[\xe0-\xf4][\x80-\xbf]{2}")
LATIN_UTF8 = re.compile(rb"[\xc2\xc3][\x80-\xbf]")
COMMON_HANZI = re.compile(rb"(?:[\x00-\x7f]|[\xb0-\xf7][\xa1-\xfe]|[\xa1-\xa3][\xa1-\xfe])*\Z")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a message, the codec it was read with, and remarks."""

    text: str
    charset: str
    notes: tuple[str, ...] = ()


def decode(raw: bytes) -> Decoded:
    """Turn the bytes of one message into text without losing any (字符集识别).

    Raises Unreadable("bad_charset") when no candidate fits every byte.
    """
    for mark, codec in BOMS:
        if raw.startswith(mark):
            return _decode_marked(raw[len(mark) :], codec)
    if WIDE.match(raw):
        return _decode_marked(raw, "utf-16-le" if raw.lstrip()[:1] == b"M" else "utf-16-be")
    if raw.isascii():
        return Decoded(raw.decode("ascii"), "ascii")
    word = declared_charset(raw)
    declared = DECLARED.get(re.sub(r"[\s\-_/]", "", word).upper())
    for codec in _candidates(raw, declared):
        text = _try(raw, codec)
        if text is not None:
            note = () if codec == declared else ("charset_wrong" if word else "charset_guessed",)
            return Decoded(text, codec, note)
    raise Unreadable("bad_charset")


def declared_charset(raw: bytes) -> str:
    """Find what MSH-18 declares, "" when it declares nothing."""
    start = raw.find(b"MSH")
    line = re.split(rb"[\r\n]", raw[start : start + 20_000], maxsplit=1)[0]
    text = _try(line, "utf-8") or line.decode("gb18030", "replace")
    fields = text.split(text[3:4] or "|")
    repeats = fields[17].split(text[5:6] or "~") if len(fields) > 17 else []
    return next((word.strip() for word in repeats if word.strip(' "')), "")


def _decode_marked(raw: bytes, codec: str) -> Decoded:
    text = _try(raw, codec)
    if text is not None:
        return Decoded(text, codec)
    text = _try(raw, "gb18030")
    if text is None or codec != "utf-8":
        raise Unreadable("bad_charset")
    return Decoded(text, "gb18030", ("charset_wrong",))


def _candidates(raw: bytes, declared: str | None) -> list[str]:
    guesses = ["utf-8", "gb18030"] if HANZI_UTF8.search(raw) else ["gb18030", "utf-8"]
    if declared == "gb18030":
        return guesses
    if declared in (None, "ascii", "utf-16"):
        return ["utf-8", "gb18030"] if LATIN_UTF8.search(raw) else guesses
    if declared.startswith("iso") and (_try(raw, "utf-8") or COMMON_HANZI.match(raw)):
        return [*guesses, declared]
    return [declared, *guesses]


def _try(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeError:
        return None
