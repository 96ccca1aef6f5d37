"""Two workers at one inbox, and who sees it at all."""

import threading
from collections import defaultdict
from uuid import UUID

from django.db import connections

from xinqiao.intake.models import Inbox, Source
from xinqiao.intake.operations import settle, store_messages
from xinqiao.intake.queries import claim, order_key
from xinqiao.intake.rules import Incoming, Result
from xinqiao.intake.testing import make_message, make_source
from xinqiao.kit.actor import system
from xinqiao.kit.rls import seen_by

ORG, OTHER = UUID(int=1), UUID(int=2)
BY = system("test.intake", ORG)
PATIENTS, EACH = 6, 25


class Watch:
    """Notes whose messages are being worked on, and by how many workers at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.busy: dict[bytes, int] = defaultdict(int)
        self.clashes = 0
        self.order: dict[bytes, list[bytes]] = defaultdict(list)

    def enter(self, patients: set[bytes]) -> None:
        with self.lock:
            for patient in patients:
                self.busy[patient] += 1
                self.clashes += self.busy[patient] > 1

    def leave(self, patients: set[bytes]) -> None:
        with self.lock:
            for patient in patients:
                self.busy[patient] -= 1


def test_two_workers_never_take_two_messages_of_one_patient_at_once(committed, now):
    sources = [make_source(by=BY, now=now, code=code) for code in ("his", "lis")]
    for number in range(EACH):
        _send(sources[number % 2], number, now)
    watch, faults = Watch(), []
    workers = [threading.Thread(target=_work, args=(watch, now, faults)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert faults == [] and watch.clashes == 0
    assert {patient: len(done) for patient, done in watch.order.items()} == {
        b"%d" % patient: EACH for patient in range(PATIENTS)
    }
    assert all(done == sorted(done) for done in watch.order.values())
    with seen_by(BY, now):
        assert set(Inbox.objects.values_list("state", flat=True)) == {"applied"}


def _send(source, number, now):
    group = [
        Incoming(body=b"%d %03d" % (patient, number), order_key=order_key(ORG, str(patient), viewer=BY))
        for patient in range(PATIENTS)
    ]
    store_messages(source_id=source, messages=group, by=BY, now=now)


def _work(watch, now, faults):
    try:
        idle = 0
        while idle < 30:
            idle = 0 if _turn(watch, now) else idle + 1
    except Exception as fault:
        faults.append(repr(fault))
    finally:
        connections.close_all()


def _turn(watch, now):
    pause = threading.Event()
    busy = set()
    try:
        with seen_by(BY, now):
            taken = claim(("hl7v2",), viewer=BY, limit=4)
            busy = {each.body.split()[0] for each in taken}
            watch.enter(busy)
            pause.wait(0.003)
            for each in taken:
                watch.order[each.body.split()[0]].append(each.body)
            settle(results=[Result(each.id, "applied") for each in taken], by=BY, now=now)
            watch.leave(busy)
    finally:
        pause.set()
    return len(taken)


def test_nobody_else_sees_what_came_in(committed, owner, now):
    make_message(source_id=make_source(by=BY, now=now), by=BY, now=now)
    for model in (Source, Inbox):
        assert owner.execute(f"SELECT count(*) FROM {model._meta.db_table}").fetchone()[0] > 0
        assert model.objects.count() == 0
        with seen_by(system("test.intake", OTHER), now):
            assert model.objects.count() == 0
        with seen_by(BY, now):
            assert model.objects.count() == 1
