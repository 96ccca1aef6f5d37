"""`hl7` (报文): from the hospital's socket to the record, durable and audited.

The client is this process; listener and worker are processes of the product. Every message is counted afterwards by
the tables' owner: what was acknowledged must be stored once, applied once and audited once.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from time import perf_counter, sleep

from psycopg import Connection

from xinqiao.kit.clock import now
from xinqiao.simulation.mllp import ACCEPTED, END, acknowledgement, framed
from xinqiao.simulation.stream import Message, Rates, stream

from .figures import Figure, percentile
from .ground import Ground, free_port, wait_for_port
from .hl7_bounds import bare_sql, parse_only
from .hospital import SEED, citizens, open_hospital, open_source

SIZE = 4000
CONNECTIONS = (8, 1)
PEOPLE = 6000
BUSY = Rates(outpatients=2400, admissions=300, garbage=0)
PATIENCE = 20.0  # seconds without progress
COUNTS = """
SELECT (SELECT count(*) FROM intake_inbox WHERE state = 'applied'),
  (SELECT count(*) FROM intake_inbox),
  (SELECT count(*) FROM patients_snapshot),
  (SELECT count(*) FROM record_observation WHERE superseded_at IS NULL),
  (SELECT coalesce(sum((content::json -> 'outcomes' ->> 'received')::int), 0) FROM audit_line
   WHERE action = 'intake.store_messages'),
  (SELECT coalesce(sum(n), 0) FROM (SELECT DISTINCT xid, (content::json -> 'outcomes' ->> 'applied')::int AS n
   FROM audit_line WHERE action = 'intake.settle') AS groups)
"""
OPEN = "SELECT count(*) FROM intake_inbox WHERE state = 'received'"


@dataclass(frozen=True, slots=True)
class Counted:
    """What the tables hold (清点): rows of the inbox, the index, the record, and what the audit says was done."""

    applied: int
    stored: int
    snapshots: int
    observations: int
    audited_in: int
    audited: int

    def __sub__(self, before: "Counted") -> "Counted":
        return Counted(*(getattr(self, name) - getattr(before, name) for name in self.__slots__))


def measure(ground: Ground, size: int) -> Iterator[Figure]:
    """This function will send `size` messages on eight connections, then as many on one (测报文)."""
    hospital = open_hospital(ground)
    open_source(hospital)
    messages = write_messages(size * len(CONNECTIONS))
    port = free_port()
    ground.run("listener", "--port", str(port))
    ground.run("worker")
    wait_for_port(port)
    parsed, bare = parse_only(messages[:size]), bare_sql(ground, messages[:size])
    yield Figure(work="hl7.parse_only", size=size, value=parsed, unit="messages/s")
    yield Figure(work="hl7.bare_sql", size=size, value=bare, unit="messages/s")
    with ground.connect() as owner:
        for place, connections in enumerate(CONNECTIONS):
            share = messages[place * size : (place + 1) * size]
            yield send_and_count(owner, share, port, connections, bare)


def write_messages(number: int) -> list[Message]:
    """This function will write what the hospital sends on its busiest days, in order of time (编写报文)."""
    people = list(citizens(PEOPLE))
    end = now()
    return list(islice(stream(SEED, people, end - timedelta(days=60), end, BUSY), number))


def send_and_count(
    owner: Connection, messages: Sequence[Message], port: int, connections: int, bound: float
) -> Figure:
    """This function will send, wait until all is applied, and count (发送并清点)."""
    before = _count(owner)
    started = perf_counter()
    waits = asyncio.run(_send(messages, port, connections))
    answered = perf_counter() - started
    _wait_until_applied(owner)
    took = perf_counter() - started
    got = _count(owner) - before
    return Figure(
        work="hl7", size=len(messages), value=got.applied / took, unit="applied/s", goal="≥ 300", bound=bound,
        p50_ms=percentile(waits, 0.5), p95_ms=percentile(waits, 0.95),
        more={
            "connections": connections, "acknowledged_per_s": round(len(waits) / answered), "sent": len(messages),
            "acknowledged": len(waits), "applied": got.applied, "audited": got.audited,
            "results": got.observations, "results_sent": results_in(messages),
            "lost": max(len(waits) - min(got.applied, got.snapshots, got.audited, got.audited_in), 0),
            "doubled": max(got.snapshots, got.stored, got.audited) - len(messages)
            if max(got.snapshots, got.stored, got.audited) > len(messages) else 0,
        },
    )  # fmt: skip


def results_in(messages: Sequence[Message]) -> int:
    """This function will count the results that messages carry, by their segments (结果条数)."""
    return sum(message.body.count(b"\rOBX|") for message in messages if message.kind == "ORU^R01")


def _count(owner: Connection) -> Counted:
    return Counted(*map(int, owner.execute(COUNTS).fetchone() or ()))


def _wait_until_applied(owner: Connection) -> None:
    left, since = -1, perf_counter()
    while still := owner.execute(OPEN).fetchone()[0]:
        if still != left:
            left, since = still, perf_counter()
        if perf_counter() - since > PATIENCE:
            return
        sleep(0.05)


async def _send(messages: Sequence[Message], port: int, connections: int) -> list[float]:
    """Each connection sends its share, waiting for every acknowledgement; the waits of those accepted, in ms."""
    shares = [messages[place::connections] for place in range(connections)]
    waits = await asyncio.gather(*(_send_all(share, port) for share in shares))
    return [wait for each in waits for wait in each]


async def _send_all(messages: Sequence[Message], port: int) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    waits = []
    for message in messages:
        started = perf_counter()
        writer.write(framed(message.body))
        answer = await reader.readuntil(END)
        if acknowledgement(answer) in ACCEPTED:
            waits.append((perf_counter() - started) * 1000)
    writer.close()
    return waits
