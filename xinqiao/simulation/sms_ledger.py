"""What the text provider accepts and keeps: signs, templates, limits, every message (短信台账).

Error codes and their meaning: help.aliyun.com/document_detail/101346; limits: at most 1 verification text a minute,
5 an hour, 10 a day, and 50 notices a day to one number under one sign.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock

VARIABLE = re.compile(r"\$\{(\w+)\}")
LINK = re.compile(r"https?://|www\.|[a-z0-9-]+\.(com|cn|net|org|top|vip|io)\b", re.IGNORECASE)
NUMBER = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
LIMITS = {
    "verification": (
        (timedelta(minutes=1), 1, "分钟"),
        (timedelta(hours=1), 5, "小时"),
        (timedelta(days=1), 10, "天"),
    ),
    "notice": ((timedelta(days=1), 50, "天"),),
    "marketing": ((timedelta(days=1), 50, "天"),),
}
OPT_OUT = "拒收请回复R"


class SmsRefused(Exception):
    """短信未被受理，请按错误码处理。"""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Template:
    code: str
    content: str
    kind: str = "notice"  # verification, notice, marketing

    def __post_init__(self):
        if self.kind == "marketing" and not self.content.endswith(OPT_OUT):
            raise SmsRefused("isv.SMS_TEMPLATE_ILLEGAL", f"推广短信模板必须以“{OPT_OUT}”结尾。")


@dataclass(slots=True)
class Text:
    """One text to one number (短信)."""

    biz_id: str
    phone: str
    sign_name: str
    template: str
    content: str
    out_id: str
    accepted_at: datetime
    status: int = 1  # 1 等待回执 2 发送失败 3 发送成功
    err_code: str = ""
    reported_at: datetime | None = None

    @property
    def size(self) -> int:
        """Count the parts billed: 70 characters, or 67 each when split (计费条数)."""
        return 1 if len(self.content) <= 70 else -(-len(self.content) // 67)


@dataclass(slots=True)
class Ledger:
    """Everything accepted, in order (台账)."""

    signs: frozenset[str]
    templates: Mapping[str, Template]
    texts: list[Text] = field(default_factory=list)
    by_phone: dict[str, list[Text]] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)

    def accept(self, given: Mapping[str, str], now: datetime, biz_id: str) -> list[Text]:
        """Check a SendSms request and keep one text per number (受理短信)."""
        numbers = numbers_of(given.get("PhoneNumbers", ""))
        sign, template = given.get("SignName", ""), self.templates.get(given.get("TemplateCode", ""))
        if sign not in self.signs:
            raise SmsRefused("isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名")
        if template is None:
            raise SmsRefused("isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板")
        content = f"【{sign}】{filled(template, given.get('TemplateParam', ''))}"
        with self.lock:
            for number in numbers:
                self._limit(number, sign, template.kind, now)
            out_id = given.get("OutId", "")
            new = [Text(biz_id, each, sign, template.code, content, out_id, now) for each in numbers]
            self.texts += new
            for text in new:
                self.by_phone.setdefault(text.phone, []).append(text)
        return new

    def for_phone(self, number: str) -> list[Text]:
        """List what has arrived at one handset, oldest first (收件箱)."""
        with self.lock:
            return [each for each in self.by_phone.get(number, ()) if each.status != 2]

    def _limit(self, number: str, sign: str, kind: str, now: datetime) -> None:
        earlier = [
            each.accepted_at
            for each in self.by_phone.get(number, ())
            if each.sign_name == sign and self.templates[each.template].kind == kind
        ]
        for span, most, word in LIMITS[kind]:
            if sum(now - at < span for at in earlier) >= most:
                raise SmsRefused("isv.BUSINESS_LIMIT_CONTROL", f"触发{word}级流控Permits:{most}")


def numbers_of(text: str) -> list[str]:
    """Read up to 1000 numbers, with or without country code (手机号)."""
    if not text:
        raise SmsRefused("isv.INVALID_PARAMETERS", "参数异常：缺少 PhoneNumbers")
    found = [NUMBER.fullmatch(each) for each in text.split(",")]
    if len(found) > 1000:
        raise SmsRefused("isv.MOBILE_COUNT_OVER_LIMIT", "手机号码数量超过限制")
    if not all(found):
        raise SmsRefused("isv.MOBILE_NUMBER_ILLEGAL", "手机号码格式错误")
    return [each[1] for each in found if each]


def filled(template: Template, parameter: str) -> str:
    """Put the variables into a template, refusing links and what a variable may not hold (模板变量)."""
    try:
        values = json.loads(parameter or "{}")
    except json.JSONDecodeError:
        raise SmsRefused("isv.INVALID_JSON_PARAM", "JSON参数不合法，只接受字符串值") from None
    if not isinstance(values, dict) or not all(isinstance(each, str) for each in values.values()):
        raise SmsRefused("isv.INVALID_JSON_PARAM", "JSON参数不合法，只接受字符串值")
    for name in VARIABLE.findall(template.content):
        if name not in values:
            raise SmsRefused("isv.TEMPLATE_MISSING_PARAMETERS", f"模板变量缺少对应参数值：{name}")
        _check(template.kind, name, values[name])
    return VARIABLE.sub(lambda found: values[found[1]], template.content)


def _check(kind: str, name: str, value: str) -> None:
    if LINK.search(value):
        raise SmsRefused("isv.PARAM_NOT_SUPPORT_URL", f"变量不支持传入URL：{name}")
    if len(value) > 35:
        raise SmsRefused("isv.PARAM_LENGTH_LIMIT", f"参数超过长度限制：{name}")
    if kind == "verification" and not re.fullmatch(r"\d{1,6}", value):
        raise SmsRefused("isv.TEMPLATE_PARAMS_ILLEGAL", f"模板变量中含有不支持的内容：{name}")
