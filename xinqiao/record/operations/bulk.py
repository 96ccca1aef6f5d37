"""Whole batches by one statement each (批量语句): arrays go in, `unnest` makes rows of them."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db import connection, models

type Row = dict[str, Any]


class Statement:
    """One SQL statement of ours (语句)."""

    def __init__(self, sql: str) -> None:
        self.sql = sql

    def run(self, given: Iterable) -> None:
        """This function will run the statement (执行)."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, list(given))

    def fetch(self, given: Iterable) -> list[tuple]:
        """This function will run the statement and give its rows (查询)."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, list(given))
            return cursor.fetchall()


class Table:
    """The table of a model, written by the batch (表)."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model, self.name = model, model._meta.db_table

    @cached_property
    def columns(self) -> dict[str, tuple[str, int | None]]:
        """Every column with its type as an array's element, and the length of a text (列清单)."""
        fields = [field for field in self.model._meta.concrete_fields if field.column]
        return {str(field.column): (_element(field), _length(field)) for field in fields}

    def insert(self, rows: list[Row]) -> None:
        """This function will insert all rows by one statement (批量插入).

        A column that is the same in every row goes once instead of as an array: most are, and arrays are dear.
        """
        if not rows:
            return
        given = dict(zip(self.columns, self.arrays(rows, self.columns), strict=True))
        same = {
            name for name, values in given.items() if name != "id" and values.count(values[0]) == len(values)
        }
        differing = [name for name in given if name not in same]
        selected = ", ".join(f"%s::{self.columns[name][0]}" if name in same else name for name in given)
        insert = (
            f"INSERT INTO {self.name} ({', '.join(given)}) SELECT {selected} FROM {self._unnest(differing)}"
        )
        Statement(insert).run(
            [*(given[name][0] for name in given if name in same), *(given[name] for name in differing)]
        )

    def update(self, rows: list[Row], names: tuple[str, ...]) -> None:
        """This function will write these columns of existing rows by one statement (批量更新)."""
        if rows:
            changes = ", ".join(f"{name} = t.{name}" for name in names)
            source = self._unnest(("id", *names))
            update = Statement(f"UPDATE {self.name} o SET {changes} FROM {source} WHERE o.id = t.id")
            update.run(self.arrays(rows, ("id", *names)))

    def arrays(self, rows: list[Row], names: Iterable[str]) -> list[list]:
        """This function will turn rows into one array per column, each text fit for its column (转为数组)."""
        return [_fit([row[name] for row in rows], self.columns[name][1]) for name in names]

    def _unnest(self, names: Iterable[str]) -> str:
        kinds = ", ".join(f"%s::{self.columns[name][0]}[]" for name in names)
        return f"unnest({kinds}) AS t ({', '.join(names)})"


def _element(field: models.Field) -> str:
    db_type = field.db_type(connection) or ""
    return "text" if db_type.startswith("varchar") else db_type


def _length(field: models.Field) -> int | None:
    return field.max_length if isinstance(field, models.CharField) else None


def _fit(values: list, length: int | None) -> list:
    """Cut texts to the column's length and take out what PostgreSQL cannot hold; the message itself is kept whole."""
    if length is None:
        return values
    return [value.replace("\0", "")[:length] for value in values]
