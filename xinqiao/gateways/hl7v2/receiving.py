"""From the socket to the inbox (收报): stored and committed first, answered after."""

import asyncio
import logging
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from xinqiao.intake.operations import store_messages
from xinqiao.intake.queries import order_key
from xinqiao.intake.rules import CONFLICT, CONFLICT_REASON, Incoming
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.clock import now as clock
from xinqiao.patients.rules.demographics import IdentifierSaid
from xinqiao.patients.rules.identifiers import read_identifier

from .batch import split_file
from .mllp import Answer, Received
from .parse import parse
from .reasons import Unreadable
from .times import read_instant

log = logging.getLogger("xinqiao.gateways.hl7v2")


@dataclass(frozen=True, slots=True)
class Line:
    """Who sends on one port: the port decides source and organisation, never what MSH says (来源线路)."""

    organisation_id: UUID
    source_id: UUID
    zone: str = "Asia/Shanghai"

    @property
    def actor(self) -> Actor:
        return system("gateways.hl7v2.receiving", self.organisation_id)


class Receiver:
    """Stores what the listener received; database work runs in one thread of its own (收报员)."""

    def __init__(self, lines: dict[int, Line]) -> None:
        self.lines = lines
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def __call__(self, group: list[Received]) -> list[Answer]:
        """This function will store a group that arrived together, port by port, and say how to answer (入库)."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.store, group)

    def store(self, group: list[Received]) -> list[Answer]:
        """This function will commit the group and give each message's answer, in order (成组入库)."""
        answers: dict[int, Answer] = {}
        by_port: dict[int, list[int]] = defaultdict(list)
        for place, received in enumerate(group):
            by_port[received.port].append(place)
        for port, places in by_port.items():
            told = store_group([group[place].raw for place in places], self.lines[port], now=clock())
            answers |= dict(zip(places, told, strict=True))
        return [answers[place] for place in range(len(group))]


def store_group(frames: list[bytes], line: Line, *, now: datetime) -> list[Answer]:
    """This function will store the messages of one line in one transaction, then answer frame by frame (入库并应答).

    What cannot be read is stored too, for people to see, and answered AE; so is another body under a known id. A
    frame that holds a batch is one answer: the worst of its messages'.
    """
    bodies = [(place, body) for place, frame in enumerate(frames) for body in _messages(frame)]
    heads = [read_head(body, line) for _, body in bodies]
    stored = store_messages(
        source_id=line.source_id, messages=[incoming for incoming, _ in heads], by=line.actor, now=now
    )
    answers = [Answer()] * len(frames)
    for (place, _), each, (_, fault) in zip(bodies, stored, heads, strict=True):
        answer = _answer(each.outcome, fault)
        answers[place] = answer if answer.code != "AA" else answers[place]
    return answers


def _messages(frame: bytes) -> list[bytes]:
    """A frame is one message as it came, unless it holds a batch."""
    if frame.count(b"MSH") < 2:
        return [frame]
    try:
        return split_file(frame)[0] or [frame]
    except Unreadable:
        return [frame]


def _answer(outcome: str, fault: str) -> Answer:
    if outcome == CONFLICT:
        log.warning("hl7_control_id_reused")
        return Answer("AE", CONFLICT_REASON)
    return Answer("AE", fault) if fault else Answer()


def read_head(body: bytes, line: Line) -> tuple[Incoming, str]:
    """This function will say what the inbox has to know of a message, and why it cannot be read if so (识读报文头)."""
    try:
        message = parse(body)
    except Unreadable as fault:
        return Incoming(body), fault.code
    msh, pid, evn = message.header, message.segment("PID"), message.segment("EVN")
    said = (evn.value(2) if evn else "") or msh.value(7)
    first = read_identifier(IdentifierSaid("mrn", pid.value(3, 1))).value if pid else ""
    key = order_key(line.organisation_id, first, viewer=line.actor) if first else None
    kind = "^".join(part for part in (msh.value(9, 1), msh.value(9, 2)) if part)[:40]
    return Incoming(body, msh.value(10).strip()[:200], kind, _instant(said, line), key), ""


def _instant(text: str, line: Line) -> datetime | None:
    return read_instant(text, ZoneInfo(line.zone)) if text else None
