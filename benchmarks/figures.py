"""What a measurement says, and how it is shown (测量结果)."""

import dataclasses
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from time import perf_counter

HEAD = ("测量", "规模", "结果", "单位", "目标", "上限", "比值", "p50 ms", "p95 ms", "其他")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number (一项结果): `bound` is the bare work measured in the same run, `more` whatever else applies."""

    work: str
    size: int
    value: float
    unit: str
    goal: str = ""
    bound: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    more: dict[str, object] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return self.value / self.bound if self.bound else None

    def as_json(self) -> str:
        """This function will write the figure as one JSON object; what does not apply is left out (一行 JSON)."""
        told = {name: _rounded(each) for name, each in self._fields().items() if each not in (None, "")}
        return json.dumps(told | self.more, ensure_ascii=False)

    def as_row(self) -> list[str]:
        """This function will write the figure as the cells of a table's row (一行表格)."""
        cells = ["" if each is None else str(_rounded(each)) for each in self._fields().values()]
        return [*cells, " ".join(f"{name}={each}" for name, each in self.more.items())]

    def _fields(self) -> dict[str, object]:
        told = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        order = ("work", "size", "value", "unit", "goal", "bound")
        shown: dict[str, object] = {name: told[name] for name in order}
        return shown | {"ratio": self.ratio, "p50_ms": self.p50_ms, "p95_ms": self.p95_ms}


def table(figures: Iterable[Figure]) -> list[str]:
    """This function will lay figures out in columns; a Chinese character is two columns wide (排成表格)."""
    rows = [list(HEAD), *(figure.as_row() for figure in figures)]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    padded = ([c + " " * (w - _width(c)) for c, w in zip(row, widths, strict=True)] for row in rows)
    return ["  ".join(row).rstrip() for row in padded]


def percentile(values: Iterable[float], share: float) -> float:
    """This function will give the value that this share of all does not exceed, 0 of none (分位数)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def timed(calls: Iterable[Callable[[], object]]) -> list[float]:
    """This function will make the calls one after the other and give the milliseconds of each (逐次计时)."""
    return list(_milliseconds(calls))


def _milliseconds(calls: Iterable[Callable[[], object]]) -> Iterator[float]:
    for call in calls:
        started = perf_counter()
        call()
        yield (perf_counter() - started) * 1000


def _rounded(value: object) -> object:
    if not isinstance(value, float):
        return value
    return round(value) if abs(value) >= 100 else round(value, 2)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
