"""Sharp tools are kept in named places: SQL by hand, XML, processes, calls outside, code from text."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from tests.house.source import Module, name_of, shipped


@dataclass(frozen=True)
class Tool:
    """Something that only the named places may use."""

    what: str
    modules: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    builtins: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


DATABASE = ("django.db.connection", "django.db.connections", "django.db.models.expressions.RawSQL", "psycopg")
TOOLS = [
    Tool(
        "SQL by hand",
        modules=DATABASE,
        methods=("raw", "extra", "cursor"),
        places=(
            "kit/*",
            "audit/*",
            "config/*",
            "*/facts.py",
            "*/facts/*",
            "*/operations.py",
            "*/operations/*",
            "*/queries.py",
            "*/queries/*",
            "analytics/metrics/*",
        ),
    ),
    Tool("XML", modules=("xml", "lxml"), places=("gateways/*", "messaging/channels/*", "simulation/*")),
    Tool("pickle", modules=("pickle", "marshal", "shelve", "dill")),
    Tool("code made from text", builtins=("eval", "exec", "compile", "__import__")),
    Tool("unsafe YAML", modules=("yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load")),
    Tool(
        "another process",
        modules=("subprocess", "os.system", "os.popen"),
        places=("config/*", "kit/postgres*"),
    ),
    Tool(
        "a call to the world outside",
        modules=("requests", "httpx", "aiohttp", "urllib.request", "urllib3", "http.client", "smtplib"),
        places=("gateways/*", "messaging/channels/*", "simulation/*", "config/*"),
    ),
    Tool("a Django signal", modules=("django.db.models.signals", "django.dispatch", "django.core.signals")),
    Tool(
        "a generic foreign key",
        modules=("django.contrib.contenttypes.fields", "django.contrib.contenttypes.models"),
        places=("audit/*",),
    ),
    Tool("print", builtins=("print",), places=("config/*",)),
]


def check_sharp_tools(root: Path) -> list[str]:
    """Each sharp tool is used in its named places only."""
    return sorted(
        {
            f"{each.at(line)}: {tool.what} ({name}) is not for this place; see TOOLS in tests/house/checks/kinds.py"
            for each in shipped(root)
            for tool in TOOLS
            if not any(fnmatch("/".join(each.within), place) for place in tool.places)
            for line, name in _uses(each, tool)
        }
    )


def _uses(module: Module, tool: Tool) -> list[tuple[int, str]]:
    named = [(line, name) for line, name in module.mentions if _is_of(name, tool.modules)]
    return named + _called(module, lambda call: _is_called(call, tool))


def _called(module: Module, wanted: Callable[[ast.Call], bool]) -> list[tuple[int, str]]:
    return [(call.lineno, name_of(call)) for call in module.calls if wanted(call)]


def _is_called(call: ast.Call, tool: Tool) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in tool.builtins
    return isinstance(call.func, ast.Attribute) and call.func.attr in tool.methods


def _is_of(name: str, modules: tuple[str, ...]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)
