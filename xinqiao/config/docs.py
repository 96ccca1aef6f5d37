"""The map of the house, drawn from the section and from what the packages really import (地图)."""

import ast
from pathlib import Path

from xinqiao.config.section import HOUSE, ROOT, SECTION, packages, purpose

MAP = """\
<!-- Written by `xinqiao docs map`. Change the section or the code, then run it again. -->
# The map of the house (地图)

A room may import only what stands below it. A room is made when what it does is built, not before; the
drawing also says where the next ones will stand.

```
{section}```

## What stands today

| package | what it is for | what it calls |
|---|---|---|
{rows}
"""


def render(root: Path = ROOT) -> str:
    """Draw the map: the section, then each package with its purpose and those it calls (绘制地图)."""
    rows = [f"| `{name}` | {purpose(root, name)} | {_calls(root, name)} |" for name in packages(root)]
    return MAP.format(section=SECTION, rows="\n".join(rows))


def write(root: Path = ROOT) -> None:
    """Write the map where the newcomer looks for it (写入地图)."""
    file = root / "docs" / "map.md"
    file.parent.mkdir(exist_ok=True)
    file.write_text(render(root), "utf-8")


def check(root: Path = ROOT) -> list[str]:
    """Say whether the written map still shows the house as it is (地图是否同步)."""
    file = root / "docs" / "map.md"
    if file.exists() and file.read_text("utf-8") == render(root):
        return []
    return ["docs/map.md is out of step with the code; run `xinqiao docs map`"]


def imported(root: Path, package: str) -> set[str]:
    """List the other packages of the house that one imports, its tests and migrations aside (被导入的包)."""
    files = (root / HOUSE / package).rglob("*.py")
    trees = (ast.parse(file.read_text("utf-8")) for file in files if not _aside(file.relative_to(root)))
    return {name for tree in trees for node in ast.walk(tree) for name in _packages_of(node)} - {package}


def _calls(root: Path, package: str) -> str:
    found = imported(root, package)
    return " · ".join(f"`{name}`" for name in packages(root) if name in found) or "–"


def _aside(file: Path) -> bool:
    return bool({"tests", "migrations"} & set(file.parts))


def _packages_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        dotted = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and not node.level:
        dotted = [f"{node.module}.{alias.name}" for alias in node.names]
    else:
        return []
    return [name.split(".")[1] for name in dotted if name.startswith(f"{HOUSE}.")]
