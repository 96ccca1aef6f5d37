"""What is done by the clock (定时工作): each room's `tasks.py` names its rounds, the worker makes them."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

log = logging.getLogger("xinqiao.worker")
_rounds: dict[str, "Round"] = {}


@dataclass
class Round:
    """One thing done again and again, `every` so many seconds of real time (一项定时工作)."""

    name: str
    every: float
    function: Callable[[datetime], int]
    next_at: float = 0.0
    failures: int = 0


def every(seconds: float) -> Callable[[Callable[[datetime], int]], Callable[[datetime], int]]:
    """This function will enter a task into the worker's rounds; it gets `now` and says how much it did (登记定时工作)."""

    def enter(function: Callable[[datetime], int]) -> Callable[[datetime], int]:
        name = f"{function.__module__.split('.', 1)[1]}.{function.__name__}"
        _rounds[name] = Round(name, seconds, function)
        return function

    return enter


def rounds() -> list[Round]:
    """This function will list all rounds by name (全部定时工作)."""
    return [_rounds[name] for name in sorted(_rounds)]


def go_round(now: Callable[[], datetime]) -> int:
    """This function will make every round that is due and say how much was done (巡一轮).

    A round that fails is logged by its error's class and tried again later; the others are not held up.
    """
    done = 0
    for turn in rounds():
        if time.monotonic() < turn.next_at:
            continue
        try:
            did = turn.function(now())
            turn.failures = 0
        except Exception as problem:
            did = 0
            turn.failures = min(turn.failures + 1, 6)
            log.exception("round failed", extra={"round": turn.name, "problem": type(problem).__name__})
        pause = 0.0 if did else turn.every * 2**turn.failures
        turn.next_at = time.monotonic() + pause
        done += did
    return done
