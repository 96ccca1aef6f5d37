"""Nothing of the worklist is visible from outside its organisation (行级安全)."""

import pytest

from xinqiao.kit.actor import system
from xinqiao.kit.ids import new_id
from xinqiao.kit.rls import seen_by
from xinqiao.worklist.models import Attempt, Duty, Item, Notice
from xinqiao.worklist.operations import record_attempt, tell_duty
from xinqiao.worklist.testing import make_duty, make_item
from xinqiao.worklist.tests.conftest import build_ward


@pytest.mark.parametrize("table", [Item, Attempt, Duty, Notice])
def test_a_table_is_seen_by_its_organisation_only(committed, owner, now, table):
    ward = build_ward(now)
    make_duty(user_id=ward.head_id, role="duty_officer", by=ward.by, now=now)
    item = make_item(patient_id=ward.patient, by=ward.by, now=now, kind="alert", level=1)
    record_attempt(item_id=item, outcome="no_answer", by=ward.by, now=now)
    tell_duty(item_id=item, by=ward.by, now=now)
    assert owner.execute(f"SELECT count(*) FROM {table._meta.db_table}").fetchone()[0] == 1
    assert table.objects.count() == 0
    with seen_by(system("test", new_id(now)), now):
        assert table.objects.count() == 0
    with seen_by(ward.by, now):
        assert table.objects.count() == 1
