"""Whatever happens in whatever order, nobody is bothered who must not be, and nothing is done without a result."""

from datetime import datetime, timedelta

from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from xinqiao.care.models import Enrolment, Step
from xinqiao.care.operations import DispositionNeeded, publish_pathways, record_call
from xinqiao.care.rules.states import STEP
from xinqiao.care.testing import FEVER, WELL, cancel_discharge, make_stay
from xinqiao.care.tests.conftest import HOUR, build_ward
from xinqiao.kit.events import backlog
from xinqiao.kit.rls import seen_by
from xinqiao.patients.operations import record_death
from xinqiao.patients.testing import make_patient
from xinqiao.privacy.operations import withdraw_consent
from xinqiao.questionnaires.operations import record_call_answers
from xinqiao.questionnaires.operations.answering import AnsweredAlready

FINAL = [state for state, moves in STEP.items() if not moves]
WAITING = ("held", "ready")


class Following(RuleBasedStateMachine):
    """李桂兰 over some weeks, in which anything may happen to her."""

    start: datetime

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = self.start
        self.ward = build_ward(self.start)
        publish_pathways(by=self.ward.by, now=self.start)
        self.ward.patient = make_patient(by=self.ward.by, now=self.start)
        self.stays, self.finals = [], {}
        self.is_dead = self.has_withdrawn = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def work(self) -> None:
        self.ward.settle(self.now)
        while self.ward.tick(self.now):
            pass
        self.ward.settle(self.now)

    @rule(hours=st.sampled_from([1, 3, 6, 24, 72]))
    def time_passes(self, hours):
        self.now += hours * HOUR
        self.work()

    @rule()
    def goes_home(self):
        number = f"V{len(self.stays)}"
        make_stay(
            patient_id=self.ward.patient,
            discharged_at=self.now,
            source_key=number,
            by=self.ward.by,
            now=self.now,
        )
        self.stays.append(number)
        self.work()

    @precondition(lambda self: self.stays)
    @rule()
    def discharge_is_taken_back(self):
        self.now += timedelta(minutes=5)
        cancel_discharge(
            patient_id=self.ward.patient, source_key=self.stays.pop(), by=self.ward.by, now=self.now
        )
        self.work()

    @rule()
    def is_admitted_again(self):
        self.now += timedelta(minutes=5)
        make_stay(patient_id=self.ward.patient, by=self.ward.by, now=self.now)
        self.work()

    @precondition(lambda self: self.open_steps())
    @rule(answers=st.sampled_from([WELL, FEVER]))
    def answers(self, answers):
        step = self.open_steps()[0]
        if step.questionnaire == "dc_d1":
            try:
                record_call_answers(
                    patient_id=self.ward.patient, questionnaire="dc_d1", subject_id=step.id, answers=answers,
                    by=self.ward.by, now=self.now,
                )  # fmt: skip
            except AnsweredAlready:
                assert step.response_id
        self.work()

    @precondition(lambda self: self.ward.items(self.now, "follow_up_call"))
    @rule(
        outcome=st.sampled_from(
            ["connected", "no_answer", "wrong_number", "refused", "deceased", "moved_away"]
        )
    )
    def nurse_calls(self, outcome):
        item = self.ward.call_item(self.now)
        step = self.step(item.subject_id)
        if outcome == "connected" and step.questionnaire != "dc_d1":
            outcome = "no_answer"
        more = {"answers": FEVER} if outcome == "connected" else {}
        try:
            record_call(item_id=item.id, outcome=outcome, by=self.ward.nurse, now=self.now, **more)
            assert outcome != "connected" or step.response_id
        except DispositionNeeded:
            record_call(
                item_id=item.id, outcome=outcome, by=self.ward.nurse, now=self.now, disposition="clinic_today",
                **more,
            )  # fmt: skip
        self.work()

    @rule()
    def withdraws_consent(self):
        withdraw_consent(
            patient_id=self.ward.patient, purpose="care", channel="counter", by=self.ward.by, now=self.now
        )
        self.has_withdrawn = True
        self.work()

    @rule()
    def dies(self):
        record_death(patient_id=self.ward.patient, died_at=self.now, by=self.ward.by, now=self.now)
        self.is_dead = True
        self.work()

    def all_steps(self) -> list[Step]:
        with seen_by(self.ward.by, self.now):
            return list(Step.objects.filter(patient_id=self.ward.patient).order_by("due_at", "id"))

    def open_steps(self) -> list[Step]:
        return [step for step in self.all_steps() if step.state in ("due", "in_progress", "overdue")]

    def step(self, step_id) -> Step:
        return next(step for step in self.all_steps() if step.id == step_id)

    @invariant()
    def the_dead_and_those_who_withdrew_are_left_in_peace(self):
        kinds = {item.kind for item in self.ward.items(self.now)}
        waiting = [one for one in self.ward.messages(self.now) if one.state in WAITING]
        if self.is_dead:
            assert not kinds and not waiting
            assert not [step for step in self.all_steps() if step.state not in FINAL]
        if self.has_withdrawn:
            assert "follow_up_call" not in kinds
            assert not [one for one in waiting if one.title.startswith("随访")]
            assert not [step for step in self.all_steps() if step.state not in FINAL]

    @invariant()
    def a_finished_step_stays_finished_and_is_done_only_by_a_response(self):
        for step in self.all_steps():
            assert self.finals.get(step.id, step.state) == step.state
            if step.state in FINAL:
                self.finals[step.id] = step.state
            assert step.state != "done" or (step.response_id and step.completed_at)

    @invariant()
    def at_most_one_plan_goes_on_and_only_it_makes_work(self):
        with seen_by(self.ward.by, self.now):
            rows = list(Enrolment.objects.filter(patient_id=self.ward.patient))
        active = {row.id for row in rows if row.state == "active"}
        assert len(active) <= 1
        called = {item.subject_id for item in self.ward.items(self.now, "follow_up_call")}
        assert called <= {step.id for step in self.all_steps() if step.enrolment_id in active}

    @invariant()
    def nothing_failed_on_the_way(self):
        assert backlog(now=self.now)[1] == 0


def test_no_order_of_events_bothers_the_dead_or_invents_a_result(db, now):
    run_state_machine_as_test(
        type("FromTuesday", (Following,), {"start": now}),
        settings=settings(max_examples=25, stateful_step_count=14, deadline=None, derandomize=True),
    )
