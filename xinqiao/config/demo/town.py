"""Who and where the demonstration is (演示城市): people, organisations, ports, the instant at which it begins."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from xinqiao.simulation.cast import CAST_INDEX, cast
from xinqiao.simulation.person import Person
from xinqiao.simulation.places import ORGANISATIONS, Organisation
from xinqiao.simulation.population import people
from xinqiao.simulation.stream import Rates

SEED = 20261124
ZONE = ZoneInfo("Asia/Shanghai")
LIVE = timedelta(hours=48)  # the last two days come by MLLP; before that lies history
HISTORY = timedelta(days=90)
PASSWORD = "Xinqiao-2026-demo"  # noqa: S105 the demonstration's own, printed when it starts
RATES = {
    "jz1y": Rates(outpatients=45, admissions=18),
    "anhe": Rates(outpatients=15, admissions=5),
    "bjsq": Rates(outpatients=12, admissions=0),
}


def tuesday_morning(real: datetime) -> datetime:
    """This function will name the Tuesday 09:30 at which a demonstration begun now takes place (开始时刻)."""
    here = real.astimezone(ZONE).replace(hour=9, minute=30, second=0, microsecond=0)
    return here + timedelta(days=(1 - here.weekday()) % 7)


def domain(organisation: Organisation) -> str:
    """This function will name the host of an organisation's patient pages (患者端域名)."""
    return f"{organisation.key}.xinqiao.localhost"


@cache
def citizens(count: int, begins_at: datetime) -> tuple[Person, ...]:
    """This function will give the cast and the people of the city (全体居民)."""
    today = begins_at.date()
    return (*cast(today).values(), *people(SEED, count, today))


def residents(organisation: Organisation, count: int, begins_at: datetime) -> list[Person]:
    """This function will give the people who go to one organisation (某机构的患者)."""
    return [person for person in citizens(count, begins_at) if person.organisation == organisation.key]


def crowd(organisation: Organisation, count: int, begins_at: datetime) -> list[Person]:
    """This function will give those to whom things happen by chance: the cast has its own stories (路人)."""
    return [person for person in residents(organisation, count, begins_at) if person.index < CAST_INDEX]


def organisations() -> Iterator[Organisation]:
    """This function will list the three organisations (三家机构)."""
    yield from ORGANISATIONS


class Scene:
    """What is remembered of a demonstration between two starts (演示状态): when it begins, how large it is."""

    def __init__(self, home: Path) -> None:
        self.path = home / "demo.json"

    @property
    def exists(self) -> bool:
        return self.path.exists()

    def read(self) -> tuple[datetime, int, int]:
        """This function will give the beginning, the number of people and the web port (读取)."""
        kept = json.loads(self.path.read_text("utf-8"))
        return datetime.fromisoformat(kept["begins_at"]), kept["people"], kept["port"]

    def write(self, begins_at: datetime, people_count: int, port: int) -> None:
        """This function will remember them (保存)."""
        said = {"begins_at": begins_at.isoformat(), "people": people_count, "port": port}
        self.path.write_text(json.dumps(said), "utf-8")
