"""All that is only asked of the questionnaires: who holds a link, what shows, what was answered (问卷查询)."""

from xinqiao.questionnaires.queries.answered import (
    Answered,
    Prefill,
    ResponseRow,
    get_response,
    prefill,
    responses_of,
)
from xinqiao.questionnaires.queries.links import (
    InvitationRow,
    LinkSheet,
    invitations_of,
    link_actor,
    link_sheet,
)

__all__ = [
    "Answered",
    "InvitationRow",
    "LinkSheet",
    "Prefill",
    "ResponseRow",
    "get_response",
    "invitations_of",
    "link_actor",
    "link_sheet",
    "prefill",
    "responses_of",
]
