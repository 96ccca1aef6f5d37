"""Where a measurement stands (测量场地): a data folder, a server and a database of its own, gone afterwards.

The folder lies inside the user's data folder, so on the same disk; his database, keys and logs are never touched.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from psycopg import Connection, sql

from xinqiao.config.installation import prepare_home, server
from xinqiao.config.supervisor import Child, Supervisor, python
from xinqiao.kit.database import OWNER, connect, create_database, drop_database
from xinqiao.kit.errors import Refused
from xinqiao.kit.postgres import SUPERUSER, Server

DATABASE, EMPTY = "xinqiao_bench", "xinqiao_bench_empty"
ROLES = {"web": "app", "worker": "worker", "listener": "worker"}
TOLD = 3  # lines of each log, when something went wrong
PATIENCE = 60.0  # seconds until a process must answer


class NoAnswer(Refused):
    """被测进程没有应答。"""


@dataclass
class Ground:
    """One installation of the measurement's own, with the processes it runs (场地)."""

    home: Path
    server: Server
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def connect(self, role: str = OWNER) -> Connection:
        """This function will open an autocommit connection to the database (连接)."""
        return connect(self.server, role, DATABASE)

    def emulate_fsync(self, milliseconds: float) -> None:
        """This function will make every commit wait as on a slower disk, from the next connection on (模拟慢盘)."""
        with connect(self.server, SUPERUSER, "postgres") as db:
            for name, value in (("commit_delay", int(milliseconds * 1000)), ("commit_siblings", 0)):
                alter = sql.SQL("ALTER DATABASE {} SET {} = {}")
                db.execute(alter.format(sql.Identifier(DATABASE), sql.Identifier(name), sql.Literal(value)))

    def run(self, name: str, *arguments: str) -> subprocess.Popen:
        """This function will run one of our own commands against this installation (启动进程)."""
        child = Child(name, python(name, *arguments), {"XINQIAO_ROLE": ROLES[name]})
        Supervisor(self.home, None, [child]).start()
        assert child.process
        self.processes[name] = child.process
        return child.process

    def tell(self) -> None:
        """This function will show the last lines of the processes' logs, which hold no patient's data (显示日志)."""
        for log in sorted((self.home / "logs").glob("*.log")):
            for line in log.read_text().splitlines()[-TOLD:]:
                print(f"{log.name}: {line}", file=sys.stderr)

    def stop(self, *names: str) -> None:
        """This function will end these processes, or all (停止进程)."""
        for name in names or list(self.processes):
            process = self.processes.pop(name)
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """This function will lay out the ground and clear it away, also after Ctrl-C, SIGTERM or a failure (布置场地).

    What a killed measurement left behind is cleared first. Not yet there: the database (`found`).
    """
    beside = prepare_home()
    _clear_leftovers(beside)
    before = os.environ.copy()
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"XINQIAO_HOME": str(beside / f"bench-{os.getpid()}"), "XINQIAO_DATABASE": DATABASE}
    handler = signal.signal(signal.SIGTERM, signal.default_int_handler)
    here = Ground(prepare_home(), server())
    try:
        yield here
    except Refused:
        here.tell()
        raise
    finally:
        signal.signal(signal.SIGTERM, handler)
        here.stop()
        _clear(here.home)
        os.environ.clear()
        os.environ.update(before)


def found() -> None:
    """This function will initialise the server, create the database and migrate it, as `xinqiao run` does (建库)."""
    from xinqiao.config.starting import django

    django("owner")
    from xinqiao.config.upgrading import upgrade

    list(upgrade())


def renew(ground: Ground) -> None:
    """This function will give the next work an empty database: a copy of the one as it was migrated (换新库)."""
    from django.db import connections

    connections.close_all()
    if not create_database(ground.server, EMPTY, template=DATABASE):
        drop_database(ground.server, DATABASE)
        create_database(ground.server, DATABASE, template=EMPTY)


def free_port() -> int:
    """This function will find a port nobody listens on (空闲端口)."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_web(port: int) -> None:
    """This function will wait for the first 200 of /healthz; raises NoAnswer (等待网页服务)."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.02)
    raise NoAnswer("网页服务没有应答。")


def wait_for_port(port: int) -> None:
    """This function will wait until somebody listens on a port; raises NoAnswer (等待端口)."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise NoAnswer("报文监听没有应答。")


def _clear_leftovers(beside: Path) -> None:
    for folder in beside.glob("bench-*"):
        number = folder.name.removeprefix("bench-")
        if number.isdigit() and not Path("/proc", number).exists():
            _clear(folder)


def _clear(folder: Path) -> None:
    for data in (*folder.glob("postgres/data"), *folder.glob("*/postgres/data")):
        left = Server(data.parent)
        left.stop()
        shutil.rmtree(left.socket, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
