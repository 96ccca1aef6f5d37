"""Small trend lines drawn on the server (迷你趋势图): attributes only, since the page's policy allows no inline style."""

from collections.abc import Sequence

Value = float | None


def _runs(points: Sequence[tuple[float, Value]]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    return [run for run in runs if run]


def draw_spark(
    values: Sequence[Value], *, low: Value = None, high: Value = None, width: int = 72, height: int = 20
) -> dict:
    """Return paths, band and last point of a trend (迷你趋势图); a missing value leaves a gap, nothing is smoothed."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return {}
    edges = known + [float(edge) for edge in (low, high) if edge is not None]
    bottom, span = min(edges), (max(edges) - min(edges)) or 1.0
    step = (width - 6) / max(len(values) - 1, 1)

    def lift(value: float) -> float:
        return round(height - 3 - (float(value) - bottom) / span * (height - 6), 1)

    runs = _runs([(round(3 + i * step, 1), None if v is None else lift(v)) for i, v in enumerate(values)])
    top_edge = lift(high) if high is not None else 0
    low_edge = lift(low) if low is not None else height
    return {
        "width": width,
        "height": height,
        "paths": [
            f"M{' L'.join(f'{x} {y}' for x, y in run)}" + ("h.1" if len(run) == 1 else "") for run in runs
        ],
        "band": (top_edge, round(low_edge - top_edge, 1)) if low is not None or high is not None else None,
        "last": runs[-1][-1],
        "is_over": (high is not None and known[-1] > high) or (low is not None and known[-1] < low),
    }
