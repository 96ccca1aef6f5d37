"""Alerts that nobody answers climb the ladder by the clock (逐级上报)."""

from datetime import datetime

from xinqiao.directory.queries import organisations
from xinqiao.kit.actor import system
from xinqiao.kit.rls import seen_by
from xinqiao.kit.schedule import every
from xinqiao.worklist.operations import tell_duty
from xinqiao.worklist.queries import alerts_to_tell

ALL = system("worklist.climb_alerts")


@every(5.0)
def climb_alerts(now: datetime) -> int:
    """This function will tell whoever is next on duty of alerts not yet acknowledged, everywhere (逐级上报)."""
    told = 0
    for organisation in list(organisations(ALL)):
        by = ALL.in_organisation(organisation.id)
        with seen_by(by, now):
            waiting = alerts_to_tell(viewer=by, now=now)
        for item_id in waiting:
            told += len(tell_duty(item_id=item_id, by=by, now=now))
    return told
