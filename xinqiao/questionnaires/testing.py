"""Forms sent out, and a link opened, for the tests of the rooms above (测试问卷)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from xinqiao.kit.actor import Actor, system
from xinqiao.kit.ids import new_id
from xinqiao.questionnaires.operations import invite, open_invitation
from xinqiao.questionnaires.operations.inviting import Invited, LinkOpened
from xinqiao.questionnaires.queries import link_actor

WELL_D1 = {
    "pain": "2",
    "temperature": "36.8",
    "bleeding": "none",
    "nausea": "none",
    "medicines": "all",
    "contact": "same",
    "symptoms": ["none"],
}
BIRTH = "19540308"
NOBODY = system("anonymous")


def make_invitation(*, patient_id: UUID, by: Actor, now: datetime, **more) -> Invited:
    """This function will send out the form of the first day; `more` as for `invite` (发出测试问卷)."""
    plain: dict[str, Any] = {
        "questionnaire": "dc_d1",
        "subject_id": new_id(now),
        "expires_at": now + timedelta(days=2),
    }
    return invite(patient_id=patient_id, by=by, now=now, **plain | more)


def open_link(token: str, *, now: datetime, proof: str = BIRTH, **more) -> tuple[LinkOpened, Actor]:
    """This function will open a link as a stranger with a proof does, and give (what he got, as whom) (打开链接)."""
    by = link_actor(token, viewer=NOBODY)
    return open_invitation(token=token, proof=proof, by=by, now=now, **more), by
