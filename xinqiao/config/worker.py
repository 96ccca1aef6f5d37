"""The worker (后台进程): hands events to reactions and makes every room's rounds."""

import importlib.util
import logging
import pkgutil
import signal
import threading
from datetime import datetime

from django.apps import apps
from django.db import OperationalError, connection

from xinqiao import gateways
from xinqiao.kit import clock
from xinqiao.kit.crypto import home
from xinqiao.kit.events import deliver
from xinqiao.kit.schedule import every, go_round

log = logging.getLogger("xinqiao.worker")
IDLE = 0.1  # seconds between looks when there is nothing to do


@every(0.1)
def deliver_events(now: datetime) -> int:
    """This function will hand due events to their reactions (投递事件)."""
    return deliver(now=now)


@every(1.0)
def show_life(now: datetime) -> int:
    """This function will leave a sign of life for `/readyz` and the doctor (心跳)."""
    (home() / "worker.alive").write_text(now.isoformat())
    return 0


def load_rooms() -> None:
    """This function will import the reactions and tasks of every room and gateway, so that they are known (装载各室)."""
    rooms = [config.name for config in apps.get_app_configs() if config.name.startswith("xinqiao.")]
    doors = [f"{gateways.__name__}.{door.name}" for door in pkgutil.iter_modules(gateways.__path__)]
    for name in (f"{place}.{furniture}" for place in rooms + doors for furniture in ("reactions", "tasks")):
        if importlib.util.find_spec(name):
            importlib.import_module(name)


def work(stop: threading.Event) -> None:
    """This function will work until told to stop; a lost database is waited for (工作循环)."""
    load_rooms()
    while not stop.is_set():
        try:
            idle = go_round(clock.now) == 0
        except OperationalError:
            connection.close()
            idle = True
        if not connection.is_usable():
            connection.close()
        if idle:
            stop.wait(IDLE)


def main() -> int:
    """This function will run one worker until SIGTERM (后台进程入口)."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(stop)
    return 0
