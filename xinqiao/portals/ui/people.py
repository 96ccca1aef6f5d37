"""Names, sex and birth of the patients on a page (页面上的患者), in one query however many."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from xinqiao.kit.actor import Actor
from xinqiao.patients.queries import readable_patients
from xinqiao.portals.ui.wording import word_sex


@dataclass(frozen=True, slots=True)
class Person:
    """One patient as a row shows him (行内患者)."""

    name: str
    sex: str
    birth_on: date | None


def people(ids: Iterable[UUID], *, viewer: Actor, now: datetime) -> dict[UUID, Person]:
    """This function will give those of these patients whom the viewer may read (可读患者)."""
    found = readable_patients(viewer, now).in_bulk(list(ids))
    return {key: Person(one.name, word_sex(one.sex), one.birth_on) for key, one in found.items()}
