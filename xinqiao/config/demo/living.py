"""The simulated hospital at work (仿真运行): messages by MLLP as the clock goes, texts delivered, phones that answer."""

import contextlib
import json
import signal
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from xinqiao.config.demo import provider, town
from xinqiao.config.demo.happening import Stage
from xinqiao.config.demo.phones import PhoneServer
from xinqiao.kit import clock
from xinqiao.simulation import mllp, smtp
from xinqiao.simulation.cast import cast
from xinqiao.simulation.places import Organisation
from xinqiao.simulation.sms_provider import Plan, SmsProvider
from xinqiao.simulation.stream import stream

AHEAD = timedelta(days=120)  # how far the demonstration may be moved on
TICK = 0.5  # seconds between looks at the clock


class City:
    """The three hospitals, the provider and the phones of one demonstration (仿真城市)."""

    def __init__(self, home: Path, port: int, mllp_port: int) -> None:
        self.home, self.port, self.mllp_port = home, port, mllp_port
        self.begins_at, self.people, _ = town.Scene(home).read()
        self.stopped = threading.Event()
        here = f"http://127.0.0.1:{port}/callbacks/sms/{provider.callback_token()}"
        self.provider = SmsProvider(
            secrets={provider.KEY_ID: provider.key_secret()},
            signs=[organisation.sign_name for organisation in town.organisations()],
            templates=provider.templates(port),
            clock=clock.now,
            seed=town.SEED,
            plan=Plan(receipt_after=timedelta(seconds=2)),
            report_url=f"{here}/receipts",
            reply_url=f"{here}/replies",
        )
        stage = Stage(cast(self.begins_at.date()), mllp_port)
        self.phones = PhoneServer(self.provider, stage, web_port=port, port=port + 3)

    def start(self) -> None:
        """This function will start the provider, the post office, the phones and each hospital's stream (启动)."""
        self.provider.start(self.port + 1)
        self.mail = smtp.serve(smtp.Mailbox(), port=self.port + 2)
        self.phones.start()
        for place, organisation in enumerate(town.organisations()):
            threading.Thread(
                target=self._send, args=(organisation, self.mllp_port + place), daemon=True
            ).start()

    def run(self) -> None:
        """This function will deliver receipts and replies as they fall due, until told to stop (投递回执)."""
        while not self.stopped.wait(TICK):
            self.provider.deliver_due()

    def stop(self) -> None:
        """This function will stop everything (停止)."""
        self.phones.stop()
        self.mail.stop()
        self.provider.stop()

    def _send(self, organisation: Organisation, port: int) -> None:
        """Play the last two days at once, then go with the clock; what was acknowledged is not sent again."""
        persons = town.crowd(organisation, self.people, self.begins_at)
        mark = self.home / f"sent-{organisation.key}.json"
        while not self.stopped.is_set():
            since = _read_mark(mark) or self.begins_at - town.LIVE
            messages = self._noting(
                stream(town.SEED, persons, since, self.begins_at + AHEAD, town.RATES[organisation.key]), mark
            )
            with contextlib.suppress(OSError):
                mllp.play(messages, "127.0.0.1", port, random=Random(town.SEED), wait_until=self._wait)
            self.stopped.wait(1)

    def _noting(self, messages, mark: Path):
        """Remember after each acknowledged message how far we are; the generator is resumed only after its answer."""
        told = 0.0
        for message in messages:
            if self.stopped.is_set():
                return
            yield message
            if time.monotonic() - told > 1:
                told = time.monotonic()
                mark.write_text(json.dumps(message.at.isoformat()), "utf-8")

    def _wait(self, at: datetime) -> None:
        while clock.now() < at and not self.stopped.is_set():
            self.stopped.wait(TICK)


def live(home: Path, port: int, mllp_port: int) -> int:
    """This function will run the city until SIGTERM (运行仿真)."""
    city = City(home, port, mllp_port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: city.stopped.set())
    city.start()
    try:
        city.run()
    finally:
        city.stop()
    return 0


def _read_mark(mark: Path) -> datetime | None:
    return datetime.fromisoformat(json.loads(mark.read_text("utf-8"))) if mark.exists() else None
