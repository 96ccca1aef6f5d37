"""How often one may try, and how long a stay lasts (次数与时限): all by the instant that is passed in.

The numbers per address are wide, because a hospital and a mobile network show many people under one address.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

CODE_LIVES = timedelta(minutes=5)
CODE_TRIES = 5
TRIES, LOCK = 5, timedelta(minutes=15)
DEVICE_KNOWN = timedelta(days=30)
IDLE, ABSOLUTE = timedelta(minutes=15), timedelta(hours=12)
TOUCH = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in any half-open `period` (限额)."""

    count: int
    period: timedelta

    def free_at(self, counted: datetime | None, now: datetime) -> datetime | None:
        """This function will say from when one more is allowed, None if now (何时可再试).

        `counted` is the `count`-th latest of those that were allowed, None when there were fewer.
        """
        free = counted + self.period if counted else None
        return free if free and free > now else None


CODE_LIMITS: tuple[tuple[str, Limit], ...] = (
    ("phone_blind", Limit(1, timedelta(minutes=1))),
    ("phone_blind", Limit(5, timedelta(hours=1))),
    ("phone_blind", Limit(10, timedelta(days=1))),
    ("device", Limit(10, timedelta(hours=1))),
    ("address", Limit(60, timedelta(hours=1))),
    ("organisation_id", Limit(2_000, timedelta(hours=1))),
    ("organisation_id", Limit(10_000, timedelta(days=1))),
)
ADDRESS_FAILURES = Limit(20, timedelta(hours=1))


def locked_until(latest: list[tuple[datetime, bool]], now: datetime) -> datetime | None:
    """This function will say until when an account is locked, None if it is open (锁定至).

    `latest` are the last attempts that were judged, newest first, each with its success. Five failures in a
    row within fifteen minutes lock for fifteen minutes from the fifth; attempts while locked are not judged
    and prolong nothing, so no outsider can lock anyone for ever.
    """
    failures = latest[:TRIES]
    if len(failures) < TRIES or any(ok for _, ok in failures):
        return None
    newest, oldest = failures[0][0], failures[-1][0]
    until = newest + LOCK
    return until if newest - oldest <= LOCK and now < until else None


def session_state(
    *, kind: str, is_active: bool, created_at: datetime, last_seen_at: datetime,
    locked_at: datetime | None, ended_at: datetime | None, now: datetime,
) -> str:  # fmt: skip
    """This function will say whether a stay is open, locked or ended (会话状态).

    Fifteen idle minutes lock a member of staff out without ending the stay; twelve hours end every stay.
    """
    if ended_at or not is_active or now >= created_at + ABSOLUTE:
        return "ended"
    if kind == "staff" and (locked_at or now >= last_seen_at + IDLE):
        return "locked"
    return "open"
