"""One decision for every message that leaves: now, later or not at all, and why (发送决定)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from xinqiao.messaging.rules.reasons import REASONS

# Engineering defaults (◇), configurable: quiet hours and caps follow custom, no single law fixes them.
HOURS = {
    "service": (time(8), time(21)),
    "education": (time(8), time(21)),
    "marketing": (time(9), time(20)),
}
NOTICES_A_DAY = 5
SAME_CONTENT_AFTER = timedelta(hours=24)
MARKETING_CAPS = ((7, 1), (30, 3))
LONGEST_HOLIDAY = 60
USABLE = ("ok", "unverified")


@dataclass(frozen=True)
class Reason:
    """Why a message does not leave now: a code for counting, words for people (原因)."""

    code: str
    words: str


def because(code: str) -> Reason:
    """Give a reason with its words (原因)."""
    return Reason(code, REASONS[code])


@dataclass(frozen=True)
class Decision:
    """What happens to a message; `would` is what would happen were the installation not holding it back (决定).

    A hold without `at` waits for an event, such as the end of a pause.
    """

    outcome: str
    at: datetime | None
    reasons: tuple[Reason, ...]
    would: str


@dataclass(frozen=True)
class Draft:
    """A message about to be decided on; `requested` means the receiver asked for it this minute (待决消息)."""

    kind: str
    channel: str
    requested: bool = False
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Receiver:
    """What is known of the receiver at this moment (接收人情况).

    `consent` is for the message's purpose and channel: True, False (withdrawn) or None (never asked).
    `contact` is ok, unverified, failed or missing.
    """

    zone: tzinfo
    consent: bool | None
    contact: str = "ok"
    opted_out: bool = False
    deceased: bool = False
    paused: bool = False
    notices_today: int = 0
    marketing_sent: tuple[datetime, ...] = ()
    same_content_at: datetime | None = None


@dataclass(frozen=True)
class Installation:
    """What this installation may do at all: a copy starts locked, a shadow run sends nothing (本机发送状态)."""

    locked: bool = True
    is_test_number: bool = False
    shadow: bool = False


def decide(
    draft: Draft,
    receiver: Receiver,
    installation: Installation,
    now: datetime,
    is_holiday: Callable[[date], bool] = lambda _: False,
) -> Decision:
    """Decide whether a message is sent, held until an instant, or refused, with every reason (决定发送)."""
    refusals = _refusals(draft, receiver, now)
    at, holds = _earliest(draft, receiver, now, is_holiday)
    if not refusals and at is not None and draft.expires_at and at >= draft.expires_at:
        refusals = [because("too_late")]
    would = "refuse" if refusals else "hold" if holds else "send"
    stops = [*refusals, *_gate(installation)]
    if stops:
        return Decision("refuse", None, tuple(stops), would)
    return Decision(would, at, tuple(holds), would)


def next_allowed(kind: str, now: datetime, zone: tzinfo, is_holiday: Callable[[date], bool]) -> datetime:
    """Find the next instant at which this class of message may disturb somebody (免打扰之后的时刻).

    Safety may at any hour; marketing also keeps away from public holidays.
    """
    if kind == "safety":
        return now
    start, end = HOURS[kind]
    local = now.astimezone(zone)
    day = local.date() + timedelta(local.time() >= end)
    for _ in range(LONGEST_HOLIDAY):
        if not (kind == "marketing" and is_holiday(day)):
            return max(datetime.combine(day, start, zone), now)
        day += timedelta(1)
    raise ValueError("节假日历有误：连续 60 天都是节假日，请管理员检查。")


def _refusals(draft: Draft, receiver: Receiver, now: datetime) -> list[Reason]:
    """List what forbids the message for good; an unknown consent forbids all but safety."""
    checks = (
        ("deceased", receiver.deceased),
        ("no_contact", receiver.contact == "missing"),
        ("contact_failed", receiver.contact not in (*USABLE, "missing")),
        ("contact_unverified", receiver.contact == "unverified" and draft.kind == "marketing"),
        ("opted_out", receiver.opted_out and not draft.requested),
        ("consent_withdrawn", receiver.consent is False and not draft.requested),
        (
            "consent_missing",
            receiver.consent is None and draft.kind != "safety" and not draft.requested,
        ),
        ("duplicate", _is_repeated(draft, receiver, now)),
        ("marketing_cap", _is_over_marketing_cap(draft, receiver, now)),
        ("too_late", draft.expires_at is not None and now >= draft.expires_at),
    )
    return [because(code) for code, stops in checks if stops]


def _earliest(
    draft: Draft, receiver: Receiver, now: datetime, is_holiday: Callable[[date], bool]
) -> tuple[datetime | None, list[Reason]]:
    """Find when the message may leave, and what holds it until then; None waits for an event."""
    if draft.requested or draft.kind == "safety":
        return now, []
    holds, from_at = [], now
    if receiver.notices_today >= NOTICES_A_DAY and draft.kind != "marketing":
        tomorrow = now.astimezone(receiver.zone).date() + timedelta(1)
        from_at = datetime.combine(tomorrow, time(), receiver.zone)
        holds.append(because("daily_cap"))
    at = next_allowed(draft.kind, from_at, receiver.zone, is_holiday)
    if at > from_at and not holds:
        holds.append(because("quiet_hours"))
    if receiver.paused:
        return None, [*holds, because("paused")]
    return at, holds


def _gate(installation: Installation) -> list[Reason]:
    if installation.shadow:
        return [because("shadow_run")]
    if installation.locked and not installation.is_test_number:
        return [because("sending_locked")]
    return []


def _is_repeated(draft: Draft, receiver: Receiver, now: datetime) -> bool:
    if draft.requested or draft.kind == "safety" or receiver.same_content_at is None:
        return False
    return now - receiver.same_content_at < SAME_CONTENT_AFTER


def _is_over_marketing_cap(draft: Draft, receiver: Receiver, now: datetime) -> bool:
    if draft.kind != "marketing":
        return False
    return any(
        sum(now - at < timedelta(days) for at in receiver.marketing_sent) >= most
        for days, most in MARKETING_CAPS
    )
