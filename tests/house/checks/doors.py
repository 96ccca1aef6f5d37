"""Doors read the request, call a room and render: they know no table and open no transaction."""

import ast
from pathlib import Path

from tests.house.source import Module, shipped

TOUCHES = {"objects", "save", "delete", "asave", "adelete"}
BELOW = ("django.db",)


def check_doors_without_tables(root: Path) -> list[str]:
    """No door touches a table: no `.objects`, `.save(`, `.delete(`, and nothing from `django.db`."""
    found = [sentence for door in _doors(root) for sentence in _touching(door)]
    imported = [
        (door, line, name) for door in _doors(root) for line, name in door.mentions if _is_below(name)
    ]
    return found + sorted(
        {f"{door.at(line)}: a door does not know {name}; call a room" for door, line, name in imported}
    )


def check_doors_apart(root: Path) -> list[str]:
    """Portals import only the shared visual language, gateways nothing of each other."""
    return sorted(
        f"{door.at(line)}: {'/'.join(door.within[:2])} looks into {name}; doors of one kind do not know each other"
        for door in _doors(root)
        for line, name in door.mentions
        if _is_sibling(door, name)
    )


def _doors(root: Path) -> list[Module]:
    return [each for each in shipped(root) if each.is_door]


def _touching(door: Module) -> list[str]:
    attributes = [node for node in door.nodes if isinstance(node, ast.Attribute) and node.attr in TOUCHES]
    called = {id(call.func) for call in door.calls}
    touching = [each for each in attributes if each.attr == "objects" or id(each) in called]
    return [
        f"{door.at(each)}: a door uses `.{each.attr}`; ask a room's query or operation" for each in touching
    ]


def _is_below(name: str) -> bool:
    steps = name.split(".")
    return name.startswith(BELOW) or (steps[0] == "xinqiao" and "models" in steps[2:3])


def _is_sibling(door: Module, name: str) -> bool:
    steps = name.split(".")
    if len(door.within) < 3 or len(steps) < 3 or steps[:2] != ["xinqiao", door.package]:
        return False
    return steps[2] not in (door.piece, "ui") and door.piece in _folders(door)


def _folders(door: Module) -> set[str]:
    return {path.name for path in (door.root / "xinqiao" / door.package).iterdir() if path.is_dir()}
