"""Segments, fields, pieces, escapes, times, batches (报文解析)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ..batch import split_file
from ..parse import parse
from ..times import read_instant, read_time
from .messages import LI, message

SHANGHAI = ZoneInfo("Asia/Shanghai")
SMALL = message("ADT^A01", 'PID|1||A^^^X&1.2.3&ISO^MR~B|""|家\\T\\国&子')


def test_pieces_are_counted_from_one():
    pid = parse(SMALL).segment("PID")
    assert [pid.value(3), pid.value(3, 4), pid.value(3, 4, 2), pid.value(3, 5)] == ["A", "X", "1.2.3", "MR"]
    assert [pid.value(3, repeat=2), pid.value(3, repeat=3), pid.value(99), pid.value(5, 1, 2)] == [
        "B",
        "",
        "",
        "子",
    ]


def test_header_fields_are_counted_as_the_standard_does():
    parsed = parse(SMALL)
    assert [parsed.field("MSH", number) for number in (1, 2, 3, 9)] == ["|", "^~\\&", "HIS", "ADT^A01"]
    assert parsed.field("ZZZ", 1) == ""


def test_null_is_not_absent():
    pid = parse(SMALL).segment("PID")
    assert [pid.is_null(4), pid.is_null(6), pid.value(4), pid.value(6)] == [True, False, "", ""]


def test_an_escaped_separator_does_not_separate():
    assert parse(SMALL).segment("PID").value(5) == "家&国"


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("1952", date(1952, 1, 1), "year"),
        ("195203", date(1952, 3, 1), "month"),
        ("19520307", date(1952, 3, 7), "day"),
        ("1952-03-07", date(1952, 3, 7), "day"),
        ("2026.11.21", date(2026, 11, 21), "day"),
        ("2026112108", datetime(2026, 11, 21, 0, tzinfo=UTC), "minute"),
        ("202611210830", datetime(2026, 11, 21, 0, 30, tzinfo=UTC), "minute"),
        ("20261121083015", datetime(2026, 11, 21, 0, 30, 15, tzinfo=UTC), "second"),
        ("20261121083015.1234", datetime(2026, 11, 21, 0, 30, 15, 123400, tzinfo=UTC), "second"),
        ("20261121083015-0500", datetime(2026, 11, 21, 13, 30, 15, tzinfo=UTC), "second"),
        ("2026-11-21T08:30:15Z", datetime(2026, 11, 21, 8, 30, 15, tzinfo=UTC), "second"),
        ("2026-11-21 08:30", datetime(2026, 11, 21, 0, 30, tzinfo=UTC), "minute"),
    ],
)
def test_times_keep_their_precision(text, at, precision):
    said = read_time(text, SHANGHAI)
    assert (said.at, said.precision) == (at, precision)


@pytest.mark.parametrize("text", ["", "0", "00000000", "19521301", "20260230", "99991231", "20261121250000", "明天", "202611210830+9999"])  # fmt: skip
def test_what_is_no_time_is_none(text):
    assert read_time(text, SHANGHAI) is None


def test_a_bare_date_as_an_instant_is_its_midnight_at_the_source():
    assert read_instant("20261121", SHANGHAI).utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    "glue", [b"", b"\r\n", b"\x1c\r\x0b", b"\x1c\x0b", b"\r\rBTS|1\rFTS|1\rFHS|^~\\&\rBHS|^~\\&\r"]
)
def test_a_file_of_several_messages_is_cut_into_them(glue):
    first, second = message("ADT^A08", LI), message("ADT^A08", "PID|1||2||王^芳", charset="GBK", codec="gbk")
    found, _ = split_file(b"FHS|^~\\&\rBHS|^~\\&\r\x0b" + first + glue + second + b"\x1c\r")
    assert found == [first.rstrip(b"\r"), second.rstrip(b"\r")]


def test_each_file_mark_stays_with_its_own_message():
    one = b"\xef\xbb\xbf" + message("ADT^A08", "PID|1||1||敏")
    assert split_file(one + one) == ([one.rstrip(b"\r")] * 2, ())


def test_a_wide_file_is_cut_too():
    found, _ = split_file((message("ADT^A08", LI) * 2).decode().encode("utf-16"))
    assert [parse(one).segment("PID").value(5) for one in found] == ["李", "李"]


@pytest.mark.parametrize(("declared", "notes"), [(b"2", ()), (b"3", ("batch_count_differs",))])
def test_a_batch_shorter_than_it_says_is_remarked(declared, notes):
    raw = b"BHS|^~\\&\r" + message("ADT^A08", LI) * 2 + b"BTS|" + declared + b"\r"
    assert split_file(raw)[1] == notes


def test_a_file_without_messages_is_kept_whole():
    assert split_file("不是报文".encode())[0] == ["不是报文".encode()]
    assert split_file(b"\r\n") == ([], ())
