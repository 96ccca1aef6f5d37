"""When a patient counts as unreachable, and when as lost (联系尝试与失访)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from xinqiao.worklist.rules import part_of_day

# An engineering default (◇ 待临床复核): three attempts, in different parts of the day, over three days;
# two steps running without reaching anyone is lost to follow-up.
ATTEMPTS = 3
STEPS_UNTIL_LOST = 2


@dataclass(frozen=True)
class Attempt:
    """One try to reach a patient (联系尝试)."""

    at: datetime
    reached: bool


def is_unreachable(attempts: Sequence[Attempt], zone: tzinfo) -> tuple[bool, str]:
    """Judge whether enough was tried to call a patient unreachable, and say why (是否联系不上)."""
    if any(attempt.reached for attempt in attempts):
        return False, "已经联系上"
    days = {attempt.at.astimezone(zone).date() for attempt in attempts}
    parts = {part_of_day(attempt.at, zone) for attempt in attempts} - {None}
    if len(attempts) < ATTEMPTS:
        return False, f"已试 {len(attempts)} 次，还差 {ATTEMPTS - len(attempts)} 次"
    if len(days) < ATTEMPTS:
        return False, f"只跨了 {len(days)} 天，应跨 {ATTEMPTS} 天"
    if len(parts) < ATTEMPTS:
        return False, f"只试过 {len(parts)} 个时段，应在 {ATTEMPTS} 个不同时段各试一次"
    return True, f"{len(attempts)} 次、{len(parts)} 个时段、{len(days)} 天均未接通"


def is_lost(reached_by_step: Sequence[bool]) -> bool:
    """Judge whether the last steps, in their order, were all unreachable (是否失访)."""
    recent = reached_by_step[-STEPS_UNTIL_LOST:]
    return len(recent) == STEPS_UNTIL_LOST and not any(recent)
