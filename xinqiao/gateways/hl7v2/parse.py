"""A tolerant reader of HL7 v2's delimited text: segments, fields, repeats, components (报文解析).

Nothing is split before it is asked for. Broken input raises Unreadable and nothing else. HL7 v2.8 chapter 2.
"""

import re
from dataclasses import dataclass

from .charset import decode
from .escapes import unescape
from .reasons import Unreadable

MAX_BYTES = 16 * 1024 * 1024
MAX_SEGMENTS = 50_000
BARE = re.compile("EVN|PID|PD1|NK1|PV1|PV2|DG1|AL1|OBR|OBX|NTE|ORC|PR1|GT1|IN1|TXA|MRG")
BEFORE = re.compile(r"[\r\n\x0b][ \t\ufeff]*(MSH[^A-Za-z0-9\s])")
NULL = '""'


@dataclass(frozen=True, slots=True)
class Separators:
    """The characters that one message declares in MSH-1 and MSH-2; "" where there is none."""

    field: str = "|"
    component: str = "^"
    repeat: str = "~"
    escape: str = "\\"
    sub: str = "&"


class Segment:
    """One line of a message; fields are counted from 1 as the standard does."""

    __slots__ = ("_fields", "_message", "name")

    def __init__(self, message: "Message", line: str):
        marks = message.separators
        self._message = message
        self._fields = line.split(marks.field)
        self.name = self._fields[0]
        if self.name == "MSH":
            self._fields.insert(1, marks.field)

    def field(self, number: int) -> str:
        """Return a whole field as it was sent, "" when absent."""
        return self._fields[number] if number < len(self._fields) else ""

    def repeats(self, number: int) -> list[str]:
        """Return the repetitions of a field as they were sent; none when absent."""
        text, mark = self.field(number), self._message.separators.repeat
        if not text:
            return []
        return text.split(mark) if mark and mark in text else [text]

    def value(self, number: int, component: int = 1, sub: int = 1, repeat: int = 1) -> str:
        """Return one piece of a field with its escapes resolved, "" when absent or explicitly null."""
        if number >= len(self._fields) or not self._fields[number]:
            return ""
        repeats = self.repeats(number)
        return self._message.piece(repeats[repeat - 1], component, sub) if len(repeats) >= repeat else ""

    def is_null(self, number: int) -> bool:
        """Tell whether the sender asks to delete this field's value (显式空值)."""
        return self.field(number).strip() == NULL


class Message:
    """One HL7 v2 message (一条报文)."""

    __slots__ = ("_lines", "_segments", "charset", "notes", "separators")

    def __init__(self, text: str, charset: str = "utf-8", notes: tuple[str, ...] = ()):
        text = text.strip("\x00\x0b\x1c\x1a\ufeff \t\r\n")
        text = text[_beginning(text) :]
        if "\x00" in text:
            text, notes = text.replace("\x00", ""), (*notes, "nul_removed")
        self.separators, odd = read_separators(text)
        self._lines, joined = _lines(text, self.separators.field)
        self.notes = (*notes, *(("odd_separators",) if odd else ()), *(("line_joined",) if joined else ()))
        self.charset = charset
        self._segments: dict[int, Segment] = {}

    def __iter__(self):
        return (self._at(index) for index in range(len(self._lines)))

    def segments(self, name: str) -> list[Segment]:
        """Return all segments of a name, in order."""
        return [self._at(i) for i, line in enumerate(self._lines) if line.startswith(name)]

    def segment(self, name: str) -> Segment | None:
        """Return the first segment of a name, None when there is none."""
        return next((self._at(i) for i, line in enumerate(self._lines) if line.startswith(name)), None)

    @property
    def header(self) -> Segment:
        """Return MSH, with which every parsed message begins (报文头)."""
        return self._at(0)

    def field(self, name: str, number: int) -> str:
        """Return a whole field of the first segment of a name, as it was sent."""
        segment = self.segment(name)
        return segment.field(number) if segment else ""

    def piece(self, text: str, component: int = 1, sub: int = 1) -> str:
        """Return one unescaped component and subcomponent of one repetition."""
        marks = self.separators
        text = _nth(_nth(text, marks.component, component), marks.sub, sub)
        return unescape(text, marks, self.charset) if text and text != NULL else ""

    def plain(self, text: str) -> str:
        """Return any stretch of the message with its escapes resolved."""
        return unescape(text, self.separators, self.charset)

    def _at(self, index: int) -> Segment:
        segment = self._segments.get(index)
        if segment is None:
            segment = self._segments[index] = Segment(self, self._lines[index])
        return segment


def parse(raw: bytes) -> Message:
    """Read the bytes of one message (报文解析)."""
    if len(raw) > MAX_BYTES:
        raise Unreadable("too_large")
    if not raw.strip(b"\x00\x0b\x1c\x1a \t\r\n"):
        raise Unreadable("empty")
    decoded = decode(raw.strip(b"\x0b\x1c"))
    return Message(decoded.text, decoded.charset, decoded.notes)


def read_separators(text: str) -> tuple[Separators, bool]:
    """Read the separators of a message that begins with MSH, and whether they are unusual (分隔符)."""
    if not text.startswith("MSH") or len(text) < 4:
        raise Unreadable("no_msh")
    field = text[3]
    declared = re.split(f"[\r\n{re.escape(field)}]", text[4:40], maxsplit=1)[0]
    if any(c.isspace() or (c.isalnum() and c.isascii()) or ord(c) < 32 for c in field + declared):
        raise Unreadable("bad_separators")
    marks = list(dict.fromkeys(declared))
    if marks == ["^", "~", "&"]:
        return Separators(field, "^", "~", "", "&"), True
    chosen = [field]
    for position, usual in enumerate("^~\\&"):
        mark = marks[position] if position < len(marks) else usual
        chosen.append("" if mark in chosen else mark)
    return Separators(*chosen), declared not in ("^~\\&", "^~\\&#")


def _lines(text: str, field: str) -> tuple[list[str], bool]:
    physical = text.replace("\n", "\r").split("\r")
    parts: list[list[str]] = []
    for line in physical:
        line = line.lstrip(" \t")
        if (line[3:4] == field and line[:3].isalnum() and line[:3].isupper()) or BARE.fullmatch(
            line.rstrip()
        ):
            parts.append([line])
        elif line.strip("\x0b\x1c\x1a "):
            parts[-1].append(line)
    if len(parts) > MAX_SEGMENTS:
        raise Unreadable("too_many_segments")
    lines = ["\n".join(part) if len(part) > 1 else part[0] for part in parts]
    if sum(line.startswith("MSH") for line in lines) > 1:
        raise Unreadable("several_messages")
    return lines, any(len(part) > 1 for part in parts)


def _beginning(text: str) -> int:
    match = None if text.startswith("MSH") else BEFORE.search(text[:100_000])
    return match.start(1) if match else 0


def _nth(text: str, mark: str, number: int) -> str:
    if not mark or mark not in text:
        return text if number == 1 else ""
    parts = text.split(mark, number)
    return parts[number - 1] if len(parts) >= number else ""
