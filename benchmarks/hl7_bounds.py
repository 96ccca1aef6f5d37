"""What the same messages cost without a product (上限): the parser alone, and bare SQL that does the same durable work."""

import hashlib
from collections.abc import Sequence
from itertools import batched
from time import perf_counter
from zoneinfo import ZoneInfo

from xinqiao.gateways.hl7v2.read import read
from xinqiao.kit.clock import now
from xinqiao.simulation.stream import Message

from .ground import Ground

GROUP = 50  # messages in one transaction, as the worker applies them
TABLES = """
CREATE SCHEMA bare;
CREATE SEQUENCE bare.number;
CREATE TABLE bare.inbox (id bigint PRIMARY KEY, control_id text UNIQUE, body bytea, state text);
CREATE TABLE bare.patient (id bigint PRIMARY KEY, mrn text UNIQUE, name text, changed_at timestamptz);
CREATE TABLE bare.snapshot (id bigint PRIMARY KEY, patient_id bigint, body bytea);
CREATE TABLE bare.encounter (id bigint PRIMARY KEY, patient_id bigint, visit text UNIQUE, changed_at timestamptz);
CREATE TABLE bare.observation (id bigint PRIMARY KEY, patient_id bigint, key text UNIQUE, value text);
CREATE TABLE bare.outbox (id bigint PRIMARY KEY, patient_id bigint);
CREATE TABLE bare.audit (id bigint PRIMARY KEY, patient_id bigint, content text, digest bytea);
"""
ONE_STATEMENT = """
WITH patient AS (INSERT INTO bare.patient VALUES (nextval('bare.number'), %(mrn)s, %(name)s, now())
  ON CONFLICT (mrn) DO UPDATE SET name = excluded.name, changed_at = now() RETURNING id),
inbox AS (INSERT INTO bare.inbox VALUES (nextval('bare.number'), %(id)s, %(body)s, 'applied')),
snapshot AS (INSERT INTO bare.snapshot SELECT nextval('bare.number'), id, %(body)s FROM patient),
encounter AS (INSERT INTO bare.encounter SELECT nextval('bare.number'), id, %(visit)s, now() FROM patient
  ON CONFLICT (visit) DO UPDATE SET changed_at = now()),
observation AS (INSERT INTO bare.observation SELECT nextval('bare.number'), p.id, o.key, o.value
  FROM patient p, unnest(%(keys)s::text[], %(values)s::text[]) AS o (key, value)),
outbox AS (INSERT INTO bare.outbox SELECT nextval('bare.number'), id FROM patient)
INSERT INTO bare.audit SELECT nextval('bare.number'), id, %(id)s, %(digest)s FROM patient
"""
ZONE = ZoneInfo("Asia/Shanghai")


def parse_only(messages: Sequence[Message]) -> float:
    """This function will read messages and do nothing with them; messages a second (只解析)."""
    started = perf_counter()
    for message in messages:
        read(message.body, zone=ZONE)
    return len(messages) / (perf_counter() - started)


def bare_sql(ground: Ground, messages: Sequence[Message]) -> float:
    """This function will write what messages say by one statement each, in groups; messages a second (裸 SQL)."""
    rows = [_row(message) for message in messages]
    with ground.connect() as owner:
        owner.execute(TABLES)
        started = perf_counter()
        for group in batched(rows, GROUP):
            with owner.transaction(), owner.cursor() as cursor:
                cursor.executemany(ONE_STATEMENT, group)
        took = perf_counter() - started
        owner.execute("DROP SCHEMA bare CASCADE")
    return len(rows) / took


def _row(message: Message) -> dict[str, object]:
    said = read(message.body, zone=ZONE)[0]
    keys = [f"{message.control_id}|{place}" for place, _ in enumerate(said.observations)]
    return {
        "id": message.control_id,
        "body": message.body,
        "mrn": said.patient.identifiers[0].value,
        "name": said.patient.name,
        "visit": said.encounter.visit_number if said.encounter else message.control_id,
        "keys": keys,
        "values": [str(one.decimal) for one in said.observations],
        "digest": hashlib.sha256(message.body + str(now()).encode()).digest(),
    }
