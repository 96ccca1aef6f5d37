"""The import contracts and the map: in step with the code, kept by it, and each of them bites."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.conftest import Plant
from xinqiao.config import contracts, docs
from xinqiao.config.section import ROOT

ROOMS = ("patients", "record", "care", "messaging", "questionnaires")
FILES = {f"xinqiao/{room}/{piece}.py": "" for room in ROOMS for piece in ("models", "queries", "operations")}
DOORS = ("portals/ui", "portals/staff", "portals/patient", "gateways/hl7v2", "gateways/files")
FILES |= {f"xinqiao/{door}/views.py": "" for door in DOORS}
FILES |= {
    "xinqiao/kit/ids.py": "",
    "xinqiao/simulation/dice.py": "",
    "xinqiao/config/cli.py": "",
    "pyproject.toml": "",
}

LINT = (
    "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True, no_logo=True))"
)


@pytest.mark.parametrize("rooms", [None, {}], ids=["the house", "a small house"])
def test_the_contracts_are_kept(plant: Plant, rooms: dict | None) -> None:
    outcome = _lint(ROOT if rooms is None else _house(plant, rooms))
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert " 0 broken" in outcome.stdout


@pytest.mark.parametrize(
    ("violation", "broken"),
    [
        ({"patients/queries.py": "import xinqiao.care.queries"}, "A room imports only what stands below it"),
        ({"kit/ids.py": "import xinqiao.patients.queries"}, "A room imports only what stands below it"),
        (
            {"messaging/queries.py": "import xinqiao.questionnaires.queries"},
            "A room imports only what stands below it",
        ),
        ({"care/queries.py": "import xinqiao.simulation.dice"}, "A room imports only what stands below it"),
        (
            {"gateways/files/views.py": "import xinqiao.simulation.dice"},
            "A room imports only what stands below it",
        ),
        ({"attic/queries.py": ""}, "A room imports only what stands below it"),
        ({"record/models.py": "import xinqiao.record.queries"}, "The furniture of a room imports one way"),
        (
            {"record/queries.py": "import xinqiao.record.operations"},
            "The furniture of a room imports one way",
        ),
        (
            {"record/operations.py": "import xinqiao.record.tasks", "record/tasks.py": ""},
            "The furniture of a room imports one way",
        ),
        ({"care/queries.py": "import xinqiao.patients.models"}, "Only patients touches its own tables"),
        (
            {"care/queries.py": "from xinqiao.patients.models import Patient"},
            "Only patients touches its own tables",
        ),
        (
            {"portals/staff/views.py": "import xinqiao.portals.patient.views"},
            "Portals share the visual language",
        ),
        (
            {"portals/ui/views.py": "import xinqiao.portals.patient.views"},
            "Portals share the visual language",
        ),
        (
            {"gateways/files/views.py": "import xinqiao.gateways.hl7v2.views"},
            "Gateways do not import each other",
        ),
        (
            {"simulation/dice.py": "import xinqiao.patients.queries"},
            "The simulated hospital knows only the kit",
        ),
        (
            {"kit/ids.py": "import xinqiao.kit.clock", "kit/clock.py": "import xinqiao.kit.ids"},
            "No circles inside a package",
        ),
    ],
)
def test_a_planted_import_breaks_its_contract(plant: Plant, violation: dict[str, str], broken: str) -> None:
    outcome = _lint(_house(plant, violation))
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    [line] = [
        line for line in outcome.stdout.splitlines() if broken in line and line.rstrip().endswith("BROKEN")
    ]
    assert line


def test_contracts_out_of_step_are_found(plant: Plant) -> None:
    root = _house(plant, {})
    assert contracts.check(root) == []
    plant({"xinqiao/triage/models.py": ""})
    assert contracts.check(root) == [
        "pyproject.toml: the import contracts are out of step; run `xinqiao docs contracts`"
    ]


def test_writing_twice_changes_nothing_else(plant: Plant) -> None:
    root = plant({**FILES, "pyproject.toml": "[project]\nname = 'x'\n"})
    contracts.write(root)
    once = (root / "pyproject.toml").read_text()
    (root / "pyproject.toml").write_text(f"{once}\n[tool.ruff]\n")
    contracts.write(root)
    assert (root / "pyproject.toml").read_text() == f"{once}\n[tool.ruff]\n"
    assert once.startswith("[project]\nname = 'x'\n")


def test_a_map_out_of_step_is_found(plant: Plant) -> None:
    root = _house(plant, {"care/queries.py": "from xinqiao.patients import queries"})
    docs.write(root)
    assert docs.check(root) == []
    assert "| `care` | What it is for. | `patients` |" in (root / "docs/map.md").read_text()
    plant({"xinqiao/care/operations.py": "import xinqiao.kit.ids"})
    assert docs.check(root) == ["docs/map.md is out of step with the code; run `xinqiao docs map`"]


def _house(plant: Plant, violation: dict[str, str]) -> Path:
    root = plant(FILES | {f"xinqiao/{name}": text for name, text in violation.items()})
    contracts.write(root)
    return root


def _lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", LINT], cwd=root, capture_output=True, text=True, check=False)
