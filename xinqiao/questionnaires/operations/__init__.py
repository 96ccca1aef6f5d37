"""All that changes the questionnaires: inviting, opening a link, answering (问卷操作)."""

from xinqiao.questionnaires.operations.answering import record_call_answers, save_draft, submit_response
from xinqiao.questionnaires.operations.inviting import (
    invite,
    open_invitation,
    open_own_invitation,
    void_invitations,
)

__all__ = [
    "invite",
    "open_invitation",
    "open_own_invitation",
    "record_call_answers",
    "save_draft",
    "submit_response",
    "void_invitations",
]
