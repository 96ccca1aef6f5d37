"""Message templates: data with a closed grammar, `{name}` and nothing else (消息模板)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from xinqiao.kit.errors import Refused

# The only fields there are, each with the form its value must have; none can carry a diagnosis or an address.
FIELDS = {
    "greeting": re.compile(r"[^\W\d_][^\d_\n]{0,19}(女士|先生|您好|家长|家属)?"),
    "hospital": re.compile(r"[^\n]{2,30}"),
    "department": re.compile(r"[^\n]{2,20}"),
    "phone": re.compile(r"[\d+\- 转]{3,24}"),
    "day": re.compile(r"[\d年月日（）周一二三四五六日天]{2,16}"),
    "time": re.compile(r"\d{2}:\d{2}"),
    "minutes": re.compile(r"\d{1,3}"),
    "days": re.compile(r"\d{1,3}"),
    "code": re.compile(r"\d{6}"),
    "token": re.compile(r"[A-Za-z0-9_-]{8,64}"),
}
CLASSES = {
    "service": ("诊疗服务", "care"),
    "education": ("健康宣教", "care"),
    "safety": ("医疗安全", "care"),
    "marketing": ("推广", "marketing"),
    "staff": ("工作通知", "work"),
}
CHANNELS = {"sms": "短信", "email": "邮件", "h5": "站内消息", "wechat": "微信"}
KEYS = {"code", "version", "title", "channel", "class", "purpose", "signature", "subject", "body", "fields"}
KEYS |= {"reply", "source"}
LINKED = re.compile(r"https://\{host\}/[a-z0-9/]*\{token\}")
ADDRESS = re.compile(r"(https?:|www\.|://|[a-z0-9-]+\.(com|cn|net|org)\b)", re.IGNORECASE)
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{2,5})?")
PLACE = re.compile(r"\{([a-z_]+)\}")
OPT_OUT = "拒收请回复R"


class BadTemplate(Refused):
    """消息模板有误，请按提示逐条修改后重新发布。"""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join((self.__doc__ or "", *self.faults)))


class BadValue(Refused):
    """消息里要填的内容不对，已停止发送。"""


@dataclass(frozen=True)
class Template:
    """One version of a message's words, bound to the hospital's own registered host (消息模板)."""

    code: str
    version: int
    title: str
    channel: str
    kind: str
    purpose: str
    signature: str
    subject: str
    body: str
    fields: tuple[str, ...]
    reply: str = ""


@dataclass(frozen=True)
class Rendered:
    """A message ready for its channel (成文消息)."""

    subject: str
    body: str


def parse_template(document: Mapping, host: str) -> Template:
    """Read a template and bind its link to the installation's registered host, or refuse it (识读模板).

    After this only the token of a link is variable.
    """
    faults = template_faults(document)
    if not HOST.fullmatch(host):
        faults.append("host：应是本院备案的域名，如 h5.hospital.example")
    if faults:
        raise BadTemplate(faults)
    return Template(
        code=document["code"],
        version=document["version"],
        title=document["title"],
        channel=document["channel"],
        kind=document["class"],
        purpose=document["purpose"],
        signature=document["signature"],
        subject=document.get("subject", ""),
        body=document["body"].strip().replace("{host}", host),
        fields=tuple(document["fields"]),
        reply=document.get("reply", ""),
    )


def template_faults(document: object) -> list[str]:
    """List everything wrong with a template document, each with its place (校验模板)."""
    if not isinstance(document, Mapping):
        return ["模板：应是一份有 code、channel、class、body 的文件"]
    faults = [f"{key}：不认识的栏目" for key in document if key not in KEYS]
    texts = ("code", "title", "signature", "body", "source")
    faults += [f"{key}：应填写文字" for key in texts if not isinstance(document.get(key), str)]
    if not isinstance(document.get("version"), int) or document["version"] < 1:
        faults.append("version：应是从 1 开始的整数")
    if document.get("channel") not in CHANNELS:
        faults.append(f"channel：应是 {'、'.join(CHANNELS)} 之一")
    if document.get("reply", "") not in ("", "digits"):
        faults.append("reply：只能写 digits（用数字回复），或不写")
    if document.get("class") not in CLASSES:
        faults.append(f"class：应是 {'、'.join(CLASSES)} 之一")
    elif document.get("purpose") != CLASSES[document["class"]][1]:
        faults.append(f"purpose：{document['class']} 类消息的用途应是 {CLASSES[document['class']][1]}")
    return faults or _word_faults(document)


def render(template: Template, values: Mapping[str, str]) -> Rendered:
    """Fill a template's fields in, once and literally; a value is never read as a template (填充模板).

    Raises `BadValue` when a field is missing, not declared, or not of its form.
    """
    if set(values) != set(template.fields):
        raise BadValue(f"模板“{template.title}”要填 {'、'.join(template.fields) or '（无）'}，给出的不一致。")
    for name, value in values.items():
        if not _is_clean(name, value):
            raise BadValue(f"模板“{template.title}”的 {name} 内容不合格式。")

    def fill(text: str) -> str:
        return PLACE.sub(lambda found: values[found[1]], text)

    body = fill(template.body)
    return Rendered(
        fill(template.subject), f"【{template.signature}】{body}" if template.channel == "sms" else body
    )


def sms_length(text: str) -> tuple[int, int]:
    """Count a text message's characters and how many messages it is charged as: 70, or 67 each (短信条数)."""
    length = len(text.encode("utf-16-le")) // 2
    return length, 1 if length <= 70 else ceil(length / 67)


def _word_faults(document: Mapping) -> list[str]:
    declared, body = document.get("fields"), document["body"]
    if not isinstance(declared, list) or set(declared) - set(FIELDS):
        return [f"fields：只能用 {'、'.join(FIELDS)}"]
    words = body + document.get("subject", "")
    used = set(PLACE.findall(words)) - {"host"}
    faults = []
    if used != set(declared):
        faults.append(f"fields：正文用了 {'、'.join(sorted(used)) or '（无）'}，与列出的不一致")
    if re.search(r"[{}]", PLACE.sub("", words)):
        faults.append("body：花括号只能写成 {名字}")
    if ADDRESS.search(LINKED.sub("", body)) or "{host}" in LINKED.sub("", words):
        faults.append("body：链接只能写成 https://{host}/路径/{token}")
    if not 2 <= len(document["signature"]) <= 18:
        faults.append("signature：短信签名应为 2～18 字")
    if re.search(r"[【】]", words + document["signature"]):
        faults.append("body：不要写【】，签名由系统加在最前")
    if (
        document["class"] == "marketing"
        and document["channel"] == "sms"
        and not body.strip().endswith(OPT_OUT)
    ):
        faults.append(f"body：推广短信必须以“{OPT_OUT}”结尾")
    return faults


def _is_clean(name: str, value: Any) -> bool:
    if not isinstance(value, str) or not FIELDS[name].fullmatch(value):
        return False
    hidden = any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") for character in value)
    return not hidden and not re.search(r"[{}【】<>]", value) and not ADDRESS.search(value)
