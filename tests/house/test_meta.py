"""Tables as Django knows them, installed ones and planted ones."""

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.house.meta import (
    declared,
    declared_in_vain,
    keys_astray,
    subjects_astray,
    undeclared,
    without_organisation,
)
from xinqiao.config.holdings import HOLDINGS as FROM_OUTSIDE
from xinqiao.kit.holdings import Holding, holdings


@pytest.fixture
def tables() -> list[type[models.Model]]:
    return apps.get_models(include_auto_created=True)


@pytest.fixture
def held() -> dict[str, Holding]:
    return declared([*holdings(), *(("config", each) for each in FROM_OUTSIDE)])


def test_every_table_declares_its_subject(tables, held) -> None:
    assert undeclared(tables, held) == []


def test_every_declaration_names_a_table_that_exists(tables, held) -> None:
    assert declared_in_vain(tables, held) == []


def test_every_subject_is_a_column_that_exists(tables, held) -> None:
    assert subjects_astray(tables, held) == []


def test_every_row_about_a_patient_names_its_organisation(tables, held) -> None:
    assert without_organisation(tables, held) == []


def test_keys_between_rooms_point_down_and_leave_no_name(tables) -> None:
    assert keys_astray(tables) == []


def test_a_planted_table_is_found_by_each_rule() -> None:
    note = _planted()["record.Note"]
    assert undeclared([note], {}) == [
        "record.Note declares no subject; add it to its room's holdings.py (or xinqiao/config/holdings.py)"
    ]
    kept = declared([("record", Holding(model="Note", subject="about_id", erase="delete"))])
    assert undeclared([note], kept) == []
    assert declared_in_vain([], kept) == ["record.note is declared, but there is no such table"]
    assert subjects_astray([note], kept) == []
    assert without_organisation([note], kept) == ["record.Note holds patients and has no organisation_id"]
    lost = declared([("record", Holding(model="record.Note", subject="owner_id", erase="delete"))])
    assert subjects_astray([note], lost) == ["record.Note names the subject owner_id, and has no such column"]


def test_a_path_to_the_patient_is_followed() -> None:
    reply = _planted()["record.Reply"]
    assert (
        subjects_astray(
            [reply], declared([("record", Holding(model="Reply", subject="note__about", erase="delete"))])
        )
        == []
    )
    astray = declared([("record", Holding(model="Reply", subject="note__owner", erase="delete"))])
    assert subjects_astray([reply], astray) == [
        "record.Reply names the subject note__owner, and has no such column"
    ]


def test_planted_keys_astray_are_found() -> None:
    planted = _planted()
    assert keys_astray([planted["patients.Patient"]]) == ["patients.Patient.last points up to record"]
    assert keys_astray([planted["record.Note"]]) == ['record.Note.about needs related_name="+"']
    assert keys_astray([planted["record.Reply"]]) == []


@isolate_apps()
def _planted() -> dict[str, type[models.Model]]:
    class Note(models.Model):
        about = models.ForeignKey("patients.Patient", models.PROTECT)

        class Meta:
            app_label = "record"

    class Reply(models.Model):
        note = models.ForeignKey(Note, models.CASCADE)

        class Meta:
            app_label = "record"

    class Patient(models.Model):
        last = models.ForeignKey(Note, models.PROTECT, related_name="+")

        class Meta:
            app_label = "patients"

    return {table._meta.label: table for table in (Note, Reply, Patient)}
