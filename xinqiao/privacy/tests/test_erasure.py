"""After erasure nothing of a patient is found outside what the law keeps."""

from uuid import UUID

import pytest
from django.db import connection

from xinqiao.accounts.operations import create_phone_user
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.crypto import KeyDestroyed, keystore
from xinqiao.kit.errors import NotFound
from xinqiao.kit.holdings import KEEP, holdings
from xinqiao.kit.rls import seen_by
from xinqiao.patients.operations import grant_access, receive_demographics
from xinqiao.patients.queries import get_patient, search
from xinqiao.patients.rules.blinds import identifier_blind, phone_blind
from xinqiao.patients.rules.demographics import IdentifierSaid, KinSaid
from xinqiao.patients.testing import make_patient, said
from xinqiao.privacy.models import Erasure
from xinqiao.privacy.operations import erase_patient, erasing, give_consent, restrict_patient

ORG = UUID(int=1)
BY = system("test.privacy", ORG)
NURSE = Actor(kind="staff", organisation_id=ORG, user_id=UUID(int=3), roles=frozenset({"nurse"}))
NAME, PHONE, PAPER = "欧阳示踪", "13812340987", "11010519491231002X"
# A restricted record keeps these by law; an emptied one keeps its bare id in the last five.
RECORD = {"patients_patient", "patients_snapshot", "patients_identifier"}
PROOF = {"audit_line", "audit_listed", "privacy_consent", "privacy_erasure", "kit_outbox"}


@pytest.fixture
def marker(committed, now):
    identifiers = (IdentifierSaid("resident_id", PAPER), IdentifierSaid("mrn", "MARK-1"))
    patient = make_patient(
        by=BY, now=now, name=NAME, phone=PHONE, identifiers=identifiers, kin=(KinSaid(NAME, "女儿", PHONE),)
    )
    user = create_phone_user(organisation_id=ORG, phone=PHONE, by=BY, now=now)
    grant_access(patient_id=patient, relation="self", user_id=user, by=BY, now=now)
    give_consent(
        patient_id=patient,
        purpose="marketing",
        text_version="1",
        channel="paper",
        evidence=NAME,
        by=BY,
        now=now,
    )
    return patient


def hits(owner, patient) -> dict[str, set[str]]:
    """Every table of the owner's catalogue, every row as text, searched for all that tells who the marker is."""
    wanted = {"name": NAME, "phone": PHONE, "paper": PAPER, "uuid": str(patient), "pinyin": "ouyangshizong"}
    wanted["phone blind"] = phone_blind(ORG, PHONE).hex()
    wanted["paper blind"] = identifier_blind(ORG, PAPER).hex()
    tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    found = {}
    for (table,) in tables:
        rows = " ".join(row[0] for row in owner.execute(f'SELECT t::text FROM "{table}" t'))
        if said_there := {what for what, text in wanted.items() if text in rows}:
            found[table] = said_there
    return found


def test_the_search_itself_finds_the_marker_before(marker, owner):
    found = hits(owner, marker)
    assert found["patients_patient"] == {"name", "uuid", "pinyin"}
    assert "phone blind" in found["patients_contactpoint"] and "paper blind" in found["patients_identifier"]


def test_where_no_clinical_record_must_be_kept_only_bare_ids_remain(marker, owner, now):
    erase_patient(patient_id=marker, reason="本人申请", by=BY, now=now)
    found = hits(owner, marker)
    assert found.keys() <= {"patients_patient", *PROOF}
    assert set().union(*found.values()) == {"uuid"}
    with pytest.raises(KeyDestroyed):
        keystore().key(marker, create=False)
    assert (
        owner.execute("SELECT count(*) FROM accounts_user WHERE phone_blind IS NOT NULL").fetchone()[0] == 0
    )


def test_whoever_was_erased_and_comes_back_is_a_new_record(marker, now):
    erase_patient(patient_id=marker, reason="本人申请", by=BY, now=now)
    again = said(source_at=now, identifiers=(IdentifierSaid("mrn", "MARK-1"),))
    assert receive_demographics(items=[again], by=BY, now=now) != [marker]


def test_where_a_law_keeps_the_record_it_is_restricted_and_the_rest_goes(marker, owner, now, monkeypatch):
    monkeypatch.setattr(erasing, "ALWAYS_KEPT", ("audit", "privacy"))
    erase_patient(patient_id=marker, reason="本人申请", by=BY, now=now)
    found = hits(owner, marker)
    assert found.keys() <= RECORD | PROOF
    assert found["patients_patient"] == {"name", "uuid", "pinyin"}
    assert set().union(*(found.get(table, set()) for table in PROOF)) == {"uuid"}
    with seen_by(BY, now):
        assert Erasure.objects.get().outcome == "restricted"
        assert search(NAME, viewer=NURSE, now=now) == []
        with pytest.raises(NotFound):
            get_patient(marker, viewer=BY, now=now)
        assert get_patient(marker, viewer=system("privacy.court", ORG, purpose="legal"), now=now).name == NAME


def test_restriction_alone_deletes_nothing(marker, owner, now):
    before = hits(owner, marker)
    restrict_patient(patient_id=marker, by=BY, now=now)
    assert hits(owner, marker).keys() >= before.keys()
    with seen_by(BY, now), pytest.raises(NotFound):
        get_patient(marker, viewer=NURSE, now=now)


def test_a_stranger_erases_nobody(marker, now):
    stranger = Actor(kind="staff", organisation_id=ORG, user_id=UUID(int=4))
    with pytest.raises(NotFound):
        erase_patient(patient_id=marker, reason="", by=stranger, now=now)


def test_every_table_that_holds_patients_can_be_walked(committed, now):
    with seen_by(BY, now), connection.cursor() as cursor:
        for room, holding in holdings():
            if holding.subject is not None:
                column = erasing._column(room, holding)
                cursor.execute(
                    f"SELECT count(*) FROM {room}_{holding.model.lower()} WHERE {column} = %s", [BY.user_id]
                )
                assert holding.erase != KEEP or holding.legal
