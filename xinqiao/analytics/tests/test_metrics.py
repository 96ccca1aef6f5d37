"""Each number equals SQL written by hand, and the list behind it is the same rows."""

from datetime import timedelta

import pytest

from xinqiao.analytics.models import KeptMeasure
from xinqiao.analytics.operations import keep_measure
from xinqiao.analytics.queries import list_behind, measure, metrics, trend
from xinqiao.care.operations import ack_alert, apply_life_event, publish_pathways, raise_alert
from xinqiao.care.operations.load import AnsweredStep, PastEnrolment, load_history
from xinqiao.directory.testing import make_department, make_organisation, make_staff
from xinqiao.kit.actor import system
from xinqiao.kit.errors import NotAllowed, NotFound
from xinqiao.kit.ids import new_id
from xinqiao.kit.rls import seen_by
from xinqiao.patients.testing import make_patient

DAY = timedelta(days=1)
CODE = "follow_up_completion"
BY_HAND = """
SELECT s.department_id,
  count(*) FILTER (WHERE s.state = 'done' AND s.completed_at < s.close_at) AS numerator,
  count(*) FILTER (WHERE s.state = 'done' OR s.reason IN ('', 'lost') AND e.state <> 'paused') AS denominator,
  count(*) FILTER (WHERE s.state <> 'done' AND s.reason = 'died') AS died,
  count(*) FILTER (WHERE s.state <> 'done' AND e.state = 'paused') AS paused
FROM care_step s JOIN care_enrolment e ON e.id = s.enrolment_id
WHERE s.organisation_id = %s AND s.due_at >= %s AND s.due_at < %s AND s.due_at <= %s
  AND e.ended_by <> 'discharge_cancelled'
  AND NOT (s.close_at > %s AND s.state IN ('planned', 'due', 'in_progress') AND e.state <> 'paused')
GROUP BY 1
"""


@pytest.fixture
def hospital(committed, now, owner, rng):
    organisation = make_organisation(now=now)
    by = system("test", organisation)
    wards = [
        make_department(organisation, now=now),
        make_department(organisation, code="0401", name="普外科", now=now),
    ]
    publish_pathways(by=by, now=now)
    patients = [make_patient(by=by, now=now, phone=f"138{n:08d}") for n in range(60)]
    rows = [
        past(patient, wards[n % 2], now - (8 if n < 20 else rng.randrange(1, 60)) * DAY, rng, n < 20)
        for n, patient in enumerate(patients)
    ]
    load_history(rows=rows, connection=owner, by=by, now=now)
    owner.commit()
    for patient, event in zip(
        patients[:12], ["died", "refused", "discharge_cancelled", "lost"] * 3, strict=True
    ):
        stay = next(row.encounter_id for row in rows if row.patient_id == patient)
        apply_life_event(patient_id=patient, event=event, encounter_id=stay, by=by, now=now)
    for patient in patients[12:20]:
        apply_life_event(patient_id=patient, event="readmitted", encounter_id=new_id(now), by=by, now=now)
    _, manager = make_staff("manager", organisation_id=organisation, now=now)
    _, head = make_staff("head", organisation_id=organisation, department_id=wards[0], now=now)
    _, nurse = make_staff("nurse", organisation_id=organisation, department_id=wards[0], now=now)
    return organisation, wards, manager, head, nurse, patients, by


def past(patient, ward, discharged_at, rng, is_silent) -> PastEnrolment:
    """One followed discharge; who is silent has answered nothing since the first day."""
    answered = {
        code: AnsweredStep(discharged_at + days * DAY + rng.random() * 2 * DAY, new_id(discharged_at), "self")
        for code, days in (("dc.d1", 0.9), ("dc.d3", 3), ("dc.d7", 7), ("dc.d30", 29))
        if rng.random() < 0.7 and (code == "dc.d1" or not is_silent)
    }
    return PastEnrolment(patient, new_id(discharged_at), discharged_at, department_id=ward, answered=answered)


def seen(viewer, now, code=CODE, **more):
    with seen_by(viewer, now):
        return measure(code, since=now - 40 * DAY, until=now + 5 * DAY, viewer=viewer, now=now, **more)


