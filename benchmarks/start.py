"""`start` (启动): from the command to the first page that answers, on an empty data folder and again."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from xinqiao.config.supervisor import python
from xinqiao.kit.postgres import Server

from .figures import Figure
from .ground import Ground, free_port, wait_for_web

SIZE = 3  # warm starts, of which the middle one counts


def measure(ground: Ground, size: int) -> Iterator[Figure]:
    """This function will start an installation of its own: first with initdb and every migration, then warm (测启动)."""
    home = ground.home / "start"
    try:
        yield Figure(work="start.first", size=1, value=_start(home), unit="s", goal="≤ 15")
        warm = sorted(_start(home) for _ in range(size))
        yield Figure(work="start.warm", size=size, value=warm[len(warm) // 2], unit="s", goal="≤ 3")
    finally:
        Server(home / "postgres").stop()


def _start(home: Path) -> float:
    web, mllp = free_port(), free_port()
    said = (home.parent / "start.log").open("ab")
    started = perf_counter()
    run = subprocess.Popen(
        python("run", "--port", str(web), "--mllp-port", str(mllp)), stdin=subprocess.DEVNULL, stdout=said,
        stderr=said, env=os.environ | {"XINQIAO_HOME": str(home), "XINQIAO_DATABASE": "xinqiao"},
        start_new_session=True,
    )  # fmt: skip
    try:
        wait_for_web(web)
        return perf_counter() - started
    finally:
        run.send_signal(signal.SIGTERM)
        run.wait(30)
        said.close()
