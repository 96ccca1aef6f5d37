"""Worker, listener, web and database killed in the middle of the thread lose and double nothing."""

import random
import time
from itertools import cycle, islice

import pytest

from tests.proofs.killing import Sender

HURRIED = ("tests.proofs.running", "supervise", "{web}", "{mllp}")
REAL = ("xinqiao.config.cli", "run", "--port", "{web}", "--mllp-port", "{mllp}")


def load(installation, first, pause=0.1) -> Sender:
    installation.kills.clear()
    sender = Sender(installation.mllp, first, pause)
    sender.start()
    return sender


def after(installation, things, more: int, name: str) -> None:
    """Kill a process just after so many more things were acknowledged, or sent."""
    seen = len(things)
    assert installation.until(lambda: len(things) >= seen + more, 30), (
        f"nothing went on before killing {name}"
    )
    assert installation.until(lambda: installation.kill(name), 30)


def settled(installation, sender, seconds=60) -> bool:
    sender.enough.set()
    return installation.until(lambda: not sender.is_alive() and installation.is_still(), seconds)


def test_each_process_killed_at_work_loses_and_doubles_nothing(installation):
    with installation.running(*HURRIED, failpoints="send.after_call=stall:0.1"):
        sender, texts = load(installation, 1000), installation.provider.ledger.texts
        after(installation, texts, 1, "worker")
        after(installation, sender.acknowledged, 5, "listener")
        after(installation, sender.acknowledged, 5, "web")
        after(installation, sender.acknowledged, 5, "postmaster")
        assert settled(installation, sender)
        assert set(installation.kills) == {"worker", "listener", "web", "postmaster"}
        assert installation.verdict(sender)[1:] == (0, 0)


def test_answering_and_sending_before_the_commit_are_seen_to_lose_and_to_double(installation):
    with installation.running(*HURRIED, planted="ack,send", failpoints="send.after_call=stall:0.3"):
        sender, texts = load(installation, 2000), installation.provider.ledger.texts
        after(installation, sender.acknowledged, 5, "listener")
        after(installation, texts, 1, "worker")
        settled(installation, sender, 12)
        _, lost, doubled = installation.verdict(sender)
    assert lost > 0 and doubled > 0


@pytest.mark.parametrize(
    ("kills", "seconds"),
    [pytest.param(30, 600, marks=pytest.mark.prove), pytest.param(1000, 3600, marks=pytest.mark.soak)],
)
def test_many_kills_of_the_real_processes_lose_and_double_nothing(installation, kills, seconds):
    dice = random.Random(12)
    with installation.running(*REAL):
        sender = load(installation, 3000, pause=0.4)
        for name in islice(cycle(("worker", "listener", "postmaster", "worker", "listener", "web")), kills):
            time.sleep(dice.uniform(1, 8))
            installation.until(lambda each=name: installation.kill(each), 40)
        assert settled(installation, sender, seconds)
        assert installation.kills.total() > kills * 2 / 3
        assert installation.verdict(sender)[1:] == (0, 0)
