"""Nothing of a patient reaches a log (日志)."""

import json
import logging

from xinqiao.config.logs import Formatter

MARKER = "13812345678"


def written(**record) -> dict:
    return json.loads(
        Formatter().format(logging.makeLogRecord({"name": "xinqiao.x", "msg": "said"} | record))
    )


def test_a_field_that_is_not_allowed_is_dropped_and_named():
    line = written(phone=MARKER, inbox_id="7")
    assert MARKER not in str(line)
    assert (line["dropped"], line["inbox_id"]) == (["phone"], "7")


def test_an_error_leaves_its_class_and_place_and_not_its_words():
    try:
        raise ValueError(MARKER)
    except ValueError as problem:
        line = written(exc_info=(type(problem), problem, problem.__traceback__))
    assert line["problem"] == "ValueError" and "test_logs.py" in line["where"][0]
    assert MARKER not in str(line)


def test_words_made_with_arguments_are_left_out():
    assert MARKER not in str(written(msg="number %s", args=(MARKER,)))
    assert MARKER not in str(written(name="django.request", msg=f"Not Found: {MARKER}"))
