from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.record.rules import EncounterSaid
from xinqiao.record.rules.folding import Folded, Word, fold, happened, read, written
from xinqiao.record.rules.said import EVENTS
from xinqiao.record.rules.units import MEASURES, Canonical, canonical, concept, spell

START = datetime(2026, 11, 1, 8, tzinfo=UTC)
WORDS = st.lists(
    st.builds(
        Word,
        at=st.integers(0, 6).map(lambda hours: START + timedelta(hours=hours)),
        said=st.builds(
            EncounterSaid,
            source_key=st.just("V1"),
            event=st.sampled_from(EVENTS),
            class_=st.sampled_from(["", "inpatient"]),
            ward=st.sampled_from(["", "东一", "东二"]),
            ended_at=st.none() | st.just(START + timedelta(hours=3)),
            cleared=st.sets(st.sampled_from(["ward", "bed"])).map(frozenset),
        ),
    ),
    min_size=1,
    max_size=7,
)


def _word(hours, event, **said):
    return Word(START + timedelta(hours=hours), EncounterSaid("V1", event=event, class_="inpatient", **said))


@given(WORDS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(words, rng):
    shuffled = rng.sample(words, len(words))
    assert fold(shuffled) == fold(words) == fold([*words, *shuffled])


@given(WORDS)
def test_what_was_said_is_read_back_as_it_was_written(words):
    import json

    for word in words:
        assert read(json.loads(written(word.said))) == word.said


def test_a_discharge_that_comes_before_its_admission_ends_the_stay():
    state = fold([_word(48, "discharge"), _word(0, "admit", ward="东一")])
    assert (state.status, state.ward, state.started_at, state.ended_at) == (
        "finished", "东一", START, START + timedelta(hours=48),
    )  # fmt: skip


def test_a_late_update_does_not_overwrite_what_was_said_after_it():
    state = fold(
        [
            _word(0, "admit", ward="东一"),
            _word(5, "transfer", ward="东二"),
            _word(2, "update", ward="东一", bed="7"),
        ]
    )
    assert (state.ward, state.bed, state.status) == ("东二", "7", "in_progress")


def test_a_cancelled_discharge_opens_the_stay_again():
    words = [_word(0, "admit"), _word(48, "discharge", disposition="医嘱离院"), _word(49, "cancel_discharge")]
    state = fold(words)
    assert (state.status, state.ended_at, state.disposition) == ("in_progress", None, "")
    again = fold([*words, _word(72, "discharge")])
    assert (again.status, again.ended_at) == ("finished", START + timedelta(hours=72))


def test_a_cancelled_admission_stays_cancelled_whatever_is_updated():
    assert (
        fold([_word(0, "admit"), _word(1, "cancel_admission"), _word(2, "update", bed="3")]).status
        == "cancelled"
    )


def test_what_the_source_deletes_is_gone():
    assert fold([_word(0, "admit", ward="东一"), _word(1, "update", cleared=frozenset({"ward"}))]).ward == ""


def test_a_transfer_noted_after_the_discharge_does_not_reopen_it():
    assert (
        fold([_word(0, "admit"), _word(48, "discharge"), _word(50, "transfer", ward="东二")]).status
        == "finished"
    )


@pytest.mark.parametrize(
    ("was", "now", "names"),
    [
        (None, "in_progress", ("admitted",)),
        ("planned", "in_progress", ("admitted",)),
        ("in_progress", "finished", ("discharged",)),
        ("finished", "in_progress", ("discharge_cancelled",)),
        ("in_progress", "cancelled", ("admission_cancelled",)),
        ("finished", "cancelled", ("discharge_cancelled", "admission_cancelled")),
        ("finished", "finished", ()),
        (None, "planned", ()),
        ("planned", "cancelled", ()),
    ],
)
def test_a_stay_announces_what_changed(was, now, names):
    before = Folded(status=was, class_="inpatient") if was else None
    after = Folded(status=now, class_="inpatient")
    assert happened(before, after) == names
    assert happened(before, replace(after, class_="outpatient")) == ()


@pytest.mark.parametrize(
    ("loinc", "value", "unit", "expected"),
    [
        ("14749-6", "126", "mg/dL", ("6.9938", "mmol/L", "")),
        ("4548-4", "7.0", "%", ("7.0", "%", "")),
        ("59261-8", "53", "mmol/mol", ("6.9995", "%", "")),
        ("2160-0", "1.0", "mg/dL", ("88.4", "umol/L", "")),
        ("14682-9", "88", "μmol/L", ("88", "umol/L", "")),
        ("22748-8", "100", "mg/dl", ("2.586", "mmol/L", "")),
        ("14927-8", "150", "mg/dL", ("1.6936", "mmol/L", "")),
        ("30000-4", "3.4", "mg/mmol", ("30.056", "mg/g", "")),
        ("8480-6", "16", "kPa", ("120.3008", "mm[Hg]", "")),
        ("8310-5", "98.6", "℉", ("37", "Cel", "")),
        ("718-7", "13.2", "g/dL", ("132", "g/L", "")),
        ("8480-6", "39", "mmHg", (None, "", "implausible")),
        ("8480-6", "260", "mmHg", ("260", "mm[Hg]", "suspect")),
        ("14743-9", "126", "mmol/L", (None, "", "suspect")),
        ("14743-9", "5.6", "没见过", (None, "", "")),
        ("99999-9", "5.6", "mmol/L", (None, "", "")),
    ],
)
def test_values_are_converted_and_judged_as_the_handbook_says(loinc, value, unit, expected):
    value_text, unit_text, quality = expected
    assert canonical(loinc, Decimal(value), unit) == Canonical(
        Decimal(value_text) if value_text else None, unit_text, quality
    )


def test_a_value_known_only_by_a_bound_is_not_called_implausible():
    assert canonical("8867-4", Decimal("15"), "次/分", "<") == Canonical(Decimal("15"), "/min", "")


def test_the_same_analyte_is_asked_for_by_one_code():
    assert concept("2160-0", "CREA") == concept("14682-9", "Cr") == "14682-9"
    assert (concept("", "WBC"), concept("6690-2", "WBC")) == ("WBC", "6690-2")


def test_every_measure_has_a_unit_that_spells_itself():
    assert {m.unit for m in MEASURES.values()} == {spell(m.unit) for m in MEASURES.values()}
    assert all(spell(unit) == unit for m in MEASURES.values() for unit in m.units)
