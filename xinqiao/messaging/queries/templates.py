"""The published templates, bound to one organisation's signature and registered host (消息模板)."""

import functools
from pathlib import Path
from uuid import UUID

import yaml

from xinqiao.directory.queries import get_organisation
from xinqiao.kit.actor import Actor
from xinqiao.messaging.rules.templates import Template, parse_template

FOLDER = Path(__file__).parents[3] / "content" / "messages"
NOWHERE = (
    "unregistered.invalid"  # stands where no link is; a message that has one is refused without a domain
)


def find_template(name: str, channel: str, *, organisation_id: UUID, viewer: Actor) -> Template | None:
    """This function will find a template by its code, or by its code without the channel, or None (查模板).

    The signature is always the sending organisation's own, whatever the file says.
    """
    for code in (name, f"{name}_{channel}"):
        document = _documents().get(code)
        if document and document.get("channel") == channel:
            organisation = get_organisation(organisation_id)
            own = {"signature": organisation.sms_signature} if channel == "sms" else {}
            return parse_template(document | own, organisation.domain or NOWHERE)
    return None


def title_of(code: str, *, viewer: Actor) -> str:
    """This function will give a template's title for a list, or its code once it is no longer published (模板名称)."""
    return _documents().get(code, {}).get("title", code)


@functools.cache
def _documents() -> dict[str, dict]:
    documents = (yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml")))
    return {document["code"]: document for document in documents}
