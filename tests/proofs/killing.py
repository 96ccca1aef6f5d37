"""A private installation under load, and the hand that kills its processes (受试安装)."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg

from tests.contracts.conftest import CALLBACK, registered
from xinqiao.config.installation import CLONE
from xinqiao.kit import crypto
from xinqiao.kit.database import OWNER, connect
from xinqiao.kit.postgres import Server
from xinqiao.simulation.mllp import acknowledgement, framed
from xinqiao.simulation.sms_provider import Plan, SmsProvider

TUESDAY = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
ADMITTED = "MSH|^~\\&|HIS|JZ|X|X|20261118100000||ADT^A01|A{n}|P|2.5\rEVN|A01|20261118100000\r"
WENT_HOME = "MSH|^~\\&|HIS|JZ|X|X|20261123100000||ADT^A03|D{n}|P|2.5\rEVN|A03|20261123100000\r"
PID = "PID|1||K{n}^^^HIS^MR||李^桂兰||19540308|F|||||{phone}\rPV1|1|I|XN1^^12||||||||||||||||V{n}\r"
WELL = ("sent", "delivered")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Sender(threading.Thread):
    """A hospital's system that sends each message again, byte for byte, until it is acknowledged."""

    def __init__(self, port: int, first: int, pause: float) -> None:
        super().__init__(daemon=True)
        self.port, self.first, self.pause = port, first, pause
        self.acknowledged: list[str] = []
        self.enough = threading.Event()

    def run(self) -> None:
        for number in count(self.first):
            if self.enough.is_set():
                return
            for kind, head in (("A", ADMITTED), ("D", WENT_HOME)):
                body = (head + PID).format(n=number, phone=phone_of(number)).encode()
                while not self._told(body):
                    time.sleep(0.1)
                self.acknowledged.append(f"{kind}{number}")
            time.sleep(self.pause)

    def _told(self, body: bytes) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as line:
                line.sendall(framed(body))
                heard = b""
                while b"\x1c" not in heard:
                    got = line.recv(4096)
                    if not got:
                        return False
                    heard += got
                return acknowledgement(heard) == b"AA"
        except OSError:
            return False


def phone_of(number: int) -> str:
    return f"139{number:08d}"


