from datetime import timedelta
from decimal import Decimal
from itertools import pairwise, permutations
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinqiao.kit.actor import system
from xinqiao.kit.crypto import KeyDestroyed, keystore
from xinqiao.kit.rls import seen_by
from xinqiao.patients.testing import make_patient
from xinqiao.record.models import Encounter, EncounterSnapshot, LatestObservation, Observation, Report
from xinqiao.record.operations import receive_facts
from xinqiao.record.queries import encounters, get_report, latest_values
from xinqiao.record.rules import (
    AllergySaid,
    CodeSaid,
    ConditionSaid,
    EncounterSaid,
    ImmunizationSaid,
    MedicationSaid,
    ProcedureSaid,
    ReportSaid,
)
from xinqiao.record.testing import facts_of, result_of

ORG = UUID(int=1)
BY = system("test.record", ORG)
EVENTS = ("admit", "transfer", "discharge", "cancel_discharge", "update", "discharge")


@pytest.fixture
def patient(db, now):
    with seen_by(BY, now):
        yield make_patient(by=BY, now=now)


def _receive(*items, now):
    return receive_facts(items=list(items), by=BY, now=now)


def _stay(patient, now, hours, event, *, is_live=True, **said):
    word = EncounterSaid("V1", event=event, class_="inpatient", **said)
    return facts_of(patient, now + timedelta(hours=hours), is_live=is_live, encounter=word)


def _told(name="%"):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM kit_outbox WHERE name LIKE %s ORDER BY id", [f"record.{name}"])
        return [row[0].removeprefix("record.") for row in cursor]


def _course(patient, now):
    wards = ("东一", "东二", "", "", "东三", "")
    return [
        _stay(patient, now, hours, event, ward=ward)
        for hours, (event, ward) in enumerate(zip(EVENTS, wards, strict=True))
    ]


def test_an_admission_and_a_discharge_are_announced_once(patient, now):
    items = [_stay(patient, now, 0, "admit"), _stay(patient, now, 48, "discharge")]
    for item in (*items, *items):
        _receive(item, now=now)
    assert _told("Patient%") == ["PatientAdmitted", "PatientDischarged"]
    (one,) = encounters(patient, viewer=BY, now=now)
    assert (one.status, one.ended_at, one.class_) == ("finished", now + timedelta(hours=48), "inpatient")


def test_a_discharge_taken_back_is_announced_and_so_is_an_admission(patient, now):
    for hours, event in enumerate(("admit", "discharge", "cancel_discharge", "cancel_admission")):
        _receive(_stay(patient, now, hours, event), now=now)
    assert _told() == ["PatientAdmitted", "PatientDischarged", "DischargeCancelled", "AdmissionCancelled"]


def test_history_is_not_announced_even_beside_live_words(patient, now):
    history = [
        _stay(patient, now, 0, "admit", is_live=False),
        _stay(patient, now, 48, "discharge", is_live=False),
    ]
    _receive(*history, _stay(patient, now, 50, "update", bed="3"), now=now)
    assert _told() == []
    assert encounters(patient, viewer=BY, now=now)[0].status == "finished"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(len(EVENTS))), st.lists(st.integers(1, 5), max_size=4))
def test_the_same_words_in_any_order_and_any_groups_give_the_same_encounter(patient, now, order, cuts):
    Encounter.objects.all().delete()
    course = _course(patient, now)
    shuffled = [course[place] for place in order]
    bounds = [0, *sorted(cuts), len(shuffled)]
    for begin, end in pairwise(bounds):
        _receive(*shuffled[begin:end], now=now)
    (one,) = encounters(patient, viewer=BY, now=now)
    assert (one.status, one.ward, one.started_at, one.ended_at) == (
        "finished",
        "东三",
        now,
        now + timedelta(hours=5),
    )
    assert EncounterSnapshot.objects.count() == len(course)


def test_results_said_again_change_nothing(patient, now):
    item = facts_of(patient, now, source="lis", observations=(result_of("R1.HBA1C", "7.2"),))
    assert [_receive(item, now=now), _receive(item, item, now=now)] == [1, 0]
    assert Observation.objects.count() == 1


def test_a_correction_supersedes_and_the_older_version_is_kept(patient, now):
    for hours, value in ((0, "7.2"), (1, "8.1")):
        _receive(
            facts_of(patient, now + timedelta(hours=hours), observations=(result_of("R1", value, at=now),)),
            now=now,
        )
    kept = Observation.objects.order_by("source_at").values_list("value", "superseded_at")
    assert [(value, at is None) for value, at in kept] == [(Decimal("7.2"), False), (Decimal("8.1"), True)]
    assert LatestObservation.objects.get().value == Decimal("8.1")


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_corrections_in_any_order_leave_the_last_one_standing(patient, now, order):
    values = ("7.2", "8.1", "7.2", "6.9")
    items = [
        facts_of(patient, now + timedelta(hours=h), observations=(result_of("R1", v, at=now),))
        for h, v in enumerate(values)
    ]
    for place in order:
        _receive(items[place], now=now)
    assert [row.value for row in Observation.objects.filter(superseded_at=None)] == [Decimal("6.9")]
    assert LatestObservation.objects.get().value == Decimal("6.9")


