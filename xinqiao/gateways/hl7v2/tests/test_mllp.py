"""The listener on real sockets: every cut, every order, every refusal (MLLP 监听)."""

import asyncio
import ssl
from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from ..frames import Frames, FrameTooLarge, wrap
from ..mllp import Answer, Limits, MllpListener, UnsafeListener
from ..parse import parse
from ..send import MllpClient
from .messages import LI, message

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
ONE = message("ADT^A01", LI)


def numbered(number: int) -> bytes:
    return ONE.replace(b"|M1|", b"|M%d|" % number)


class Shelf:
    """A store that remembers its calls and answers when it is told to."""

    def __init__(self):
        self.calls: list[list[bytes]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.answers = lambda group: [Answer() for _ in group]

    async def __call__(self, group):
        self.calls.append([received.raw for received in group])
        await self.may_answer.wait()
        return self.answers(group)

    @property
    def frames(self) -> list[bytes]:
        return [raw for call in self.calls for raw in call]


def with_listener(story, **options):
    """Run a story against a listener on a free port of this machine."""

    async def run():
        shelf, ids = Shelf(), count(1)
        listener = MllpListener(shelf, clock=lambda: NOW, new_id=lambda: f"A{next(ids)}", **options)
        await listener.start()
        try:
            await asyncio.wait_for(story(listener, shelf), 30)
        finally:
            await listener.stop()

    asyncio.run(run())


async def send(listener, *pieces: bytes, answers: int = 1) -> list[str]:
    """Write pieces one packet each and return what the answers say."""
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            # Twice, so that the listener reads this piece before the next is written.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        found = [await reader.readuntil(b"\x1c\r") for _ in range(answers)]
    finally:
        writer.close()
    segments = [parse(raw).segment("MSA") for raw in found]
    return [f"{segment.value(1)} {segment.value(2)}" for segment in segments]


def test_a_message_cut_at_every_byte_arrives_once():
    async def story(listener, shelf):
        frame = wrap(ONE)
        for cut in range(1, len(frame)):
            assert await send(listener, frame[:cut], frame[cut:]) == ["AA M1"]
        assert shelf.frames == [ONE] * (len(frame) - 1)

    with_listener(story)


def test_a_message_sent_byte_by_byte_arrives():
    async def story(listener, shelf):
        frame = wrap(ONE)
        assert await send(listener, *(frame[n : n + 1] for n in range(len(frame)))) == ["AA M1"]
        assert shelf.frames == [ONE]

    with_listener(story)


@pytest.mark.parametrize("between", [b"", b"noise \xff\x00", b"\r\n\r\n", b"\x1c\r"])
def test_two_frames_in_one_packet_are_both_answered_in_order(between):
    async def story(listener, shelf):
        packet = between + wrap(numbered(1)) + between + wrap(numbered(2)) + between
        assert await send(listener, packet, answers=2) == ["AA M1", "AA M2"]
        assert shelf.frames == [numbered(1), numbered(2)]

    with_listener(story)


def test_a_frame_without_its_last_cr_is_answered():
    async def story(listener, shelf):
        packet = wrap(numbered(1))[:-1] + wrap(numbered(2))[:-1]
        assert await send(listener, packet, answers=2) == ["AA M1", "AA M2"]

    with_listener(story)


def test_a_frame_broken_off_and_begun_anew_is_taken_once():
    async def story(listener, shelf):
        assert await send(listener, wrap(numbered(1))[:60] + wrap(numbered(1))) == ["AA M1"]
        assert shelf.frames == [numbered(1)]

    with_listener(story)


def test_a_connection_lost_inside_a_frame_stores_nothing():
    async def story(listener, shelf):
        await send(listener, wrap(ONE)[:80], answers=0)
        assert await send(listener, wrap(numbered(2))) == ["AA M2"]
        assert shelf.frames == [numbered(2)]

    with_listener(story)


def test_frames_that_arrive_while_the_store_runs_go_together_into_the_next_call():
    async def story(listener, shelf):
        shelf.may_answer.clear()
        senders = [asyncio.create_task(send(listener, wrap(numbered(0))))]
        while not shelf.calls:
            await asyncio.sleep(0.01)
        senders += [asyncio.create_task(send(listener, wrap(numbered(n)))) for n in range(1, 6)]
        await asyncio.sleep(0.1)
        assert not any(sender.done() for sender in senders), "answered before the store returned"
        shelf.may_answer.set()
        assert [await sender for sender in senders] == [[f"AA M{n}"] for n in range(6)]
        assert [len(call) for call in shelf.calls] == [1, 5]

    with_listener(story)


def test_a_store_that_fails_is_answered_with_an_error_and_the_next_call_works():
    async def story(listener, shelf):
        shelf.answers = lambda group: 1 / 0
        assert await send(listener, wrap(numbered(1))) == ["AE M1"]
        shelf.answers = lambda group: []
        assert await send(listener, wrap(numbered(2))) == ["AE M2"]
        shelf.answers = lambda group: [Answer("AE", "id_conflict") for _ in group]
        assert await send(listener, wrap(numbered(3))) == ["AE M3"]
        shelf.answers = lambda group: [Answer() for _ in group]
        assert await send(listener, wrap(numbered(4))) == ["AA M4"]

    with_listener(story)


def test_a_sender_that_leaves_before_its_answer_harms_no_one():
    async def story(listener, shelf):
        shelf.may_answer.clear()
        await send(listener, wrap(numbered(1)), answers=0)
        while not shelf.calls:
            await asyncio.sleep(0.01)
        shelf.may_answer.set()
        assert await send(listener, wrap(numbered(2))) == ["AA M2"]

    with_listener(story)


def test_a_frame_over_the_limit_closes_the_connection():
    async def story(listener, shelf):
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(b"\x0b" + b"x" * 5_000)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        writer.close()
        assert await send(listener, wrap(ONE)) == ["AA M1"]
        assert shelf.frames == [ONE]

    with_listener(story, limits=Limits(frame=4_000))


def test_a_silent_connection_is_closed():
    async def story(listener, shelf):
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(wrap(ONE)[:30])
        assert await reader.read() == b""
        writer.close()

    with_listener(story, limits=Limits(idle_seconds=0.1))


def test_a_peer_not_on_the_list_is_refused():
    async def story(listener, shelf):
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await send(listener, wrap(ONE))
        assert shelf.frames == []

    with_listener(story, peers=("10.1.2.0/24",))


def test_more_frames_than_may_wait_are_all_answered():
    async def story(listener, shelf):
        packet = b"".join(wrap(numbered(n)) for n in range(300))
        assert await send(listener, packet, answers=300) == [f"AA M{n}" for n in range(300)]
        assert max(map(len, shelf.calls)) <= 7

    with_listener(story, limits=Limits(unanswered=3, group=7))


def mutual(mode: ssl.VerifyMode) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = mode
    return context


@pytest.mark.parametrize(
    "options",
    [{}, {"peers": ("10.0.0.0/8",)}, {"tls": mutual(ssl.CERT_REQUIRED)}, {"tls": mutual(ssl.CERT_NONE), "peers": ("10.0.0.0/8",)}],
)  # fmt: skip
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "his.example"])
def test_an_address_beyond_this_machine_needs_mutual_tls_and_a_peer_list(host, options):
    listener = MllpListener(Shelf(), clock=lambda: NOW, new_id=lambda: "A1", **options)
    with pytest.raises(UnsafeListener, match="不予监听"):
        asyncio.run(listener.start(host))


def test_the_blocking_client_waits_for_each_answer():
    async def story(listener, shelf):
        def work():
            with MllpClient("127.0.0.1", listener.port, timeout=5) as client:
                return [client.send(numbered(n)) for n in (1, 2)]

        answers = await asyncio.to_thread(work)
        assert [parse(raw).segment("MSA").value(2) for raw in answers] == ["M1", "M2"]
        assert [parse(raw).segment("MSH").value(10) for raw in answers] == ["A1", "A2"]

    with_listener(story)


def test_frames_are_found_however_the_stream_is_cut():
    stream = b"junk" + wrap(numbered(1)) + b"\x00" + wrap(numbered(2))
    for cut in range(len(stream) + 1):
        frames = Frames()
        assert [*frames.feed(stream[:cut]), *frames.feed(stream[cut:])] == [numbered(1), numbered(2)]
        assert (frames.garbage, frames.is_open) == (5, False)


def test_frames_hold_no_more_than_their_limit():
    frames = Frames(limit=100)
    frames.feed(b"\x0b" + b"x" * 100)
    with pytest.raises(FrameTooLarge):
        frames.feed(b"x")
    assert Frames(limit=100).feed(b"junk" * 1_000) == []
