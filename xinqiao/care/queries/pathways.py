"""Pathways as published (已发布的路径)."""

from collections.abc import Mapping

from django.db.models import Max

from xinqiao.care.models import PathwayVersion
from xinqiao.care.rules.pathways import Pathway, parse_pathway
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound
from xinqiao.record.queries import EncounterCard


class NotPublished(NotFound):
    """随访路径还没有发布，请管理员先发布路径。"""


def newest_pathways(anchor: str, *, viewer: Actor) -> list[Pathway]:
    """This function will give the newest version of each pathway that starts from this anchor (现行路径)."""
    newest = PathwayVersion.objects.values("code").annotate(version=Max("version")).order_by("code")
    found = [get_pathway(row["code"], row["version"], viewer=viewer) for row in newest]
    if not found:
        raise NotPublished
    return [pathway for pathway in found if pathway.anchor == anchor]


def get_pathway(code: str, version: int, *, viewer: Actor) -> Pathway:
    """This function will give one published version, as its patients are followed by it (取路径)."""
    published = PathwayVersion.objects.filter(code=code, version=version).first()
    if published is None:
        raise NotPublished
    return parse_pathway(published.body)


def entry_facts(encounter: EncounterCard, *, viewer: Actor) -> Mapping[str, object]:
    """This function will say of an encounter what a pathway's entry asks (入组事实)."""
    return {"encounter_class": encounter.class_, "patient_deceased": "死亡" in encounter.disposition}
