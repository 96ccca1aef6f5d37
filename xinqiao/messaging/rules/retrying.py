"""When to try again, how long an attempt is one worker's own, and when to leave a channel alone (重试与熔断)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from xinqiao.messaging.rules.outcomes import Declined, Retry, Sent, Unsure

# Engineering defaults (◇). The lease covers the guard's half, one call, and more; what may have left is asked about
# only after the provider's own books must show it.
LEASE = timedelta(seconds=60)
QUERY_LAG = timedelta(seconds=60)
MOST_ATTEMPTS = 6
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
TROUBLES, REST = 5, timedelta(seconds=30)


def wait_before(attempt: int, asked: timedelta) -> timedelta | None:
    """Say how long to wait after this many attempts, at least as long as the provider asked; None gives up (重试间隔)."""
    if attempt >= MOST_ATTEMPTS:
        return None
    return max(min(FIRST_WAIT * 2 ** max(attempt - 1, 0), LONGEST_WAIT), asked)


@dataclass
class Breaker:
    """Leaves a channel alone for a while after it failed several times in a row (熔断)."""

    troubles: int = 0
    open_until: datetime | None = None

    def note(self, outcome: object, instant: datetime) -> None:
        """Take one outcome into account (记录结果)."""
        if isinstance(outcome, Sent | Declined):
            self.troubles, self.open_until = 0, None
        elif isinstance(outcome, Retry | Unsure):
            self.troubles += 1
        if self.troubles >= TROUBLES:
            self.open_until = instant + REST
            self.troubles = TROUBLES - 1  # one more failure after the rest opens it again at once

    def is_open(self, instant: datetime) -> bool:
        """Say whether the channel is to be left alone now (是否熔断)."""
        return self.open_until is not None and instant < self.open_until
