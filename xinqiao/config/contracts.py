"""The import contracts, written into pyproject.toml from the section of the house (导入契约)."""

import json
from pathlib import Path

from xinqiao.config.section import FLOORS, HOUSE, ROOT, packages, rooms

FURNITURE = ["(testing)", "(tasks) | (reactions) | (holdings) | (facts)"]
FURNITURE += ["(operations)", "(queries)", "(models)", "(rules)", "(events)"]
BEGIN = "# Import contracts: written by `xinqiao docs contracts` from the section of the house."
END = "# End of the import contracts."


def contracts(root: Path = ROOT) -> list[dict]:
    """List every contract that holds for the packages built so far (契约清单)."""
    return [*_between_floors(root), *_inside_rooms(root), *_at_the_doors(root)]


def render(root: Path = ROOT) -> str:
    """Draw the contracts as the marked part of pyproject.toml (契约文本)."""
    tables = ["\n".join(["[[tool.importlinter.contracts]]", *_lines(each)]) for each in contracts(root)]
    head = f'{BEGIN}\n[tool.importlinter]\nroot_package = "{HOUSE}"\n'
    return "\n\n".join([head.rstrip(), *tables, END]) + "\n"


def write(root: Path = ROOT) -> None:
    """Put the contracts into pyproject.toml between their two marks, or at its end (写入契约)."""
    file = root / "pyproject.toml"
    text = file.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(f"{END}\n")[2]
    file.write_text(f"{before.rstrip()}\n\n{render(root)}{after}", "utf-8")


def check(root: Path = ROOT) -> list[str]:
    """Say whether pyproject.toml holds exactly the contracts that the section asks for (契约是否同步)."""
    if render(root) in (root / "pyproject.toml").read_text("utf-8"):
        return []
    return ["pyproject.toml: the import contracts are out of step; run `xinqiao docs contracts`"]


def _between_floors(root: Path) -> list[dict]:
    built = set(packages(root))
    floors = [" | ".join(name for name in names if name in built) for names in FLOORS]
    section = {
        "name": "A room imports only what stands below it",
        "type": "layers",
        "containers": [HOUSE],
        "layers": [names for names in floors if names],
        "exhaustive": True,
    }
    circles = {
        "name": "No circles inside a package",
        "type": "acyclic_siblings",
        "ancestors": [f"{HOUSE}.*"],
    }
    return [section, circles]


def _inside_rooms(root: Path) -> list[dict]:
    built = rooms(root)
    furniture = {
        "name": "The furniture of a room imports one way",
        "type": "layers",
        "containers": [f"{HOUSE}.{room}" for room in built],
        "layers": FURNITURE,
    }
    with_tables = [room for room in built if any((root / HOUSE / room).glob("models*"))]
    return [furniture, *map(_own_tables, with_tables)] if built else []


def _own_tables(room: str) -> dict:
    return {
        "name": f"Only {room} touches its own tables",
        "type": "protected",
        "protected_modules": [f"{HOUSE}.{room}.models"],
        "allowed_importers": [f"{HOUSE}.{room}"],
    }


def _at_the_doors(root: Path) -> list[dict]:
    built = packages(root)
    found = [_portals(root)] if "portals" in built else []
    if "gateways" in built:
        found.append(_apart("Gateways do not import each other", f"{HOUSE}.gateways.*"))
    if "simulation" in built:
        found.append(_kit_only(built))
    return found


def _portals(root: Path) -> dict:
    doors = {path.parent.name for path in (root / HOUSE / "portals").glob("*/__init__.py")} - {"ui"}
    side_by_side = " | ".join(f"({door})" for door in sorted(doors))
    return {
        "name": "Portals share the visual language and nothing else",
        "type": "layers",
        "containers": [f"{HOUSE}.portals"],
        "layers": [side_by_side, "(ui)"] if doors else ["(ui)"],
    }


def _apart(name: str, modules: str) -> dict:
    return {"name": name, "type": "independence", "modules": [modules]}


def _kit_only(built: list[str]) -> dict:
    return {
        "name": "The simulated hospital knows only the kit",
        "type": "forbidden",
        "source_modules": [f"{HOUSE}.simulation"],
        "forbidden_modules": [f"{HOUSE}.{name}" for name in built if name not in ("kit", "simulation")],
    }


def _lines(contract: dict) -> list[str]:
    return [f"{key} = {_toml(value)}" for key, value in contract.items()]


def _toml(value: str | bool | list[str]) -> str:
    if not isinstance(value, list) or len(json.dumps(value)) < 90:
        return json.dumps(value)
    return "[\n" + "".join(f"    {json.dumps(each)},\n" for each in value) + "]"
