"""What accounts announce (账号事件)."""

from dataclasses import dataclass
from uuid import UUID

from xinqiao.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class LoginCodeRequested(Event):
    """Somebody asked for a code to a phone (已请求验证码): announced for every number, known or not."""

    code_id: UUID
