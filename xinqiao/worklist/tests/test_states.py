"""Whatever order people do things in, an item is open once and finished once (状态机)."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from xinqiao.kit.errors import Conflict
from xinqiao.kit.ids import new_id
from xinqiao.kit.models import Outbox
from xinqiao.kit.rls import seen_by
from xinqiao.worklist.models import Attempt, Item
from xinqiao.worklist.operations import claim_item, close_item, postpone_item, record_attempt, withdraw_items
from xinqiao.worklist.rules import OUTCOMES, BadMove
from xinqiao.worklist.testing import make_item

HOUR = timedelta(hours=1)


class Work(RuleBasedStateMachine):
    """The items about one subject, as a model that counts: how many, which open, which finished."""

    ward, now = None, None

    def __init__(self):
        super().__init__()
        self.subject, self.items, self.open, self.done, self.tries = new_id(self.now), [], False, 0, 0

    @rule(level=st.integers(0, 4))
    def add(self, level):
        item = make_item(
            patient_id=self.ward.patient, by=self.ward.by, now=self.now, subject_id=self.subject, level=level,
            department_id=self.ward.department,
        )  # fmt: skip
        assert (item in self.items) is self.open
        if not self.open:
            self.items.append(item)
        self.open = True

    @rule(outcome=st.sampled_from(sorted(OUTCOMES)))
    def call(self, outcome):
        if self.act(record_attempt, outcome=outcome, next_at=self.now + HOUR):
            self.tries += 1
            self.finished(OUTCOMES[outcome].item == "finish")

    @rule()
    def close(self):
        self.finished(self.act(close_item, outcome="connected"))

    @rule()
    def put_off(self):
        self.act(postpone_item, next_at=self.now + HOUR)

    @rule()
    def claim(self):
        self.act(claim_item)

    @rule()
    def withdraw(self):
        assert withdraw_items(subject_ids=[self.subject], by=self.ward.by, now=self.now) == self.open
        self.open = False

    @rule()
    def close_from_a_stale_page(self):
        if self.items:
            with pytest.raises(Conflict), transaction.atomic():
                close_item(
                    item_id=self.items[-1], outcome="connected", by=self.ward.doctor, now=self.now, version=0
                )

    def act(self, operation, **more):
        if not self.items:
            return False
        if self.open:
            operation(item_id=self.items[-1], by=self.ward.nurse, now=self.now, **more)
            return True
        with pytest.raises(BadMove), transaction.atomic():
            operation(item_id=self.items[-1], by=self.ward.nurse, now=self.now, **more)
        return False

    def finished(self, really):
        self.done += really
        self.open = self.open and not really

    @invariant()
    def is_open_once_and_finished_once(self):
        with seen_by(self.ward.by, self.now):
            states = list(Item.objects.filter(subject_id=self.subject).values_list("state", flat=True))
            tries = Attempt.objects.filter(item_id__in=self.items).count()
        assert (len(states), states.count("open"), states.count("done")) == (
            len(self.items), int(self.open), self.done,
        )  # fmt: skip
        assert tries == self.tries
        told = Outbox.objects.filter(name="worklist.ItemClosed", payload__subject_id=str(self.subject))
        assert told.count() == self.done


def test_work_keeps_its_promises_in_any_order(ward, now):
    run_state_machine_as_test(
        type("WorkHere", (Work,), {"ward": ward, "now": now}),
        settings=settings(
            max_examples=25, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
