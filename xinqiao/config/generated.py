"""Everything that is written from the code, so that it cannot drift (生成物): each has `write` and `check`."""

from types import ModuleType

from xinqiao.config import catalogue, contracts, docs, states

GENERATED: dict[str, ModuleType] = {
    "contracts": contracts,
    "map": docs,
    "states": states,
    "catalogue": catalogue,
}


def check() -> list[str]:
    """This function will say which generated documents are out of step with the code (文档是否同步)."""
    return [fault for module in GENERATED.values() for fault in module.check()]
