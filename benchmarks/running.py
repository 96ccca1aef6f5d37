"""Making the measurements one after the other, and printing them (逐项测量)."""

import importlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from xinqiao.kit.errors import Refused

from .figures import Figure, table
from .ground import Ground, found, ground, renew

WORKS = ("start", "memory", "search", "page360", "hl7")
BY_ITSELF = ("start",)  # makes the database that it measures
SECONDS = 0.5
BLOCK = 8192  # PostgreSQL's page, as pg_test_fsync writes it


class NoSuchWork(Refused):
    """没有这项测量。"""


def measure(names: list[str], size: int | None, *, as_json: bool, fsync_ms: float) -> int:
    """This function will make the measurements named, or all, and print each as soon as it is done (测量)."""
    if unknown := set(names) - set(WORKS):
        raise NoSuchWork(f"没有这项测量：{'、'.join(sorted(unknown))}。可测：{'、'.join(WORKS)}")
    figures = []
    with ground() as here:
        _say(_machine(here.home, fsync_ms), as_json)
        for figure in _figures(here, names or list(WORKS), size, fsync_ms):
            figures.append(figure)
            if as_json:
                print(figure.as_json(), flush=True)
            else:
                print(f"· {figure.work} {figure.value:.4g} {figure.unit}", file=sys.stderr, flush=True)
    if not as_json:
        print("\n".join(table(figures)))
    return 1 if any(figure.more.get("lost") or figure.more.get("doubled") for figure in figures) else 0


def _figures(here: Ground, names: list[str], size: int | None, fsync_ms: float) -> Iterator[Figure]:
    has_database = False
    for name in names:
        if name not in BY_ITSELF:
            if not has_database:
                found()
            has_database = True
            renew(here)
            here.emulate_fsync(fsync_ms)
        work = importlib.import_module(f"benchmarks.{name}")  # only now: the rooms want Django to stand
        yield from work.measure(here, size or work.SIZE)
        here.stop()


def _machine(folder: Path, fsync_ms: float) -> dict[str, object]:
    """What the figures depend on: how fast the disk says that it has written, cores, and how busy others are."""
    per_second = fsyncs(folder)
    return {
        "work": "machine", "fdatasync_per_s": round(per_second), "fdatasync_us": round(1e6 / per_second, 1),
        "emulated_fsync_ms": fsync_ms, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 2),
    }  # fmt: skip


def fsyncs(folder: Path) -> float:
    """This function will count how often a second 8 KiB can be written and synced, as pg_test_fsync does (同步写)."""
    path, block = folder / "fsync.probe", os.urandom(BLOCK)
    file = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        os.pwrite(file, block, 0)
        os.fsync(file)
        times, started = 0, perf_counter()
        while perf_counter() - started < SECONDS:
            os.pwrite(file, block, 0)
            os.fdatasync(file)
            times += 1
        return times / (perf_counter() - started)
    finally:
        os.close(file)
        path.unlink()


def _say(told: dict[str, object], as_json: bool) -> None:
    if as_json:
        print(json.dumps(told), flush=True)
        return
    emulated = f"，另模拟 {told['emulated_fsync_ms']:g} ms" if told["emulated_fsync_ms"] else ""
    print(
        f"8kB write + fdatasync  {told['fdatasync_per_s']} ops/sec  {told['fdatasync_us']} usecs/op{emulated}；"
        f"{told['cores']} 核，负载 {told['load']}",
        flush=True,
    )
