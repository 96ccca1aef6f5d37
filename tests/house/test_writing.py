"""Sizes, names and cleanliness: each rule bites."""

import pytest

from tests.house.checks.ceilings import check_ceilings
from tests.house.checks.cleanliness import (
    check_comments,
    check_documents_exist,
    check_no_machine_named,
    check_nothing_is_left_for_later,
)
from tests.house.checks.naming import (
    check_events_are_past,
    check_operations_are_verbs,
    check_refusals_speak,
    check_times_and_dates,
)
from tests.house.conftest import Plant


@pytest.mark.parametrize(
    ("name", "lines", "ceiling"),
    [
        ("xinqiao/audit/queries.py", 401, 400),
        ("xinqiao/audit/tests/test_lines.py", 401, 400),
        ("tests/journeys/test_nurse.py", 401, 400),
        ("xinqiao/portals/staff/templates/day.html", 151, 150),
    ],
)
def test_a_file_above_its_ceiling_is_found(plant: Plant, name: str, lines: int, ceiling: int) -> None:
    assert check_ceilings(plant({name: "#\n" * ceiling})) == []
    [found] = check_ceilings(plant({name: "#\n" * lines}))
    assert found.startswith(f"{name} has {lines} lines, and its ceiling is {ceiling}")


def test_a_function_above_its_ceiling_is_found(plant: Plant) -> None:
    body = "def book():\n" + "    go()\n" * 40
    [found] = check_ceilings(plant({"xinqiao/audit/queries.py": body}))
    assert found.startswith("xinqiao/audit/queries.py:book has 41 lines")


@pytest.mark.parametrize(("room", "modules"), [("record", 8), ("kit", 4), ("portals/staff", 8)])
def test_a_room_above_its_ceiling_is_found(plant: Plant, room: str, modules: int) -> None:
    full = {f"xinqiao/{room}/queries/part{number}.py": "#\n" * 399 for number in range(modules)}
    [found] = check_ceilings(plant(full))
    assert found.startswith(f"xinqiao/{room} has")


def test_tests_and_migrations_do_not_fill_a_room(plant: Plant) -> None:
    beside = {f"xinqiao/record/tests/test_part{number}.py": "#\n" * 399 for number in range(9)}
    assert check_ceilings(plant({**beside, "xinqiao/record/migrations/0001_first.py": "#\n" * 5000})) == []


def test_the_allow_list_holds_a_size_and_may_only_shrink(plant: Plant) -> None:
    large = {"xinqiao/audit/queries.py": "#\n" * 420}
    assert check_ceilings(plant({**large, "tests/house/allowed.txt": "xinqiao/audit/queries.py 420\n"})) == []
    [grown] = check_ceilings(plant({"tests/house/allowed.txt": "xinqiao/audit/queries.py 410\n"}))
    assert "has 420 lines" in grown
    [stale] = check_ceilings(plant({"tests/house/allowed.txt": "xinqiao/audit/queries.py 430\n"}))
    assert "is stale" in stale


def test_an_entry_for_something_mended_is_stale(plant: Plant) -> None:
    [stale] = check_ceilings(
        plant({"tests/house/allowed.txt": "xinqiao/gone.py 420\n", "xinqiao/audit/rules.py": ""})
    )
    assert "`xinqiao/gone.py 420` is stale" in stale


@pytest.mark.parametrize("name", ["get_patient", "find_slot", "is_open", "can_book"])
def test_an_operation_named_as_a_question_is_found(plant: Plant, name: str) -> None:
    [found] = check_operations_are_verbs(plant({"xinqiao/record/operations/load.py": f"def {name}(): ..."}))
    assert name in found


@pytest.mark.parametrize("name", ["BookAppointment", "SlotFree", "MessageSending"])
def test_an_event_that_has_not_happened_is_found(plant: Plant, name: str) -> None:
    [found] = check_events_are_past(plant({"xinqiao/record/events.py": f"class {name}: ..."}))
    assert name in found


@pytest.mark.parametrize("name", ["AppointmentBooked", "MessageSent", "ContactFailed", "ConsentWithdrawn"])
def test_an_event_that_has_happened_is_left_in_peace(plant: Plant, name: str) -> None:
    assert check_events_are_past(plant({"xinqiao/record/events.py": f"class {name}: ..."})) == []


