"""What a metric comes to, and who is behind each number: the same relation for all (指标查询)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncWeek

from xinqiao.accounts.queries import require
from xinqiao.analytics.metrics import METRICS
from xinqiao.analytics.rules import COUNTED, NOT_DONE, Metric, Tally, tally
from xinqiao.directory.queries import department_names
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotAllowed, NotFound
from xinqiao.patients.queries import names
from xinqiao.worklist.queries import zone_of


@dataclass(frozen=True, slots=True)
class Part:
    """The same metric for one department; without a name for what has none (分科室)."""

    department_id: UUID | None
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Measured:
    """What a metric came to in a period (指标结果). `excluded` is by the words of each reason."""

    metric: Metric
    since: datetime
    until: datetime
    tally: Tally
    excluded: Mapping[str, int]
    departments: tuple[Part, ...]

    @property
    def rate(self) -> float | None:
        """This function will give the rate, none of nothing (比率)."""
        return self.tally.rate

    @property
    def enough(self) -> bool:
        """This function will say whether there are enough to judge by (样本是否足够)."""
        return self.tally.enough


@dataclass(frozen=True, slots=True)
class Behind:
    """One row behind a number (名单一行); the name is empty where the viewer may not read the patient."""

    id: UUID
    patient_id: UUID
    patient_name: str
    department: str
    at: datetime
    verdict: str
    word: str


def metrics(*, viewer: Actor) -> list[Metric]:
    """This function will list the metrics there are, with their formulas (指标目录)."""
    require(viewer, "metrics.read")
    return [metric for _, metric in METRICS]


def measure(
    code: str,
    *,
    since: datetime,
    until: datetime,
    viewer: Actor,
    now: datetime,
    department_id: UUID | None = None,
) -> Measured:
    """This function will count a metric over [since, until), whole and by department, in one statement (计算指标)."""
    metric, found = _rows(code, since, until, department_id, viewer, now)
    counts: dict[UUID | None, dict[str, int]] = defaultdict(dict)
    for row in found.order_by().values("department_id", "verdict").annotate(n=Count("id")):
        counts[row["department_id"]][row["verdict"]] = row["n"]
    whole = tally(_added(counts.values()))
    places = department_names([one for one in counts if one], viewer)
    parts = [Part(place, places.get(place, ""), tally(each)) for place, each in counts.items()]
    excluded = {
        words: whole.excluded[key] for key, words in metric.exclusions.items() if key in whole.excluded
    }
    return Measured(metric, since, until, whole, excluded, tuple(sorted(parts, key=lambda part: part.name)))


def list_behind(
    code: str, *, since: datetime, until: datetime, viewer: Actor, now: datetime, department_id: UUID | None = None,
    verdict: str = "", after: UUID | None = None, limit: int = 100,
) -> list[Behind]:  # fmt: skip
    """This function will list who is behind a number (指标名单), by id; `after` is the last of the page before.

    `verdict` is counted, not_done, a key of the metric's exclusions, or nothing for numerator and denominator.
    """
    metric, found = _rows(code, since, until, department_id, viewer, now)
    wanted = [verdict] if verdict else [COUNTED, NOT_DONE]
    found = found.filter(verdict__in=wanted).order_by("id")
    if after:
        found = found.filter(id__gt=after)
    rows = list(found.values_list("id", "patient_id", "department_id", metric.by, "verdict")[:limit])
    people = names({row[1] for row in rows}, viewer=viewer, now=now)
    places = department_names({row[2] for row in rows if row[2]}, viewer)
    words = {COUNTED: "已完成", NOT_DONE: "未完成"} | dict(metric.exclusions)
    return [
        Behind(id_, patient, people.get(patient, ""), places.get(place, ""), at, said, words[said])
        for id_, patient, place, at, said in rows
    ]


def trend(
    code: str,
    *,
    since: datetime,
    until: datetime,
    viewer: Actor,
    now: datetime,
    department_id: UUID | None = None,
) -> list[tuple[datetime, Tally]]:
    """This function will count a metric by week of the organisation's calendar, Mondays first (按周趋势)."""
    metric, found = _rows(code, since, until, department_id, viewer, now)
    week = TruncWeek(metric.by, tzinfo=zone_of(viewer=viewer))
    counts: dict[datetime, dict[str, int]] = defaultdict(dict)
    for row in found.order_by().annotate(week=week).values("week", "verdict").annotate(n=Count("id")):
        counts[row["week"]][row["verdict"]] = row["n"]
    return [(starts_at, tally(counts[starts_at])) for starts_at in sorted(counts)]


def _rows(
    code: str, since: datetime, until: datetime, department_id: UUID | None, viewer: Actor, now: datetime
) -> tuple[Metric, QuerySet]:
    """A head of department counts her own departments only."""
    metric = METRICS.find(code)
    if metric is None:
        raise NotFound("没有这个指标，请从指标目录里选择。")
    reach = require(viewer, "metrics.read").reach
    if reach != "organisation" and department_id and department_id not in viewer.department_ids:
        raise NotAllowed
    found = metric.rows(since=since, until=until, department_id=department_id, viewer=viewer, now=now)
    if reach != "organisation":
        found = found.filter(department_id__in=list(viewer.department_ids))
    return metric, found


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    whole: dict[str, int] = defaultdict(int)
    for each in counts:
        for verdict, n in each.items():
            whole[verdict] += n
    return whole
