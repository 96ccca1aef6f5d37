"""The MLLP listener (报文监听): frames in, stored together, answered once the store returned."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address, ip_network

from .ack import acknowledge
from .frames import MAX_FRAME, Frames, FrameTooLarge, wrap

log = logging.getLogger("xinqiao.gateways.hl7v2")


class UnsafeListener(Exception):
    "本机以外的地址必须同时配置 TLS 证书、要求对方出示证书并列出允许的发送方地址，否则不予监听。"


@dataclass(frozen=True, slots=True)
class Received:
    """One frame as it arrived: from whom, at which port, when (收到的报文)."""

    raw: bytes = field(repr=False)
    peer: str
    port: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What to tell the sender: AA, AE or AR, and why (应答)."""

    code: str = "AA"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one listener allows (监听上限)."""

    frame: int = MAX_FRAME
    connections: int = 64
    unanswered: int = 64
    group: int = 256
    idle_seconds: float = 600.0


Store = Callable[[list[Received]], Awaitable[list[Answer]]]


class MllpListener:
    """Listens on one port; frames that arrive while a store call runs go together into the next (成组提交)."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        peers: tuple[str, ...] = (),
        tls: ssl.SSLContext | None = None,
        limits: Limits = Limits(),
    ):
        self.limits, self.clock = limits, clock
        self._store, self._new_id, self._tls = store, new_id, tls
        self._peers = [ip_network(peer) for peer in peers]
        self._waiting: list[tuple[_Connection, Received]] = []
        self._arrived = asyncio.Event()
        self.connections: set[_Connection] = set()
        self.port = 0
        self._storing = False

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Begin to listen; refuses an address beyond this machine without mutual TLS and a peer list (开始监听)."""
        if not (is_loopback(host) or self._is_guarded()):
            raise UnsafeListener(UnsafeListener.__doc__)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), host, port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self._pump = asyncio.create_task(self._store_forever())

    async def stop(self) -> None:
        """Stop listening; what was handed to the store is still answered (停止监听)."""
        self._server.close()
        while self._waiting or self._storing:
            await asyncio.sleep(0.01)
        self._pump.cancel()
        for connection in tuple(self.connections):
            connection.transport.close()
        await asyncio.gather(self._pump, return_exceptions=True)

    def allows(self, peer: str) -> bool:
        """Tell whether a peer may send (允许的发送方)."""
        return not self._peers or any(ip_address(peer) in network for network in self._peers)

    def take(self, connection: "_Connection", raw: bytes) -> None:
        """Queue one frame for the next store call (入队)."""
        self._waiting.append((connection, Received(raw, connection.peer, self.port, self.clock())))
        self._arrived.set()

    def _is_guarded(self) -> bool:
        return self._tls is not None and self._tls.verify_mode == ssl.CERT_REQUIRED and bool(self._peers)

    async def _store_forever(self) -> None:
        while True:
            await self._arrived.wait()
            group, self._waiting = self._waiting[: self.limits.group], self._waiting[self.limits.group :]
            if not self._waiting:
                self._arrived.clear()
            self._storing = True
            try:
                answers = await self._ask_store([received for _, received in group])
                for (connection, received), answer in zip(group, answers, strict=True):
                    connection.answer(self._ack(received, answer), len(received.raw))
            finally:
                self._storing = False

    async def _ask_store(self, group: list[Received]) -> list[Answer]:
        try:
            answers = await self._store(group)
            if len(answers) == len(group):
                return answers
            log.error("hl7_store_miscounted", extra={"frames": len(group), "answers": len(answers)})
        except Exception as error:
            # The error's text may quote a message, so only its kind is logged.
            log.error("hl7_store_failed", extra={"frames": len(group), "error": type(error).__name__})
        return [Answer("AE", "not_stored")] * len(group)

    def _ack(self, received: Received, answer: Answer) -> bytes:
        now, new_id = self.clock(), self._new_id()
        return wrap(acknowledge(received.raw, answer.code, now=now, control_id=new_id, reason=answer.reason))


class _Connection(asyncio.Protocol):
    def __init__(self, listener: MllpListener):
        self.listener = listener
        self.frames = Frames(listener.limits.frame)
        self.unanswered = 0
        self.unanswered_bytes = 0
        self.peer = ""
        self.timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport) -> None:
        self.transport = transport
        self.peer = transport.get_extra_info("peername")[0]
        crowded = len(self.listener.connections) >= self.listener.limits.connections
        if crowded or not self.listener.allows(self.peer):
            log.warning("hl7_peer_refused", extra={"peer": self.peer, "crowded": crowded})
            transport.abort()
            return
        self.listener.connections.add(self)
        self._wind()

    def data_received(self, data: bytes) -> None:
        if self not in self.listener.connections:
            return
        self._wind()
        try:
            frames = self.frames.feed(data)
        except FrameTooLarge:
            log.warning("hl7_frame_too_large", extra={"peer": self.peer})
            self.frames = Frames(0)
            self.transport.abort()
            return
        for frame in frames:
            self.unanswered += 1
            self.unanswered_bytes += len(frame)
            self.listener.take(self, frame)
        if self._is_full():
            self.transport.pause_reading()

    def answer(self, frame: bytes, answered_bytes: int) -> None:
        self.unanswered -= 1
        self.unanswered_bytes -= answered_bytes
        if self.transport.is_closing():
            return
        self.transport.write(frame)
        self._wind()
        if not self._is_full():
            self.transport.resume_reading()

    def connection_lost(self, error) -> None:
        self.listener.connections.discard(self)
        if self.timer:
            self.timer.cancel()
        if self.frames.is_open or self.frames.garbage:
            extra = {"peer": self.peer, "garbage": self.frames.garbage, "cut": self.frames.is_open}
            log.warning("hl7_stream_unclean", extra=extra)

    def _is_full(self) -> bool:
        limits = self.listener.limits
        return self.unanswered >= limits.unanswered or self.unanswered_bytes >= limits.frame

    def _wind(self) -> None:
        if self.timer:
            self.timer.cancel()
        self.timer = asyncio.get_running_loop().call_later(self.listener.limits.idle_seconds, self._idle)

    def _idle(self) -> None:
        if self.unanswered:
            self._wind()
            return
        log.info("hl7_idle_closed", extra={"peer": self.peer})
        self.transport.close()


def is_loopback(host: str) -> bool:
    """Tell whether an address is reachable from this machine only (本机地址)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
