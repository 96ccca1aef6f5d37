import threading
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, connections

from xinqiao.kit import events
from xinqiao.kit.events import Event, deliver, publish, reaction, reactions_of
from xinqiao.kit.failpoints import Failpoint, arm

ORG = UUID(int=1)


@dataclass(frozen=True, kw_only=True)
class Happened(Event):
    thing_id: UUID
    others: tuple[UUID, ...] = ()


seen: list[tuple] = []
broken: set[str] = set()


@reaction(Happened)
def first(event, *, by, now):
    if "first" in broken:
        raise RuntimeError("13800005678")
    seen.append(("first", event, by.organisation_id))


@reaction(Happened)
def second(event, *, by, now):
    seen.append(("second", event, by.organisation_id))


@pytest.fixture(autouse=True)
def clean():
    seen.clear()
    broken.clear()
    yield
    arm("reaction.before_commit", None)


def test_each_reaction_takes_effect_once_and_gets_the_event_back_as_it_was(db, now):
    event = Happened(organisation_id=ORG, occurred_at=now, thing_id=UUID(int=5), others=(UUID(int=6),))
    publish(event, now=now)
    assert deliver(now=now) == 1
    assert seen == [("first", event, ORG), ("second", event, ORG)]
    assert deliver(now=now) == 0


def test_a_failing_reaction_is_tried_again_and_holds_up_nobody(db, now, caplog):
    broken.add("first")
    publish(Happened(organisation_id=ORG, occurred_at=now, thing_id=UUID(int=5)), now=now)
    deliver(now=now)
    assert [name for name, *_ in seen] == ["second"]
    assert events.backlog(now=now) == (0, 1)
    broken.clear()
    assert deliver(now=now + timedelta(seconds=4)) == 0
    assert deliver(now=now + timedelta(seconds=6)) == 1
    assert [name for name, *_ in seen] == ["second", "first"]


def test_an_event_of_a_rolled_back_transaction_is_never_told(committed, now):
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        publish(Happened(organisation_id=ORG, occurred_at=now, thing_id=UUID(int=5)), now=now)
        raise RuntimeError
    assert deliver(now=now) == 0


def test_a_reaction_that_dies_before_its_commit_leaves_no_mark(db, now):
    publish(Happened(organisation_id=ORG, occurred_at=now, thing_id=UUID(int=5)), now=now)
    arm("reaction.before_commit", "raise")
    deliver(now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kit_reactiondone")
        assert cursor.fetchone() == (0,)


def test_two_workers_never_share_an_event(committed, now):
    for number in range(40):
        publish(Happened(organisation_id=ORG, occurred_at=now, thing_id=UUID(int=number)), now=now)

    def work():
        while deliver(now=now, limit=5):
            pass
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 80 and len({(name, event.thing_id) for name, event, _ in seen}) == 80


def test_the_error_kept_with_an_event_names_no_patient(db, now):
    broken.add("first")
    publish(Happened(organisation_id=ORG, occurred_at=now, thing_id=UUID(int=5)), now=now)
    deliver(now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT error FROM kit_outbox")
        assert cursor.fetchone()[0].endswith("first: RuntimeError")


def test_reactions_are_known_by_room_and_name():
    assert [name for name, _ in reactions_of(Happened)] == ["kit.first", "kit.second"]
    assert issubclass(Failpoint, Exception)
