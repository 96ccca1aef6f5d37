"""Counting attempts (登录尝试计数), exactly under any concurrency: those on one account take turns."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from xinqiao.accounts.models import LoginAttempt
from xinqiao.accounts.rules.limits import ADDRESS_FAILURES, DEVICE_KNOWN, TRIES, locked_until
from xinqiao.accounts.rules.outcomes import StepOutcome
from xinqiao.kit.failpoints import fp
from xinqiao.kit.ids import new_id

TOO_MANY = "尝试次数过多，请在 {minutes} 分钟后再试；如忘记密码，请联系系统管理员。"


class Turn:
    """A queue of its own for each key, kept by the database until the transaction ends (排队)."""

    @staticmethod
    def take(*keys: str) -> None:
        """This function will wait until no other transaction holds any of these keys (等候轮到)."""
        with connection.cursor() as cursor:
            for key in sorted(keys):
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"accounts:{key}"])


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt on an account, known by a blind key so that it need not exist (一次尝试)."""

    key: bytes
    address: str
    device: str
    now: datetime

    def judge(self, by: Callable[[], StepOutcome], refusal: str) -> StepOutcome:
        """This function will let the attempt be judged unless account or address are locked, and count it (判定)."""
        Turn.take(f"account:{self.key.hex()}", f"address:{self.address}")
        lane = self.device if self._is_from_a_known_device() else ""
        if until := self._locked_until(lane):
            minutes = int((until - self.now).total_seconds() // 60) + 1
            return StepOutcome(False, TOO_MANY.format(minutes=minutes), "locked", retry_at=until)
        fp("accounts.judged")
        outcome = by()
        LoginAttempt.objects.create(
            id=new_id(self.now),
            account_blind=self.key,
            lane=lane,
            device=self.device,
            address=self.address,
            ok=outcome.ok,
            at=self.now,
        )
        return outcome if outcome.ok else StepOutcome(False, refusal, "wrong")

    def _is_from_a_known_device(self) -> bool:
        known = LoginAttempt.objects.filter(
            account_blind=self.key, device=self.device, ok=True, at__gt=self.now - DEVICE_KNOWN
        )
        return bool(self.device) and known.exists()

    def _locked_until(self, lane: str) -> datetime | None:
        attempts = LoginAttempt.objects.filter(account_blind=self.key, lane=lane).order_by("-at", "-id")
        failures = LoginAttempt.objects.filter(address=self.address, ok=False).order_by("-at", "-id")
        last = ADDRESS_FAILURES.count - 1
        nth = next(iter(failures.values_list("at", flat=True)[last : last + 1]), None)
        account = locked_until(list(attempts.values_list("at", "ok")[:TRIES]), self.now)
        return max(filter(None, [account, ADDRESS_FAILURES.free_at(nth, self.now)]), default=None)
