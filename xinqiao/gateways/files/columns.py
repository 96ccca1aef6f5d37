"""Which column is what: the words hospitals write above them (列识别)."""

import re
from dataclasses import dataclass

from xinqiao.kit.errors import Refused

from .sheets import Sheet, plain

PERSON = {
    "name": "姓名 名字 患者 病人",
    "sex": "性别",
    "birth_on": "出生日期 出生年月 出生年月日 生日 出生时间",
    "paper": "身份证号 身份证 身份证号码 身份证件号 居民身份证号 公民身份号码 证件号码 证件号 有效证件号 有效证件号码",
    "paper_kind": "证件类型 证件类别 证件种类",
    "mrn": "病案号 病历号 病案编号 患者id 患者编号 患者号 病人id 病人号 病人编号 档案号",
    "inpatient_no": "住院号 住院号码 住院编号",
    "card": "就诊卡号 就诊卡 卡号 诊疗卡号 电子健康卡号 健康卡号",
    "outpatient_no": "门诊号 门诊号码 门诊编号",
    "insurance": "医保号 医保卡号 社保卡号 医保编号",
    "phone": "联系电话 手机 手机号 手机号码 电话 电话号码 联系方式 移动电话 本人电话 本人手机 联系手机 家庭电话",
    "address": "地址 住址 家庭住址 家庭地址 现住址 联系地址 居住地址 现住地址 通讯地址",
    "kin_name": "联系人姓名 联系人 家属姓名 紧急联系人 紧急联系人姓名",
    "kin_relation": "与患者关系 与病人关系 联系人关系 关系 与本人关系",
    "kin_phone": "联系人电话 联系人手机 联系人联系电话 联系人手机号 联系人联系方式 家属电话 紧急联系人电话 联系人电话号码",
}
STAY = {
    "visit": "就诊号 就诊流水号 住院流水号 就诊id 入院登记号 登记号 住院就诊号",
    "times": "住院次数 第几次住院 入院次数",
    "admitted_at": "入院日期 入院时间 住院日期",
    "discharged_at": "出院日期 出院时间 离院时间 离院日期",
    "department": "出院科室 科室 科室名称 出院科别 科别 住院科室 所在科室",
    "ward": "病区 出院病区 病区名称",
    "bed": "床号 床位 床位号 出院床号",
    "attending": "主治医师 主治医生 主管医师 主管医生 经治医师 经治医生 管床医师 管床医生 主诊医师",
    "diagnosis": "出院诊断 主要诊断 出院主要诊断 诊断 诊断名称 第一诊断 出院诊断名称 主要诊断名称",
    "diagnosis_code": "主要诊断编码 诊断编码 出院诊断编码 icd编码 icd10编码 icd-10 icd10 疾病编码 疾病代码 诊断代码",
    "disposition": "离院方式 出院方式 转归 出院转归 出院情况 治疗结果",
}
KINDS = {"patients": PERSON, "discharges": PERSON | STAY}
REQUIRED = {"patients": ("name",), "discharges": ("name", "discharged_at")}
NUMBERS = ("paper", "mrn", "inpatient_no", "card", "outpatient_no", "insurance")
WORDS = {field: words.split()[0] for field, words in KINDS["discharges"].items()}
HEADER_WITHIN = 30
PREFIX = re.compile(r"^(?:患者|病人|病员|就诊人)(?:的|信息)?(?=.)")


class NoHeader(Refused):
    """没有找到表头。表头应在前 30 行内，并有“姓名”和身份证号、病案号、就诊卡号等任一列。"""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the header stands and which field each column holds; rows count from 0 (表头布局)."""

    sheet: Sheet
    first: int
    height: int
    titles: tuple[str, ...]
    fields: dict[str, tuple[int, ...]]

    @property
    def body(self) -> int:
        return self.first + self.height

    @property
    def unknown(self) -> tuple[str, ...]:
        """The titles of columns that are not imported."""
        taken = {place for places in self.fields.values() for place in places}
        return tuple(title for place, title in enumerate(self.titles) if title and place not in taken)

    def title(self, field: str) -> str:
        """The field's title in this file, else its usual word."""
        places = self.fields.get(field)
        return self.titles[places[0]] if places else WORDS[field]


def find_layout(sheets: list[Sheet], kind: str) -> Layout:
    """Find the header that says most, in the first sheet that has one; raises NoHeader (识别表头)."""
    for sheet in sheets:
        found = [
            layout
            for first in range(min(len(sheet.rows), HEADER_WITHIN))
            for height in (1, 2)
            if (layout := _layout(sheet, first, height, kind)) and _serves(layout, kind)
        ]
        if found:
            return max(found, key=lambda layout: (len(layout.fields), -layout.height, -layout.first))
    if kind == "discharges":
        raise NoHeader("没有找到表头。出院名单应有“姓名”“出院日期”和住院号、病案号、身份证号等任一列。")
    raise NoHeader


def normalise_title(text: str) -> str:
    """Bring a column title to its plain words: no gaps, stars or remarks in brackets (规整列名)."""
    text = re.sub(r"[\(\[【].*?[\)\]】]", "", plain(text))
    return re.sub(r"[\s*:：_/、.。·]+", "", text).lower()


def _layout(sheet: Sheet, first: int, height: int, kind: str) -> Layout | None:
    if first + height > len(sheet.rows):
        return None
    upper = sheet.rows[first]
    lower = sheet.rows[first + 1] if height == 2 else ()
    pairs = _pairs(upper, lower)
    words = {word: field for field, words in KINDS[kind].items() for word in words.split()}
    fields: dict[str, tuple[int, ...]] = {}
    for place, (above, below) in enumerate(pairs):
        field = _field((above + below, below or above) if height == 2 else (above,), words)
        if field:
            fields[field] = (*fields.get(field, ()), place)
    titles = tuple(above if above == below else above + below for above, below in pairs)
    return Layout(sheet, first, height, titles, fields)


def _pairs(upper: tuple[str, ...], lower: tuple[str, ...]) -> list[tuple[str, str]]:
    """A merged upper cell is written once and stands above all that follow with something below them."""
    pairs, standing = [], ""
    for place in range(max(len(upper), len(lower))):
        above = upper[place] if place < len(upper) else ""
        below = lower[place] if place < len(lower) else ""
        standing = above or (standing if below else "")
        pairs.append((standing, below))
    return pairs


def _field(titles: tuple[str, ...], words: dict[str, str]) -> str:
    for title in titles:
        word = normalise_title(title)
        for spelt in (word, PREFIX.sub("", word)):
            if spelt in words:
                return words[spelt]
    return ""


def _serves(layout: Layout, kind: str) -> bool:
    identified = any(field in layout.fields for field in NUMBERS)
    return identified and all(field in layout.fields for field in REQUIRED[kind])
