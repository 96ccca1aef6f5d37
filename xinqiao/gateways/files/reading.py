"""From the bytes of a file to its sheets, by what it is and not by what it is called (读文件)."""

from pathlib import Path

from .sheets import LARGEST, Sheet, TooLarge, UnreadableFile
from .texts import decode, read_csv, read_html
from .workbooks import read_xls, read_xlsx

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_sheets(raw: bytes) -> list[Sheet]:
    """Read every sheet of a file; raises UnreadableFile, TooLarge, TooManyRows, Bomb (读取工作表)."""
    if len(raw) > LARGEST:
        raise TooLarge
    if not raw.strip():
        raise UnreadableFile("文件是空的。请重新导出后再导入。")
    if raw.startswith(ZIP):
        return read_xlsx(raw)
    if raw.startswith(OLE):
        return read_xls(raw)
    text = decode(raw)
    if not text.lstrip().startswith("<"):
        return read_csv(text)
    return read_html(text)


def read_bytes(path: Path) -> bytes:
    """Read a file of at most 20 MB; says in Chinese why it cannot be read (读取字节)."""
    try:
        if path.stat().st_size > LARGEST:
            raise TooLarge
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(f"没有这个文件：{path}") from None
    except IsADirectoryError:
        raise UnreadableFile(f"这是文件夹，请写出其中的文件：{path}") from None
    except OSError as fault:
        raise UnreadableFile(f"打不开文件 {path}：{fault.strerror}") from None
