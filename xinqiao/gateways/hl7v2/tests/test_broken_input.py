"""Broken input raises Unreadable and nothing else, and ends soon (乱码不崩溃)."""

import time
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..ack import acknowledge
from ..batch import split_file
from ..parse import parse
from ..read import read
from ..reasons import Unreadable
from ..times import read_time
from .test_read import CASES

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)
SEEDS = [case.raw for case in CASES if len(case.raw) < 5_000]
PIECES = st.one_of(st.binary(max_size=12), st.sampled_from([b"\r", b"\n", b"|", b"^", b"~", b"&", b"\\", b"\x00", b"\x0b", b'""', b"\rPID|", b"\rOBX|", b"\rMSH|", b"\\X", b"\\.br\\", b"\xff", b"MSH"]))  # fmt: skip
QUIET = settings(deadline=None, max_examples=1_500, suppress_health_check=list(HealthCheck), database=None)


@st.composite
def broken(draw) -> bytes:
    raw = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 40)))
        raw[start:end] = draw(PIECES)
    return bytes(raw)


def read_all_ways(raw: bytes) -> None:
    for one in [raw, *_split(raw)]:
        with suppress(Unreadable):
            repr(read(one, zone=SHANGHAI))
        answer = acknowledge(one, "AE", now=NOW, control_id="A1", reason="not_stored")
        assert parse(answer).segment("MSA").value(1) == "AE"


def _split(raw: bytes) -> list[bytes]:
    try:
        return split_file(raw)[0]
    except Unreadable:
        return []


@QUIET
@given(broken())
def test_broken_messages_raise_only_what_is_promised(raw):
    read_all_ways(raw)


@QUIET
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=80).map(lambda tail: b"MSH|^~\\&|" + tail)))
def test_any_bytes_raise_only_what_is_promised(raw):
    read_all_ways(raw)


@QUIET
@given(
    st.one_of(
        st.text(max_size=30), st.from_regex(r"[0-9]{0,16}(\.[0-9]{1,4})?([+-][0-9]{4})?", fullmatch=True)
    )
)
def test_any_text_is_a_time_or_none(text):
    read_time(text, SHANGHAI)


def test_hostile_shapes_end_soon():
    head = b"MSH|^~\\&|H|Y|||20261121||ORU^R01|1|P|2.5\rPID|1||1\rOBR|1\r"
    shapes = [b"|" * 2_000_000, b"~" * 2_000_000, b"\n" * 2_000_000, b"x\n" * 1_000_000, b"\\" * 2_000_000, b"\\X41" * 500_000, b"&^" * 1_000_000, b"\xe5\x8d" * 1_000_000]  # fmt: skip
    started = time.perf_counter()
    for shape in shapes:
        read_all_ways(head + b"OBX|1|TX|K||" + shape)
        read_all_ways(shape)
    assert time.perf_counter() - started < 60
