"""Sending by the clock (定时发送): claim, commit, call the channel outside any transaction, commit the result."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import datetime

from xinqiao.directory.queries import organisations
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.clock import real_now
from xinqiao.kit.failpoints import fp
from xinqiao.kit.rls import seen_by
from xinqiao.kit.schedule import every
from xinqiao.messaging.channels import CHANNELS
from xinqiao.messaging.operations import (
    Claimed,
    Lost,
    claim_due,
    claim_lost,
    settle_answer,
    settle_attempt,
)
from xinqiao.messaging.queries import has_lost, lanes_due
from xinqiao.messaging.rules import retrying
from xinqiao.messaging.rules.outcomes import Absent, Found, NotTried, Retry, Unsure
from xinqiao.messaging.rules.retrying import Breaker

log = logging.getLogger("xinqiao.messaging")
ALL = system("messaging.send_due")
AT_ONCE = 8
_breakers: dict[str, Breaker] = {}


class TooLate(Exception):
    """领取已经过半程，本次不再发送。"""


@every(0.2)
def send_due(now: datetime, instant: datetime | None = None) -> int:
    """This function will send what is due, login codes of all organisations first, and count the attempts (发送).

    Leases run by the machine's own clock, `instant`, which the demo never moves.
    """
    instant = instant or real_now()
    work = [(lane, by) for by in _organisations() for lane in _lanes(by, now)]
    return sum(_send_lane(lane, by, now, instant) for lane, by in sorted(work, key=lambda each: each[0]))


@every(5.0)
def ask_about_lost(now: datetime, instant: datetime | None = None) -> int:
    """This function will ask providers, by our own key, about messages whose answer was lost (反查)."""
    instant = instant or real_now()
    asked = 0
    for by in _organisations():
        with seen_by(by, now):
            due = has_lost(viewer=by, instant=instant)
        lost = claim_lost(instant=instant, by=by, now=now) if due else []
        for each, answer in _all_at_once(lambda one: _ask(one, now), lost):
            settle_answer(
                intent_id=each.intent_id,
                fence=each.fence,
                answer=answer.result(),
                instant=instant,
                by=by,
                now=now,
            )
        asked += len(lost)
    return asked


def _send_lane(lane: int, by: Actor, now: datetime, instant: datetime) -> int:
    resting = frozenset(code for code, breaker in _breakers.items() if breaker.is_open(instant))
    started = time.monotonic()
    claimed = claim_due(lane=lane, instant=instant, resting=resting, by=by, now=now)
    fp("send.after_claim")
    for each, outcome in _all_at_once(lambda one: _send(one, started, now), claimed):
        _breakers.setdefault(each.channel, Breaker()).note(outcome.result(), instant)
        fp("send.before_result_commit")
        settle_attempt(
            intent_id=each.intent_id,
            fence=each.fence,
            outcome=outcome.result(),
            instant=instant,
            by=by,
            now=now,
        )
    return len(claimed)


def _send(each: Claimed, started: float, now: datetime):
    def guard() -> None:
        fp("send.before_call")
        if time.monotonic() - started >= retrying.LEASE.total_seconds() / 2:
            raise TooLate

    try:
        outcome = CHANNELS.get(each.channel).send(each.message, now=now, guard=guard)
    except TooLate:
        return NotTried()
    except Exception as problem:
        log.error("channel broke", extra={"channel": each.channel, "problem": type(problem).__name__})
        return Unsure("answer_lost")
    fp("send.after_call")
    return outcome


def _ask(lost: Lost, now: datetime) -> Found | Absent | Retry:
    try:
        return CHANNELS.get(lost.channel).query(lost.key, lost.to, lost.attempted_at, now=now)
    except Exception as problem:
        log.error("query broke", extra={"channel": lost.channel, "problem": type(problem).__name__})
        return Retry("unreachable")


def _all_at_once[T](work: Callable[[T], object], things: list[T]) -> Iterator[tuple[T, Future]]:
    """Calls go out side by side; each is settled, in this thread, as soon as it is done."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        started = {pool.submit(work, thing): thing for thing in things}
        for done in as_completed(started):
            yield started[done], done


def _organisations() -> list[Actor]:
    return [ALL.in_organisation(each.id) for each in organisations(ALL)]


def _lanes(by: Actor, now: datetime) -> list[int]:
    with seen_by(by, now):
        return lanes_due(viewer=by, now=now)
