"""How a step of signing in went, in words that the person may read (登录结果).

Outcomes are returned and never raised, so that a failure commits and counts.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """The outcome of a step of staff (登录一步的结果).

    `reason` is "", `wrong` or `locked`: the same for an account that does not exist or is disabled.
    """

    ok: bool
    message: str = ""
    reason: str = ""
    user_id: UUID | None = None
    retry_at: datetime | None = None
    must_change: bool = False
    needs_enrolment: bool = False


@dataclass(frozen=True, slots=True)
class CodeOutcome:
    """The outcome of asking for a code by phone, or of giving one (验证码结果)."""

    ok: bool
    message: str
    user_id: UUID | None = None
    retry_at: datetime | None = None
