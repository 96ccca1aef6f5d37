"""Only a room touches its own tables: no import of them, no look-up through them, no key upward to them."""

import ast
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from tests.house.source import Module, fields, keyword, name_of, shipped, word
from xinqiao.config.section import floor_of, packages

RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
FOLLOWING = {"select_related", "prefetch_related", "Prefetch", "FilteredRelation", "prefetch_related_objects"}
OWN_COLUMN = {"id", "pk", "in", "isnull", "exact"}
PATH = re.compile(r"-?[a-z]\w*?(__\w+)+")
NAMED = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE|ONLY|USING|COPY|TABLE)\s+"?([a-z]+)_\w+', re.IGNORECASE)
FOREIGN = {"django", "auth", "account", "mfa", "procrastinate"}  # first words of others' tables

Relations = dict[str, dict[str, set[str]]]


def check_own_tables(root: Path) -> list[str]:
    """No room imports another's models, nor fetches them by name."""
    found = []
    for each in shipped(root):
        others = [(line, name) for line, name in each.mentions if _foreign_models(each, name)]
        found += [
            f"{each.at(line)}: {name} is another room's table; use its queries" for line, name in others
        ]
        by_name = [call for call in each.calls if name_of(call) in ("get_model", "get_models")]
        found += [f"{each.at(call)}: fetches a table by name; use the room's queries" for call in by_name]
    return sorted(set(found))


def check_lookups(root: Path) -> list[str]:
    """No look-up path, anywhere a path can be written, runs through a key into another room's columns."""
    relations = _relations(root)
    found = [sentence for each in shipped(root) for sentence in _spanning(each, relations)]
    return found + [sentence for each in shipped(root) for sentence in _following(each, relations)]


def check_reading_through(root: Path) -> list[str]:
    """No room reads through a key into another room's row: `note.patient_id`, never `note.patient.name`."""
    relations = _relations(root)
    return [
        f"{each.at(node)}: `.{node.value.attr}.{node.attr}` loads another room's row; ask its queries"
        for each in shipped(root)
        for node in each.nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)
        if relations[each.package][node.value.attr] - {each.package} and node.attr not in OWN_COLUMN
    ]


def check_raw_sql(root: Path) -> list[str]:
    """No SQL by hand names another room's table; the wiring aside, which examines them all."""
    owners = FOREIGN | set(packages(root))
    return [
        f"{each.at(line)}: SQL names a table of {owner}; ask its queries"
        for each in shipped(root)
        if each.package != "config"
        for line, text in _texts(each)
        for owner in NAMED.findall(text)
        if owner in owners - {each.package}
    ]


def check_foreign_keys(root: Path) -> list[str]:
    """Foreign keys between rooms point down and leave no name behind."""
    return [
        f"{each.at(key)}: {column} {complaint}"
        for each in shipped(root)
        for table in each.classes
        for column, key in fields(table)
        if name_of(key) in RELATIONS
        for complaint in _complaints(each.package, key)
    ]


def _texts(module: Module) -> list[tuple[int, str]]:
    """Every text of a module; what an f-string fills in is left out."""
    whole = [node for node in module.nodes if isinstance(node, ast.JoinedStr | ast.Constant)]
    return [
        (node.lineno, "{}".join(map(word, node.values)) if isinstance(node, ast.JoinedStr) else word(node))
        for node in whole
    ]


def _complaints(room: str, key: ast.Call) -> list[str]:
    target = _target(room, key)
    if target == room or floor_of(target) is None:
        return []
    upward = floor_of(room) is None or floor_of(target) <= floor_of(room)
    complaints = [f"points up to {target}; keys between rooms point down"] if upward else []
    named = word(keyword(key, "related_name")) != "+"
    return complaints + ([f'into {target} needs related_name="+"'] if named else [])


def _target(room: str, key: ast.Call) -> str:
    """The room a key points into: "patients" for `"patients.Patient"` and for an imported class."""
    pointed = key.args[0] if key.args else keyword(key, "to")
    if name_of(pointed) == "AUTH_USER_MODEL":
        return "accounts"
    return word(pointed).partition(".")[0] if "." in word(pointed) else room


def _relations(root: Path) -> Relations:
    """For every room, the rooms that its keys point into, by the name of the key."""
    found: Relations = defaultdict(lambda: defaultdict(set))
    for each in shipped(root):
        keys = [(column, key) for table in each.classes for column, key in fields(table)]
        for column, key in keys:
            if name_of(key) in RELATIONS:
                found[each.package][column].add(_target(each.package, key))
    return found


def _spanning(module: Module, relations: Relations) -> list[str]:
    return [
        f"{module.at(line)}: `{path}` looks into {other}'s table; ask {other}'s queries"
        for line, path in _paths(module)
        if (other := _leads_to(path, _known(module, relations), module.package))
    ]


def _following(module: Module, relations: Relations) -> list[str]:
    found = []
    for call in [each for each in module.calls if name_of(each) in FOLLOWING]:
        if name_of(call) == "select_related" and not call.args:
            found.append(f"{module.at(call)}: select_related() without names follows keys into other rooms")
        for path in map(word, call.args):
            if path and (other := _leads_to(f"{path}__", _known(module, relations), module.package)):
                found.append(
                    f"{module.at(call)}: {name_of(call)}({path!r}) loads {other}'s table; ask its queries"
                )
    return found


def _paths(module: Module) -> list[tuple[int, str]]:
    """Every text and keyword that reads like a look-up path: in calls, in `**{…}`, in lists of names."""
    words = [(node.lineno, word(node)) for node in module.nodes if isinstance(node, ast.Constant)]
    keywords = [(node.value.lineno, node.arg or "") for node in module.nodes if isinstance(node, ast.keyword)]
    return [(line, path) for line, path in words + keywords if PATH.fullmatch(path)]


def _known(module: Module, relations: Relations) -> dict[str, set[str]]:
    """The keys a module may look through: its room's; a door's are everybody's."""
    if not module.is_door:
        return relations[module.package]
    everyones: dict[str, set[str]] = defaultdict(set)
    for keys in list(relations.values()):
        for column, targets in keys.items():
            everyones[column] |= targets
    return everyones


def _leads_to(path: str, keys: dict[str, set[str]], room: str) -> str:
    """The other room whose columns a path reads; empty when it stays at home."""
    steps = path.lstrip("-").split("__")
    for step, following in pairwise(steps):
        others = keys.get(step, set()) - {room}
        if others and following not in OWN_COLUMN:
            return sorted(others)[0]
        if others or step not in keys:
            return ""
    return ""


def _foreign_models(module: Module, name: str) -> bool:
    steps = name.split(".")
    return steps[0] == "xinqiao" and steps[2:3] == ["models"] and steps[1] != module.package
