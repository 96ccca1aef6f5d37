"""A ward of 江州市第一人民医院 on a Tuesday morning (病区): its people, whom they follow, and what is due."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.contracts.conftest import CALLBACK, DOMAIN, Clock, registered
from tests.journeys.history import describe, remember
from tests.journeys.windows import Window
from tests.proofs.story import Hospital
from xinqiao.accounts.operations import enrol_totp
from xinqiao.accounts.rules.totp import code_at, step_of
from xinqiao.accounts.testing import PASSWORD, make_user
from xinqiao.care.operations import record_call
from xinqiao.care.testing import WELL as WELL_D1
from xinqiao.care.testing import make_followed
from xinqiao.config.worker import load_rooms
from xinqiao.directory.testing import make_department, make_organisation, make_staff
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.clock import now as told_now
from xinqiao.kit.clock import real_now
from xinqiao.kit.rls import seen_by
from xinqiao.messaging import tasks
from xinqiao.messaging.channels.sms_aliyun import account
from xinqiao.messaging.testing import open_sending
from xinqiao.portals.ui.tests.browsing import client_of
from xinqiao.questionnaires.operations import submit_response
from xinqiao.questionnaires.testing import open_link
from xinqiao.simulation import names
from xinqiao.simulation.sms_provider import Plan, SmsProvider
from xinqiao.worklist.queries import items_of
from xinqiao.worklist.testing import make_duty

DAY = timedelta(days=1)
LI, WANG = "13800001111", "13800002222"
# The third day's questions, all well.
WELL_D3 = {
    "temperature": "36.6", "wound": "dry", "drain": "no_drain", "stool": "normal", "eating": "normal",
    "activity": "normal", "leg": "none", "symptoms": ["none"],
}  # fmt: skip
FRIDAYS = (
    ("张国强", "male", date(1971, 4, 16), "13800003333"),
    ("马秀英", "female", date(1963, 8, 23), "13800004444"),
    ("欧阳建国", "male", date(1966, 5, 1), "13800005555"),
    ("周建国", "male", date(1961, 5, 30), "13800006666"),
    ("孙德福", "male", date(1958, 2, 11), "13800007777"),
)
OTHERS = 11
CALLED_TODAY = 6


@dataclass
class Ward:
    """Who works here, who is followed, and the hospital that speaks for them."""

    hospital: Hospital
    people: dict[str, Actor] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    li: UUID | None = None
    names: set[str] = field(default_factory=set)
    zhang: UUID | None = None
    ma: UUID | None = None
    composing: UUID | None = None
    moving: UUID | None = None
    password: str = PASSWORD

    @property
    def now(self) -> datetime:
        """The hospital's own time, as its pages read it."""
        return told_now()

    def sign_in(self, window: Window, login: str) -> Page:
        """Come in as a person does: name, password, the six digits of the moment."""
        page = window.open("/login")
        page.get_by_label("工号").fill(login)
        page.get_by_label("密码").fill(self.password)
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("6位动态口令").fill(code_at(self.secrets[login], step_of(real_now())))
        page.get_by_role("button", name="进入").click()
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    def seat(self, window: Window, login: str) -> None:
        """Sit down at a desk where this person has come in before."""
        came = client_of(self.people[login].user_id).cookies[settings.SESSION_COOKIE_NAME].value
        window.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": came, "url": window.site}]
        )

    def settle(self, now: datetime | None = None) -> None:
        """Let the worker do all that is due, until nothing is left to send."""
        now = now or self.now
        self.hospital.settle(now)
        while tasks.send_due(now, now):
            pass

    def open_items(self, patient: UUID, kind: str) -> list:
        by = self.hospital.by
        with seen_by(by, self.now):
            return [each for each in items_of(patient, viewer=by, now=self.now) if each.kind == kind]


@contextmanager
def carrier(patch: pytest.MonkeyPatch) -> Iterator[SmsProvider]:
    """The simulated provider on a real socket, which carries this hospital's texts."""
    made = SmsProvider(
        secrets={"key-id": "key-secret"}, signs={"江州一院"}, clock=Clock(), plan=Plan(failed=0),
        templates=registered(),
    )  # fmt: skip
    made.start()
    used = account.Account(
        access_key_id="key-id", access_key_secret="key-secret", endpoint=made.address,
        templates={each.code.removeprefix("SMS_"): each.code for each in registered()},
        callback_token=CALLBACK, timeout=5,
    )  # fmt: skip
    patch.setattr(account, "read_account", lambda: used)
    tasks._breakers.clear()
    yield made
    made.stop()


