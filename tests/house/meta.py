"""The same rules as Django sees them: inherited columns, third-party tables, keys made at run time."""

from collections.abc import Iterable

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model

from xinqiao.config.section import floor_of
from xinqiao.kit.holdings import Holding

Table = type[Model]
Declared = dict[str, Holding]


def declared(holdings: Iterable[tuple[str, Holding]]) -> Declared:
    """The holdings by their table's full name: "patients.patient"."""
    return {
        (held.model if "." in held.model else f"{label}.{held.model}").lower(): held
        for label, held in holdings
    }


def undeclared(tables: Iterable[Table], holdings: Declared) -> list[str]:
    """Every installed table is declared."""
    missing = [table._meta.label for table in tables if table._meta.label_lower not in holdings]
    return [
        f"{name} declares no subject; add it to its room's holdings.py (or xinqiao/config/holdings.py)"
        for name in missing
    ]


def declared_in_vain(tables: Iterable[Table], holdings: Declared) -> list[str]:
    """Every declaration names an installed table."""
    return [f"{name} is declared, but there is no such table" for name in holdings.keys() - _names(tables)]


def subjects_astray(tables: Iterable[Table], holdings: Declared) -> list[str]:
    """The column or path that a declaration names leads somewhere."""
    return [
        f"{table._meta.label} names the subject {subject}, and has no such column"
        for table, subject in _held(tables, holdings)
        if not _leads_somewhere(table, subject)
    ]


def without_organisation(tables: Iterable[Table], holdings: Declared) -> list[str]:
    """Every table that holds patients has the organisation in every row."""
    held = [table for table, _ in _held(tables, holdings)]
    return [
        f"{table._meta.label} holds patients and has no organisation_id"
        for table in held
        if "organisation_id" not in {field.attname for field in table._meta.concrete_fields}
    ]


def keys_astray(tables: Iterable[Table]) -> list[str]:
    """Foreign keys between rooms point down, and leave no name behind."""
    keys = [(table, field) for table in tables for field in table._meta.get_fields() if _is_key(field)]
    return [
        f"{table._meta.label}.{field.name} {wrong}" for table, field in keys for wrong in _wrong(table, field)
    ]


def _wrong(table: Table, field: Field) -> list[str]:
    room, target = table._meta.app_label, field.related_model._meta.app_label
    if room == target or floor_of(room) is None or floor_of(target) is None:
        return []
    upward = [f"points up to {target}"] if floor_of(target) <= floor_of(room) else []
    named = [] if field.remote_field.hidden else ['needs related_name="+"']
    return upward + named


def _is_key(field: Field) -> bool:
    return bool(field.is_relation and not field.auto_created and field.related_model)


def _names(tables: Iterable[Table]) -> set[str]:
    return {table._meta.label_lower for table in tables}


def _held(tables: Iterable[Table], holdings: Declared) -> list[tuple[Table, str]]:
    found = [(table, holdings.get(table._meta.label_lower)) for table in tables]
    return [(table, holding.subject) for table, holding in found if holding and holding.subject]


def _leads_somewhere(table: Table, path: str) -> bool:
    first, _, rest = path.partition("__")
    try:
        field = table._meta.get_field(first.removesuffix("_id") if rest else first)
    except FieldDoesNotExist:
        return first in {field.attname for field in table._meta.concrete_fields} and not rest
    return not rest or (field.related_model is not None and _leads_somewhere(field.related_model, rest))
