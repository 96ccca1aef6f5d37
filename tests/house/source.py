"""Reading the source tree: modules, their place in the house, and what their names really stand for."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xinqiao.config.section import DOORS, HOUSE

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of Python, and where it stands."""

    root: Path
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @property
    def name(self) -> str:
        return self.path.relative_to(self.root).as_posix()

    @property
    def within(self) -> tuple[str, ...]:
        """The steps below the house: `("patients", "operations", "load.py")`; none when outside it."""
        steps = self.path.relative_to(self.root).parts
        return steps[1:] if steps[0] == HOUSE else ()

    @property
    def package(self) -> str:
        return self.within[0] if len(self.within) > 1 else ""

    @property
    def piece(self) -> str:
        """The furniture it is, or is a part of: `operations` for `operations.py` and `operations/load.py`."""
        return self.within[1].removesuffix(".py") if len(self.within) > 1 else ""

    @property
    def is_door(self) -> bool:
        return self.package in DOORS

    @property
    def is_test(self) -> bool:
        steps = self.path.relative_to(self.root).parts
        return "tests" in steps or steps[-1] == "conftest.py"

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.within

    @property
    def public_functions(self) -> list[Function]:
        return [each for each in self.tree.body if isinstance(each, Function) and each.name[0] != "_"]

    @property
    def classes(self) -> list[ast.ClassDef]:
        return [each for each in self.nodes if isinstance(each, ast.ClassDef)]

    @property
    def calls(self) -> list[ast.Call]:
        return [each for each in self.nodes if isinstance(each, ast.Call)]

    @cached_property
    def imports(self) -> dict[str, str]:
        """What each imported name stands for: `{"tz": "django.utils.timezone"}`."""
        found = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                whole = {each.asname: each.name for each in node.names if each.asname}
                found |= whole | {
                    _first(each.name): _first(each.name) for each in node.names if not each.asname
                }
            elif isinstance(node, ast.ImportFrom):
                source = self._absolute(node)
                found |= {each.asname or each.name: f"{source}.{each.name}" for each in node.names}
        return found

    @cached_property
    def mentions(self) -> list[tuple[int, str]]:
        """Every imported module and every dotted name, written out in full, with its line."""
        imported = [
            (
                node.lineno,
                f"{self._absolute(node)}.{each.name}" if isinstance(node, ast.ImportFrom) else each.name,
            )
            for node in self.nodes
            if isinstance(node, ast.Import | ast.ImportFrom)
            for each in node.names
        ]
        used = [(node.lineno, self.meaning(node)) for node in self.nodes if isinstance(node, ast.expr)]
        return imported + [(line, meaning) for line, meaning in used if meaning]

    def meaning(self, node: ast.expr) -> str:
        """The full dotted name of something imported; empty for everything else."""
        if isinstance(node, ast.Name):
            return self.imports.get(node.id, "")
        if isinstance(node, ast.Attribute):
            before = self.meaning(node.value)
            return f"{before}.{node.attr}" if before else ""
        return ""

    def at(self, line: int | ast.AST) -> str:
        return f"{self.name}:{getattr(line, 'lineno', line)}"

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        above = self.path.relative_to(self.root).parts[: -node.level]
        return ".".join([*above, *([node.module] if node.module else [])])


def modules(root: Path) -> list[Module]:
    """Every file of Python under the house."""
    return [Module(root, path) for path in sorted((root / HOUSE).rglob("*.py"))]


def shipped(root: Path) -> list[Module]:
    """The house without its tests and migrations."""
    return [each for each in modules(root) if not (each.is_test or each.is_migration)]


def pieces(root: Path, piece: str) -> list[Module]:
    """That piece of furniture in every room: `operations.py` and all of `operations/`."""
    aside = ("config", "simulation", *DOORS)
    return [each for each in shipped(root) if each.piece == piece and each.package not in aside]


def committed(root: Path) -> Iterator[Path]:
    """Every file that is, or would be, committed; in a tree without git, every file."""
    if not (root / ".git").exists():
        yield from sorted(path for path in root.rglob("*") if path.is_file())
        return
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=root, check=True, capture_output=True, text=True).stdout
    yield from (root / name for name in sorted(names.split("\0")) if name and (root / name).is_file())


def name_of(node: ast.expr | None) -> str:
    """The last word of a name: `F` for `models.F`, and for the call `models.F(…)`."""
    if isinstance(node, ast.Call):
        return name_of(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value given to a keyword of a call, if any."""
    return next((each.value for each in call.keywords if each.arg == name), None)


def word(node: ast.expr | None) -> str:
    """The text of a string constant; empty for everything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def fields(table: ast.ClassDef) -> Iterator[tuple[str, ast.Call]]:
    """The columns a class declares, with the call that makes each."""
    for line in table.body:
        named = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
        value = getattr(line, "value", None)
        if isinstance(named, ast.Name) and isinstance(value, ast.Call) and is_field(value):
            yield named.id, value


def _first(dotted: str) -> str:
    return dotted.partition(".")[0]


def is_field(call: ast.Call) -> bool:
    return name_of(call).endswith(("Field", "ForeignKey"))
