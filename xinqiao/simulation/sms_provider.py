"""A text provider that behaves as Alibaba Cloud's Dysmsapi 2017-05-25 does, on loopback (短信服务商).

SendSms and QuerySendDetails: help.aliyun.com/zh/sms/developer-reference (api-dysmsapi-2017-05-25-sendsms,
-querysenddetails). Receipts and replies are pushed as documented under SmsReport and SmsUp: an HTTP POST with a JSON
array, repeated until the receiver answers {"code": 0}. SendSms is not idempotent: a repeated request sends again.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Event, RLock, Thread
from urllib.error import URLError
from urllib.parse import parse_qsl, urlsplit
from urllib.request import Request as Outgoing
from urllib.request import urlopen
from uuid import UUID

from .dice import CHINA, dice, weighted
from .sms_ledger import Ledger, SmsRefused, Template, Text
from .sms_signature import Gate, Request

VERSION = "2017-05-25"
# what can go wrong with one SendSms call
FAULTS = ("timeout_after_accept", "error_after_accept", "server_error", "throttled", "dropped")
FAILURES = (("MOBILE_NOT_ON_SERVICE", "停机、空号"), ("MOBILE_TERMINAL_ERROR", "手机终端问题"))


@dataclass(slots=True)
class Plan:
    """What goes wrong, and when receipts come (故障计划).

    `next_faults` are used up first, one per SendSms call ("" for none); after them `shares` decides.
    """

    next_faults: deque[str] = field(default_factory=deque)
    shares: Mapping[str, float] = field(default_factory=dict)
    receipt_after: timedelta = timedelta(seconds=4)
    failed: float = 0.02  # of texts
    late: float = 0  # of receipts, by a day
    doubled: float = 0  # of receipts
    shuffled: bool = False
    query_lag: timedelta = timedelta(0)
    dead_numbers: set[str] = field(default_factory=set)

    def fault(self, random: Random) -> str:
        """Decide the fate of one call."""
        if self.next_faults:
            return self.next_faults.popleft()
        if set(self.shares) - set(FAULTS):
            raise ValueError(f"未知的故障，可用：{'、'.join(FAULTS)}。")
        healthy = 1 - sum(self.shares.values())
        return weighted(random, [(healthy, ""), *((share, each) for each, share in self.shares.items())])


@dataclass(slots=True)
class _Push:
    due_at: datetime
    url: str
    row: dict
    tries: int = 0


class SmsProvider:
    """The provider: start(), then `address` is what the channel calls (短信服务商)."""

    def __init__(
        self,
        *,
        secrets: Mapping[str, str],
        signs: Iterable[str],
        templates: Iterable[Template],
        clock: Callable[[], datetime],
        seed: int = 1,
        plan: Plan | None = None,
        report_url: str = "",
        reply_url: str = "",
    ):
        self.gate = Gate(secrets)
        self.ledger = Ledger(frozenset(signs), {each.code: each for each in templates})
        self.clock, self.plan, self.random = clock, plan or Plan(), dice(seed, "sms")
        self.report_url, self.reply_url = report_url, reply_url
        self.pushes: list[_Push] = []
        self.calls = self.replies = 0
        self.lock, self.stopped = RLock(), Event()
        self.server: ThreadingHTTPServer | None = None

    def start(self, port: int = 0) -> str:
        """Listen on loopback and give the address (启动)."""
        provider = self
        handler = type("Handler", (_Handler,), {"provider": provider})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self.address

    @property
    def address(self) -> str:
        """The URL of the simulated endpoint (服务地址)."""
        if self.server is None:
            raise RuntimeError("短信服务商尚未启动，请先调用 start()。")
        return f"http://127.0.0.1:{self.server.server_address[1]}/"

    def stop(self) -> None:
        """Stop listening and let go of callers that are kept waiting (停止)."""
        self.stopped.set()
        if self.server:
            self.server.shutdown()
            self.server.server_close()

    def answer(self, request: Request) -> tuple[int, dict, str]:
        """Answer one request with (status, JSON, fault) (应答)."""
        with self.lock:
            self.calls += 1
            request_id = str(UUID(int=self.random.getrandbits(128), version=4)).upper()
            refusal = self.gate.refuse(request, self.clock())
            if refusal:
                return refusal.status, _error(request_id, refusal.code, refusal.message), ""
            given = request.parameters
            if given.get("Version") != VERSION:
                return (
                    400,
                    _error(request_id, "InvalidVersion", "Specified parameter Version is not valid."),
                    "",
                )
            if given.get("Action") == "SendSms":
                return self._send(given, request_id)
            if given.get("Action") == "QuerySendDetails":
                return 200, {"RequestId": request_id, **self._details(given)}, ""
            return 404, _error(request_id, "InvalidAction.NotFound", "Specified api is not found."), ""

    def _send(self, given: Mapping[str, str], request_id: str) -> tuple[int, dict, str]:
        fault = self.plan.fault(self.random)
        if fault == "throttled":
            return (
                429,
                _error(request_id, "Throttling.User", "Request was denied due to user flow control."),
                fault,
            )
        if fault in ("server_error", "dropped"):
            return 500, _error(request_id, "InternalError", "The request processing has failed."), fault
        now = self.clock()
        biz_id = f"{self.random.randrange(10**17, 10**18)}^0"
        try:
            texts = self.ledger.accept(given, now, biz_id)
        except SmsRefused as refused:
            return 200, {"RequestId": request_id, "Code": refused.code, "Message": refused.message}, ""
        for text in texts:
            self._settle(text)
        if fault == "error_after_accept":
            return (
                503,
                _error(
                    request_id, "ServiceUnavailable", "The request has failed due to a temporary failure."
                ),
                fault,
            )
        return 200, {"RequestId": request_id, "BizId": biz_id, "Code": "OK", "Message": "OK"}, fault

    def _settle(self, text: Text) -> None:
        """Decide how the carrier deals with a text, and plan the receipt of it."""
        plan, random = self.plan, self.random
        failed = text.phone in plan.dead_numbers or random.random() < plan.failed
        code, word = random.choice(FAILURES) if failed else ("DELIVERED", "用户接收成功")
        delay = plan.receipt_after * (0.5 + random.random()) + timedelta(days=random.random() < plan.late)
        text.status, text.err_code, text.reported_at = 2 if failed else 3, code, text.accepted_at + delay
        row = {
            "phone_number": text.phone, "send_time": _time(text.accepted_at), "report_time": _time(text.reported_at),
            "success": not failed, "err_code": code, "err_msg": word, "sms_size": str(text.size),
            "biz_id": text.biz_id, "out_id": text.out_id,
        }  # fmt: skip
        for _ in range(1 + (random.random() < plan.doubled)):
            self.pushes.append(_Push(text.reported_at, self.report_url, row))

    def _details(self, given: Mapping[str, str]) -> dict:
        now, day = self.clock(), given.get("SendDate", "")
        size = given.get("PageSize", "")
        if not day.isdigit() or not size.isdigit() or not 1 <= int(size) <= 50:
            return {"Code": "isv.INVALID_PARAMETERS", "Message": "参数异常：SendDate、PageSize（1~50）必填"}
        texts = [
            each
            for each in self.ledger.by_phone.get(given.get("PhoneNumber", ""), ())
            if f"{each.accepted_at.astimezone(CHINA):%Y%m%d}" == day
            and given.get("BizId") in (None, "", each.biz_id)
            and each.accepted_at + self.plan.query_lag <= now
        ]
        first = (int(given.get("CurrentPage") or 1) - 1) * int(size)
        rows = [_detail(each, now) for each in texts[first : first + int(size)]]
        return {
            "Code": "OK",
            "Message": "OK",
            "TotalCount": len(texts),
            "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows},
        }

    def reply(self, number: str, content: str, *, sign_name: str = "") -> None:
        """Let a handset answer; the text reaches the hospital with the next deliver_due (上行短信)."""
        with self.lock:
            self.replies += 1
            row = {
                "phone_number": number, "send_time": _time(self.clock()), "content": content,
                "sign_name": sign_name or next(iter(sorted(self.ledger.signs))),
                "dest_code": "1069000001", "sequence_id": self.replies,
            }  # fmt: skip
            self.pushes.append(_Push(self.clock(), self.reply_url, row))

    def deliver_due(self) -> int:
        """Push every receipt and reply whose time has come; give how many were taken (推送回执).

        What the receiver does not take is tried again a minute later, ten times.
        """
        now = self.clock()
        with self.lock:
            due = [each for each in self.pushes if each.due_at <= now and each.url]
            self.pushes = [each for each in self.pushes if not (each.due_at <= now and each.url)]
            due.sort(key=lambda each: each.due_at)
            if self.plan.shuffled:
                self.random.shuffle(due)
        taken = 0
        for url in dict.fromkeys(each.url for each in due):
            batch = [each for each in due if each.url == url]
            if _pushed(url, [each.row for each in batch]):
                taken += len(batch)
            else:
                self._again(batch, now)
        return taken

    def _again(self, batch: list[_Push], now: datetime) -> None:
        with self.lock:
            for each in batch:
                if each.tries < 9:
                    self.pushes.append(_Push(now + timedelta(minutes=1), each.url, each.row, each.tries + 1))


class _Handler(BaseHTTPRequestHandler):
    provider: SmsProvider
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        form = []
        if self.headers.get_content_type() == "application/x-www-form-urlencoded":
            form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = parse_qsl(parts.query, keep_blank_values=True)
        status, answer, fault = self.provider.answer(
            Request(self.command, parts.path, query, headers, body, form)
        )
        if fault == "timeout_after_accept":
            self.provider.stopped.wait(120)
        if fault in ("timeout_after_accept", "dropped"):
            self.close_connection = True
            return
        self._write(status, answer)

    do_POST = do_GET

    def _write(self, status: int, answer: dict) -> None:
        data = json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json;charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: request lines carry phone numbers."""


def _pushed(url: str, rows: list[dict]) -> bool:
    data = json.dumps(rows, ensure_ascii=False).encode()
    outgoing = Outgoing(url, data, {"Content-Type": "application/json;charset=utf-8"})
    try:
        with urlopen(outgoing, timeout=10) as answer:
            return json.loads(answer.read()).get("code") == 0
    except (URLError, OSError, ValueError, AttributeError):
        return False


def _error(request_id: str, code: str, message: str) -> dict:
    return {"RequestId": request_id, "HostId": "dysmsapi.aliyuncs.com", "Code": code, "Message": message}


def _detail(text: Text, now: datetime) -> dict:
    reported_at = text.reported_at if text.reported_at and text.reported_at <= now else None
    row = {
        "PhoneNum": text.phone, "SendStatus": text.status if reported_at else 1, "TemplateCode": text.template,
        "Content": text.content, "SendDate": _time(text.accepted_at), "OutId": text.out_id,
    }  # fmt: skip
    return {**row, "ErrCode": text.err_code, "ReceiveDate": _time(reported_at)} if reported_at else row


def _time(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
