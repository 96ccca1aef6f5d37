"""The product on a port, a browser that forgives nothing, and a ward on a Tuesday morning."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.serving import Site
from tests.journeys.ward import Ward, carrier, open_ward
from tests.journeys.windows import DESK, Window, launch
from xinqiao.config import installation
from xinqiao.kit.clock import now, real_now, set_shift
from xinqiao.kit.database import OWNER, connect

ZONE = ZoneInfo("Asia/Shanghai")
EMPTY = """DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(format('%I', tablename), ', ') || ' RESTART IDENTITY CASCADE'
    FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'); END $$"""


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all stories; its loop runs in this thread, beside which Django's queries are safe."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def site(django_db_setup) -> Iterator[Site]:
    made = Site()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="package")
def tuesday(tmp_path_factory) -> Iterator[datetime]:
    """The hospital's clock stands at the next Tuesday, 09:30, that is not in the first days of a month."""
    file = tmp_path_factory.mktemp("clock") / "clock.json"
    day = (real_now() + timedelta(days=1)).astimezone(ZONE).date()
    while day.weekday() != 1 or day.day < 8:
        day += timedelta(days=1)
    set_shift(file, datetime.combine(day, time(9, 30), ZONE) - real_now())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XINQIAO_CLOCK_FILE", str(file))
        yield now()


@pytest.fixture(scope="package")
def ward(django_db_setup, django_db_blocker, chromium, tuesday) -> Iterator[Ward]:
    """One ward for all stories, each of which has its own patient in it; afterwards every table is emptied."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, carrier(patch) as provider:
        yield open_ward(provider, tuesday)
        connections.close_all()
    with connect(installation.server(), OWNER, os.environ["XINQIAO_DATABASE"]) as owner:
        owner.execute(EMPTY)


@pytest.fixture
def window(ward, chromium, site) -> Iterator[Callable[..., Window]]:
    """Open windows, each of its own person; at the end none may have complained."""
    opened: list[Window] = []

    def open_window(size=DESK, login="", **more) -> Window:
        opened.append(Window(chromium, size, site.at(), **more))
        if login:
            ward.seat(opened[-1], login)
        return opened[-1]

    yield open_window
    for each in opened:
        each.context.close()
    assert [fault for each in opened for fault in each.faults] == []
