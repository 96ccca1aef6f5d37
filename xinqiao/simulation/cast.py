"""The people every test, page and story knows (固定人物)."""

from dataclasses import dataclass
from datetime import date, timedelta

from . import numbers
from .person import Ailment, Identifier, Person, Phone
from .places import ANHE, BINJIANG, FIRST

CAST_REGION = "321401"  # no person of the population is registered here
CAST_INDEX = 80_000_000
CAST_HOUSEHOLD = CAST_INDEX // 4
STREET = {FIRST.key: "江州市滨江区滨江大道66号", ANHE.key: "江州市城东区学府路18号"}
ALLERGIES = {"li_guilan": ("青霉素",)}


@dataclass(frozen=True, slots=True)
class Staff:
    key: str
    name: str
    role: str  # doctor nurse head manager it auditor family_doctor stranger
    organisation: str
    department: str
    phone: str


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the cast list; `born` is month and day, `house` groups a family."""

    key: str
    name: str
    sex: str
    years: int
    born: tuple[int, int]
    organisation: str
    house: int
    ailments: tuple[tuple[str, str, int], ...] = ()
    label: str = "ordinary"
    prefers: str = "sms"
    phone_of: str = ""  # the key of the person whose mobile is used
    note: str = ""
    address: str = ""


HYPERTENSION, DIABETES = "特发性(原发性)高血压", "2型糖尿病不伴有并发症"
PARTS = (
    Part("li_guilan", "李桂兰", "female", 72, (3, 8), FIRST.key, 0, (("I10", HYPERTENSION, 14), ("E11.9", DIABETES, 9)),
         prefers="phone", phone_of="landline", note="座机，偏好电话；女儿王芳已获授权"),
    Part("wang_fang", "王芳", "female", 45, (5, 12), FIRST.key, 0, (("I10", HYPERTENSION, 2),), note="李桂兰之女，被授权人"),
    Part("lin_xiaoyue", "林晓月", "female", 31, (7, 7), ANHE.key, 1, note="产后第3天"),
    Part("zhou_min", "周敏", "female", 33, (9, 2), ANHE.key, 2, label="reproductive", note="妊娠丢失，产检计划已停止"),
    Part("zhao_jianmin", "赵建民", "male", 61, (1, 20), FIRST.key, 3, (("C34.9", "支气管或肺恶性肿瘤", 0),),
         phone_of="zhao_lei", note="仅家属知情", address="云州市南湖区云海路9号3幢501室"),
    Part("zhao_lei", "赵磊", "male", 34, (6, 1), FIRST.key, 3, note="赵建民之子", address="云州市南湖区云海路9号3幢501室"),
    Part("zhang_guoqiang", "张国强", "male", 55, (4, 16), FIRST.key, 4, (("I25.1", "动脉硬化性心脏病", 1), ("E78.5", "高脂血症", 5))),
    Part("sun_defu", "孙德福", "male", 68, (2, 11), FIRST.key, 5, (("I10", HYPERTENSION, 11),), note="血压缓慢升高"),
    Part("ma_xiuying", "马秀英", "female", 63, (8, 23), FIRST.key, 6, (("I10", HYPERTENSION, 7),), note="血压缓慢升高"),
    Part("zheng_jianping", "郑建平", "male", 59, (10, 5), FIRST.key, 7, (("I10", HYPERTENSION, 4),), note="血压缓慢升高"),
    Part("zhou_jianguo", "周建国", "male", 65, (5, 30), FIRST.key, 8, note="胆囊切除术后第3天"),
    Part("lu_ting", "陆婷", "female", 32, (11, 3), ANHE.key, 9, note="双胞胎之母"),
    Part("lu_yinuo", "陆一诺", "female", 4, (6, 18), ANHE.key, 9, phone_of="lu_ting", note="双胞胎，同一手机号"),
    Part("lu_yiming", "陆一鸣", "male", 4, (6, 18), ANHE.key, 9, phone_of="lu_ting", note="双胞胎，同一手机号"),
    Part("xu_jingyi", "许静怡", "female", 34, (12, 14), FIRST.key, 10, (("F32.9", "抑郁发作", 2),), label="psychiatric",
         note="精神科病历，加密"),
)  # fmt: skip
STAFF = (
    Staff("chen_jing", "陈静", "nurse", FIRST.key, "cardiology", numbers.mobile(CAST_INDEX + 101)),
    Staff("zhang_mingyuan", "张明远", "doctor", FIRST.key, "cardiology", numbers.mobile(CAST_INDEX + 102)),
    Staff(
        "wu_min", "吴敏", "family_doctor", BINJIANG.key, "general_practice", numbers.mobile(CAST_INDEX + 103)
    ),
    Staff("liu_jianhua", "刘建华", "head", FIRST.key, "cardiology", numbers.mobile(CAST_INDEX + 104)),
    Staff("sun_li", "孙丽", "manager", ANHE.key, "", numbers.mobile(CAST_INDEX + 105)),
    Staff("he_wei", "何伟", "it", FIRST.key, "", numbers.mobile(CAST_INDEX + 106)),
    Staff("qian_shen", "钱审", "auditor", FIRST.key, "", numbers.mobile(CAST_INDEX + 107)),
    Staff("stranger", "陌生人", "stranger", FIRST.key, "", numbers.mobile(CAST_INDEX + 108)),
)


def cast(as_of: date) -> dict[str, Person]:
    """Give every fixed person by key, of the age the story says on that day (固定人物)."""
    return {part.key: _person(at, part, as_of) for at, part in enumerate(PARTS)}


def _person(at: int, part: Part, as_of: date) -> Person:
    index = CAST_INDEX + at
    birth_on = _born(part, as_of)
    number = numbers.id_number(CAST_REGION, birth_on, part.sex, at)
    ailments = tuple(
        Ailment(code, name, as_of - timedelta(days=years * 365 + 40)) for code, name, years in part.ailments
    )
    address = part.address or f"{STREET[part.organisation]}{part.house + 1}幢{part.house + 1}01室"
    return Person(
        part.key, index, part.organisation, numbers.mrn(index), part.name, part.sex, birth_on, "汉族",
        (Identifier("national_id", number),), _phones(at, part), "", CAST_REGION, address,
        CAST_HOUSEHOLD + part.house, "self", ailments, part.label, part.prefers, part.note,
    )  # fmt: skip


def _born(part: Part, as_of: date) -> date:
    year = as_of.year - part.years - ((as_of.month, as_of.day) < part.born)
    return date(year, *part.born)


def _phones(at: int, part: Part) -> tuple[Phone, ...]:
    if part.phone_of == "landline":
        daughter = _mobile_of("wang_fang")
        return (Phone(numbers.landline(CAST_HOUSEHOLD % 10**6), "self", "landline"), Phone(daughter, "child"))
    if part.phone_of:
        return (Phone(_mobile_of(part.phone_of), "parent" if part.years < 18 else "child"),)
    return (Phone(numbers.mobile(CAST_INDEX + at), "self"),)


def _mobile_of(key: str) -> str:
    return numbers.mobile(CAST_INDEX + next(at for at, part in enumerate(PARTS) if part.key == key))