def test_the_latest_result_is_the_newest_measured_not_the_last_received(patient, now):
    for key, days, value in (("R1", 0, "7.0"), ("R2", -30, "9.0"), ("R3", 10, "6.5")):
        at = now + timedelta(days=days)
        _receive(facts_of(patient, now, observations=(result_of(key, value, at=at),)), now=now)
    assert [one.value for one in latest_values(patient, viewer=BY, now=now)] == [Decimal("6.5")]


def test_a_deleted_result_gives_way_to_the_one_before_it(patient, now):
    for key, days, value in (("R1", -9, "7.0"), ("R2", 0, "9.0")):
        at = now + timedelta(days=days)
        _receive(facts_of(patient, now, observations=(result_of(key, value, at=at),)), now=now)
    later = now + timedelta(hours=1)
    _receive(
        facts_of(patient, later, observations=(result_of("R2", "9.0", at=now, status="deleted"),)), now=now
    )
    assert LatestObservation.objects.get().value == Decimal("7.0")
    _receive(
        facts_of(patient, later, observations=(result_of("R1", "7.0", at=now, status="wrong"),)), now=now
    )
    assert not LatestObservation.objects.exists()


def test_a_value_is_kept_as_received_beside_the_canonical_one(patient, now):
    said = result_of("R1", "126.0", loinc="14749-6", unit="mg/dL", comparator="<")
    _receive(facts_of(patient, now, observations=(said,)), now=now)
    one = Observation.objects.get()
    assert (str(one.value), one.unit, one.comparator) == ("126.0", "mg/dL", "<")
    assert (one.canonical_value, one.canonical_unit) == (Decimal("6.9938"), "mmol/L")


def test_an_impossible_value_is_kept_but_counts_nowhere(patient, now):
    _receive(facts_of(patient, now, observations=(result_of("R1", "700"),)), now=now)
    assert Observation.objects.get().quality == "implausible"
    assert latest_values(patient, viewer=BY, now=now) == []


def test_the_text_of_a_report_is_sealed_with_the_patients_key(patient, now):
    said = ReportSaid("D1", CodeSaid("ECG", "心电图"), text="窦性心律", at=now)
    _receive(facts_of(patient, now, reports=(said,)), now=now)
    one = Report.objects.get()
    assert "窦性心律".encode() not in bytes(one.text_sealed)
    card = get_report(one.id, viewer=BY, now=now)
    assert (card.title, card.text) == ("心电图", "窦性心律")
    assert _told() == ["ReportArrived"]
    keystore().shred(patient)
    with pytest.raises(KeyDestroyed):
        get_report(one.id, viewer=BY, now=now)


def test_a_result_of_the_laboratory_joins_the_hospitals_visit_whichever_comes_first(patient, now):
    mention = EncounterSaid("V1", source="his")
    _receive(
        facts_of(patient, now, source="lis", encounter=mention, observations=(result_of("R1", "7.0"),)),
        now=now,
    )
    _receive(_stay(patient, now, 1, "admit"), now=now)
    (one,) = encounters(patient, viewer=BY, now=now)
    assert (one.status, Observation.objects.get().encounter_id) == ("in_progress", one.id)


def test_texts_too_long_or_unfit_for_the_database_do_not_stop_the_batch(patient, now):
    said = result_of("K" * 500, "7.0", display="长" * 900 + "\0", value_text="7.0\0")
    assert _receive(facts_of(patient, now, observations=(said,)), now=now) == 1


def _everything(patient, now, number):
    code, key = CodeSaid("X", "项目", mapped="X"), f"K{number}"
    return facts_of(
        patient, now, encounter=EncounterSaid(f"V{number}", event="discharge", class_="inpatient"),
        conditions=(ConditionSaid(key, code),), observations=(result_of(key, "7.0"),),
        reports=(ReportSaid(key, code, text="正文"),), procedures=(ProcedureSaid(key, code),),
        medications=(MedicationSaid(key, code, text="每日一次", days=7),), allergies=(AllergySaid(key, code),),
        immunizations=(ImmunizationSaid(key, code, dose_number=1),),
    )  # fmt: skip


def test_the_number_of_statements_does_not_grow_with_the_batch(patient, now):
    _receive(_everything(patient, now, 0), now=now)
    with CaptureQueriesContext(connection) as one:
        assert _receive(_everything(patient, now, 1), now=now) == 7
    with CaptureQueriesContext(connection) as many:
        assert _receive(*(_everything(patient, now, n) for n in range(2, 40)), now=now) == 38 * 7
    assert len(many) <= len(one) <= 20


def test_an_empty_batch_writes_nothing(patient, now):
    assert _receive(now=now) == 0
