"""Nothing is visible from outside the organisation; a link is nobody's until it is opened (行级安全)."""

import pytest

from xinqiao.kit.actor import system
from xinqiao.kit.ids import new_id
from xinqiao.kit.rls import seen_by
from xinqiao.questionnaires.models import Invitation, Response
from xinqiao.questionnaires.operations import save_draft
from xinqiao.questionnaires.testing import make_invitation, open_link
from xinqiao.questionnaires.tests.conftest import build_home


@pytest.mark.parametrize("table", [Invitation, Response])
def test_a_table_is_seen_by_its_organisation_only(committed, owner, now, table):
    home = build_home(now)
    invited = make_invitation(patient_id=home.patient, by=home.by, now=now)
    opened, by = open_link(invited.token, now=now, proof="002X")
    save_draft(
        invitation_id=opened.invitation_id, pass_key=opened.pass_key, answers={"pain": "2"}, by=by, now=now
    )
    assert owner.execute(f"SELECT count(*) FROM {table._meta.db_table}").fetchone()[0] == 1
    assert table.objects.count() == 0
    with seen_by(system("test", new_id(now)), now):
        assert table.objects.count() == 0
    with seen_by(home.by, now):
        assert table.objects.count() == 1
