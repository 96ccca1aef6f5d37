"""From the port to the record (收报与应用)."""

import random
from collections import Counter

import pytest

from xinqiao.directory.testing import make_organisation
from xinqiao.gateways.hl7v2 import tasks
from xinqiao.gateways.hl7v2.receiving import Line, store_group
from xinqiao.gateways.hl7v2.tests.messages import adt_cases, result_cases, wire_cases
from xinqiao.intake.operations import retry
from xinqiao.intake.queries import held_messages
from xinqiao.intake.testing import make_source
from xinqiao.kit.actor import system
from xinqiao.kit.events import deliver
from xinqiao.kit.failpoints import Failpoint, arm
from xinqiao.kit.rls import seen_by

CASES = [*adt_cases.CASES, *result_cases.CASES, *wire_cases.CASES]
ADMITTED = (
    "MSH|^~\\&|HIS|JZ|X|X|20261123080000||ADT^A01|{id}|P|2.4\rEVN|A01|20261123080000\r"
    "PID|1||{mrn}^^^HIS^MR||李^桂兰||19540308|F\rPV1|1|I|XN1^^12||||||||||||||||{visit}\r"
)


@pytest.fixture
def line(committed, rooms_loaded, now):
    organisation = make_organisation(now=now)
    by = system("test", organisation)
    return Line(organisation, make_source(by=by, now=now, reuses_ids=True, go_live_at=now))


def apply_all(line, now) -> int:
    total = 0
    while settled := tasks.apply_some(line.organisation_id, now=now):
        total += settled
        assert total < 10_000, "messages go round in circles"
    return total


def outcomes(owner) -> Counter:
    return Counter(dict(owner.execute("SELECT state, count(*) FROM intake_inbox GROUP BY state").fetchall()))


def test_every_message_of_our_own_ends_as_it_must(line, owner, now):
    answers = store_group([case.raw for case in CASES], line, now=now)
    assert len(answers) == len(CASES)
    apply_all(line, now)
    found = outcomes(owner)
    assert found["received"] == 0
    assert found["applied"] >= sum(case.outcome == "read" for case in CASES) - found["waiting"] - 5
    wrong = owner.execute("SELECT count(*) FROM intake_inbox WHERE reason = 'not_applied'").fetchone()[0]
    assert wrong == 0


STORY = (
    ("A28", "20261101080000", "李桂蘭", "", ""),
    ("A05", "20261110090000", "李桂兰", "XN1", "01"),
    ("A01", "20261112100000", "李桂兰", "XN1", "12"),
    ("A08", "20261113110000", "李桂兰", "XN1", "12"),
    ("A02", "20261114120000", "李桂兰", "XN2", "07"),
    ("A03", "20261118130000", "李桂兰", "XN2", "07"),
    ("A13", "20261118140000", "李桂兰", "XN2", "07"),
    ("A03", "20261120150000", "李桂兰", "XN2", "07"),
    ("A31", "20261121160000", "李桂兰(更正)", "", ""),
)


def told(trigger: str, at: str, name: str, ward: str, bed: str) -> bytes:
    visit = f"PV1|1|I|{ward}^^{bed}||||||||||||||||V1\r" if ward else ""
    return (
        f"MSH|^~\\&|HIS|JZ|X|X|{at}||ADT^{trigger}|{trigger}{at}|P|2.4\rEVN|{trigger}|{at}\r"
        f"PID|1||77^^^HIS^MR||{name}||19540308|F\r{visit}"
    ).encode()


def test_any_order_of_arrival_ends_in_the_same_record(line, owner, now):
    seen = set()
    for seed in range(12):
        order = random.Random(seed).choices(STORY, k=6) + random.Random(seed).sample(STORY, len(STORY))
        for message in order:
            store_group([told(*message)], line, now=now)
            if seed % 2:
                apply_all(line, now)
        apply_all(line, now)
        seen.add(
            owner.execute(
                "SELECT p.name, p.sex, p.birth_on::text, e.source_key, e.status, e.ward, e.bed, e.started_at::text,"
                " e.ended_at::text FROM patients_patient p JOIN record_encounter e ON e.patient_id = p.id"
            ).fetchall()[0]
        )
        owner.execute("TRUNCATE intake_inbox, patients_patient CASCADE")
    ((name, *_, status, ward, bed, _, ended),) = seen
    assert (name, status, ward, bed) == ("李桂兰(更正)", "finished", "XN2", "07")
    assert ended.startswith("2026-11-20 07:00")


