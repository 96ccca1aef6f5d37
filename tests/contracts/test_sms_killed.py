"""Workers killed in the middle of sending (T31, T32): the provider's own ledger says what was lost and doubled."""

import os
import random
import signal
import time
import warnings
from collections import Counter
from datetime import date
from itertools import cycle

import pytest
from django.db import connections, transaction

from tests.contracts.conftest import open_hospital
from xinqiao.kit.failpoints import arm
from xinqiao.kit.rls import seen_by
from xinqiao.messaging import tasks
from xinqiao.messaging.models import Intent
from xinqiao.messaging.testing import make_message
from xinqiao.patients.operations import receive_demographics
from xinqiao.patients.testing import said
from xinqiao.simulation.sms_provider import Plan

POINTS = ("send.after_claim", "send.before_call", "send.after_call", "send.before_result_commit")
BETWEEN = {"seconds": 130}  # longer than a lease and the provider's lag, so that the next worker may ask
MIXED = {"timeout_after_accept": 0.02, "error_after_accept": 0.03, "server_error": 0.03, "throttled": 0.02}


def careful(now):
    tasks.ask_about_lost(now, now)
    while tasks.send_due(now, now):
        pass


def careless(now):
    """The planted mistake: the call is made before the intent's attempt is committed."""
    with transaction.atomic():
        tasks.send_due(now, now)


def ask_for(many, clock):
    by = open_hospital(clock)
    people = [
        said(source_at=clock(), mrn=f"M{number}", phone=f"139{number:08d}", birth_on=date(1950, 1, 1))
        for number in range(many)
    ]
    for patient in receive_demographics(items=people, by=by, now=clock()):
        assert make_message(patient_id=patient, by=by, now=clock()).state == "ready"
    return by


def worker(work, now, point="", after=0.0):
    """Run one worker in a process of its own, killed at a point or after a while; True when it was killed."""
    connections.close_all()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # the provider's threads stay behind in the parent
        child = os.fork()
    if child == 0:
        try:
            arm(point, "kill") if point else None
            work(now)
            os._exit(0)
        except BaseException:
            os._exit(1)
    if after:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def finish(work, by, clock, rounds=15):
    """Let workers run undisturbed until nothing is under way."""
    for _ in range(rounds):
        worker(work, clock.pass_by(**BETWEEN))
        with seen_by(by, clock()):
            if not Intent.objects.filter(state__in=("held", "ready", "attempting", "unknown")).exists():
                return


def verdict(kills, by, provider, clock):
    with seen_by(by, clock()):
        asked = {row.id.hex: row.state for row in Intent.objects.all()}
    ledger = Counter(text.out_id for text in provider.ledger.texts)
    lost = sum(key not in ledger or state not in ("sent", "delivered") for key, state in asked.items())
    doubled = sum(ledger.values()) - len(ledger)
    print(f"kills {kills} acknowledged {len(asked)} lost {lost} doubled {doubled}")
    return len(asked), lost, doubled


def test_a_worker_killed_at_each_point_loses_and_doubles_nothing(committed, provider, clock):
    by = ask_for(40, clock)
    kills = sum(worker(careful, clock.pass_by(**BETWEEN), point) for point in POINTS)
    finish(careful, by, clock)
    assert (kills, *verdict(kills, by, provider, clock)) == (4, 40, 0, 0)


def test_sending_before_the_commit_is_seen_to_double(committed, provider, clock):
    by = ask_for(10, clock)
    kills = sum(
        worker(careless, clock.pass_by(**BETWEEN), point)
        for point in ("send.after_call", "send.before_result_commit")
    )
    finish(careless, by, clock)
    _, lost, doubled = verdict(kills, by, provider, clock)
    assert kills == 2 and doubled > 0 and lost == 0


def test_two_workers_at_once_share_the_work(committed, provider, clock):
    by = ask_for(30, clock)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        connections.close_all()
        children = []
        for _ in range(2):
            child = os.fork()
            if child == 0:
                careful(clock())
                os._exit(0)
            children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    finish(careful, by, clock)
    assert verdict(0, by, provider, clock) == (30, 0, 0)


@pytest.mark.prove
def test_many_kills_under_a_faulty_provider_lose_and_double_nothing(committed, provider, clock):
    by, dice, points = ask_for(600, clock), random.Random(31), cycle((*POINTS, "", "", "", ""))
    provider.plan = Plan(failed=0, shares=MIXED)
    kills = 0
    for _ in range(160):
        point = next(points)
        after = 0.0 if point else 0.05 + dice.random()
        kills += worker(careful, clock.pass_by(**BETWEEN), point, after)
    provider.plan = Plan(failed=0)
    finish(careful, by, clock)
    assert verdict(kills, by, provider, clock)[1:] == (0, 0)
    assert kills > 30
