"""李桂兰 went home yesterday at ten; 陈静 follows her from today, Tuesday 09:30."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

import xinqiao.care.reactions
import xinqiao.messaging.reactions
import xinqiao.worklist.reactions  # noqa: F401 every reaction to what happens is known
from xinqiao.care.models import Alert, Enrolment, Step
from xinqiao.care.operations import advance_due
from xinqiao.care.testing import make_followed, step_ids
from xinqiao.directory.testing import make_department, make_organisation, make_staff
from xinqiao.kit.actor import system
from xinqiao.kit.events import deliver
from xinqiao.kit.rls import seen_by
from xinqiao.messaging.queries import messages_of
from xinqiao.messaging.testing import open_sending
from xinqiao.worklist.queries import items_of

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Ward(SimpleNamespace):
    """The ward, its people, and what can be seen of its patients."""

    def follow(self, now, **more) -> None:
        self.discharged_at = more.pop("discharged_at", now.replace(hour=2, minute=0) - DAY)
        self.patient, self.enrolment = make_followed(
            by=self.by, now=now, discharged_at=self.discharged_at, department_id=self.department, **more
        )
        self.steps = step_ids(self.enrolment, viewer=self.by, now=now)

    def tick(self, now) -> int:
        return advance_due(by=self.by, now=now)

    def settle(self, now) -> None:
        while deliver(now=now):
            pass

    def enrolment_row(self, now) -> Enrolment:
        with seen_by(self.by, now):
            return Enrolment.objects.get(id=self.enrolment)

    def step(self, code, now) -> Step:
        with seen_by(self.by, now):
            return Step.objects.get(id=self.steps[code])

    def states(self, now) -> list[str]:
        with seen_by(self.by, now):
            return [one.state for one in Step.objects.filter(enrolment_id=self.enrolment).order_by("due_at")]

    def items(self, now, kind="") -> list:
        with seen_by(self.by, now):
            found = items_of(self.patient, viewer=self.by, now=now)
        return [one for one in found if kind in ("", one.kind)]

    def call_item(self, now):
        return self.items(now, "follow_up_call")[0]

    def messages(self, now) -> list:
        with seen_by(self.by, now):
            return messages_of(self.patient, viewer=self.by, now=now)

    def alerts(self, now) -> list[Alert]:
        with seen_by(self.by, now):
            return list(Alert.objects.filter(patient_id=self.patient).order_by("raised_at", "id"))


def build_ward(now) -> Ward:
    organisation = make_organisation(now=now, domain="jzyy.example", phone="0519-88001234")
    by = system("test", organisation)
    open_sending(by=by, now=now)
    department = make_department(organisation, now=now)
    _, nurse = make_staff("nurse", organisation_id=organisation, department_id=department, now=now)
    _, doctor = make_staff("doctor", organisation_id=organisation, department_id=department, now=now)
    _, head = make_staff("head", organisation_id=organisation, department_id=department, now=now)
    return Ward(
        organisation=organisation, by=by, department=department, nurse=nurse, doctor=doctor, head=head
    )


@pytest.fixture
def bare(db, now):
    return build_ward(now)


@pytest.fixture
def ward(bare, now):
    bare.follow(now)
    return bare
