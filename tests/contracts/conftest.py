"""The simulated providers on real sockets, and a hospital that may send to them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from xinqiao.directory.testing import make_organisation
from xinqiao.kit.actor import system
from xinqiao.kit.rls import seen_by
from xinqiao.messaging import tasks
from xinqiao.messaging.channels.sms_aliyun import account
from xinqiao.messaging.testing import open_sending
from xinqiao.simulation.sms_ledger import Template
from xinqiao.simulation.sms_provider import Plan, SmsProvider

DOMAIN = "sf.jiangzhou1.example"
CONTENT = Path(__file__).parents[2] / "content/messages"
CALLBACK = "agreed-word-of-32-characters-long"


class Clock:
    """The hour at the hospital and at the provider, moved by hand."""

    def __init__(self):
        self.now = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_by(self, **time):
        self.now += timedelta(**time)
        return self.now


def registered() -> list[Template]:
    """What the hospital had the provider approve: its own host in the text, only the token variable."""
    documents = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(CONTENT.glob("*_sms.yaml"))]
    return [
        Template(
            f"SMS_{document['code']}",
            document["body"].strip().replace("{host}", DOMAIN).replace("{", "${"),
            "verification" if document["code"] == "login_code_sms" else "notice",
        )
        for document in documents
    ]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def provider(clock, monkeypatch):
    made = SmsProvider(
        secrets={"key-id": "key-secret"}, signs={"江州一院"}, clock=clock, plan=Plan(failed=0),
        templates=registered(),
    )  # fmt: skip
    made.start()
    used = account.Account(
        access_key_id="key-id",
        access_key_secret="key-secret",
        endpoint=made.address,
        templates={each.code.removeprefix("SMS_"): each.code for each in registered()},
        callback_token=CALLBACK,
        timeout=0.5,
    )
    monkeypatch.setattr(account, "read_account", lambda: used)
    tasks._breakers.clear()
    yield made
    made.stop()
    tasks._breakers.clear()


def open_hospital(clock):
    """An organisation that may send, and the process that acts for it."""
    by = system("test.contracts", make_organisation(now=clock(), domain=DOMAIN, phone="010-12345678"))
    open_sending(by=by, now=clock())
    return by


@pytest.fixture
def by(db, clock):
    actor = open_hospital(clock)
    with seen_by(actor, clock()):
        yield actor