def open_ward(provider, now: datetime) -> Ward:
    """Staff on duty; 张国强 and others went home on Friday, 李桂兰 yesterday; all that is due is on the lists."""
    load_rooms()
    began = now - 10 * DAY
    organisation = make_organisation(now=began, domain=DOMAIN, phone="0519-88001234")
    by = system("test.journeys", organisation)
    open_sending(by=by, now=began)
    department = make_department(organisation, now=began, name="心血管内科")
    ward = Ward(Hospital(provider=provider, organisation=organisation, by=by, department=department))
    for login, role in (("chen_jing", "nurse"), ("liu_jianhua", "head"), ("sun_li", "manager")):
        _employ(ward, login, role, began)
    stranger = make_user(now=began, login="stranger", name="陌生人")
    ward.people["stranger"] = Actor(kind="staff", organisation_id=None, user_id=stranger)
    for login, duty in (("chen_jing", "responsible_nurse"), ("liu_jianhua", "duty_officer")):
        user = ward.people[login].user_id
        place = department if duty == "responsible_nurse" else None
        make_duty(user_id=user, role=duty, department_id=place, phone="13900000001", by=by, now=now)
    _follow(ward)
    return ward


def _employ(ward: Ward, login: str, role: str, now: datetime) -> None:
    _, ward.people[login] = make_staff(
        role, organisation_id=ward.hospital.organisation, now=now, login=login,
        department_id=ward.hospital.department if role != "manager" else None,
    )  # fmt: skip
    with seen_by(ward.hospital.by, now):
        user = ward.people[login].user_id
        ward.secrets[login] = enrol_totp(user_id=user, confirmed=True, by=ward.hospital.by, now=now).secret


def _follow(ward: Ward) -> None:
    """Friday's are called on Saturday, and some of them again this morning; 李桂兰 went home yesterday."""
    friday, rng = ward.now - 4 * DAY + timedelta(hours=1), Random(1)
    gone = [_discharged(ward, friday, *each) for each in FRIDAYS]
    ward.zhang, ward.ma, ward.composing, ward.moving, feverish = gone
    for number in range(OTHERS):
        sex, born = rng.choice(names.SEXES), date(rng.randint(1938, 1975), 6, 1 + number)
        name = names.surname(rng) + names.given_name(rng, sex, born.year)
        gone.append(_discharged(ward, friday, name, sex, born, f"138100{number:05d}"))
    remember(ward, rng)
    saturday = friday + DAY + timedelta(hours=4)
    ward.settle(saturday)
    _call(ward, gone, WELL_D1, saturday)
    ward.li = _discharged(ward, ward.now - DAY, "李桂兰", "female", date(1954, 3, 8), LI)
    ward.settle()
    _call(ward, gone[-CALLED_TODAY:], WELL_D3, ward.now)
    _answer(ward, feverish)
    describe(ward)


def _answer(ward: Ward, patient: UUID) -> None:
    """孙德福 has answered by himself this morning: a little fever."""
    token = re.findall(r"/q/(\S+)", " ".join(ward.hospital.texts(FRIDAYS[-1][-1])))[-1]
    opened, by = open_link(token, now=ward.now, proof="19580211")
    submit_response(
        answers=WELL_D3 | {"temperature": "38.2", "implant": "no"}, invitation_id=opened.invitation_id,
        pass_key=opened.pass_key, by=by, now=ward.now,
    )  # fmt: skip
    ward.settle()


def _discharged(ward: Ward, at: datetime, name: str, sex: str, born: date, phone: str) -> UUID:
    ward.names.add(name)
    made = {"by": ward.hospital.by, "now": at, "department_id": ward.hospital.department}
    patient, _ = make_followed(discharged_at=at, name=name, sex=sex, birth_on=born, phone=phone, **made)
    return patient


def _call(ward: Ward, patients: list[UUID], answers: dict, now: datetime) -> None:
    by = ward.people["chen_jing"]
    for patient in patients:
        with seen_by(by, now):
            (item,) = [one for one in items_of(patient, viewer=by, now=now) if one.kind == "follow_up_call"]
        record_call(item_id=item.id, outcome="connected", answers=answers, by=by, now=now)
