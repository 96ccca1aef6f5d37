"""What may be asked of a patient in a rule (事实), defined once and in SQL only.

A fact is a relation (patients, as of) → (patient, value, evidence): one patient is asked by the same statement as a
million, and every answer can name the row that it comes from. Rooms enter theirs at import.
"""

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import connection

_known: dict[str, "Fact"] = {}
_discovered: set[str] = set()


@dataclass(frozen=True)
class Fact:
    """One thing that may be asked (一项事实); `kind` is one of the kinds of kit.conditions.

    `sql` reads from the relation `{patients}`, which has the column patient_id, and `%(as_of)s`; it gives the columns
    patient_id, value, evidence. A patient without an answer has no row.
    """

    name: str
    title: str
    kind: str
    sql: str
    parameters: dict = field(default_factory=dict, hash=False)

    def relation(self, patients: str, as_of: datetime) -> tuple[str, dict]:
        """This function will give the statement for a relation of patients, and its parameters (取关系)."""
        return self.sql.replace("{patients}", patients), self.parameters | {"as_of": as_of}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a fact is for one patient, and the row that says so (答案与依据)."""

    value: object
    evidence: str


def enter(*facts: Fact) -> None:
    """This function will make facts known; a name taken twice is an error (登记事实)."""
    for fact in facts:
        if fact.name in _known:
            raise ValueError(f"the fact {fact.name} is registered twice")
        _known[fact.name] = fact


def facts() -> dict[str, Fact]:
    """This function will give all facts of all rooms by name (全部事实)."""
    for config in apps.get_app_configs():
        name = f"{config.name}.facts"
        if config.name.startswith("xinqiao.") and name not in _discovered and importlib.util.find_spec(name):
            _discovered.add(name)
            importlib.import_module(name)
    return {name: _known[name] for name in sorted(_known)}


def ask(name: str, patients: Iterable[UUID], as_of: datetime) -> dict[UUID, Answer]:
    """This function will ask one fact of some patients, behind row security (询问事实)."""
    sql, parameters = facts()[name].relation("(SELECT unnest(%(patients)s::uuid[]) AS patient_id)", as_of)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters | {"patients": list(patients)})
        return {patient: Answer(value, str(evidence)) for patient, value, evidence in cursor}
