"""Floors, furniture and doors: each rule bites."""

import pytest

from tests.house.checks.doors import check_doors_apart, check_doors_without_tables
from tests.house.checks.floors import check_docstrings, check_file_names, check_floors, check_furniture
from tests.house.conftest import Plant
from xinqiao.config.section import FLOORS, floor_of, packages, rooms


def test_the_section_is_read_from_the_roof_down() -> None:
    assert FLOORS[0] == ["config"]
    assert FLOORS[1] == ["portals", "gateways", "simulation"]
    assert FLOORS[-1] == ["kit"]
    assert floor_of("care") < floor_of("patients") < floor_of("audit")
    assert floor_of("attic") is None


def test_only_built_rooms_are_listed(plant: Plant) -> None:
    root = plant({"xinqiao/audit/models.py": "", "xinqiao/care/models.py": "", "xinqiao/kit/ids.py": ""})
    assert packages(root) == ["care", "audit", "kit"]
    assert rooms(root) == ["care", "audit"]


def test_a_room_on_no_floor_is_found(plant: Plant) -> None:
    [found] = check_floors(plant({"xinqiao/attic/models.py": "", "xinqiao/audit/models.py": ""}))
    assert "xinqiao/attic stands on no floor" in found


def test_a_module_beside_the_rooms_is_found(plant: Plant) -> None:
    [found] = check_floors(plant({"xinqiao/tools.py": ""}))
    assert "xinqiao/tools.py lies loose" in found


def test_a_folder_that_is_no_package_is_found(plant: Plant) -> None:
    root = plant({"xinqiao/audit/rules.py": ""})
    (root / "xinqiao/audit/__init__.py").unlink()
    assert check_floors(root) == ["xinqiao/audit has no __init__.py"]


def test_a_room_without_its_four_pieces_is_found(plant: Plant) -> None:
    root = plant({"xinqiao/audit/models.py": "", "xinqiao/audit/operations/lines.py": ""})
    assert check_furniture(root) == ["xinqiao/audit has no queries.py"]


def test_a_room_that_does_not_say_what_it_is_for_is_found(plant: Plant) -> None:
    four = {f"xinqiao/audit/{piece}.py": "" for piece in ("__init__", "models", "queries", "operations")}
    assert check_furniture(plant(four)) == ["xinqiao/audit/__init__.py needs one line of docstring"]


@pytest.mark.parametrize(
    "name", ["audit/views.py", "audit/channels/sms.py", "kit/utils.py", "care/rules/helpers.py"]
)
def test_a_file_that_is_no_furniture_is_found(plant: Plant, name: str) -> None:
    found = check_file_names(plant({f"xinqiao/{name}": ""}))
    assert any(each.startswith(f"xinqiao/{name}") for each in found)


def test_the_kinds_a_room_owns_are_furniture_there(plant: Plant) -> None:
    assert (
        check_file_names(
            plant({"xinqiao/messaging/channels/sms.py": "", "xinqiao/care/operations/load.py": ""})
        )
        == []
    )


def test_a_silent_module_is_found(plant: Plant) -> None:
    assert check_docstrings(plant({"xinqiao/kit/ids.py": "A = 1"})) == [
        "xinqiao/kit/ids.py needs a docstring that says what it is"
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("Patient.objects.all()", "`.objects`"),
        ("patient.save()", "`.save`"),
        ("patient.delete()", "`.delete`"),
        ("from django.db import transaction", "django.db.transaction"),
        ("import django.db", "django.db"),
        ("from xinqiao.patients.models import Patient", "xinqiao.patients.models"),
        ("from xinqiao.patients import models", "xinqiao.patients.models"),
        ("from ...patients import models", "xinqiao.patients.models"),
    ],
)
@pytest.mark.parametrize("door", ["portals/staff/views.py", "gateways/hl7v2/tasks.py"])
def test_a_door_that_touches_a_table_is_found(plant: Plant, door: str, line: str, complaint: str) -> None:
    found = check_doors_without_tables(plant({f"xinqiao/{door}": line}))
    assert found and all(f"{door}:1" in each and complaint in each for each in found)


def test_a_door_that_calls_a_room_is_left_in_peace(plant: Plant) -> None:
    view = """
        from xinqiao.patients import queries
        def show(request, key):
            return render(request, "patient.html", {"patient": queries.get_patient(viewer=request.actor, key=key)})
    """
    root = plant({"xinqiao/portals/staff/views.py": view})
    assert check_doors_without_tables(root) == []


@pytest.mark.parametrize(
    "line", ["from xinqiao.portals.patient import views", "import xinqiao.portals.patient.views"]
)
def test_a_portal_that_looks_into_another_is_found(plant: Plant, line: str) -> None:
    root = plant(
        {
            "xinqiao/portals/staff/views.py": line,
            "xinqiao/portals/patient/views.py": "from xinqiao.portals.ui import x",
        }
    )
    [found] = check_doors_apart(root)
    assert "portals/staff looks into xinqiao.portals.patient" in found
