"""Letting this very installation send, and naming the test numbers of one that may not (解锁与测试号码)."""

from datetime import datetime
from uuid import UUID

from xinqiao.accounts.queries import require
from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import Refused
from xinqiao.kit.ids import new_id
from xinqiao.messaging.models import Installation, SendingTestNumber
from xinqiao.messaging.queries import current_fingerprint
from xinqiao.messaging.rules.sealing import address_blind
from xinqiao.patients.rules.phones import read_contact


class NotReachable(Refused):
    """测试号码不对：请填写 11 位手机号或邮箱地址。"""


@operation
def unlock_installation(*, by: Actor, now: datetime) -> None:
    """This function will let this very installation send what its organisations have opened (解锁本机发送).

    A copy of the database, in another folder, under another name or with other secrets, starts locked again.
    """
    require(by, "sources.manage")
    found = {"fingerprint": current_fingerprint(viewer=by), "unlocked_at": now}
    Installation.objects.update_or_create(id=1, defaults=found)


@operation
def add_test_number(*, address: str, by: Actor, now: datetime, note: str = "") -> UUID:
    """This function will name a number or mailbox of ours that may be reached while sending is locked (登记测试号码)."""
    require(by, "sources.manage")
    kind, value, _ = read_contact(address)
    if kind not in ("mobile", "email"):
        raise NotReachable
    key = {"organisation_id": by.organisation_id, "address_blind": address_blind(by.organisation_id, value)}
    row, _ = SendingTestNumber.objects.get_or_create(
        **key, defaults={"id": new_id(now), "note": note, "created_at": now}
    )
    concerning(test_number_id=row.id)
    return row.id


@operation
def remove_test_number(*, test_number_id: UUID, by: Actor, now: datetime) -> None:
    """This function will take a number off the list of test numbers (撤销测试号码)."""
    require(by, "sources.manage")
    concerning(test_number_id=test_number_id)
    SendingTestNumber.objects.filter(id=test_number_id, organisation_id=by.organisation_id).delete()
