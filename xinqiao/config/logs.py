"""Logs (日志): one JSON object a line, and only the fields that are allowed; never the text of an error.

An exception's message may quote what a patient or a hospital wrote, so only its class and the places in the code are
kept. A field that is not on the list is dropped, and its name noted, so that nothing slips in unseen.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType

ALLOWED = frozenset(
    {
        "answers", "attempt", "channel", "code", "connections", "crowded", "cut", "error", "event_id", "frames",
        "garbage", "inbox_id", "incident", "intent_id", "kind", "method", "milliseconds", "path", "peer", "port",
        "problem", "reaction", "reason", "round", "route", "source_id", "status", "view", "where",
    }
)  # fmt: skip
PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
OURS = ("xinqiao", "granian")


class Formatter(logging.Formatter):
    """Writes one record as JSON: time, level, logger, words, allowed fields (JSON 格式)."""

    def format(self, record: logging.LogRecord) -> str:
        """This function will write one record; foreign loggers' words are left out, they may carry data (写一行)."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "said": record.msg
            if record.name.startswith(OURS) and not record.args
            else type(record.msg).__name__,
        }
        extra = vars(record).keys() - PLAIN
        line |= {name: _plain(vars(record)[name]) for name in sorted(extra & ALLOWED)}
        if dropped := sorted(extra - ALLOWED - {"request", "server_time", "status_code"}):
            line["dropped"] = dropped
        if record.exc_info and record.exc_info[0]:
            line |= {"problem": record.exc_info[0].__name__, "where": _where(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=False, default=str)


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | bool | None) else str(value)[:200]


def _where(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-8:]
    return [f"{frame.filename.rpartition('/xinqiao/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "xinqiao.config.logs.Formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": [], "propagate": True},
        "django.db.backends": {"level": "WARNING"},
    },
}
