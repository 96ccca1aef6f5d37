"""When the clock next has something to do about a step, and through what a patient is asked (唤醒与渠道)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

# Which template asks by which channel; a channel not here is not built yet and is passed over.
TEMPLATES = {"sms": "followup_invite_sms", "email": "followup_invite_email"}
# What must happen to a step so that it can be finished, from the state it stands in.
ON_THE_WAY = {
    "planned": ("open", "begin"),
    "due": ("begin",),
    "in_progress": (),
    "overdue": ("begin",),
}
SEALED = 5  # the level of record of which nothing is done by the clock (数据分级 GB/T 39725)


@dataclass(frozen=True)
class Timing:
    """The instants of a step (步骤时刻)."""

    open_at: datetime
    call_at: datetime
    close_at: datetime
    miss_at: datetime


def wakes_at(state: str, timing: Timing, was_called_for: bool) -> datetime | None:
    """Tell when the clock next moves a step or turns it into a call; None when never (下次唤醒)."""
    if state == "planned":
        return timing.open_at
    if state in ("due", "in_progress"):
        return timing.close_at if was_called_for else min(timing.call_at, timing.close_at)
    return timing.miss_at if state == "overdue" else None


def wants_call(state: str, timing: Timing, was_called_for: bool, now: datetime) -> bool:
    """Judge whether a step without an answer is now called about (是否转电话)."""
    waiting = state == "overdue" or (state in ("due", "in_progress") and timing.call_at <= now)
    return waiting and not was_called_for


def choose_channel(wanted: Iterable[str], usable: Collection[str], prefers_phone: bool) -> str:
    """Choose how to ask: the pathway's order, save that who prefers the phone is called (选择渠道)."""
    if not prefers_phone:
        for channel in wanted:
            if channel == "phone" or (channel in usable and channel in TEMPLATES):
                return channel
    return "phone"


def contact_obstacle(deceased: bool, label: int, restricted: bool, consents: bool) -> str:
    """Name why a patient may not be contacted at all, or nothing; keys of `rules.backfill.OBSTACLES` (不得联系)."""
    if deceased:
        return "deceased"
    if restricted or label >= SEALED:
        return "sealed"
    return "" if consents else "consent"
