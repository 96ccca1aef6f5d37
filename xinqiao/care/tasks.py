"""What care does by the clock (随访定时工作)."""

from datetime import datetime

from xinqiao.care.operations import advance_due
from xinqiao.care.queries import has_due_steps
from xinqiao.directory.queries import organisations
from xinqiao.kit.actor import system
from xinqiao.kit.rls import seen_by
from xinqiao.kit.schedule import every

ALL = system("care.run_due")


@every(1.0)
def run_due(now: datetime) -> int:
    """This function will move all steps whose time has come, one batch for each organisation (推进到期随访)."""
    moved = 0
    for organisation in list(organisations(ALL)):
        by = ALL.in_organisation(organisation.id)
        with seen_by(by, now):
            is_due = has_due_steps(viewer=by, now=now)
        moved += advance_due(by=by, now=now) if is_due else 0
    return moved
