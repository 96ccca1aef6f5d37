"""Which record a message is about: only by exact identifiers, never by name and birth date (匹配)."""

from collections.abc import Callable, Iterable
from uuid import UUID

from xinqiao.patients.rules.identifiers import IdentifierRead

Key = tuple[str, str, bytes]  # kind, system, blind index of the value
ORDER = ("mrn", "card", "inpatient_no", "outpatient_no", "resident_id")


def rank(identifier: IdentifierRead) -> int:
    """Order identifiers by how well they tell the record: the organisation's own numbers first (匹配次序)."""
    return ORDER.index(identifier.kind) if identifier.kind in ORDER else len(ORDER)


def assign(
    messages: Iterable[list[Key]], known: dict[Key, UUID], new: Callable[[], UUID]
) -> tuple[list[UUID], set[UUID]]:
    """Give each message, in order, the record of its first known key, or a new one; and say which are new (归属).

    `known` grows by the keys of each message, so that a batch comes out as if it had arrived one by one.
    """
    owners, made = [], set()
    for keys in messages:
        owner = next((known[key] for key in keys if key in known), None)
        if owner is None:
            owner = new()
            made.add(owner)
        for key in keys:
            known.setdefault(key, owner)
        owners.append(owner)
    return owners, made
