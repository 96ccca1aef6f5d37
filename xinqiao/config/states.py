"""State diagrams, drawn from the transition tables of the rooms' rules (状态图)."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

from xinqiao.config.section import HOUSE, ROOT, rooms

HEAD = "<!-- Written by `xinqiao docs states` from the rules' transition tables. -->\n"


def tables() -> Iterator[tuple[str, str, dict[str, dict[str, str]]]]:
    """This function will find each table `{state: {event: next state}}` of the rooms' rules (状态转移表)."""
    for room in rooms():
        for module in _rules_of(room):
            for name, value in vars(module).items():
                if name.isupper() and _is_table(value) and _is_written_in(module, name):
                    yield room, f"{module.__name__.rpartition('.')[2]}_{name.lower()}", value


def render() -> dict[str, str]:
    """This function will draw one diagram per table, as file name → Mermaid text (绘制)."""
    drawn = {}
    for room, name, table in tables():
        lines = [
            f"    {here} --> {there}: {event}"
            for here, moves in table.items()
            for event, there in moves.items()
        ]
        body = "\n".join(lines)
        drawn[f"{room}_{name}.md"] = f"{HEAD}# {room} · {name}\n\n```mermaid\nstateDiagram-v2\n{body}\n```\n"
    return drawn


def write(root: Path = ROOT) -> None:
    """This function will write the diagrams and remove those whose table is gone (写入)."""
    folder = root / "docs" / "states"
    folder.mkdir(parents=True, exist_ok=True)
    drawn = render()
    for file in folder.glob("*.md"):
        if file.name not in drawn:
            file.unlink()
    for name, text in drawn.items():
        (folder / name).write_text(text, "utf-8")


def check(root: Path = ROOT) -> list[str]:
    """This function will say which diagrams are out of step with the rules (是否同步)."""
    folder = root / "docs" / "states"
    drawn = render()
    there = {file.name: file.read_text("utf-8") for file in folder.glob("*.md")} if folder.exists() else {}
    wrong = {name for name in drawn.keys() | there.keys() if drawn.get(name) != there.get(name)}
    return [f"docs/states/{name} is out of step; run `xinqiao docs states`" for name in sorted(wrong)]


def _rules_of(room: str) -> Iterator:
    try:
        module = importlib.import_module(f"{HOUSE}.{room}.rules")
    except ModuleNotFoundError:
        return
    yield module
    for inner in pkgutil.iter_modules(getattr(module, "__path__", [])):
        yield importlib.import_module(f"{module.__name__}.{inner.name}")


def _is_table(value: object) -> bool:
    if not isinstance(value, Mapping) or not value:
        return False
    moves = list(value.values())
    return (
        all(isinstance(move, Mapping) for move in moves)
        and any(moves)
        and all(there in value for move in moves for there in move.values() if isinstance(there, str))
        and all(isinstance(there, str) for move in moves for there in move.values())
    )


def _is_written_in(module: ModuleType, name: str) -> bool:
    return re.search(rf"^{name}\b", inspect.getsource(module), re.MULTILINE) is not None
