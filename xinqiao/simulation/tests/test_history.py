"""Histories, laboratory values, stories and answers."""

from collections import Counter
from datetime import date, datetime, timedelta

from xinqiao.simulation import laboratory
from xinqiao.simulation.answers import reply
from xinqiao.simulation.cast import cast
from xinqiao.simulation.dice import CHINA, dice
from xinqiao.simulation.history import Allergy, Diagnosis, Encounter, Observation, history
from xinqiao.simulation.population import people
from xinqiao.simulation.stories import happens_now, home_readings, past

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=CHINA)
CROWD = list(people(1, 300, NOW.date()))
ROWS = [row for person in CROWD for row in history(1, person, NOW)]
CAST = cast(NOW.date())


def test_the_same_seed_gives_the_same_history():
    assert [row for person in CROWD for row in history(1, person, NOW)] == ROWS


def test_every_row_has_its_own_key_and_lies_in_the_past():
    keys = Counter((type(row), row.key) for row in ROWS)
    assert max(keys.values()) == 1
    assert all((row.ended_at or row.started_at) <= NOW for row in ROWS if isinstance(row, Encounter))
    assert all(row.at <= NOW for row in ROWS if not isinstance(row, Encounter))


def test_every_observation_is_possible_and_flagged_by_its_printed_range():
    observations = [row for row in ROWS if isinstance(row, Observation)]
    assert len(observations) > 5000
    for row in observations:
        each = laboratory.MEASURES[row.local]
        low, high = each.limits
        assert low <= float(row.value) <= high
        assert (row.loinc, row.unit) == (each.loinc, each.unit)
        assert (row.flag == "H") == (each.high is not None and float(row.value) > each.high)


def test_every_discharge_has_one_primary_diagnosis():
    primary = Counter(row.encounter for row in ROWS if isinstance(row, Diagnosis) and row.rank == "primary")
    stays = [row for row in ROWS if isinstance(row, Encounter) and row.kind == "inpatient"]
    assert len(stays) > 30
    assert all(primary[row.key] == 1 and row.ward and row.bed and row.attending for row in stays)


def test_nobody_lies_in_a_ward_that_has_no_place_for_the_illness():
    by_mrn = {each.mrn: each for each in CROWD}
    stays = [row for row in ROWS if isinstance(row, Encounter) and row.kind == "inpatient"]
    assert {by_mrn[row.mrn].organisation for row in stays} == {"jz1y", "anhe"}
    assert all(
        by_mrn[row.mrn].sex == "female" for row in stays if row.department in ("obstetrics", "gynaecology")
    )


def test_more_visits_a_year_make_more_rows():
    busy = sum(1 for person in CROWD[:50] for _ in history(1, person, NOW, visits_a_year=6))
    assert busy > 2 * sum(1 for person in CROWD[:50] for _ in history(1, person, NOW))


def test_a_diabetic_has_a_higher_hba1c_than_a_healthy_person():
    each = laboratory.MEASURES["HBA1C"]
    ill, well = CAST["li_guilan"], CAST["lin_xiaoyue"]
    random = dice(1, "test")
    means = [
        sum(float(laboratory.measure(random, who, each, 60).value) for _ in range(200)) / 200
        for who in (ill, well)
    ]
    assert means[0] > means[1] + 1


def test_a_reference_range_is_printed_as_reports_print_it():
    printed = [laboratory.reference(laboratory.MEASURES[code]) for code in ("K", "TG", "HDL", "WT")]
    assert printed == ["3.5-5.3", "<1.7", ">1.04", ""]


def test_li_guilan_is_allergic_to_penicillin():
    assert [row.substance for row in history(1, CAST["li_guilan"], NOW) if isinstance(row, Allergy)] == [
        "青霉素"
    ]


def test_zhao_jianmin_left_hospital_seven_days_ago():
    stay = next(row for row in past(CAST["zhao_jianmin"], NOW) if isinstance(row, Encounter))
    assert NOW - stay.ended_at == timedelta(days=7)


def test_the_pressure_of_a_drifting_patient_rises_at_home():
    rows = [row for row in home_readings(1, CAST["sun_defu"], NOW) if row.local == "SBP"]
    first, last = rows[:20], rows[-20:]
    assert sum(float(row.value) for row in last) - sum(float(row.value) for row in first) > 20 * 8
    assert not list(home_readings(1, CAST["zhou_min"], NOW))


def test_a_story_can_discharge_and_take_it_back_under_one_visit_number():
    rows = [
        happens_now(trigger, CAST["zhang_guoqiang"], NOW, "V77").body.decode() for trigger in ("A03", "A13")
    ]
    assert [row.split("\rPV1|")[1].split("\r")[0].split("|")[18] for row in rows] == ["V77", "V77"]
    assert "20261124093000" in rows[0].split("PV1")[1] and "ADT^A13" in rows[1]


def test_who_has_only_a_landline_does_not_answer_forms():
    random = dice(1, "answers")
    assert all(reply(random, CAST["li_guilan"], 72) is None for _ in range(50))


def test_dangerous_answers_are_rare_and_the_old_answer_less():
    random = dice(2, "answers")
    young = [reply(random, CAST["zhang_guoqiang"], 40) for _ in range(2000)]
    old = [reply(random, CAST["zhang_guoqiang"], 80) for _ in range(2000)]
    given = [each for each in young if each]
    assert len(given) > len([each for each in old if each]) > 500
    assert 0 < sum(each.dangerous for each in given) < len(given) * 0.04
    assert all(timedelta(0) < each.after <= timedelta(hours=120) for each in given)


def test_who_uses_a_relatives_phone_is_answered_for_by_the_family():
    random, boy = dice(3, "answers"), CAST["lu_yiming"]
    given = [each for each in (reply(random, boy, 4) for _ in range(100)) if each]
    assert given and {each.by for each in given} == {"family"}


def test_a_newborn_has_no_history_before_birth():
    baby = next(each for each in people(1, 4000, NOW.date()) if each.birth_on > date(2026, 9, 1))
    born = datetime(baby.birth_on.year, baby.birth_on.month, baby.birth_on.day, tzinfo=CHINA)
    assert all(
        row.started_at >= born
        for row in history(1, baby, NOW, visits_a_year=40)
        if isinstance(row, Encounter)
    )
