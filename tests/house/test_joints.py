"""Operations, queries, reactions, clock and sharp tools: each rule bites."""

import pytest

from tests.house.checks import functions
from tests.house.checks.clock import check_clock_and_chance
from tests.house.checks.functions import (
    check_exceptions_still_needed,
    check_operations,
    check_queries,
    check_reactions,
)
from tests.house.checks.kinds import check_sharp_tools
from tests.house.conftest import Plant

WHOLE = '@operation\ndef book(*, slot, by, now):\n    """Book a slot (预约)."""\n'


@pytest.mark.parametrize(
    ("removed", "complaint"),
    [
        ("@operation\n", "is not decorated with @operation"),
        ("*, ", "takes arguments by place"),
        (", by", "does not say `by` whom"),
        (", now", "is not told `now`"),
        ('"""Book a slot (预约)."""', "has no docstring"),
    ],
)
@pytest.mark.parametrize("place", ["operations.py", "operations/load.py"])
def test_an_operation_that_lacks_something_is_found(
    plant: Plant, place: str, removed: str, complaint: str
) -> None:
    source = WHOLE.replace(removed, "pass" if removed.startswith('"') else "")
    found = check_operations(plant({f"xinqiao/scheduling/{place}": source}))
    assert any(complaint in each for each in found)


def test_whole_operations_and_private_steps_are_left_in_peace(plant: Plant) -> None:
    source = (
        WHOLE
        + WHOLE.replace("@operation", '@operation("预约")').replace("def book", "async def cancel")
        + "def _step(a): ...\n"
    )
    assert check_operations(plant({"xinqiao/scheduling/operations.py": source})) == []


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ('def find_slot(*, key):\n    """Find it."""', "is not told its `viewer`"),
        ("def find_slot(*, viewer, key): ...", "has no docstring"),
        ('def find_slot(*, viewer):\n    """Find it."""\n    Slot.objects.create()', "calls `.create(`"),
        (
            'def find_slot(*, viewer):\n    """Find it."""\n    Slot.objects.filter().update(taken=1)',
            "calls `.update(`",
        ),
        (
            'def find_slot(*, viewer):\n    """Find it."""\n    Slot.objects.bulk_create([])',
            "calls `.bulk_create(`",
        ),
    ],
)
def test_a_query_without_a_viewer_or_with_a_write_is_found(plant: Plant, query: str, complaint: str) -> None:
    [found] = check_queries(plant({"xinqiao/scheduling/queries.py": query}))
    assert complaint in found


def test_an_exception_that_is_no_longer_needed_is_found(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = plant(
        {"xinqiao/scheduling/operations.py": WHOLE, "xinqiao/scheduling/queries.py": "def now_open(): ..."}
    )
    monkeypatch.setattr(
        functions, "WITHOUT_VIEWER", {"scheduling.now_open": "a fact of the house", "scheduling.gone": "?"}
    )
    monkeypatch.setattr(functions, "WITHOUT_LINE", {"scheduling.book": "it is whole"})
    gone, whole = check_exceptions_still_needed(root)
    assert gone.startswith("scheduling.gone") and whole.startswith("scheduling.book")


@pytest.mark.parametrize("mark", ["", "@reaction\n", "@reaction()\n", "@operation\n"])
def test_a_reaction_to_nothing_is_found(plant: Plant, mark: str) -> None:
    root = plant({"xinqiao/care/reactions.py": f"{mark}def start(event): ...\n"})
    assert "needs @reaction(Event)" in check_reactions(root)[0]


def test_a_reaction_to_an_event_is_left_in_peace(plant: Plant) -> None:
    assert (
        check_reactions(
            plant({"xinqiao/care/reactions.py": "@reaction(Discharged)\ndef start(event): ...\n"})
        )
        == []
    )


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nat = datetime.now()",
        "import datetime as d\non = d.date.today()",
        "from django.utils import timezone\nclass A:\n    at = DateTimeField(default=timezone.now)",
        "from django.utils.timezone import now",
        "from xinqiao.kit import clock\nat = clock.now()",
        "from xinqiao.kit.clock import now",
        "import time\nat = time.time()",
        "import random\nrandom.shuffle(them)",
        "from random import choice",
        "import random\ndice = random.Random()",
        "from uuid import uuid4",
        "import uuid\nkey = uuid.uuid7()",
        "import secrets\ncode = secrets.token_hex()",
        "class A:\n    at = DateTimeField(auto_now_add=True)",
    ],
)
@pytest.mark.parametrize(
    "place", ["record/operations.py", "kit/blobs.py", "simulation/dice.py", "record/testing.py"]
)
def test_a_clock_or_dice_below_the_doors_is_found(plant: Plant, place: str, source: str) -> None:
    assert any(
        f"xinqiao/{place}" in each for each in check_clock_and_chance(plant({f"xinqiao/{place}": source}))
    )


@pytest.mark.parametrize(
    "place", ["portals/staff/views.py", "record/tasks.py", "config/cli.py", "kit/clock.py"]
)
def test_doors_and_tasks_may_read_the_clock(plant: Plant, place: str) -> None:
    assert (
        check_clock_and_chance(
            plant({f"xinqiao/{place}": "from django.utils import timezone\nat = timezone.now()"})
        )
        == []
    )


@pytest.mark.parametrize(
    "source",
    [
        "import random\ndice = random.Random(7)",
        "def deal(random):\n    return random.random()",
        "from datetime import datetime",
    ],
)
def test_given_time_and_chance_are_left_in_peace(plant: Plant, source: str) -> None:
    assert check_clock_and_chance(plant({"xinqiao/simulation/dice.py": source})) == []


@pytest.mark.parametrize(
    "source",
    [
        "from django.db import connection",
        "from django.db.models.expressions import RawSQL",
        "rows.extra(where=['1=1'])",
        "Slot.objects.raw('select 1')",
        "import xml.etree.ElementTree as tree",
        "from lxml import etree",
        "import pickle",
        "eval('1')",
        "exec('1')",
        "import yaml\nyaml.load(text)",
        "from subprocess import run",
        "import os\nos.system('ls')",
        "import httpx",
        "import urllib.request",
        "from django.db.models.signals import post_save",
        "from django.dispatch import receiver",
        "from django.contrib.contenttypes.fields import GenericForeignKey",
        "print('hello')",
    ],
)
def test_a_sharp_tool_out_of_place_is_found(plant: Plant, source: str) -> None:
    assert check_sharp_tools(plant({"xinqiao/record/reactions.py": source}))


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("record/facts.py", "from django.db import connection"),
        ("record/queries/values.py", "from django.db import connection"),
        ("record/operations/load.py", "from django.db import connection\nconnection.cursor()"),
        ("messaging/channels/sms.py", "import httpx"),
        ("gateways/hl7v2/parse.py", "import xml.sax"),
        ("config/cli.py", "print('https://localhost')"),
        ("record/rules.py", "import re\nimport yaml\nre.compile('a')\nyaml.safe_load('a: 1')"),
    ],
)
def test_a_sharp_tool_in_its_place_is_left_in_peace(plant: Plant, place: str, source: str) -> None:
    assert check_sharp_tools(plant({f"xinqiao/{place}": source})) == []
