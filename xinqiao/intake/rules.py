"""Pure decisions about what comes in: same or not, live or history, which turn (接收规则)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xinqiao.kit.errors import Refused

RECEIVED, APPLIED, IGNORED, QUARANTINED = "received", "applied", "ignored", "quarantined"
WAITING, DISCARDED = "waiting", "discarded"
SETTLED = (APPLIED, IGNORED, QUARANTINED, WAITING)
DUPLICATE, CONFLICT = "duplicate", "conflict"

CONFLICT_REASON = "id_conflict"
CONFLICT_DETAIL = (
    "同一消息号此前收到过内容不同的报文。已保存待核对，请发送方确认消息号是否重复使用；确认无误后可点“重试”。"
)
OPEN = (QUARANTINED, WAITING)
LONGEST_ID = 200


class NotOpen(Refused):
    """这条报文已经处理过了，不能再重试或放弃。请刷新列表后再看。"""


class NoReasonGiven(Refused):
    """请写明放弃这条报文的理由（至少 2 个字），以便日后核查。"""


class UnknownSource(Refused):
    """没有这个消息来源，或它已停用。请在“接口来源”里核对后再试。"""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as a door received it; `order_key` is the blind index of the patient's identifier (来件)."""

    body: bytes
    control_id: str = ""
    kind: str = ""
    event_at: datetime | None = None
    order_key: bytes | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of one incoming message: received, duplicate or conflict (入库结果)."""

    inbox_id: UUID
    outcome: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a door made of one message; `reason` is a code, `detail` says in Chinese what to do (处理结果)."""

    inbox_id: UUID
    state: str
    reason: str = ""
    detail: str = ""
    patient_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.state not in SETTLED:
            raise ValueError(f"a message is not settled as {self.state!r}")


class Ledger:
    """Tells repeats and reused ids apart, for one source, in the order of arrival (收件台账)."""

    def __init__(self, known: Iterable[tuple[str, bytes | memoryview, UUID]], *, reuses_ids: bool) -> None:
        self.reuses_ids = reuses_ids
        self._known: dict[str, dict[bytes, UUID]] = {}
        for control_id, digest, inbox_id in known:
            self._known.setdefault(control_id, {})[bytes(digest)] = inbox_id

    def enter(self, control_id: str, digest: bytes, inbox_id: UUID) -> Stored:
        """Enter one message; a duplicate answers with the id of the one it repeats (登记)."""
        bodies = self._known.setdefault(control_id, {})
        if digest in bodies:
            return Stored(bodies[digest], DUPLICATE)
        outcome = CONFLICT if bodies and not self.reuses_ids else RECEIVED
        bodies[digest] = inbox_id
        return Stored(inbox_id, outcome)


def name_of(control_id: str, digest: bytes) -> str:
    """Say by which id a message goes: its own, or its body's digest where it has none that can be kept (消息号)."""
    name = control_id.replace("\0", "").strip()
    return name if 0 < len(name) <= LONGEST_ID else digest.hex()


def is_live(go_live_at: datetime | None, happened_at: datetime) -> bool:
    """Say whether something happened after its source went live, so that it may send and make work (是否上线后)."""
    return go_live_at is not None and happened_at >= go_live_at