def test_the_completion_rate_equals_sql_by_hand_whole_and_by_department(hospital, now, owner):
    organisation, _, manager, *_ = hospital
    counted = seen(manager, now)
    by_hand = {
        row[0]: row[1:]
        for row in owner.execute(BY_HAND, [organisation, now - 40 * DAY, now + 5 * DAY, now, now]).fetchall()
    }
    assert len(by_hand) == 2 and counted.enough
    for part in counted.departments:
        numerator, denominator, died, _ = by_hand[part.department_id]
        assert (part.tally.numerator, part.tally.denominator) == (numerator, denominator)
        assert part.tally.excluded.get("died", 0) == died
    assert counted.tally.denominator == sum(row[1] for row in by_hand.values())
    assert counted.excluded["再次入院，随访暂停"] == sum(row[3] for row in by_hand.values())
    assert 0 < counted.rate < 1 and counted.excluded["应做日未到"] > 0


def test_the_list_behind_each_number_has_its_very_rows(hospital, now):
    *_, manager, _, _, _, _ = hospital
    counted = seen(manager, now)
    period = {"since": now - 40 * DAY, "until": now + 5 * DAY, "viewer": manager, "now": now, "limit": 1000}
    with seen_by(manager, now):
        both = list_behind(CODE, **period)
        done = list_behind(CODE, verdict="counted", **period)
        died = list_behind(CODE, verdict="died", **period)
        page = list_behind(CODE, **period | {"limit": 10})
        rest = list_behind(CODE, after=page[-1].id, **period)
    assert (len(both), len(done)) == (counted.tally.denominator, counted.tally.numerator)
    assert len(died) == counted.tally.excluded["died"]
    assert {row.id for row in done} < {row.id for row in both}
    assert [*page, *rest] == both
    assert {row.word for row in both} == {"已完成", "未完成"} and both[0].patient_name == "李桂兰"


def test_the_weeks_of_the_trend_add_up_to_the_whole(hospital, now):
    manager = hospital[2]
    with seen_by(manager, now):
        weeks = trend(CODE, since=now - 40 * DAY, until=now + 5 * DAY, viewer=manager, now=now)
    counted = seen(manager, now).tally
    assert sum(each.denominator for _, each in weeks) == counted.denominator
    assert {starts_at.weekday() for starts_at, _ in weeks} == {0} and len(weeks) > 4


def test_a_head_counts_her_own_department_and_a_nurse_none(hospital, now):
    _, wards, manager, head, nurse, *_ = hospital
    assert seen(head, now).tally == seen(manager, now, department_id=wards[0]).tally
    with pytest.raises(NotAllowed):
        seen(head, now, department_id=wards[1])
    with pytest.raises(NotAllowed):
        seen(nurse, now)
    with pytest.raises(NotFound):
        seen(manager, now, code="no_such_metric")


def test_another_organisation_counts_nothing_of_ours(hospital, now):
    other = make_organisation(now=now, code="other", name="安禾妇儿医院")
    _, stranger = make_staff("manager", organisation_id=other, now=now)
    assert seen(stranger, now).tally.denominator == 0


def test_a_number_is_kept_as_it_was_reported(hospital, now):
    manager = hospital[2]
    kept = keep_measure(code=CODE, since=now - 40 * DAY, until=now, by=manager, now=now)
    with seen_by(manager, now):
        row = KeptMeasure.objects.get(id=kept)
        again = measure(CODE, since=now - 40 * DAY, until=now, viewer=manager, now=now).tally
    assert (row.numerator, row.denominator, row.excluded) == (
        again.numerator,
        again.denominator,
        again.excluded,
    )


def test_alerts_taken_up_in_time_are_counted_against_all_that_were_due(hospital, now):
    *_, manager, _, _, patients, by = hospital
    ids = [
        raise_alert(
            patient_id=patient, level=1, code="answers:dc_d1", subject_id=new_id(now), evidence=new_id(now), by=by,
            now=now,
        )
        for patient in patients[30:34]
    ]  # fmt: skip
    ack_alert(alert_id=ids[0], by=by, now=now + timedelta(minutes=10))
    ack_alert(alert_id=ids[1], by=by, now=now + timedelta(minutes=16))
    counted = seen(manager, now + timedelta(minutes=14), code="alert_response")
    assert (counted.tally.numerator, counted.tally.denominator) == (1, 2)
    later = seen(manager, now + timedelta(minutes=16), code="alert_response")
    assert (later.tally.numerator, later.tally.denominator, later.enough) == (1, 4, False)
    with seen_by(manager, now):
        assert [metric.title for metric in metrics(viewer=manager)] == ["预警响应达标率", "随访完成率"]
