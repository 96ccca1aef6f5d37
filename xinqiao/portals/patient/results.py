"""The newest results as the laboratory said them (最近结果): no judgement of ours is added."""

from django.utils.translation import gettext_lazy as _

from xinqiao.record.queries import Latest

SHOWN = 4
FLAGS = {"H": _("高于参考范围"), "HH": _("高于参考范围"), "L": _("低于参考范围"), "LL": _("低于参考范围")}


def newest(found: list[Latest]) -> list[dict]:
    """This function will give the latest few results with unit, range and the laboratory's mark (最近结果)."""
    latest = sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]
    return [
        {
            "title": one.display,
            "value": f"{one.comparator}{_plain(one)}",
            "unit": one.unit,
            "reference": one.reference_range,
            "flag": FLAGS.get(one.flag, ""),
            "at": one.at,
        }
        for one in latest
    ]


def _plain(one: Latest) -> str:
    return one.value_text if one.value is None else f"{one.value.normalize():f}"
