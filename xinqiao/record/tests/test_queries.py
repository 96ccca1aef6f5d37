from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xinqiao.kit.actor import Actor, system
from xinqiao.kit.errors import NotFound
from xinqiao.kit.facts import ask, facts
from xinqiao.kit.rls import seen_by
from xinqiao.patients.queries import linked_ids
from xinqiao.patients.testing import make_patient
from xinqiao.record import models
from xinqiao.record.operations import load_facts, receive_facts
from xinqiao.record.queries import (
    allergies,
    discharges,
    encounters,
    get_encounter,
    get_report,
    latest_values,
    medications,
    problems,
    series,
    timeline,
)
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
from xinqiao.record.testing import facts_of, make_stay, result_of

ORG, OTHER = UUID(int=1), UUID(int=2)
BY = system("test.record", ORG)
NURSE = Actor(
    kind="staff", organisation_id=ORG, user_id=UUID(int=3), roles=frozenset({"nurse"}), purpose="care"
)
STRANGER = Actor(kind="staff", organisation_id=OTHER, user_id=UUID(int=4), roles=frozenset({"nurse"}))
TABLES = (
    models.Encounter, models.EncounterSnapshot, models.Condition, models.Observation, models.Report, models.Procedure,
    models.Medication, models.Allergy, models.Immunization, models.LatestObservation,
)  # fmt: skip


def _life(patient, now, visits=6):
    """Two facts of every kind a visit, all at round hours, so that many share one instant."""
    code = CodeSaid("E11.9", "2型糖尿病", system="ICD-10", mapped="E11.900")
    for number in range(visits):
        at = now - timedelta(days=30 * number)
        yield facts_of(
            patient, at, is_live=False,
            encounter=EncounterSaid(f"V{number}", event="discharge", class_="inpatient", started_at=at - timedelta(days=3), ended_at=at),
            conditions=(ConditionSaid(f"C{number}", code, role="final"),),
            observations=(result_of(f"O{number}", f"{7 + number / 10}"), result_of(f"P{number}", "120", loinc="8480-6", unit="mmHg", display="收缩压")),
            reports=(ReportSaid(f"R{number}", CodeSaid("ECG", "心电图"), text="窦性心律"),),
            procedures=(ProcedureSaid(f"S{number}", CodeSaid("45.23", "结肠镜检查")),),
            medications=(MedicationSaid(f"M{number}", CodeSaid("", "二甲双胍"), text="0.5g 每日两次", days=28),),
            allergies=(AllergySaid(f"A{number}", CodeSaid("", "青霉素"), reaction="皮疹"),),
            immunizations=(ImmunizationSaid(f"I{number}", CodeSaid("", "流感疫苗"), dose_number=1),),
        )  # fmt: skip


@pytest.fixture
def patient(db, now):
    with seen_by(BY, now):
        one = make_patient(by=BY, now=now)
        receive_facts(items=list(_life(one, now)), by=BY, now=now)
    with seen_by(NURSE, now):
        yield one


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_the_timeline_shows_everything_once_however_it_is_paged(patient, now, limit):
    seen, before = [], None
    while True:
        page = timeline(patient, viewer=NURSE, now=now, before=before, limit=limit)
        seen += page.entries
        before = page.before
        if before is None:
            break
    assert len(seen) == 6 * 8 == len({(one.kind, one.id) for one in seen})
    assert seen == sorted(seen, key=lambda one: (one.at, one.kind, one.id), reverse=True)


def test_the_timeline_can_be_narrowed_and_says_what_a_result_was(patient, now):
    page = timeline(patient, viewer=NURSE, now=now, kinds=("observation",), limit=2)
    assert {(one.title, one.detail) for one in page.entries} == {
        ("糖化血红蛋白", "7.0 %"),
        ("收缩压", "120 mmHg"),
    }


def test_current_values_and_their_course(patient, now):
    values = {one.code: one.value for one in latest_values(patient, viewer=NURSE, now=now)}
    assert values == {"4548-4": Decimal("7.0"), "8480-6": Decimal("120")}
    course = series(patient, ("4548-4", "718-7"), now - timedelta(days=365), viewer=NURSE, now=now)
    assert [point.value for point in course["4548-4"]] == [Decimal(f"{7 + n / 10}") for n in range(5, -1, -1)]
    assert course["718-7"] == []


def test_the_course_has_one_point_a_day_in_the_organisations_zone(patient, now):
    day = now.replace(hour=16, minute=0)
    results = [
        result_of(f"Z{n}", value, loinc="718-7", unit="g/L", at=day + timedelta(hours=h))
        for n, (h, value) in enumerate([(-1, "100"), (0, "110"), (2, "130")])
    ]
    receive_facts(items=[facts_of(patient, now, observations=tuple(results))], by=BY, now=now)
    later = now + timedelta(days=2)
    first, second = series(patient, ("718-7",), now - timedelta(days=1), viewer=NURSE, now=later)["718-7"]
    assert (first.value, first.number, second.low, second.high, second.value) == (100, 1, 110, 130, 130)
    assert (second.on - first.on).days == 1


def test_what_a_patient_has(patient, now):
    (problem,) = problems(patient, viewer=NURSE, now=now)
    assert (problem.code, problem.times, problem.last_at) == ("E11.900", 6, now)
    assert [one.detail for one in allergies(patient, viewer=NURSE, now=now)] == ["皮疹"]
    assert len(medications(patient, viewer=NURSE, now=now)) == 6
    stays = encounters(patient, viewer=NURSE, now=now)
    assert [one.source_key for one in stays] == [f"V{n}" for n in range(6)]
    assert get_encounter(stays[0].id, viewer=NURSE, now=now) == stays[0]


