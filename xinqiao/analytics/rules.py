"""What a metric is, and when its number means something (指标)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

# Below this many a rate is shown as too small to judge by (◇).
ENOUGH = 30
COUNTED, NOT_DONE = "counted", "not_done"


@dataclass(frozen=True)
class Metric:
    """One number, defined once (指标): its formula in words, its source, and why some are not counted.

    `rows` gives the relation of a period in which each row has a `verdict`: counted (in numerator and denominator),
    not_done (in the denominator), or a key of `exclusions`. `by` is the column by which a row falls into a period.
    """

    code: str
    title: str
    unit: str
    formula: str
    source: str
    mark: str
    by: str
    exclusions: Mapping[str, str]
    rows: Callable


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were counted, of how many, and who was not (计数)."""

    numerator: int
    denominator: int
    excluded: Mapping[str, int]

    @property
    def rate(self) -> float | None:
        """This function will give the rate, none of nothing (比率)."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def enough(self) -> bool:
        """This function will say whether there are enough to judge by (样本是否足够)."""
        return self.denominator >= ENOUGH


def tally(counts: Mapping[str, int]) -> Tally:
    """Add up verdicts to numerator, denominator and exclusions (汇总)."""
    excluded = {verdict: n for verdict, n in counts.items() if verdict not in (COUNTED, NOT_DONE)}
    counted = counts.get(COUNTED, 0)
    return Tally(counted, counted + counts.get(NOT_DONE, 0), excluded)
