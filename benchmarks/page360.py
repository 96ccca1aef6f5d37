"""`page360` (患者全景): one very ill patient among many, opened through the web server with login, row security, audit."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg import Connection

from xinqiao.kit.clock import now
from xinqiao.kit.ids import new_id, outside
from xinqiao.messaging.rules.sealing import seal_part
from xinqiao.record.operations import load_facts
from xinqiao.record.rules import CodeSaid, EncounterSaid, FactsSaid, ObservationSaid

from .browser import Browser
from .figures import Figure, percentile, timed
from .ground import Ground, free_port, wait_for_web
from .hospital import Hospital, load, open_hospital, open_stay

SIZE = 1000  # patients beside the one
OPENED = 200
BODY = "您好，请按预约时间复诊。"
ENCOUNTERS, RESULTS_EACH, MESSAGES = 1000, 20, 5000
TABS = ("overview", "timeline", "trends", "messages")
LABORATORY = tuple((f"{4000 + place}-{place % 10}", f"检验项目{place}") for place in range(RESULTS_EACH))
INTENTS = """
INSERT INTO messaging_intent (id, organisation_id, patient_id, template, template_version, kind, purpose, channel,
  business_key, expects, requested, lane, state, send_at, decision, failure, content_blind, body_sealed, values_sealed,
  attempt, fence, provider_id, created_at, sent_at)
SELECT t.id, %s, %s, 'followup_digits_sms', 1, 'service', 'care', 'sms', 'bench:' || n, '', false, 0, 'delivered',
  %s::timestamptz - n * interval '1 hour', '{}', '', '\\x00', t.body, t.sealed, 1, 1, '', %s::timestamptz - n * interval '1 hour',
  %s::timestamptz - n * interval '1 hour'
FROM unnest(%s::uuid[], %s::bytea[], %s::bytea[]) WITH ORDINALITY AS t (id, body, sealed, n)
"""
# the first page of what the panels show, asked by the owner, prepared
BARE = (
    "SELECT * FROM patients_patient WHERE id = %(id)s",
    "SELECT * FROM patients_identifier WHERE patient_id = %(id)s",
    "SELECT * FROM patients_contactpoint WHERE patient_id = %(id)s AND superseded_at IS NULL",
    "SELECT * FROM record_latestobservation WHERE patient_id = %(id)s",
    "SELECT * FROM record_encounter WHERE patient_id = %(id)s ORDER BY started_at DESC NULLS LAST LIMIT 8",
    "SELECT * FROM record_observation WHERE patient_id = %(id)s AND superseded_at IS NULL ORDER BY at DESC LIMIT 8",
    "SELECT * FROM messaging_intent WHERE patient_id = %(id)s ORDER BY created_at DESC LIMIT 8",
)


def measure(ground: Ground, size: int) -> Iterator[Figure]:
    """This function will open each tab of the heavy patient two hundred times (测患者全景)."""
    hospital = open_hospital(ground)
    light, heavy = load(ground, hospital, size + 1)[:2]
    with ground.connect() as owner:
        make_heavy(owner, hospital, heavy)
        bound = percentile(timed(partial(_bare, owner, heavy) for _ in range(OPENED)), 0.95)
    session, port = open_stay(hospital), free_port()
    ground.run("web", "--port", str(port))
    wait_for_web(port)
    browser = Browser(port, session)
    for tab in TABS:
        path = f"/patients/{outside('patient', heavy)}/{tab}"
        calls = [partial(browser.get, path)] * OPENED
        timed(calls[:20])
        waits = timed(calls)
        asked = {who: count_queries(session, one, tab) for who, one in (("heavy", heavy), ("light", light))}
        yield Figure(
            work=f"page360.{tab}", size=size, value=percentile(waits, 0.95), unit="ms p95", goal="≤ 150",
            bound=bound, p50_ms=percentile(waits, 0.5), p95_ms=percentile(waits, 0.95),
            more={f"queries_{who}": number for who, number in asked.items()},
        )  # fmt: skip


def make_heavy(owner: Connection, hospital: Hospital, patient_id: UUID) -> None:
    """This function will give one patient a thousand encounters, their results, and messages (重患者)."""
    at = now()
    load_facts(items=list(_past(patient_id, at)), into=owner, by=hospital.by, now=at)
    ids = [new_id(at - timedelta(hours=hour)) for hour in range(MESSAGES)]
    parts = [
        [seal_part(patient_id, each, part, text) for each in ids]
        for part, text in (("body", BODY), ("values", "{}"))
    ]
    owner.execute(INTENTS, [hospital.organisation_id, patient_id, at, at, at, ids, *parts])
    owner.execute("VACUUM ANALYZE")


def count_queries(session: str, patient_id: UUID, tab: str) -> int:
    """This function will count the statements of one page, asked in this process (语句数)."""
    client = Client()
    client.cookies["sessionid"] = session
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/patients/{outside('patient', patient_id)}/{tab}")
    assert answer.status_code == 200
    return len(asked)


def _past(patient_id: UUID, at: datetime) -> Iterator[FactsSaid]:
    for number in range(ENCOUNTERS):
        day = at - timedelta(days=number * 3 + 1)
        visit = EncounterSaid(
            f"B{number}", event="discharge", class_="outpatient", department_text="心血管内科",
            started_at=day, ended_at=day + timedelta(hours=1),
        )  # fmt: skip
        results = tuple(
            ObservationSaid(
                f"B{number}|{code}", CodeSaid(code, name, "LN", mapped=code), value=Decimal(number % 90 + place),
                unit="mmol/L", at=day,
            )
            for place, (code, name) in enumerate(LABORATORY)
        )  # fmt: skip
        yield FactsSaid(
            patient_id=patient_id, source="his", source_at=day, received_at=at, is_live=False, encounter=visit,
            observations=results,
        )  # fmt: skip


def _bare(owner: Connection, patient_id: UUID) -> None:
    for statement in BARE:
        owner.execute(statement, {"id": patient_id}, prepare=True).fetchall()