def test_a_message_sent_again_changes_nothing(line, owner, now):
    raw = ADMITTED.format(id="M1", mrn="77", visit="V1").encode()
    for _ in range(3):
        assert [answer.code for answer in store_group([raw], line, now=now)] == ["AA"]
        apply_all(line, now)
    assert outcomes(owner) == {"applied": 1}
    assert owner.execute("SELECT count(*) FROM record_encounter").fetchone() == (1,)


def test_the_same_id_with_another_body_is_kept_apart_and_answered_ae(committed, owner, now):
    organisation = make_organisation(now=now)
    strict = Line(organisation, make_source(by=system("test", organisation), now=now))
    first, other = (ADMITTED.format(id="M1", mrn=mrn, visit="V1").encode() for mrn in ("77", "78"))
    assert [answer.code for answer in store_group([first, other], strict, now=now)] == ["AA", "AE"]
    apply_all(strict, now)
    assert outcomes(owner) == {"applied": 1, "quarantined": 1}


def test_a_poisonous_message_is_put_aside_and_the_next_goes_on(line, owner, now, monkeypatch):
    """The record refuses one message of a group: only that one is quarantined, and a retry can still apply it."""
    real = tasks.receive_facts

    def refuse(*, items, by, now):
        if any(item.encounter and item.encounter.source_key == "V2" for item in items):
            raise RuntimeError("13812345678")
        return real(items=items, by=by, now=now)

    monkeypatch.setattr(tasks, "receive_facts", refuse)
    store_group(
        [ADMITTED.format(id=f"M{n}", mrn=f"7{n}", visit=f"V{n}").encode() for n in range(1, 4)], line, now=now
    )
    apply_all(line, now)
    assert outcomes(owner) == {"applied": 2, "quarantined": 1}
    monkeypatch.setattr(tasks, "receive_facts", real)
    with seen_by(line.actor, now):
        ((_, stuck),) = held_messages(viewer=line.actor)
    assert stuck.reason == "not_applied"
    retry(inbox_id=stuck.id, by=line.actor, now=now)
    apply_all(line, now)
    assert outcomes(owner) == {"applied": 3}


def test_results_of_a_nameless_unknown_patient_wait_for_her(line, owner, now):
    result = (
        "MSH|^~\\&|LIS|JZ|X|X|20261123090000||ORU^R01|R1|P|2.4\rPID|1||77^^^HIS^MR\r"
        "OBR|1||L1|GLU^血糖\rOBX|1|NM|GLU^血糖||6.1|mmol/L|3.9-6.1|||||F|||20261123083000\r"
    )
    store_group([result.encode()], line, now=now)
    apply_all(line, now)
    assert outcomes(owner) == {"waiting": 1}
    store_group([ADMITTED.format(id="M1", mrn="77", visit="V1").encode()], line, now=now)
    apply_all(line, now)
    while deliver(now=now):
        pass
    apply_all(line, now)
    assert outcomes(owner) == {"applied": 2}
    assert str(owner.execute("SELECT value FROM record_observation").fetchone()[0]) == "6.1"


def test_a_crash_before_the_commit_leaves_nothing_behind(line, owner, now):
    store_group([ADMITTED.format(id="M1", mrn="77", visit="V1").encode()], line, now=now)
    arm("hl7.before_apply_commit", "raise")
    try:
        with pytest.raises(Failpoint), seen_by(line.actor, now):
            tasks._apply_group(line.actor, now, 10)
    finally:
        arm("hl7.before_apply_commit", None)
    assert owner.execute("SELECT count(*) FROM patients_patient").fetchone() == (0,)
    apply_all(line, now)
    assert outcomes(owner) == {"applied": 1}
