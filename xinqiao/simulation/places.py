"""The three organisations of 江州, their campuses, departments and wards (机构·院区·科室).

Subject codes are those of 医疗机构诊疗科目名录 (卫医发〔1994〕27号).
"""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Department:
    key: str
    name: str
    subject: str  # 诊疗科目代码
    wards: tuple[str, ...] = ()
    doctors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisation:
    key: str
    name: str
    short_name: str
    sign_name: str  # 短信签名
    campuses: tuple[str, ...]
    departments: tuple[Department, ...]


FIRST = Organisation(
    "jz1y", "江州市第一人民医院", "江州一院", "江州一院", ("滨江院区", "城东院区"),
    (
        Department("cardiology", "心血管内科", "03.04", ("心内一病区", "心内二病区"), ("张明远", "顾海峰", "沈丽华")),
        Department("endocrinology", "内分泌科", "03.07", ("内分泌病区",), ("钱文静", "陆志刚")),
        Department("respiratory", "呼吸与危重症医学科", "03.01", ("呼吸病区",), ("冯建军", "唐晓燕")),
        Department("neurology", "神经内科", "03.03", ("神内病区",), ("许国栋", "宋敏")),
        Department("gastroenterology", "消化内科", "03.02", ("消化病区",), ("韩立新", "彭丽")),
        Department("nephrology", "肾病内科", "03.06", ("肾内病区",), ("曹永平", "田静")),
        Department("general_surgery", "普通外科", "04.01", ("普外一病区", "普外二病区"), ("程志强", "余晓东")),
        Department("orthopaedics", "骨科", "04.03", ("骨科病区",), ("潘伟", "蒋卫东")),
        Department("urology", "泌尿外科", "04.04", ("泌尿病区",), ("魏强", "袁斌")),
        Department("thoracic_surgery", "胸外科", "04.05", ("胸外病区",), ("丁建华", "薛峰")),
        Department("gynaecology", "妇科", "05.01", ("妇科病区",), ("夏雪梅", "范丽娟")),
        Department("obstetrics", "产科", "05.02", ("产科病区",), ("孟玲", "任慧")),
        Department("paediatrics", "儿科", "07", ("儿科病区",), ("姚洁", "邵佳")),
        Department("oncology", "肿瘤科", "19", ("肿瘤一病区", "肿瘤二病区"), ("严国平", "汤红")),
        Department("general_practice", "全科医学科", "02", (), ("毛宁", "温俊")),
        Department("emergency", "急诊医学科", "20", ("急诊留观",), ("龙涛", "石磊")),
        Department("psychiatry", "精神科", "15", ("心身病区",), ("白雪", "江涛")),
        Department("infectious", "感染性疾病科", "16", ("感染病区",), ("贺强", "龚莉")),
        Department("geriatrics", "老年病科", "03.10", ("老年病区",), ("崔建国", "邱月琴")),
        Department("ophthalmology", "眼科", "10", ("眼科病区",), ("金晖", "秦岚")),
        Department("rehabilitation", "康复医学科", "21", ("康复病区",), ("史文", "尹芳")),
    ),
)  # fmt: skip
ANHE = Organisation(
    "anhe", "安禾妇儿医院", "安禾妇儿", "安禾妇儿医院", ("本部",),
    (
        Department("obstetrics", "产科", "05.02", ("母婴一区", "母婴二区"), ("林清", "施曼")),
        Department("gynaecology", "妇科", "05.01", ("妇科病区",), ("陶颖", "洪梅")),
        Department("reproductive", "生殖健康与不孕症专业", "05.05", (), ("管敏",)),
        Department("paediatrics", "儿科", "07", ("儿科病区",), ("倪佳", "安然")),
        Department("neonatology", "新生儿科", "07.01", ("新生儿病区",), ("温宁",)),
        Department("child_health", "儿童保健科", "09", (), ("芦萍",)),
    ),
)  # fmt: skip
BINJIANG = Organisation(
    "bjsq", "滨江社区卫生服务中心", "滨江社区", "滨江社区卫生", ("中心",),
    (
        Department("general_practice", "全科医疗科", "02", (), ("吴敏", "季春")),
        Department("prevention", "预防保健科", "01", (), ("俞静",)),
        Department("chinese_medicine", "中医科", "50", (), ("章德明",)),
        Department("child_health", "儿童保健科", "09", (), ("葛蕾",)),
    ),
)  # fmt: skip
ORGANISATIONS = (FIRST, ANHE, BINJIANG)


@cache
def organisation(key: str) -> Organisation:
    """Find an organisation by its key (机构)."""
    return next(each for each in ORGANISATIONS if each.key == key)


@cache
def departments(organisation_key: str) -> dict[str, Department]:
    """Give an organisation's departments by key (科室)."""
    return {each.key: each for each in organisation(organisation_key).departments}


def department(organisation_key: str, key: str, years: int) -> Department:
    """Find who sees a patient: children go to paediatrics, and where a kind is missing, to the generalists (科室)."""
    here = departments(organisation_key)
    wanted = [] if key == "emergency" or years >= 15 else ["paediatrics", "child_health"]
    wanted += [key, "general_practice", "gynaecology"]
    return next(here[each] for each in wanted if each in here)


def admits(organisation_key: str) -> bool:
    """Tell whether an organisation has beds (能否收住院)."""
    return any(each.wards for each in organisation(organisation_key).departments)
