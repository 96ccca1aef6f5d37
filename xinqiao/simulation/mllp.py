"""Play a stream of messages to an MLLP listener, with the mishaps of a hospital's network (MLLP 发送)."""

import re
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from random import Random

from .stream import Message

START, END = b"\x0b", b"\x1c\r"
ACCEPTED = (b"AA", b"CA")


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares of messages that meet a mishap (故障比例)."""

    duplicate: float = 0  # sent again although acknowledged
    cut: float = 0  # the line breaks in the middle of the frame
    lost_ack: float = 0  # the line breaks before the acknowledgement is read
    swap: float = 0  # two neighbours change places


@dataclass(slots=True)
class Played:
    """What happened, by count (发送结果)."""

    sent: int = 0  # distinct messages
    accepted: int = 0
    refused: int = 0  # AE, AR, CE, CR
    unanswered: int = 0
    resent: int = 0
    duplicated: int = 0
    swapped: int = 0


def play(
    messages: Iterable[Message],
    host: str,
    port: int,
    *,
    random: Random,
    faults: Faults = Faults(),
    wait_until: Callable[[datetime], None] | None = None,
    timeout: float = 10,
    attempts: int = 5,
) -> Played:
    """Send every message and wait for its acknowledgement (播放消息流).

    A message without acknowledgement is sent again byte for byte, so with the same control id.
    `wait_until` is the clock: without it messages go as fast as the other side acknowledges.
    """
    played = Played()
    with _Line(host, port, timeout) as line:
        for message in _swapped(messages, random, faults.swap, played):
            if wait_until:
                wait_until(message.at)
            played.sent += 1
            code = _deliver(line, message.body, random, faults, attempts, played)
            played.accepted += code in ACCEPTED
            played.unanswered += code == b""
            played.refused += code not in (*ACCEPTED, b"")
            if code in ACCEPTED and random.random() < faults.duplicate:
                _deliver(line, message.body, random, Faults(), attempts, played)
                played.duplicated += 1
    return played


def framed(body: bytes) -> bytes:
    """Wrap a message for the wire (MLLP 封帧)."""
    return START + body + END


def _swapped(messages: Iterable[Message], random: Random, share: float, played: Played) -> Iterator[Message]:
    held: Message | None = None
    for message in messages:
        if held is None and random.random() < share:
            held = message
            continue
        yield message
        if held is not None:
            played.swapped += 1
            yield held
            held = None
    if held is not None:
        yield held


def _deliver(
    line: "_Line", body: bytes, random: Random, faults: Faults, attempts: int, played: Played
) -> bytes:
    for attempt in range(attempts):
        played.resent += attempt > 0
        try:
            if attempt == 0 and random.random() < faults.cut:
                line.send(framed(body)[: len(body) // 2])
                line.close()
                continue
            line.send(framed(body))
            if attempt == 0 and random.random() < faults.lost_ack:
                line.close()
                continue
            return acknowledgement(line.receive())
        except OSError:
            line.close()
    return b""


def acknowledgement(frame: bytes) -> bytes:
    """Read MSA-1 from an acknowledgement (应答码); an answer without one counts as none."""
    found = re.search(rb"\rMSA\|(\w\w)", frame)
    return found[1] if found else b""


class _Line:
    """A connection that opens itself again when needed."""

    def __init__(self, host: str, port: int, timeout: float):
        self.address, self.timeout = (host, port), timeout
        self.socket: socket.socket | None = None
        self.rest = b""

    def __enter__(self) -> "_Line":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def send(self, data: bytes) -> None:
        if self.socket is None:
            self.socket = socket.create_connection(self.address, self.timeout)
            self.rest = b""
        self.socket.sendall(data)

    def receive(self) -> bytes:
        while END not in self.rest:
            got = self.socket.recv(65536) if self.socket else b""
            if not got:
                raise ConnectionError("对方关闭了连接，没有应答。")
            self.rest += got
        frame, self.rest = self.rest.split(END, 1)
        return frame.lstrip(START)

    def close(self) -> None:
        if self.socket:
            with suppress(OSError):
                self.socket.close()
        self.socket = None
