"""From what was said to the row that is stored, one kind of fact after the other (成行)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import models

from xinqiao.kit.crypto import keystore, seal_with
from xinqiao.record.models import (
    Allergy,
    Condition,
    Immunization,
    Medication,
    Observation,
    Procedure,
    Report,
)
from xinqiao.record.operations.bulk import Row, Table
from xinqiao.record.rules.marks import fitting_key, version_of
from xinqiao.record.rules.said import TEXT, FactSaid, FactsSaid, ObservationSaid, ReportSaid
from xinqiao.record.rules.units import IMPLAUSIBLE, canonical, concept

INVALID = ("entered_in_error", "deleted", "wrong", "cancelled", "pending", "not_asked", "order_only")


@dataclass(frozen=True)
class Kind:
    """One kind of fact: where it is said, its table, and what its row has beyond the common columns (事实种类)."""

    said: str
    model: type[models.Model]
    more: Callable[[Any], Row]  # of the fact said, each kind its own

    @cached_property
    def table(self) -> Table:
        return Table(self.model)

    def row(self, item: FactsSaid, said: FactSaid, encounter_id: UUID | None) -> Row:
        """This function will make the row of one fact, without an id yet (一行事实)."""
        code = said.code
        return {
            "patient_id": item.patient_id,
            "encounter_id": encounter_id,
            "source": item.source,
            "source_key": fitting_key(said.source_key),
            "source_at": item.source_at,
            "received_at": item.received_at,
            "superseded_at": None,
            "version": version_of(said),
            "code_system": code.system,
            "code": code.code,
            "code_version": code.version,
            "display": code.display,
            "mapped_code": code.mapped,
            "concept": code.mapped or code.code,
            "status": said.status,
            "is_valid": said.status not in INVALID,
            "at": said.at or item.source_at,
            "is_live": item.is_live,
        } | self.more(said)

    def seal(self, rows: list[Row]) -> None:
        """This function will seal the text of reports with their patients' keys (封存报告正文)."""
        with_text = [row for row in rows if row.get("text_sealed")]
        keys = keystore().keys([row["patient_id"] for row in with_text]) if with_text else {}
        for row in with_text:
            row["text_sealed"] = seal_with(keys[row["patient_id"]], row["text_sealed"].encode(), TEXT)


def _plain(*names: str) -> Callable[[FactSaid], Row]:
    return lambda said: {name: getattr(said, name) for name in names}


def _result(said: ObservationSaid) -> Row:
    loinc = said.code.mapped
    found = canonical(loinc, said.value, said.unit, said.comparator)
    return {
        "loinc": loinc,
        "value_text": said.value_text.replace("\0", ""),
        "value": said.value,
        "comparator": said.comparator,
        "unit": said.unit,
        "canonical_value": found.value,
        "canonical_unit": found.unit,
        "quality": found.quality,
        "reference_range": said.reference_range,
        "flag": said.flag,
        "report_key": said.report_key,
        "concept": concept(loinc, said.code.code),
        "is_valid": said.status not in INVALID and found.quality != IMPLAUSIBLE,
    }


def _document(said: ReportSaid) -> Row:
    return {
        "title": said.title or said.code.display,
        "text_sealed": said.text or None,
        "issued_at": said.issued_at,
        "author_name": said.author_name,
    }


KINDS = (
    Kind("conditions", Condition, _plain("role", "onset_at")),
    Kind("observations", Observation, _result),
    Kind("reports", Report, _document),
    Kind("procedures", Procedure, _plain("performer_name")),
    Kind("medications", Medication, _plain("text", "days")),
    Kind("allergies", Allergy, _plain("kind", "severity", "reaction")),
    Kind("immunizations", Immunization, _plain("dose_number")),
)
