from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.intake.rules import CONFLICT, DUPLICATE, RECEIVED, Ledger, Result, is_live, name_of

SENT = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([b"1", b"2", b"3"])), max_size=30)


@given(SENT, st.booleans())
def test_any_mix_of_repeats_and_conflicts_gives_the_right_ledger(sent, reuses_ids):
    ledger = Ledger([], reuses_ids=reuses_ids)
    told = [ledger.enter(name, body, UUID(int=place)) for place, (name, body) in enumerate(sent)]
    for place, (pair, stored) in enumerate(zip(sent, told, strict=True)):
        earlier = sent[:place]
        if pair in earlier:
            assert stored.outcome == DUPLICATE
            assert stored.inbox_id == UUID(int=earlier.index(pair))
        elif not reuses_ids and pair[0] in [name for name, _ in earlier]:
            assert stored.outcome == CONFLICT
        else:
            assert stored.outcome == RECEIVED


def test_what_is_known_from_before_counts_as_sent():
    ledger = Ledger([("a", memoryview(b"1"), UUID(int=1))], reuses_ids=False)
    assert ledger.enter("a", b"1", UUID(int=2)).outcome == DUPLICATE
    assert ledger.enter("a", b"2", UUID(int=3)).outcome == CONFLICT


def test_a_message_without_a_usable_id_goes_by_its_body():
    assert name_of(" 17 ", b"\x01") == "17"
    assert {name_of(control_id, b"\x01") for control_id in ("", "  ", "\0", "9" * 201)} == {"01"}


def test_only_what_happened_after_going_live_is_live():
    go_live = datetime(2026, 11, 1, tzinfo=UTC)
    assert is_live(go_live, go_live)
    assert not is_live(go_live, go_live - timedelta(seconds=1))
    assert not is_live(None, go_live)


def test_a_result_is_a_settled_state():
    with pytest.raises(ValueError):
        Result(UUID(int=1), "received")
