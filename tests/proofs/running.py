"""An installation's processes as the kill proof starts them (受试进程): the real ones, hurried, or with a planted mistake.

`python -m tests.proofs.running prepare | supervise | worker | listener`. Hurried means only that a dead worker's
messages are looked after within seconds; XINQIAO_PLANTED names the mistakes: ack, send.
"""

import argparse
import asyncio
import os
import sys
from datetime import timedelta
from types import SimpleNamespace

PLANTED = os.environ.get("XINQIAO_PLANTED", "").split(",")
PATIENCE = timedelta(seconds=2)


def prepare(patients: list[int]) -> None:
    """Make a hospital that may send; given a number, with a patient who went home from it."""
    from xinqiao.config.starting import django

    django("app")
    from tests.proofs.story import discharge, open_hospital
    from xinqiao.kit.clock import now

    hospital = open_hospital(SimpleNamespace(clock=SimpleNamespace()), now())
    if patients:
        discharge(hospital, now())


def supervise(ports: list[int]) -> None:
    """Run everything as `xinqiao run` does, with worker and listener of this module."""
    from xinqiao.config.commands.run import services
    from xinqiao.config.installation import prepare_home, server
    from xinqiao.config.supervisor import Supervisor

    asked = argparse.Namespace(host="127.0.0.1", port=ports[0], mllp_host="127.0.0.1", mllp_port=ports[1])
    supervisor = Supervisor(prepare_home(), server())
    supervisor.claim({"address": "proof"})
    supervisor.children = services(asked)
    for child in supervisor.children:
        if child.name == "worker" or (child.name == "listener" and "ack" in PLANTED):
            child.command = [sys.executable, "-m", "tests.proofs.running", child.name, str(ports[1])]
    try:
        supervisor.start()
        supervisor.keep()
    finally:
        supervisor.stop()


def worker() -> None:
    """The real worker, hurried; with the mistake `send` it calls the provider before the attempt is committed."""
    from xinqiao.config.starting import django

    django("worker")
    from xinqiao.messaging.rules import retrying

    retrying.LEASE = retrying.QUERY_LAG = PATIENCE
    from django.db import transaction

    from xinqiao.config import worker
    from xinqiao.kit.schedule import rounds

    worker.load_rooms()
    turns = {turn.name: turn for turn in rounds()}
    turns["messaging.tasks.ask_about_lost"].every = 0.5
    sending = turns["messaging.tasks.send_due"]
    honest = sending.function

    def careless(now):
        with transaction.atomic():
            return honest(now)

    sending.function = careless if "send" in PLANTED else honest
    worker.main()


def listener(port: int) -> None:
    """The real listener with the mistake `ack`: it answers first and stores afterwards."""
    from xinqiao.config.starting import django

    django("worker")
    from xinqiao.config.listening import listen
    from xinqiao.gateways.hl7v2.mllp import Answer
    from xinqiao.gateways.hl7v2.receiving import Receiver

    honest = Receiver.__call__

    async def careless(self, group):
        asyncio.get_running_loop().call_later(0.3, lambda: asyncio.ensure_future(honest(self, group)))
        return [Answer() for _ in group]

    Receiver.__call__ = careless
    where = {
        "host": "127.0.0.1",
        "port": port,
        "peer": [],
        "certificate": None,
        "key": None,
        "authority": None,
    }
    asyncio.run(listen(argparse.Namespace(**where)))


if __name__ == "__main__":
    ports = [int(each) for each in sys.argv[2:]]
    {
        "prepare": lambda: prepare(ports),
        "supervise": lambda: supervise(ports),
        "worker": worker,
        "listener": lambda: listener(ports[0]),
    }[sys.argv[1]]()