def test_discharges_of_a_period_are_half_open(patient, now):
    day = timedelta(days=1)
    found = discharges(since=now - 30 * day, until=now, viewer=NURSE, now=now)
    assert [one.source_key for one in found] == ["V1"]


QUESTIONS = {
    "timeline": lambda p, **who: timeline(p, **who).entries,
    "latest": lambda p, **who: latest_values(p, **who),
    "series": lambda p, **who: series(p, ("4548-4",), who["now"] - timedelta(days=365), **who)["4548-4"],
    "encounters": lambda p, **who: encounters(p, **who),
    "problems": lambda p, **who: problems(p, **who),
    "medications": lambda p, **who: medications(p, **who),
    "allergies": lambda p, **who: allergies(p, **who),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_takes_two_statements_and_tells_a_stranger_nothing(patient, now, question):
    with CaptureQueriesContext(connection) as asked:
        assert QUESTIONS[question](patient, viewer=NURSE, now=now)
    assert len(asked) == 2
    with seen_by(STRANGER, now):
        assert not QUESTIONS[question](patient, viewer=STRANGER, now=now)


def test_the_database_alone_also_tells_a_stranger_nothing(patient, now):
    """Rights by row security only: asked in the stranger's name, as if the first wall had been forgotten."""
    with seen_by(STRANGER, now):
        assert [table.objects.count() for table in TABLES] == [0] * len(TABLES)


def test_single_things_of_others_are_not_found(patient, now):
    stay = encounters(patient, viewer=NURSE, now=now)[0].id
    report = models.Report.objects.values_list("id", flat=True).first()
    with seen_by(STRANGER, now):
        for question, one in ((get_encounter, stay), (get_report, report)):
            with pytest.raises(NotFound):
                question(one, viewer=STRANGER, now=now)


def test_linked_records_are_read_together(patient, now, owner):
    other = make_patient(by=BY, now=now)
    receive_facts(
        items=[facts_of(other, now, observations=(result_of("X", "9.9", at=now + timedelta(1)),))],
        by=BY,
        now=now,
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE patients_patient SET index_id = %s WHERE id = %s", [patient, other])
    for one in (patient, other):
        assert timeline(one, viewer=NURSE, now=now).entries[0].patient_id == other
        assert {v.value for v in latest_values(one, viewer=NURSE, now=now)} == {
            Decimal("9.9"),
            Decimal("120"),
        }


def test_facts_are_as_known_then(patient, now):
    assert ask("last_hba1c", [patient], now)[patient].value == Decimal("7.0")
    assert ask("last_hba1c", [patient], now - timedelta(days=1))[patient].value == Decimal("7.1")
    assert ask("last_hba1c", [patient], now - timedelta(days=9999)) == {}
    stay = encounters(patient, viewer=NURSE, now=now)[0]
    assert ask("last_discharge_at", [patient], now)[patient].evidence == str(stay.id)
    assert ask("last_visit_at", [patient], now)[patient].value == stay.started_at
    assert {"last_hba1c", "last_discharge_at"} <= facts().keys()


def test_an_age_is_counted_in_full_years_on_the_hospitals_day(patient, now):
    birthday = now.replace(year=2027, month=3, day=7, hour=16, minute=0)
    ages = [ask("age", [patient], at)[patient].value for at in (birthday - timedelta(seconds=1), birthday)]
    assert ages == [72, 73] and ask("label", [patient], now)[patient].value == 4


def test_a_page_asks_once_whose_facts_it_may_read(patient, now):
    mine = linked_ids(patient, viewer=NURSE, now=now)
    with CaptureQueriesContext(connection) as asked:
        assert all(question(patient, viewer=NURSE, now=now, among=mine) for question in QUESTIONS.values())
    assert len(asked) == len(QUESTIONS)


def test_a_late_correction_does_not_change_what_was_known(patient, now):
    fixed = result_of("O0", "8.8", at=now)
    receive_facts(
        items=[facts_of(patient, now + timedelta(hours=1), is_live=False, observations=(fixed,))],
        by=BY,
        now=now + timedelta(hours=1),
    )
    assert ask("last_hba1c", [patient], now)[patient].value == Decimal("7.0")
    assert ask("last_hba1c", [patient], now + timedelta(hours=2))[patient].value == Decimal("8.8")


def test_a_loaded_history_is_what_the_same_words_would_have_given(committed, owner, now):
    said, loaded = (make_patient(by=BY, now=now) for _ in range(2))
    receive_facts(items=list(_life(said, now)), by=BY, now=now)
    counted = load_facts(items=_life(loaded, now), into=owner, by=BY, now=now)
    assert counted["Observation"] == 12 and counted["Encounter"] == 6
    with seen_by(BY, now):
        mine, theirs = (
            [
                (e.kind, e.at, e.title, e.detail, e.status)
                for e in timeline(p, viewer=BY, now=now, limit=99).entries
            ]
            for p in (said, loaded)
        )
        assert sorted(mine) == sorted(theirs)
        values = [
            {v.code: (v.value, v.at) for v in latest_values(p, viewer=BY, now=now)} for p in (said, loaded)
        ]
        assert values[0] == values[1]
    assert receive_facts(items=list(_life(loaded, now)), by=BY, now=now) == 0


def test_nobody_else_sees_any_table_of_the_record(committed, owner, now):
    one = make_patient(by=BY, now=now)
    receive_facts(items=list(_life(one, now, visits=1)), by=BY, now=now)
    make_stay(patient_id=one, by=BY, now=now, number="V9")
    for table in TABLES:
        assert owner.execute(f"SELECT count(*) FROM {table._meta.db_table}").fetchone()[0] > 0
        assert table.objects.count() == 0
        with seen_by(system("test.record", OTHER), now):
            assert table.objects.count() == 0
