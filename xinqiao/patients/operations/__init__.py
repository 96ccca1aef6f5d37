"""All that changes the index (患者主索引操作)."""

from xinqiao.patients.operations.accesses import OneGrantee, OnlyHimself, end_access, grant_access
from xinqiao.patients.operations.contacts import UnknownState, mark_contact, prefer_contact
from xinqiao.patients.operations.entering import Entered, enter_by_phone, grant_by_number
from xinqiao.patients.operations.load import load_patients
from xinqiao.patients.operations.receiving import NoIdentifier, receive_demographics
from xinqiao.patients.operations.registering import (
    DeathImpossible,
    correct_demographics,
    record_death,
    register_patient,
    set_informed,
    set_label,
)
from xinqiao.patients.operations.restricting import blank_record, reopen_record, restrict_record

__all__ = [
    "DeathImpossible",
    "Entered",
    "NoIdentifier",
    "OneGrantee",
    "OnlyHimself",
    "UnknownState",
    "blank_record",
    "correct_demographics",
    "end_access",
    "enter_by_phone",
    "grant_access",
    "grant_by_number",
    "load_patients",
    "mark_contact",
    "prefer_contact",
    "receive_demographics",
    "record_death",
    "register_patient",
    "reopen_record",
    "restrict_record",
    "set_informed",
    "set_label",
]
