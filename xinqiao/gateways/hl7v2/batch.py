"""Files that hold more than one message: FHS/BHS batches, MLLP captures, several MSH in a row (批文件)."""

import re

from .charset import BOMS, WIDE
from .reasons import Unreadable

# Bytes may be cut here: CR, LF, VT and FS occur inside no character of UTF-8 or GB18030.
START = re.compile(rb"(?:\A|(?<=[\r\n\x0b\x1c]))[ \t]*((?:\xef\xbb\xbf)?MSH[^A-Za-z0-9\s])")
TRAILER = re.compile(rb"(?:\A|[\r\n\x0b\x1c])[ \t]*(?:FHS|BHS|BTS|FTS)[^A-Za-z0-9\s].*", re.DOTALL)
COUNT = re.compile(rb"[\r\n]BTS[^A-Za-z0-9\s](\d+)")


def split_file(raw: bytes) -> tuple[list[bytes], tuple[str, ...]]:
    """Cut a file into its messages, in order, with remarks (拆分批文件).

    A file without any MSH is returned whole, so that it is stored and shown, not lost.
    """
    raw = _narrow(raw)
    starts = [match.start(1) for match in START.finditer(raw)]
    if not starts:
        return ([raw] if raw.strip(b"\x00\x0b\x1c\x1a \t\r\n") else []), ()
    ends = [*starts[1:], len(raw)]
    messages = [_clean(raw[a:b]) for a, b in zip(starts, ends, strict=True)]
    declared = [int(number[:12]) for number in COUNT.findall(raw)]
    differs = bool(declared) and sum(declared) != len(messages)
    return messages, ("batch_count_differs",) if differs else ()


def _clean(raw: bytes) -> bytes:
    return TRAILER.sub(b"", raw).rstrip(b"\x0b\x1c\x1a\r\n \t\x00")


def _narrow(raw: bytes) -> bytes:
    wide = next((codec for mark, codec in BOMS[1:] if raw.startswith(mark)), None)
    if wide is None and not WIDE.match(raw):
        return raw
    codec = wide or ("utf-16-le" if raw.lstrip()[:1] == b"M" else "utf-16-be")
    try:
        return raw.decode(codec).lstrip("\ufeff").encode()
    except UnicodeError:
        raise Unreadable("bad_charset") from None
