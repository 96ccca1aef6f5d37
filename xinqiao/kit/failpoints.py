"""Named points at which tests make the process die, stall or fail (故障点). Unarmed they cost one lookup."""

import os
import signal
import time

KNOWN: set[str] = set()
_armed: dict[str, str] = dict(
    item.split("=", 1) for item in os.environ.get("XINQIAO_FAILPOINTS", "").split(",") if "=" in item
)


class Failpoint(Exception):
    """测试故障点触发。"""


def fp(name: str) -> None:
    """This function will do nothing, or what a test armed this point with: kill, raise, stall:SECONDS (故障点)."""
    KNOWN.add(name)
    if not _armed:
        return
    what = _armed.get(name)
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "raise":
        raise Failpoint(name)
    elif what and what.startswith("stall:"):
        time.sleep(float(what.removeprefix("stall:")))


def arm(name: str, what: str | None) -> None:
    """This function will arm one point in this process, or disarm it with None (布设故障点)."""
    _armed.pop(name, None)
    if what:
        _armed[name] = what
