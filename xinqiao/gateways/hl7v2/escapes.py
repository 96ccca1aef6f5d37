"""The escape sequences of HL7 v2 text (转义), HL7 v2.8 chapter 2.7."""

import re
from functools import lru_cache

BREAKS = (".br", ".sp", ".ce")
LAYOUT = (".in", ".ti", ".fi", ".nf", ".sk")
SWITCH = re.compile(r"C[0-9A-Fa-f]{4}|M[0-9A-Fa-f]{4,6}|[HN]")
HEX = re.compile(r"X((?:[0-9A-Fa-f]{2})+)")


def unescape(text: str, marks, charset: str) -> str:
    """Resolve the escapes in a piece of text; what is no known escape stays as it was sent."""
    if not marks.escape or marks.escape not in text:
        return text
    return _pattern(marks.escape).sub(lambda match: _resolve(match, marks, charset), text)


def escape(text: str, marks) -> str:
    """Write a text so that no separator in it separates; without an escape mark, separators become blanks."""
    named = {marks.field: "F", marks.component: "S", marks.repeat: "R", marks.escape: "E", marks.sub: "T"}
    named.pop("", None)
    put = {
        mark: f"{marks.escape}{word}{marks.escape}" if marks.escape else " " for mark, word in named.items()
    }
    return "".join(put.get(char, char) for char in text).replace("\r", " ").replace("\n", " ")


@lru_cache(maxsize=64)
def _pattern(escape: str) -> re.Pattern:
    mark = re.escape(escape)
    return re.compile(f"{mark}([^{mark}\r\n]+){mark}")


def _resolve(match: re.Match, marks, charset: str) -> str:
    word = match[1]
    named = {"F": marks.field, "S": marks.component, "R": marks.repeat, "E": marks.escape, "T": marks.sub}
    if word in named:
        return named[word]
    if SWITCH.fullmatch(word):
        return ""
    if word.startswith(BREAKS):
        return "\n"
    if word.startswith(LAYOUT):
        return " "
    return _from_hex(word, charset) or match[0]


def _from_hex(word: str, charset: str) -> str:
    match = HEX.fullmatch(word)
    if not match:
        return ""
    raw = bytes.fromhex(match[1])
    for codec in (charset, "utf-8", "gb18030"):
        try:
            return raw.decode(codec).replace("\x00", "")
        except UnicodeError:
            continue
    return ""
