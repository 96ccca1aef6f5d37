"""The supervisor keeps its processes alive, stops them together, and shares its data folder with nobody."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from textwrap import dedent

import pytest

from xinqiao.config.installation import CLONE
from xinqiao.config.supervisor import AlreadyRunning, Child, PortTaken, Supervisor, demand_port

# Two processes: one that lives until it is told to end, one that dies at once, again and again.
HOUSEHOLD = """
    import sys
    from pathlib import Path
    from xinqiao.config.supervisor import Child, Supervisor
    home = Path(sys.argv[1])
    lives = f"import os, time; open('{home}/pids', 'a').write(f'{{os.getpid()}}\\\\n'); time.sleep(99)"
    dies = f"open('{home}/deaths', 'a').write('x')"
    supervisor = Supervisor(home, None, [
        Child("lives", [sys.executable, "-c", lives], {}), Child("dies", [sys.executable, "-c", dies], {}),
    ])
    supervisor.claim({"address": "http://here"})
    try:
        supervisor.start()
        supervisor.keep()
    finally:
        supervisor.stop()
"""


@contextmanager
def household(home):
    process = subprocess.Popen([sys.executable, "-c", dedent(HOUSEHOLD), str(home)], cwd=CLONE)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(15)


def pids(home, count: int, seconds: float = 10) -> list[int]:
    """Wait until so many processes have been born; give their ids."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        born = (home / "pids").read_text().split() if (home / "pids").exists() else []
        if len(born) >= count:
            return [int(each) for each in born]
        time.sleep(0.05)
    raise AssertionError(f"fewer than {count} processes were started")


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid: int, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not is_alive(pid)


def test_a_killed_child_is_started_again_at_once(tmp_path):
    with household(tmp_path):
        (first,) = pids(tmp_path, 1)
        os.kill(first, signal.SIGKILL)
        second = pids(tmp_path, 2, seconds=3)[1]
        assert is_alive(second)


def test_the_workers_of_a_killed_child_do_not_keep_its_port(tmp_path):
    """A child with a worker of its own, as the web server has: both ids are told, only the parent is killed."""
    parent = (
        "import os, subprocess, sys, time\n"
        "worker = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(99)'])\n"
        f"open('{tmp_path}/pids', 'a').write(f'{{os.getpid()}} {{worker.pid}}\\n'); time.sleep(99)"
    )
    supervisor = Supervisor(
        tmp_path, None, [Child("web", [sys.executable, "-c", parent], {})], say=lambda _: None
    )
    supervisor.start()
    try:
        first, worker = pids(tmp_path, 2)
        os.kill(first, signal.SIGKILL)
        supervisor.children[0].process.wait(10)
        supervisor._mourn(supervisor.children[0], -9)
        assert gone(worker)
    finally:
        supervisor.stop()


def test_a_child_that_dies_again_and_again_is_started_less_and_less(tmp_path):
    with household(tmp_path):
        pids(tmp_path, 1)
        time.sleep(3)
        assert 2 <= len((tmp_path / "deaths").read_text()) <= 5


def test_the_end_of_the_supervisor_is_the_end_of_its_children(tmp_path):
    with household(tmp_path) as process:
        (child,) = pids(tmp_path, 1)
        process.terminate()
        assert process.wait(15) == 0
        assert not is_alive(child)


def test_children_do_not_outlive_a_killed_supervisor(tmp_path):
    with household(tmp_path) as process:
        (child,) = pids(tmp_path, 1)
        process.kill()
        assert gone(child)


def test_the_data_folder_of_a_killed_supervisor_is_free_again(tmp_path):
    with household(tmp_path) as process:
        pids(tmp_path, 1)
        with pytest.raises(AlreadyRunning, match="http://here"):
            Supervisor(tmp_path, None).claim({"address": "http://there"})
        process.kill()
        process.wait(5)
        second = Supervisor(tmp_path, None)
        second.claim({"address": "http://there"})
        second.release()


def test_what_a_child_says_is_kept_in_its_log(tmp_path):
    supervisor = Supervisor(tmp_path, None, [Child("talks", [sys.executable, "-c", "print('said')"], {})])
    supervisor.start()
    supervisor.children[0].process.wait(10)
    supervisor.stop()
    assert (tmp_path / "logs" / "talks.log").read_text() == "said\n"


def test_a_port_in_use_is_refused_and_a_free_one_is_not():
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"端口 {port} 已被占用"):
            demand_port(port)
    demand_port(port)
