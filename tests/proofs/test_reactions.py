"""Every reaction of the house may be told the same event twice: the second time nothing changes."""

from uuid import UUID

import pytest

from tests.proofs import story
from tests.proofs.catalogue import contents
from tests.proofs.story import DAY, HOUR, PHONE
from xinqiao.kit import events
from xinqiao.kit.ids import new_id
from xinqiao.patients.operations import record_death
from xinqiao.privacy.operations import withdraw_consent
from xinqiao.record.events import PatientDischarged
from xinqiao.worklist.operations import add_item, close_item

ITSELF = ("audit_", "kit_outbox", "kit_reactiondone")  # what tells of a delivery, not what it did
# Where rows change the second time although none is added: what is done again, and why it does no harm.
REPEATED = {
    "messaging.ReplyReceived: care_step": "the step is woken once more; its call is on the list once",
    "messaging.MessageFailed: care_step": "the step is woken once more; its call is on the list once",
    "worklist.ItemClosed: care_step": "the step is woken once more; its call is on the list once",
}
NEW = "SELECT event_id, name FROM kit_outbox WHERE event_id <> ALL (%s) AND delivered_at IS NOT NULL ORDER BY id"
NOBODY = UUID(int=0)
AGAIN = "UPDATE kit_outbox SET delivered_at = NULL, due_at = %s - interval '1 year' WHERE event_id = %s"


class Twice:
    """Delivers as the worker does, and then every event once more as if its reactions had not been done."""

    def __init__(self, owner) -> None:
        self.owner, self.seen = owner, []
        self.told: set[str] = set()
        self.added: list[str] = []
        self.changed: set[str] = set()

    def deliver(self, now) -> int:
        count = 0
        while events.deliver(now=now, limit=1):  # told again at once: later the world may have moved on
            count += 1
            for event_id, name in self.owner.execute(NEW, [[NOBODY, *self.seen]]).fetchall():
                self.seen.append(event_id)
                self.told.add(name)
                self._again(event_id, name, now)
        return count

    def _again(self, event_id, name: str, now) -> None:
        before = contents(self.owner, ITSELF)
        self.owner.execute("DELETE FROM kit_reactiondone WHERE event_id = %s", [event_id])
        self.owner.execute(AGAIN, [now, event_id])
        assert events.deliver(now=now, limit=1) == 1
        after = contents(self.owner, ITSELF)
        changed = {table for table in after if after[table] != before[table]}
        self.added += [f"{name}: {table}" for table in changed if after[table][0] != before[table][0]]
        self.changed |= {f"{name}: {table}" for table in changed}

    def untold(self) -> list[str]:
        """Say which reactions no story has put to the test; the kit announces nothing, its tests' events aside."""
        return [
            f"没有一个故事发出 {kind}，它的反应 {'、'.join(name for name, _ in reactions)} 未经两次投递的检验。"
            for kind, reactions in sorted(events._reactions.items())
            if reactions and kind not in self.told and not kind.startswith("kit.")
        ]


@pytest.fixture
def twice(committed, owner, monkeypatch):
    twice = Twice(owner)
    monkeypatch.setattr(story, "deliver", twice.deliver)
    return twice


def failures(owner) -> list[str]:
    return [row[0] for row in owner.execute("SELECT error FROM kit_outbox WHERE attempts > 0 OR error <> ''")]


def the_rest_of_her_life(hospital, now) -> None:
    """What the plain story does not come to: a dead number, a mistaken discharge and admission, a refusal, death."""
    row = {"phone_number": PHONE, "send_time": "2026-11-24 11:00:00", "report_time": "2026-11-24 11:00:05"}
    text = next(each for each in hospital.provider.ledger.texts[::-1] if "/q/" in each.content)
    hospital.push(
        "receipts", [row | {"success": False, "err_code": "MOBILE_NOT_ON_SERVICE", "out_id": text.out_id}]
    )
    hospital.settle(now)
    (repair,) = hospital.items(now, "contact_repair")
    close_item(item_id=repair.id, outcome="contact_fixed", by=hospital.nurse, now=now)
    hospital.settle(now)
    hospital.tell(now, ("ADT^A13", "20261129120000", story.PID + story.PV1))
    hospital.settle(now)
    stay = story.PV1.replace("V-MARK", "V-NEXT")
    hospital.tell(now, ("ADT^A01", "20261129130000", story.PID + stay))
    hospital.settle(now)
    hospital.tell(now, ("ADT^A11", "20261129140000", story.PID + stay))
    hospital.settle(now)
    withdraw_consent(patient_id=hospital.patient, purpose="care", channel="counter", by=hospital.by, now=now)
    hospital.settle(now)
    record_death(patient_id=hospital.patient, died_at=now, by=hospital.by, now=now)
    hospital.settle(now)


def test_every_event_told_twice_is_done_once(twice, provider, owner, now):
    hospital = story.whole_story(provider, now)
    the_rest_of_her_life(hospital, now + 8 * DAY)
    assert twice.untold() == []
    assert twice.added == []
    assert twice.changed - REPEATED.keys() == set()
    assert REPEATED.keys() - twice.changed == set(), "these change nothing any more: take them off REPEATED"
    assert failures(owner) == []


def test_an_event_of_which_no_story_tells_is_named(twice):
    said = twice.untold()
    assert any(each.startswith("没有一个故事发出 record.PatientDischarged") for each in said)
    assert any("care.start_follow_up" in each for each in said)


def test_a_planted_reaction_that_does_it_again_is_noticed(twice, provider, now, monkeypatch):
    def planted(event, *, by, now):
        add_item(
            patient_id=event.patient_id, kind="follow_up_call", subject_id=new_id(now), title="多出来的",
            due_at=now + HOUR, by=by, now=now,
        )  # fmt: skip

    hospital = story.open_hospital(provider, now)
    reactions = events._reactions[PatientDischarged.kind()]
    monkeypatch.setitem(
        events._reactions, PatientDischarged.kind(), [*reactions, ("worklist.planted", planted)]
    )
    story.discharge(hospital, now)
    assert twice.added == ["record.PatientDischarged: worklist_item"]