class Installation:
    """Everything that `xinqiao run` starts, on a data folder of its own, with the simulated provider."""

    def __init__(self, home: Path) -> None:
        self.home, self.server = home, None
        self.shift = TUESDAY - datetime.now(UTC)
        self.provider = SmsProvider(
            secrets={"key-id": "key-secret"}, signs={"江州一院"}, templates=registered(), plan=Plan(failed=0),
            clock=lambda: datetime.now(UTC) + self.shift,
        )  # fmt: skip
        self.web, self.mllp, self.kills = 0, 0, Counter()
        self.process: subprocess.Popen | None = None

    def prepare(self, *more: str) -> None:
        """Make the data folder, the database, and a hospital in it."""
        self.provider.start()
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "clock.json").write_text(json.dumps({"shift_seconds": self.shift.total_seconds()}))
        self._ask("xinqiao.config.cli", "upgrade")
        account = {
            "access_key_id": "key-id", "access_key_secret": "key-secret", "endpoint": self.provider.address,
            "templates": {each.code.removeprefix("SMS_"): each.code for each in registered()},
            "callback_token": CALLBACK, "timeout": 2,
        }  # fmt: skip
        (self.home / "secrets" / "sms.json").write_text(json.dumps(account))
        self.server = Server(self.home / "postgres")
        with self.at_home():
            self.server.start()
        self._ask("tests.proofs.running", "prepare", *more)

    @contextmanager
    def running(self, *command: str, planted: str = "", failpoints: str = ""):
        """Run the installation; what it said is in run.log."""
        self.web, self.mllp = free_port(), free_port()
        told = {"XINQIAO_PLANTED": planted, "XINQIAO_FAILPOINTS": failpoints}
        asked = [each.format(web=self.web, mllp=self.mllp) for each in command]
        with (self.home / "run.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *asked],
                cwd=CLONE,
                env=self._environment() | told,
                stdout=log,
                stderr=log,
            )
        try:
            yield
        finally:
            self.process.terminate()
            self.process.wait(60)

    def kill(self, name: str) -> bool:
        """Kill one process of ours with SIGKILL, if it lives."""
        pid = self._postmaster() if name == "postmaster" else self._child(name)
        if pid is None:
            return False
        os.kill(pid, signal.SIGKILL)
        self.kills[name] += 1
        return True

    def ask(self, query: str) -> list[tuple]:
        """Ask the database as its owner, waiting for it while it is down."""
        for _ in range(100):
            try:
                with self._connect() as db:
                    return db.execute(query).fetchall()
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise AssertionError("the database did not come back")

    def verdict(self, sender: Sender) -> tuple[int, int, int]:
        """Count (acknowledged, lost, doubled), from the record and from the provider's own book."""
        applied = Counter(
            dict(self.ask("SELECT control_id, count(*) FROM intake_inbox WHERE state = 'applied' GROUP BY 1"))
        )
        stays = Counter(
            dict(
                self.ask(
                    "SELECT source_key, count(*) FROM record_encounter WHERE status = 'finished' GROUP BY 1"
                )
            )
        )
        texts = Counter(text.phone for text in self.provider.ledger.texts if "/q/" in text.content)
        heard = list(sender.acknowledged)
        lost = sum(applied[name] == 0 for name in heard)
        gone_home = [int(name[1:]) for name in heard if name[0] == "D"]
        lost += sum(stays[f"V{n}"] == 0 for n in gone_home) + sum(texts[phone_of(n)] == 0 for n in gone_home)
        doubled = sum(each - 1 for book in (applied, stays, texts) for each in book.values() if each > 1)
        print(f"kills {self.kills.total()} acknowledged {len(heard)} lost {lost} doubled {doubled}")
        return len(heard), lost, doubled

    def is_still(self) -> bool:
        """Say whether nothing is under way any more."""
        (row,) = self.ask(
            "SELECT (SELECT count(*) FROM intake_inbox WHERE state = 'received')"
            " + (SELECT count(*) FROM kit_outbox WHERE delivered_at IS NULL)"
            " + (SELECT count(*) FROM messaging_intent WHERE state NOT IN ('sent', 'delivered'))"
            " + (SELECT count(*) FROM care_step WHERE code = 'dc.d1' AND asked_at IS NULL)"
        )
        return row[0] == 0

    def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait for something; say whether it came."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.02)
        return condition()

    def close(self) -> None:
        self.provider.stop()
        if self.server:
            with self.at_home():
                self.server.stop()

    @contextmanager
    def at_home(self):
        """Derive passwords from this data folder's secret, not from the tests' own."""
        before = os.environ["XINQIAO_HOME"]
        os.environ["XINQIAO_HOME"] = str(self.home)
        crypto.secret.cache_clear()
        try:
            yield
        finally:
            os.environ["XINQIAO_HOME"] = before
            crypto.secret.cache_clear()

    def _connect(self) -> psycopg.Connection:
        with self.at_home():
            return connect(self.server, OWNER, "xinqiao")

    def command(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run one command of ours on this data folder."""
        return subprocess.run(
            [sys.executable, "-m", *arguments], cwd=CLONE, env=self._environment(), capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    def _ask(self, *arguments: str) -> None:
        done = self.command(*arguments)
        assert done.returncode == 0, done.stderr

    def _environment(self) -> dict[str, str]:
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("XINQIAO_", "DJANGO_"))
        }
        mine = {"XINQIAO_HOME": str(self.home), "XINQIAO_CLOCK_FILE": str(self.home / "clock.json")}
        return kept | mine | {"PYTHONPATH": str(CLONE)}

    def _postmaster(self) -> int | None:
        try:
            return int((self.home / "postgres/data/postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return None

    def _child(self, name: str) -> int | None:
        """The supervisor's child of this name: our own, by its parent."""
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if parent == self.process.pid and name.encode() in words:
                return int(entry.name)
        return None
