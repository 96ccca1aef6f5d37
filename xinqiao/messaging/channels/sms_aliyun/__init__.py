"""Text messages by Alibaba Cloud's Dysmsapi 2017-05-25 (短信): SendSms, QuerySendDetails, SmsReport, SmsUp."""

import hmac
import json
from datetime import datetime, timedelta

from xinqiao.kit.ids import new_id
from xinqiao.messaging.channels import CHANNELS, Channel, Guard
from xinqiao.messaging.channels.sms_aliyun import account
from xinqiao.messaging.channels.sms_aliyun.account import Account
from xinqiao.messaging.channels.sms_aliyun.answers import (
    CHINA,
    MISSET,
    find_row,
    outcome_of,
    read_receipts,
    read_replies,
)
from xinqiao.messaging.channels.sms_aliyun.signature import signed
from xinqiao.messaging.channels.sms_aliyun.wire import Answer, AnswerLost, NotReached, call
from xinqiao.messaging.rules.outcomes import (
    Absent,
    Declined,
    Found,
    Message,
    ReceiptSaid,
    ReplySaid,
    Retry,
    Sent,
    Unsure,
)

VERSION = "2017-05-25"
PAGE, MOST_PAGES = 50, 20
AROUND = timedelta(minutes=10)


class SmsAliyun(Channel):
    """SendSms is not idempotent; OutId is our key, and QuerySendDetails shows it (阿里云短信)."""

    code, title, contact_kind, has_query = "sms", "短信", "mobile", True

    def send(self, message: Message, *, now: datetime, guard: Guard) -> Sent | Declined | Retry | Unsure:
        """This function will send one text message (发送短信)."""
        used = account.read_account()
        if used is None:
            return Retry("not_configured", MISSET)
        template = used.template(message.organisation, message.template)
        if template is None:
            return Retry("no_template", MISSET)
        asked = {
            "PhoneNumbers": message.to,
            "SignName": message.signature,
            "TemplateCode": template,
            "TemplateParam": json.dumps(message.values, ensure_ascii=False),
            "OutId": message.key,
        }
        try:
            return outcome_of(_call(used, "SendSms", asked, now, guard))
        except NotReached:
            return Retry("unreachable")
        except AnswerLost:
            return Unsure("answer_lost")

    def query(self, key: str, to: str, attempted_at: datetime, *, now: datetime) -> Found | Absent | Retry:
        """This function will look for a message of our key among the number's texts of that day (反查短信).

        Only a complete and readable answer for every day concerned says that there is none.
        """
        used = account.read_account()
        if used is None:
            return Retry("not_configured", MISSET)
        around = (attempted_at - AROUND, attempted_at, attempted_at + AROUND)
        days = sorted({f"{at.astimezone(CHINA):%Y%m%d}" for at in around})
        try:
            answers = [_ask_day(used, key, to, day, now) for day in days]
        except (NotReached, AnswerLost):
            return Retry("unreachable")
        for answer in answers:
            if not isinstance(answer, Absent):
                return answer
        return Absent()

    def is_caller(self, word: str) -> bool:
        """This function will say whether a callback knows the agreed secret word (核对回调口令)."""
        used = account.read_account()
        agreed = used.callback_token if used else ""
        return bool(agreed) and hmac.compare_digest(agreed.encode(), word.encode())

    def parse_receipts(self, body: bytes) -> list[ReceiptSaid]:
        """This function will read a push of receipts (识读回执)."""
        return read_receipts(body)

    def parse_replies(self, body: bytes) -> list[ReplySaid]:
        """This function will read a push of replies (识读上行)."""
        return read_replies(body)


def _ask_day(used: Account, key: str, to: str, day: str, now: datetime) -> Found | Absent | Retry:
    for page in range(1, MOST_PAGES + 1):
        asked = {"PhoneNumber": to, "SendDate": day, "PageSize": str(PAGE), "CurrentPage": str(page)}
        answer = _call(used, "QuerySendDetails", asked, now, lambda: None)
        if answer.status != 200 or answer.document.get("Code") != "OK":
            return Retry(str(answer.document.get("Code", "unreachable"))[:60])
        rows = (answer.document.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or []
        if found := find_row(rows, key):
            return found
        if page * PAGE >= int(answer.document.get("TotalCount") or 0):
            return Absent()
    return Retry("unreachable")


def _call(used: Account, action: str, asked: dict[str, str], now: datetime, guard: Guard) -> Answer:
    common = {
        "Action": action,
        "Version": VERSION,
        "Format": "JSON",
        "AccessKeyId": used.access_key_id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": str(new_id(now)),
        "Timestamp": f"{now:%Y-%m-%dT%H:%M:%SZ}",
    }
    return call(used.endpoint, signed(common | asked, used.access_key_secret), used.timeout, guard)


CHANNELS.add(SmsAliyun.code)(SmsAliyun())
