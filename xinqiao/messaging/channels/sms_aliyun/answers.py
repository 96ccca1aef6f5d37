"""What the provider's answers and pushes mean (答复与推送的含义).

Codes: the vendor's document 101346 (API 错误码); pushes: SmsReport and SmsUp over HTTP.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from xinqiao.messaging.channels.sms_aliyun.wire import Answer
from xinqiao.messaging.rules.outcomes import (
    BadCallback,
    Declined,
    Found,
    ReceiptSaid,
    ReplySaid,
    Retry,
    Sent,
    Unsure,
)

CHINA = ZoneInfo("Asia/Shanghai")
STATES = {1: "sent", 2: "failed", 3: "delivered"}
# Not taken, and not the message's fault: how long to leave it.
LATER = {
    "isv.BUSINESS_LIMIT_CONTROL": timedelta(minutes=1),
    "isv.AMOUNT_NOT_ENOUGH": timedelta(minutes=10),
    "isv.ACCOUNT_ABNORMAL": timedelta(minutes=10),
    "isv.OUT_OF_SERVICE": timedelta(minutes=10),
}
THROTTLED = timedelta(seconds=5)
MISSET = timedelta(minutes=5)


def outcome_of(answer: Answer) -> Sent | Declined | Retry | Unsure:
    """Say what an answer to SendSms comes to; a 5xx may have been accepted (发送结果)."""
    code = str(answer.document.get("Code", ""))
    if answer.status == 200 and code == "OK":
        return Sent(str(answer.document.get("BizId", "")))
    if answer.status >= 500 or not code or code.startswith("isp."):
        return Unsure("answer_lost")
    if answer.status == 429 or code.startswith("Throttling"):
        return Retry(code[:60], max(timedelta(seconds=answer.retry_after), THROTTLED))
    if answer.status != 200:
        return Retry(code[:60], MISSET)
    return Retry(code, LATER[code]) if code in LATER else Declined(code[:60])


def find_row(rows: Iterable[dict], key: str) -> Found | None:
    """Find our message among a number's texts of one day (查找)."""
    for row in rows:
        if row.get("OutId") == key:
            at = _instant(row["ReceiveDate"]) if row.get("ReceiveDate") else None
            return Found(STATES.get(row.get("SendStatus", 0), "sent"), str(row.get("ErrCode", ""))[:60], at)
    return None


def read_receipts(body: bytes) -> list[ReceiptSaid]:
    """Read a push of receipts; raises BadCallback when it is not the documented array (识读回执)."""
    return [_receipt(row) for row in _rows(body)]


def read_replies(body: bytes) -> list[ReplySaid]:
    """Read a push of replies; raises BadCallback when it is not the documented array (识读上行)."""
    return [_reply(row) for row in _rows(body)]


def _receipt(row: dict) -> ReceiptSaid:
    try:
        return ReceiptSaid(
            key=str(row.get("out_id") or ""),
            state="delivered" if row["success"] is True else "failed",
            code="" if row["success"] is True else str(row.get("err_code", ""))[:60],
            at=_instant(row["report_time"]),
            provider_id=str(row.get("biz_id", ""))[:80],
        )
    except (KeyError, TypeError, ValueError):
        raise BadCallback(BadCallback.__doc__) from None


def _reply(row: dict) -> ReplySaid:
    try:
        return ReplySaid(
            phone=str(row["phone_number"]),
            text=str(row["content"])[:500],
            at=_instant(row["send_time"]),
            signature=str(row.get("sign_name", "")),
            reference=f"{row['sequence_id']}@{row['send_time']}"[:80],
        )
    except (KeyError, TypeError, ValueError):
        raise BadCallback(BadCallback.__doc__) from None


def _rows(body: bytes) -> list[dict]:
    try:
        rows = json.loads(body)
    except ValueError:
        raise BadCallback(BadCallback.__doc__) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadCallback(BadCallback.__doc__)
    return rows


def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
