"""Answers carry the sender's id, charset and separators (应答)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ..ack import acknowledge
from ..parse import parse
from ..reasons import REASONS
from .messages import LI, message

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def ack(raw: bytes, code: str = "AA", reason: str = "") -> bytes:
    return acknowledge(raw, code, now=NOW, control_id="X1", reason=reason)


def test_an_answer_is_exactly_this():
    raw = b"MSH|^~\\&|HIS|YY|XQ|ZX|20261121||ADT^A01|M1|P|2.4||||||UNICODE UTF-8\r" + LI.encode()
    head = "MSH|^~\\&|XQ|ZX|HIS|YY|20261121093000+0800||ACK^A01^ACK|X1|P|2.4||||||UNICODE UTF-8\r"
    assert ack(raw).decode() == head + "MSA|AA|M1\r"


@pytest.mark.parametrize(("charset", "codec"), [("UNICODE UTF-8", "utf-8"), ("GBK", "gbk"), ("", "gb18030")])
def test_an_error_is_explained_in_the_charset_of_the_message(charset, codec):
    answer = ack(message("ADT^A01", LI, charset=charset, codec=codec), "AE", "no_patient")
    error = parse(answer).segment("ERR")
    assert (error.value(3), error.value(3, 2), error.value(7)) == ("100", "no_patient", "no_patient")
    assert REASONS["no_patient"] in answer.decode(codec)


def test_a_charset_without_chinese_gets_the_code_alone():
    answer = ack(b"MSH|^~\\&|HIS||||||ADT^A01|M1|P|2.4\r", "AR", "no_msh")
    assert answer.isascii()
    assert parse(answer).segment("ERR").value(7) == "no_msh"


def test_odd_separators_are_answered_with_themselves():
    answer = ack(b"MSH$%~\\&$HIS$YY$$$$$ADT%A01$M1$P$2.4\r", "AE", "no_patient")
    assert answer.startswith(b"MSH$%~\\&$$$HIS$YY$20261121093000+0800$$ACK%A01%ACK$X1$P$2.4\r")
    assert b"\rMSA$AE$M1\r" in answer


def test_the_explanation_never_breaks_the_segment():
    answer = ack(message("ADT^A01", LI), "AE", "bad_separators")
    assert parse(answer).segment("ERR").value(8) == REASONS["bad_separators"]


@pytest.mark.parametrize("raw", [b"", b"garbage", b"\xff\xfe\xff", b"MSH", b"MSHABCD"])
def test_garbage_is_answered_too(raw):
    parsed = parse(ack(raw, "AR", "no_msh"))
    assert (parsed.segment("MSA").value(1), parsed.segment("MSA").value(2)) == ("AR", "")


def test_a_message_with_a_broken_body_is_answered_by_its_header():
    answer = ack(message("ADT^A01", LI) + b"NTE|1||\xff\xff", "AE", "bad_charset")
    assert parse(answer).segment("MSA").value(2) == "M1"
