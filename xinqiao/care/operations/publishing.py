"""Publishing what clinicians wrote; published, it never changes (发布路径)."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings

from xinqiao.audit.operations import concerning, operation
from xinqiao.care.models import PathwayVersion
from xinqiao.care.rules.pathways import BadPathway, parse_pathway
from xinqiao.care.rules.plans import example_faults
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import Refused
from xinqiao.kit.ids import new_id
from xinqiao.questionnaires.rules.library import published_forms

CONTENT = Path(__file__).parents[3] / "content" / "pathways"


class PublishedAlready(Refused):
    """这个版本已经发布，内容不能再改；请把版本号加 1 后重新发布。"""


@operation
def publish_pathways(*, by: Actor, now: datetime, folder: Path = CONTENT) -> list[str]:
    """This function will publish the pathways of a folder and name those that are new (发布路径).

    Each is checked and its examples are played first. Published again it changes nothing; with another body under
    the same version it is refused.
    """
    fresh = [
        name
        for file in sorted(folder.glob("*.yaml"))
        if (name := _publish(yaml.safe_load(file.read_text("utf-8")), now))
    ]
    concerning(published=fresh)
    return fresh


def _publish(document: Mapping, now: datetime) -> str:
    pathway = parse_pathway(document, questionnaires={form.code for form in published_forms()})
    if faults := example_faults(pathway, ZoneInfo(settings.TIME_ZONE)):
        raise BadPathway(faults)
    body = json.dumps(document, default=lambda value: value.isoformat(), ensure_ascii=False, sort_keys=True)
    digest = sha256(body.encode()).digest()
    known = PathwayVersion.objects.filter(code=pathway.code, version=pathway.version).first()
    if known and bytes(known.digest) != digest:
        raise PublishedAlready(f"{pathway.title}第 {pathway.version} 版：{PublishedAlready.__doc__}")
    if known:
        return ""
    PathwayVersion.objects.create(
        id=new_id(now), code=pathway.code, version=pathway.version, title=pathway.title,
        body=json.loads(body), digest=digest, published_at=now,
    )  # fmt: skip
    return f"{pathway.code}.{pathway.version}"
