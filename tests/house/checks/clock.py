"""Time and chance are arguments: only doors, tasks and wiring read the clock or throw dice."""

from pathlib import Path

from tests.house.source import Module, shipped

CLOCK = {
    *(f"datetime.datetime.{reading}" for reading in ("now", "utcnow", "today")),
    "datetime.date.today",
    *(f"django.utils.timezone.{reading}" for reading in ("now", "localdate")),
    *(f"xinqiao.kit.clock.{reading}" for reading in ("now", "real_now")),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime"),
    "django.db.models.functions.Now",
}
CHANCE = {"uuid.uuid1", "uuid.uuid4", "uuid.uuid6", "uuid.uuid7", "os.urandom", "random.SystemRandom"}
COLUMNS = {"auto_now", "auto_now_add"}
READERS = ("clock", "ids", "crypto")


def check_clock_and_chance(root: Path) -> list[str]:
    """No room reads the clock or makes randomness of its own."""
    below = [each for each in shipped(root) if not _may_read(each)]
    found = {
        f"{each.at(line)}: {name}; {_instead(name)}"
        for each in below
        for line, name in each.mentions
        if _is_read(name)
    }
    return sorted(found | {sentence for each in below for sentence in [*_columns(each), *_unseeded(each)]})


def _may_read(module: Module) -> bool:
    kit = module.package == "kit" and module.piece.startswith(READERS)
    return module.is_door or module.package == "config" or module.piece == "tasks" or kit


def _is_read(name: str) -> bool:
    dice = name.startswith("random.") and name != "random.Random" and name.count(".") == 1
    return name in CLOCK | CHANCE or name.startswith("secrets.") or dice


def _instead(name: str) -> str:
    return "take `now` as an argument" if name in CLOCK else "take an injected random source"


def _columns(module: Module) -> list[str]:
    clocked = [(call, each.arg) for call in module.calls for each in call.keywords if each.arg in COLUMNS]
    return [
        f"{module.at(call)}: `{name}` reads the clock in a column; take `now` as an argument"
        for call, name in clocked
    ]


def _unseeded(module: Module) -> list[str]:
    thrown = [call for call in module.calls if module.meaning(call.func) == "random.Random" and not call.args]
    return [
        f"{module.at(call)}: random.Random() without a seed; take an injected random source"
        for call in thrown
    ]
