"""Measurements as they are printed: one JSON object a line, columns that stand below each other, honest loss."""

import json
import subprocess
import sys

import pytest

from benchmarks import running
from benchmarks.figures import Figure, percentile, table

FIGURE = Figure(
    work="hl7", size=2000, value=412.345, unit="applied/s", bound=5000.0, p95_ms=9.876, more={"lost": 0}
)


def test_a_figure_is_one_json_object_without_what_does_not_apply():
    told = json.loads(FIGURE.as_json())
    assert told == {
        "work": "hl7", "size": 2000, "value": 412, "unit": "applied/s", "bound": 5000, "ratio": 0.08,
        "p95_ms": 9.88, "lost": 0,
    }  # fmt: skip


def test_the_columns_of_the_table_stand_below_each_other():
    head, row = table([FIGURE])
    assert [row.index("412"), row.index("applied/s")] == [
        sum(2 if letter > "\u2e00" else 1 for letter in head[: head.index(word)]) for word in ("结果", "单位")
    ]


def test_the_percentile_is_one_of_the_values():
    assert (percentile([5, 1, 3], 0.5), percentile([5, 1, 3], 0.95), percentile([], 0.5)) == (3, 5, 0.0)


def test_an_unknown_work_is_refused_in_one_line():
    with pytest.raises(running.NoSuchWork, match="没有这项测量：fastest。可测：start、memory"):
        running.measure(["fastest"], None, as_json=True, fsync_ms=0)


def test_the_disk_is_probed_and_nothing_is_left(tmp_path):
    assert running.fsyncs(tmp_path) > 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lost, code", [(0, 0), (3, 1)])
def test_a_measurement_that_lost_something_fails(lost, code, monkeypatch, capsys):
    figure = Figure(work="hl7", size=1, value=1.0, unit="applied/s", more={"lost": lost})
    monkeypatch.setattr(running, "_figures", lambda *_: iter([figure]))
    monkeypatch.setattr(running, "fsyncs", lambda folder: 1000.0)
    assert running.measure(["hl7"], None, as_json=True, fsync_ms=0) == code
    machine, told = map(json.loads, capsys.readouterr().out.splitlines())
    assert machine["fdatasync_us"] == 1000.0 and told["lost"] == lost


def test_the_command_stands_beside_the_package():
    asked = subprocess.run(
        [sys.executable, "-m", "xinqiao.config.cli", "bench", "fastest"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 1 and asked.stderr.startswith("✗ 没有这项测量：fastest")
