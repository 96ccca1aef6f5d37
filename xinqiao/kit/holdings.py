"""What a room holds of patients (持有清单): every table says whose it is, and what erasure does to it.

The room's `holdings.py` lists its tables as `HOLDINGS`; a house test fails for a table that is not listed.
"""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps

KEEP, DELETE, SHRED = "keep", "delete", "shred"


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One table and its subject (一张表的持有声明).

    `subject` is the column, or the path over foreign keys, that leads to the patient; None needs a `why`.
    `erase` is what erasure does: `delete` the rows, `shred` (unreadable with the patient's key), or `keep` with the
    law that demands it in `legal`. `follow_merge` names how a link of two records is followed: `linked` (rows stay
    with their record and are read through the link) or `repoint` (open work moves, with a ledger).
    """

    model: str
    subject: str | None
    why: str = ""
    erase: str = KEEP
    legal: str = ""
    follow_merge: str = "linked"
    show: str = ""
    export: bool = True

    def __post_init__(self) -> None:
        if self.subject is None and not self.why:
            raise ValueError(f"{self.model}: a table without a subject says why")
        if self.subject and self.erase == KEEP and not self.legal:
            raise ValueError(f"{self.model}: what is kept after erasure names the law that demands it")


def holdings() -> Iterator[tuple[str, Holding]]:
    """This function will list every room's declared tables, as (app label, holding) (全部持有声明)."""
    for config in apps.get_app_configs():
        if config.name.startswith("xinqiao."):
            try:
                module = importlib.import_module(f"{config.name}.holdings")
            except ModuleNotFoundError as missing:
                if missing.name != f"{config.name}.holdings":
                    raise
                continue
            yield from ((config.label, holding) for holding in module.HOLDINGS)


HOLDINGS = (
    Holding(model="Outbox", subject=None, why="events carry ids only"),
    Holding(model="ReactionDone", subject=None, why="which reaction saw which event"),
    Holding(model="Blob", subject="patient_id", erase=SHRED, export=True),
)
