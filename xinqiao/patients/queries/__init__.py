"""All that is only asked of the index (患者主索引查询)."""

from xinqiao.patients.queries.cards import Contact, PatientCard, get_patient
from xinqiao.patients.queries.reaching import Reach, contact_for
from xinqiao.patients.queries.readable import (
    can_read,
    find_by_identifier,
    linked_ids,
    names,
    own_users,
    patients_of,
    readable_patients,
)
from xinqiao.patients.queries.searching import Hit, search

__all__ = [
    "Contact",
    "Hit",
    "PatientCard",
    "Reach",
    "can_read",
    "contact_for",
    "find_by_identifier",
    "get_patient",
    "linked_ids",
    "names",
    "own_users",
    "patients_of",
    "readable_patients",
    "search",
]
