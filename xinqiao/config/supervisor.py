"""`xinqiao run` (总控): keeps the database, web, worker and listener alive, and stops them together."""

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from xinqiao.kit.errors import Refused
from xinqiao.kit.postgres import Server

KILL_ME_WITH_MY_PARENT = 1  # Linux PR_SET_PDEATHSIG
LONGEST_PAUSE = 30.0


class AlreadyRunning(Refused):
    """这个数据目录上已有一个信桥在运行。"""


class PortTaken(Refused):
    """端口已被占用。"""


@dataclass
class Child:
    """One process of ours, started again when it dies (受监护进程)."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen | None = None
    deaths: int = 0
    start_at: float = 0.0


@dataclass
class Supervisor:
    """Everything that runs on one data folder (总控)."""

    home: Path
    server: Server | None
    children: list[Child] = field(default_factory=list)
    say: Callable[[str], None] = print
    stopping: bool = False
    _lock: IO | None = None

    def claim(self, about: dict[str, object]) -> None:
        """This function will make sure that nobody else runs on this data folder (独占数据目录)."""
        path = self.home / "run.json"
        self._lock = path.open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            other = json.loads(self._lock.read() or "{}")
            self._lock.close()
            raise AlreadyRunning(f"这个数据目录上已有一个信桥在运行：{other.get('address', '')}") from None
        self._lock.truncate(0)
        self._lock.write(json.dumps(about | {"pid": os.getpid()}))
        self._lock.flush()

    def start(self) -> None:
        """This function will start the database and every process (启动)."""
        (self.home / "logs").mkdir(exist_ok=True)
        if self.server:
            self.server.start()
        for child in self.children:
            self._spawn(child)

    def keep(self) -> None:
        """This function will watch until told to stop, starting again what died (监护)."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        looked = 0.0
        while not self.stopping:
            for child in self.children:
                if child.process and (code := child.process.poll()) is not None:
                    self._mourn(child, code)
                if child.process is None and time.monotonic() >= child.start_at:
                    self._spawn(child)
            if self.server and time.monotonic() - looked > 1:
                looked = time.monotonic()
                if not self.server.is_ready():
                    self.say("⚠ 数据库没有应答，正在重新启动…")
                    self.server.start()
            time.sleep(0.2)

    def stop(self) -> None:
        """This function will end every process, then the database; data stay (停止)."""
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        until = time.monotonic() + 10
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
            _end_family(process)
        if self.server:
            self.server.stop()
        self.release()

    def release(self) -> None:
        """This function will give the data folder free again (释放数据目录)."""
        if self._lock and not self._lock.closed:
            self._lock.truncate(0)
            self._lock.close()

    def _on_signal(self, *_: object) -> None:
        self.stopping = True

    def _spawn(self, child: Child) -> None:
        with (self.home / "logs" / f"{child.name}.log").open("ab") as log:
            child.process = subprocess.Popen(
                child.command, env=os.environ | child.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=_die_with_parent,
            )  # fmt: skip
        child.start_at = time.monotonic()

    def _mourn(self, child: Child, code: int) -> None:
        lived = time.monotonic() - child.start_at
        child.deaths = 0 if lived > 60 else child.deaths + 1
        pause = min(LONGEST_PAUSE, 0.2 * 2**child.deaths) if child.deaths > 1 else 0.0
        _end_family(child.process)
        self.say(f"⚠ {child.name} 已退出（{code}），正在重新启动…日志：logs/{child.name}.log")
        child.process, child.start_at = None, time.monotonic() + pause


def _end_family(process: subprocess.Popen | None) -> None:
    """A killed web server leaves its workers behind, which would keep the port: each child leads a group of its own."""
    if process is not None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def python(*arguments: str) -> list[str]:
    """This function will give the command line of our own program (自身命令)."""
    return [sys.executable, "-m", "xinqiao.config.cli", *arguments]


def demand_port(port: int, host: str = "127.0.0.1") -> None:
    """This function will refuse a port that somebody else listens on (检查端口)."""
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortTaken(f"端口 {port} 已被占用。请先停止占用它的程序，或用 --port 换一个端口。") from None


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(KILL_ME_WITH_MY_PARENT, signal.SIGTERM)
