"""The English catalogue (英文词目): every Chinese msgid of templates and code, checked to be complete.

Babel reads the sources (Django's makemessages would need gettext). The compiled .mo file is committed beside the
.po, so that a machine that only runs the product needs no tool for it; the check keeps the two in step.
"""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from xinqiao.config.section import ROOT

FOLDER = Path("xinqiao/config/locale/en/LC_MESSAGES")
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)  # in the compiled file: the same words make the same bytes
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_": None,
}


def messages(root: Path = ROOT) -> Iterator[str | tuple[str, ...]]:
    """This function will find every msgid in templates and code (收集词目)."""
    for file in sorted((root / "xinqiao").rglob("*")):
        if file.suffix not in (".html", ".py", ".txt") or {"tests", "migrations"} & set(file.parts):
            continue
        source = file.read_text("utf-8")
        if file.suffix != ".py":
            source = templatize(source, origin=str(file))
        for _, message, _, _ in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            if message and re.search(r"[\u4e00-\u9fff]", str(message)):
                yield message


def write(root: Path = ROOT) -> None:
    """This function will add new msgids to the catalogue, drop unused ones, and compile it (更新词目)."""
    old = _read(root)
    new = Catalog(locale="en", project="Xinqiao", charset="utf-8")
    for message in sorted(set(messages(root)), key=str):
        known = old.get(message if isinstance(message, str) else message[0])
        new.add(message, string=known.string if known else None)
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    with (root / FOLDER / "django.po").open("wb") as file:
        write_po(file, new, width=110, no_location=True, omit_header=True, sort_output=True)
    compile_catalogue(root)


def compile_catalogue(root: Path = ROOT) -> None:
    """This function will compile the catalogue for Django (编译词目)."""
    compiled = root / FOLDER / "django.mo"
    draft = compiled.with_suffix(".new")
    draft.write_bytes(_compiled(root))
    draft.replace(compiled)


def check(root: Path = ROOT) -> list[str]:
    """This function will name the msgids without an English word, and placeholders that differ (核对词目)."""
    catalogue = _read(root)
    faults = []
    for message in sorted(set(messages(root)), key=str):
        msgid = message if isinstance(message, str) else message[0]
        known = catalogue.get(msgid)
        said = known.string if known else ""
        texts = [said] if isinstance(said, str) else list(said or ())
        if not texts or not all(texts):
            faults.append(f"英文词目缺少：{msgid}")
        elif any(_holes(text) - _holes(msgid) for text in texts):
            faults.append(f"英文词目的占位符不符：{msgid}")
    compiled = root / FOLDER / "django.mo"
    if not compiled.exists() or compiled.read_bytes() != _compiled(root):
        faults.append("英文词目还没有编译：请运行 xinqiao docs catalogue")
    return faults


def _compiled(root: Path) -> bytes:
    words = _read(root)
    words.creation_date = words.revision_date = WRITTEN
    compiled = io.BytesIO()
    write_mo(compiled, words)
    return compiled.getvalue()


def _holes(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{\w*\}", text))


def _read(root: Path) -> Catalog:
    path = root / FOLDER / "django.po"
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")