@pytest.mark.parametrize("docstring", ["", '"""Slot is taken."""', '"""这个号源刚被约走了"""'])
def test_a_refusal_that_does_not_speak_to_the_user_is_found(plant: Plant, docstring: str) -> None:
    errors = "class Refused(Exception):\n    '''这一步现在不能进行。'''\n"
    taken = (
        f"from xinqiao.kit.errors import Refused\nclass SlotTaken(Refused):\n    {docstring}\n    code = 1\n"
    )
    [found] = check_refusals_speak(
        plant({"xinqiao/kit/errors.py": errors, "xinqiao/scheduling/rules.py": taken})
    )
    assert "xinqiao/scheduling/rules.py:2: SlotTaken" in found


@pytest.mark.parametrize(
    "column",
    [
        "booked = DateTimeField()",
        "booked_at = DateField()",
        "born: date = DateField()",
        "spell = DateTimeRangeField()",
    ],
)
def test_a_time_or_date_with_the_wrong_ending_is_found(plant: Plant, column: str) -> None:
    [found] = check_times_and_dates(
        plant({"xinqiao/record/models.py": f"class Note(Model):\n    {column}\n"})
    )
    assert "xinqiao/record/models.py:2" in found


@pytest.mark.parametrize(
    "column", ["booked_at = DateTimeField()", "at = DateTimeField()", "birth_on = DateField()"]
)
def test_a_time_or_date_with_its_ending_is_left_in_peace(plant: Plant, column: str) -> None:
    assert (
        check_times_and_dates(plant({"xinqiao/record/models.py": f"class Note(Model):\n    {column}\n"}))
        == []
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("xinqiao/audit/rules.py", "a = 1  # TODO name it"),
        ("docs/walk.md", "FIXME: the rest"),
        ("Makefile", "# XXX later"),
    ],
)
def test_a_note_for_later_is_found(plant: Plant, name: str, line: str) -> None:
    [found] = check_nothing_is_left_for_later(plant({name: line}))
    assert found.startswith(f"{name}:1")


@pytest.mark.parametrize(
    "comment",
    [
        "# ---------- rules",
        "# =====",
        "# a = book(slot)",
        "# book(slot)",
        "# import os",
        "# return slot",
        "# if is_open(slot):",
    ],
)
def test_a_banner_or_commented_out_code_is_found(plant: Plant, comment: str) -> None:
    [found] = check_comments(plant({"xinqiao/audit/rules.py": f"{comment}\na = 1\n"}))
    assert found.startswith("xinqiao/audit/rules.py:1")


@pytest.mark.parametrize(
    "comment",
    ["# The sealer reads this outside the lock.", "# noqa: S608", "# why: see RFC 9562", "# 先到先得"],
)
def test_a_comment_that_says_why_is_left_in_peace(plant: Plant, comment: str) -> None:
    assert check_comments(plant({"xinqiao/audit/rules.py": f"a = 1  {comment}\n"})) == []


@pytest.mark.parametrize(
    "steps",
    [("", "root", "notes"), ("", "work", "main"), ("", "home", "wang", "notes"), ("", "var", "tmp", "env")],
)
def test_a_path_of_somebodys_machine_is_found(plant: Plant, steps: tuple[str, ...]) -> None:
    leak = "/".join(steps)
    assert leak in check_no_machine_named(plant({"docs/howto/run.md": f"see {leak} for it"}))[0]


@pytest.mark.parametrize(
    "host", [("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org")]
)
def test_the_host_of_a_registry_is_found(plant: Plant, host: tuple[str, ...]) -> None:
    assert check_no_machine_named(
        plant({"requirements/runtime.txt": f"--index-url https://{'.'.join(host)}/simple"})
    )


def test_addresses_of_our_own_are_left_in_peace(plant: Plant) -> None:
    assert (
        check_no_machine_named(
            plant({"README.md": "https://staff.xinqiao.localhost/work/today and docs/work/x"})
        )
        == []
    )


def test_a_document_that_nobody_has_is_found(plant: Plant) -> None:
    root = plant(
        {"docs/map.md": "", "xinqiao/care/rules.py": '"""Thresholds: notes.md §2. See docs/map.md."""'}
    )
    [found] = check_documents_exist(root)
    assert "xinqiao/care/rules.py:1: cites notes.md" in found
