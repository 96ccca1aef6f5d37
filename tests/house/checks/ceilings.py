"""Sizes: a ceiling is a sign to cut by subject, never to cram."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import Function, Module, modules, shipped
from xinqiao.config.section import DOORS, HOUSE

MODULE, FUNCTION, TEMPLATE, TEST_MODULE, ROOM, KIT = 400, 40, 150, 400, 3000, 1500
ALLOWED = "tests/house/allowed.txt"


def check_ceilings(root: Path) -> list[str]:
    """Nothing is larger than its ceiling, unless the allow-list names it with exactly its size."""
    large, allowed = dict(_too_large(root)), _allowed(root)
    found = [
        f"{name} has {size} lines, and its ceiling is {ceiling}; cut it by subject"
        for name, (size, ceiling) in sorted(large.items())
        if size > allowed.get(name, ceiling)
    ]
    return found + [
        f"{ALLOWED}: `{name} {size}` is stale; the list may only shrink"
        for name, size in allowed.items()
        if large.get(name, (0, 0))[0] < size
    ]


def _too_large(root: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    for name, size, ceiling in [*_modules(root), *_functions(root), *_templates(root), *_rooms(root)]:
        if size > ceiling:
            yield name, (size, ceiling)


def _modules(root: Path) -> Iterator[tuple[str, int, int]]:
    for each in _measured(root):
        yield each.name, _length(each), TEST_MODULE if each.is_test else MODULE


def _functions(root: Path) -> Iterator[tuple[str, int, int]]:
    for each in _measured(root):
        for function in [node for node in each.nodes if isinstance(node, Function)]:
            yield f"{each.name}:{function.name}", function.end_lineno - function.lineno + 1, FUNCTION


def _templates(root: Path) -> Iterator[tuple[str, int, int]]:
    for path in sorted((root / HOUSE).rglob("*.html")):
        yield path.relative_to(root).as_posix(), len(path.read_text("utf-8").splitlines()), TEMPLATE


def _rooms(root: Path) -> Iterator[tuple[str, int, int]]:
    sizes = Counter()
    for each in shipped(root):
        sizes[_room(each)] += _length(each)
    for room, size in sizes.items():
        yield room, size, KIT if room == f"{HOUSE}/kit" else ROOM


def _room(module: Module) -> str:
    """A room, one door or one folder of the wiring: `xinqiao/patients`, `xinqiao/portals/staff`, `xinqiao/config/demo`."""
    depth = 2 if module.package in (*DOORS, "config") else 1
    return "/".join([HOUSE, *module.within[:-1][:depth]])


def _measured(root: Path) -> list[Module]:
    beside = [Module(root, path) for path in sorted((root / "tests").rglob("*.py"))]
    return [each for each in modules(root) if not each.is_migration] + beside


def _length(module: Module) -> int:
    return len(module.text.splitlines())


def _allowed(root: Path) -> dict[str, int]:
    """Lines of `name size`; the size may only be lowered, and the line only removed."""
    file = root / ALLOWED
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return {name: int(size) for name, _, size in (line.rpartition(" ") for line in lines if line.strip())}
