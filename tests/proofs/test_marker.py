"""One marked patient goes through the whole house; then everything that is kept is searched for traces of her."""

import io
import json
import logging
from pathlib import Path

import pytest
from django.conf import settings

from tests.proofs.catalogue import held, tables
from tests.proofs.story import DAY, NAME, PAPER, PHONE, PID, PINYIN, PV1, whole_story
from xinqiao.accounts.tasks import sweep
from xinqiao.config.logs import Formatter
from xinqiao.gateways.hl7v2 import tasks
from xinqiao.kit.holdings import KEEP
from xinqiao.messaging.rules.sealing import address_blind
from xinqiao.patients.rules.blinds import identifier_blind, phone_blind
from xinqiao.privacy.operations import erase_patient

# Beside the column that leads to the patient: what stands in the clear, where, and why (house.md §7, Encryption).
CLEAR = {
    ("patients_patient", "name", "name"): "names stay clear for SQL, behind row security",
    ("patients_patient", "pinyin", "pinyin"): "found by it, behind row security",
    ("kit_outbox", "payload", "uuid"): "events carry ids only",
    ("audit_line", "content", "uuid"): "the line says whose record was touched",
}
# What may still be told of her after erasure, and by which law: the record itself, and the proofs of what was done.
IDS_ONLY = {"kit_outbox": "events carry ids only; no name, no number"}

# Rows that belong to a number and to no patient: a login code's text, a reply that nobody asked for. They are sealed
# with the installation's key, so erasure does not reach them; only the keyed index of her number tells of her.
NUMBERS_ONLY = {
    ("messaging_intent", "to_blind", "address blind"),
}


class Trace:
    """All the ways in which she may be recognised."""

    def __init__(self, hospital) -> None:
        uuid = hospital.patient
        self.words = {"name": NAME, "pinyin": PINYIN, "phone": PHONE, "paper": PAPER, "uuid": str(uuid)}
        self.blinds = {
            "phone blind": phone_blind(hospital.organisation, PHONE).hex(),
            "address blind": address_blind(hospital.organisation, PHONE).hex(),
            "paper blind": identifier_blind(hospital.organisation, PAPER).hex(),
        }

    def in_text(self, text: str) -> set[str]:
        """Plain, escaped as JSON does, as the bytes of a bytea, and without the hyphens of a uuid."""
        found = set()
        for what, word in self.words.items():
            forms = {word, json.dumps(word)[1:-1], word.encode().hex(), word.replace("-", "")}
            found |= {what} if any(form in text for form in forms) else set()
        return found

    def in_database(self, owner, blinds: bool = False) -> set[tuple[str, str, str]]:
        """Every (table, column, what) of the whole catalogue."""
        found = set()
        for table, columns in tables(owner).items():
            for column in columns:
                text = (
                    owner.execute(f'SELECT string_agg("{column}"::text, chr(10)) FROM {table}').fetchone()[0]
                    or ""
                )
                found |= {(table, column, what) for what in self.in_text(text)}
                found |= {
                    (table, column, what) for what, word in self.blinds.items() if blinds and word in text
                }
        return found


def undeclared(hits: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """What was found neither in the declared column of a declared table nor on the list above."""
    own = {(table, column, "uuid") for table, (_, column) in held().items()}
    return hits - own - CLEAR.keys()


@pytest.fixture
def logged():
    """All that is logged, as the house's own formatter writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Formatter())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def marked(capfd, logged, committed, provider, now):
    hospital = whole_story(provider, now)
    heard = capfd.readouterr()
    return hospital, Trace(hospital), heard.out + heard.err


def test_she_is_found_only_where_it_is_declared(marked, owner):
    _, trace, _ = marked
    hits = trace.in_database(owner)
    assert undeclared(hits) == set()
    assert CLEAR.keys() - hits == set(), "not found there any more: take it off the list"
    assert {table for table, _, _ in hits} >= {
        "care_step",
        "messaging_intent",
        "worklist_item",
        "record_encounter",
    }


def test_she_is_in_no_log_and_in_no_file(marked, logged):
    _, trace, heard = marked
    assert trace.in_text(heard + logged.getvalue()) == set()
    for file in Path(settings.HOME).rglob("*"):
        place = file.relative_to(settings.HOME).as_posix()
        if file.is_file() and not place.startswith(
            ("postgres/data/", "postgres/binaries-")
        ):  # the database itself
            assert trace.in_text(file.read_bytes().decode("utf-8", "replace")) == set(), place


def test_an_error_that_quotes_her_is_logged_without_her(marked, logged, now, monkeypatch):
    hospital, trace, _ = marked

    def refuse(*, items, by, now):
        raise RuntimeError(f"{NAME} {PHONE} {hospital.patient}")

    monkeypatch.setattr(tasks, "receive_facts", refuse)
    hospital.tell(now, ("ADT^A08", "20261201100000", PID + PV1))
    assert "RuntimeError" in logged.getvalue()
    assert trace.in_text(logged.getvalue()) == set()


def test_a_planted_name_in_a_log_is_found(marked, logged, capfd):
    logging.getLogger("xinqiao.proofs").error(NAME)
    assert marked[1].in_text(logged.getvalue()) == {"name"}
    print(PHONE)
    assert marked[1].in_text(capfd.readouterr().out) == {"phone"}


PLANTED = {
    "a table": "CREATE TABLE planted AS SELECT '{name}'::text AS note",
    "an array in another schema": "CREATE SCHEMA planted; CREATE TABLE planted.one AS SELECT ARRAY['{name}'] AS notes",
    "json": "CREATE TABLE planted AS SELECT jsonb_build_object('a', '{name}') AS note",
    "bytes": "CREATE TABLE planted AS SELECT convert_to('{name}', 'UTF8') AS note",
    "another column of a declared table": "UPDATE messaging_intent SET decision = jsonb_build_object('a', '{name}')",
}


def test_a_planted_trace_is_found_wherever_it_stands(marked, owner):
    _, trace, _ = marked
    for where, statement in PLANTED.items():
        try:
            owner.execute(statement.format(name=NAME))
            (hit,) = undeclared(trace.in_database(owner))
            assert hit[2] == "name", where
        finally:
            owner.execute("DROP TABLE IF EXISTS planted; DROP SCHEMA IF EXISTS planted CASCADE")


def test_after_erasure_she_is_found_only_where_a_law_keeps_her(marked, owner, now):
    hospital, trace, _ = marked
    legal = {
        table: holding.legal for table, (holding, _) in held().items() if holding.erase == KEEP
    } | IDS_ONLY
    later = now + 30 * DAY
    erase_patient(patient_id=hospital.patient, reason="本人申请", by=hospital.by, now=later)
    sweep(later)  # codes and attempts of the sign-in page live for days only
    hits = trace.in_database(owner, blinds=True)
    assert hits >= NUMBERS_ONLY, "erasure reaches them now: take them off the list"
    hits -= NUMBERS_ONLY
    assert {table for table, _, _ in hits} - legal.keys() == set()
    assert all(legal.values())
    told = {(table, what) for table, _, what in hits if what != "uuid"}
    assert told <= {
        ("patients_patient", "name"),
        ("patients_patient", "pinyin"),
        ("patients_identifier", "paper blind"),
    }
