"""`memory` (内存): what the web processes hold after a fixed load."""

from collections.abc import Iterator
from pathlib import Path

from xinqiao.kit.ids import outside

from .browser import Browser, rush
from .figures import Figure
from .ground import Ground, free_port, wait_for_web
from .hospital import load, open_hospital, open_stay

SIZE = 2000  # requests
BROWSERS = 8
PATIENTS = 500
MIB = 1024


def measure(ground: Ground, size: int) -> Iterator[Figure]:
    """This function will open `size` pages from eight browsers and weigh the processes (测内存)."""
    hospital = open_hospital(ground)
    loaded = load(ground, hospital, PATIENTS)
    session, port = open_stay(hospital), free_port()
    web = ground.run("web", "--port", str(port))
    wait_for_web(port)
    cold = sum(resident(web.pid).values())
    paths = [f"/patients/{outside('patient', each)}" for each in loaded]
    walk = [paths[place % len(paths)] for place in range(size // BROWSERS)]
    seconds = rush([Browser(port, session) for _ in range(BROWSERS)], walk)
    weighed = resident(web.pid)
    shared = sum(_kib(each, "smaps_rollup", "Pss:") for each in weighed)
    yield Figure(
        work="memory.web", size=size, value=sum(weighed.values()) / MIB, unit="MiB RSS", goal="≤ 300",
        more={
            "processes": len(weighed), "before_mib": round(cold / MIB), "pss_mib": round(shared / MIB),
            "pages_per_s": round(size / seconds),
        },
    )  # fmt: skip


def resident(pid: int) -> dict[int, int]:
    """This function will give the KiB in memory of a process and all below it (常驻内存)."""
    found = {pid: _kib(pid, "status", "VmRSS:")}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found |= resident(int(child))
    return found


def _kib(pid: int, file: str, word: str) -> int:
    lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(word))
