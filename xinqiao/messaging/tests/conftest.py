"""The hospital, a patient and an open door for messages; and a channel that only notes what it is given."""

import pytest

from xinqiao.directory.testing import make_organisation
from xinqiao.kit.actor import system
from xinqiao.kit.rls import seen_by
from xinqiao.messaging import tasks
from xinqiao.messaging.channels import CHANNELS
from xinqiao.messaging.rules.outcomes import Absent, Sent
from xinqiao.messaging.testing import open_sending
from xinqiao.patients.testing import make_patient


class Notebook:
    """A provider that takes everything, or answers what `answers` says, one after the other."""

    code, title, contact_kind, most_characters, has_query = "sms", "短信", "mobile", 500, True

    def __init__(self):
        self.sent, self.answers, self.known, self.asked = [], [], {}, []

    def send(self, message, *, now, guard):
        guard()
        answer = self.answers.pop(0) if self.answers else Sent(f"biz-{len(self.sent)}")
        self.sent.append(message)
        return answer

    def query(self, key, to, attempted_at, *, now):
        self.asked.append(key)
        return self.known.get(key, Absent())


@pytest.fixture
def sms(monkeypatch):
    book = Notebook()
    tasks._breakers.clear()
    CHANNELS.get("sms")
    monkeypatch.setitem(CHANNELS._things, "sms", book)
    return book


@pytest.fixture
def by(db, now):
    organisation = make_organisation(now=now, domain="sf.jiangzhou1.example", phone="010-12345678")
    actor = system("test.messaging", organisation)
    open_sending(by=actor, now=now)
    with seen_by(actor, now):
        yield actor


@pytest.fixture
def patient(by, now):
    return make_patient(by=by, now=now)
