"""Importing HL7 messages from files (导入 HL7 文件): stored as if they had been sent, applied until none is left.

A running worker may apply them at the same time; each message is claimed by one of both.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import batched
from pathlib import Path
from uuid import UUID

from xinqiao.directory.queries import get_organisation, organisations
from xinqiao.gateways.hl7v2.batch import split_file
from xinqiao.gateways.hl7v2.reasons import Unreadable
from xinqiao.gateways.hl7v2.receiving import Line, read_head
from xinqiao.gateways.hl7v2.tasks import apply_some
from xinqiao.intake.operations import save_source, store_messages
from xinqiao.intake.queries import count_states, get_source, sources
from xinqiao.intake.rules import APPLIED, DUPLICATE, IGNORED, QUARANTINED, RECEIVED, WAITING
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.clock import now
from xinqiao.kit.errors import Refused
from xinqiao.kit.rls import seen_by

GROUP = 200
DEFAULT_SOURCE = "import"
PATIENCE = 60.0  # seconds without progress, while another process holds what is left
NOT_MESSAGES = {
    ".md", ".json", ".csv", ".tsv", ".xlsx", ".xls", ".yaml", ".yml", ".py", ".pdf", ".html", ".zip", ".gz",
    ".png", ".jpg", ".log", ".sha256",
}  # fmt: skip
Say = Callable[[str], None]


class NothingToImport(Refused):
    """这里没有可导入的 HL7 文件，请核对路径。"""


class WhichOrganisation(Refused):
    """有多家机构，请用 --organisation 写明导入到哪一家。"""


class WrongSource(Refused):
    """这个来源不是 HL7 来源，请核对 --source。"""


def import_hl7(paths: list[str], *, source: str, organisation_id: UUID, say: Say) -> dict[str, int]:
    """This function will store every message in these files and folders, apply them, and count what became of each (导入).

    The counts are of this import: read is the sum of the others. What is still held elsewhere after a minute
    without progress counts as waiting.
    """
    files = find_files(paths)
    line = _line(source, by=system("config.import", organisation_id), at=now())
    say(f"共 {len(files)} 个文件，来源 {source}")
    told = [each for group in batched(_messages(files, say), GROUP) for each in _store(group, line)]
    fresh = [inbox_id for inbox_id, outcome in told if outcome != DUPLICATE]
    say(f"读到 {len(told)} 条报文，新收 {len(fresh)} 条，重复 {len(told) - len(fresh)} 条")
    states = _settle(fresh, line, say)
    counts = {state: states.pop(state, 0) for state in (APPLIED, IGNORED, QUARANTINED, WAITING)}
    counts["waiting"] += states.pop(RECEIVED, 0)
    counts["ignored"] += sum(states.values())  # given up by a person in the meantime
    return {"read": len(told), "duplicate": len(told) - len(fresh)} | counts


def find_files(paths: Iterable[str]) -> list[Path]:
    """This function will list the files named, and those in the folders named, in order; raises NothingToImport (找文件).

    A file that is named is imported whatever it is called; in a folder hidden files and documents are passed over.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file())
            found += [each for each in inside if _may_hold_messages(each, path)]
        elif path.is_file():
            found.append(path)
        else:
            raise NothingToImport(f"没有这个文件或文件夹：{path}")
    if not found:
        raise NothingToImport
    return found


def choose_organisation(code: str) -> UUID:
    """This function will give the organisation of this code, or the only one there is; raises WhichOrganisation (选机构)."""
    if code:
        return get_organisation(code=code).id
    known = list(organisations(system("config.import")))
    if not known:
        raise WhichOrganisation("还没有任何机构，请先建立机构再导入。")
    if len(known) > 1:
        raise WhichOrganisation(
            f"有多家机构，请用 --organisation 写明一家：{'、'.join(o.code for o in known)}"
        )
    return known[0].id


def _may_hold_messages(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    document = path.suffix.lower() in NOT_MESSAGES or path.stem.upper().endswith(
        ("LICENSE", "README", "NOTICE")
    )
    return not (hidden or document)


def _line(code: str, *, by: Actor, at: datetime) -> Line:
    """The source; the one for imports is made at first: ids may repeat, and all it brings is history."""
    with seen_by(by, at):
        if code == DEFAULT_SOURCE and code not in {one.code for one in sources(viewer=by)}:
            save_source(code=code, name="文件导入", kind="hl7v2", reuses_ids=True, by=by, now=at)
        found = get_source(code, viewer=by)
    if found.kind != "hl7v2":
        raise WrongSource
    return Line(found.organisation_id, found.id, found.zone)


def _messages(files: list[Path], say: Say) -> Iterator[bytes]:
    for path in files:
        try:
            raw = path.read_bytes()
        except OSError as fault:
            raise NothingToImport(f"打不开文件 {path}：{fault.strerror}") from None
        try:
            messages, remarks = split_file(raw)
        except Unreadable:
            messages, remarks = [raw], ()
        if remarks:
            say(f"{path}：批尾写的条数与实际 {len(messages)} 条不符")
        yield from messages


def _store(group: Iterable[bytes], line: Line) -> list[tuple[UUID, str]]:
    incoming = [read_head(body, line)[0] for body in group]
    stored = store_messages(source_id=line.source_id, messages=incoming, by=line.actor, now=now())
    return [(each.inbox_id, each.outcome) for each in stored]


def _settle(fresh: list[UUID], line: Line, say: Say) -> dict[str, int]:
    """Apply until none of ours is left; what a worker holds meanwhile is waited for."""
    left, since = len(fresh), time.monotonic()
    while True:
        settled = apply_some(line.organisation_id, now=now())
        with seen_by(line.actor, now()):
            states = count_states(fresh, viewer=line.actor)
        open_ = states.get(RECEIVED, 0)
        if open_ < left:
            left, since = open_, time.monotonic()
            say(f"已处理 {len(fresh) - left}/{len(fresh)}")
        if not open_:
            return states
        if time.monotonic() - since > PATIENCE:
            say(f"还有 {left} 条没有处理完，后台进程会继续；请稍后在“异常报文”里查看")
            return states
        if not settled:
            time.sleep(0.1)
