"""Many patients quickly (人群): those who were really loaded, copied in SQL until there are enough.

A copy has names, birth days, identifiers, contact points and a key of its own, so that it is found, shown and opened like anybody;
snapshots and kin are left out. The numbers' whole blind indexes differ, their last four are those of the original, as
ten thousand endings among a million people repeat themselves too.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from uuid import UUID

from psycopg import Connection

from xinqiao.kit.crypto import keystore, seal_with, secret

TABLES = ("patients_patient", "patients_identifier", "patients_contactpoint")
COLUMNS = (
    "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns"
    " WHERE table_schema = 'public' AND table_name = %s"
)
OTHERS = {  # what differs in copy number %(turn)s; every other column is the original's
    "patients_patient": {"id": "md5(o.id::text || %(turn)s)::uuid", "birth_on": "o.birth_on + %(turn)s::int"},
    "patients_identifier": {
        "id": "uuidv7()",
        "patient_id": "md5(o.patient_id::text || %(turn)s)::uuid",
        "value_blind": "substring(sha256(o.value_blind || %(turn)s::text::bytea) FOR 8)",
    },
}
OTHERS["patients_contactpoint"] = OTHERS["patients_identifier"]


def copy_until(owner: Connection, originals: list[UUID], size: int) -> None:
    """This function will copy the loaded patients until there are `size` (复制人群)."""
    whole, rest = divmod(size - len(originals), len(originals))
    turns = [originals] * whole + ([originals[:rest]] if rest else [])
    _copy_keys(originals, turns)
    for turn, chosen in enumerate(turns, 1):
        with owner.transaction():
            for table in TABLES:
                _copy_rows(owner, table, chosen, turn)
    owner.execute("VACUUM ANALYZE")


def _copy_rows(owner: Connection, table: str, chosen: list[UUID], turn: int) -> None:
    (columns,) = owner.execute(COLUMNS, [table]).fetchone() or ("",)
    values = ", ".join(OTHERS[table].get(name, f"o.{name}") for name in columns.split(", "))
    whose = "id" if table == "patients_patient" else "patient_id"
    owner.execute(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} o WHERE o.{whose} = ANY (%(chosen)s)",
        {"turn": str(turn), "chosen": chosen},
    )


def _copy_keys(originals: list[UUID], turns: list[list[UUID]]) -> None:
    """The key of an original, wrapped anew for each of its copies: what was sealed for it opens for them."""
    keys, wrapping = keystore().keys(originals), secret("keystore")

    def rows() -> Iterator[tuple[bytes, bytes]]:
        for turn, chosen in enumerate(turns, 1):
            for original in chosen:
                copy = hashlib.md5(f"{original}{turn}".encode(), usedforsecurity=False)
                yield copy.digest(), seal_with(wrapping, keys[original], copy.hexdigest())

    with sqlite3.connect(keystore().path) as store:
        store.executemany("INSERT INTO data_key (subject, wrapped) VALUES (?, ?)", rows())
    store.close()
