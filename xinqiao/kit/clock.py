"""The one place that reads the clock (时钟): doors and tasks ask here, all others are told.

In the demo the clock is shifted (快进) by a number of seconds kept in a small file that every process
reads; TOTP, sessions, lock-outs and TLS go by `real_now` and are never moved.
"""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

_shift: tuple[int, timedelta] = (0, timedelta())


def real_now() -> datetime:
    """This function will read the machine's own clock, in UTC (真实时间)."""
    return datetime.now(UTC)


def now() -> datetime:
    """This function will read the clock that the hospital lives by, in UTC (业务时间)."""
    return real_now() + shift()


def shift() -> timedelta:
    """This function will say how far the demo's clock is ahead of the machine's (演示时钟偏移)."""
    global _shift
    path = os.environ.get("XINQIAO_CLOCK_FILE")
    if not path:
        return timedelta()
    try:
        changed = os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return timedelta()
    if changed != _shift[0]:
        _shift = (changed, timedelta(seconds=json.loads(Path(path).read_text())["shift_seconds"]))
    return _shift[1]


def set_shift(path: Path, shift: timedelta) -> None:
    """This function will move the demo's clock for every process at once (拨动演示时钟)."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps({"shift_seconds": shift.total_seconds()}))
    beside.replace(path)
