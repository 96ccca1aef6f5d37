"""What people suffer from here, how often, and what is done about it (疾病谱).

Frequencies are rough shares of the people a Chinese hospital sees, chosen so that lists look alive; they are no
epidemiology. Codes are ICD-10 at the level common to the national and the insurance version.
"""

from collections.abc import Collection
from dataclasses import dataclass

BANDS = (15, 40, 60, 75, 200)  # an age belongs to the first band whose end is above it


@dataclass(frozen=True, slots=True)
class Chronic:
    icd10: str
    name: str
    department: str
    shares: tuple[float, float, float, float, float]  # by BANDS
    medicines: tuple[str, ...]
    sex: str = ""  # only this sex
    label: str = "ordinary"


@dataclass(frozen=True, slots=True)
class Stay:
    icd10: str
    name: str
    department: str
    weight: float
    days: tuple[int, int]
    procedure: tuple[str, str] | None  # ICD-9-CM-3 code and name
    medicines: tuple[str, ...]
    ages: tuple[int, int] = (15, 120)
    sex: str = ""


CHRONIC = (
    Chronic("I10", "特发性(原发性)高血压", "cardiology", (0, 0.04, 0.27, 0.52, 0.6),
            ("苯磺酸氨氯地平片 5mg qd", "缬沙坦胶囊 80mg qd")),
    Chronic("E11.9", "2型糖尿病不伴有并发症", "endocrinology", (0, 0.015, 0.12, 0.22, 0.22),
            ("盐酸二甲双胍片 0.5g tid", "达格列净片 10mg qd")),
    Chronic("E78.5", "高脂血症", "cardiology", (0, 0.05, 0.2, 0.28, 0.25), ("阿托伐他汀钙片 20mg qn",)),
    Chronic("I25.1", "动脉硬化性心脏病", "cardiology", (0, 0.002, 0.05, 0.15, 0.25),
            ("阿司匹林肠溶片 100mg qd", "琥珀酸美托洛尔缓释片 47.5mg qd")),
    Chronic("I63.9", "脑梗死", "neurology", (0, 0.001, 0.02, 0.06, 0.1), ("硫酸氢氯吡格雷片 75mg qd",)),
    Chronic("I50.9", "心力衰竭", "cardiology", (0, 0, 0.006, 0.03, 0.07), ("呋塞米片 20mg qd",)),
    Chronic("J44.9", "慢性阻塞性肺疾病", "respiratory", (0, 0, 0.03, 0.09, 0.13), ("噻托溴铵粉吸入剂 18μg qd",)),
    Chronic("N18.3", "慢性肾脏病3期", "nephrology", (0, 0.003, 0.02, 0.06, 0.1), ("复方α-酮酸片 2.52g tid",)),
    Chronic("C34.9", "支气管或肺恶性肿瘤", "oncology", (0, 0.001, 0.006, 0.015, 0.015), ("甲磺酸奥希替尼片 80mg qd",)),
    Chronic("M17.9", "膝关节病", "orthopaedics", (0, 0.003, 0.05, 0.15, 0.2), ("塞来昔布胶囊 200mg qd",)),
    Chronic("K21.9", "胃-食管反流性疾病", "gastroenterology", (0, 0.03, 0.06, 0.06, 0.05), ("艾司奥美拉唑镁肠溶片 20mg qd",)),
    Chronic("N40", "前列腺增生", "urology", (0, 0, 0.08, 0.3, 0.4), ("盐酸坦索罗辛缓释胶囊 0.2mg qn",), "male"),
    Chronic("J45.9", "哮喘", "respiratory", (0.03, 0.015, 0.02, 0.02, 0.02), ("布地奈德福莫特罗吸入粉雾剂 bid",)),
    Chronic("F32.9", "抑郁发作", "psychiatry", (0, 0.02, 0.02, 0.015, 0.01), ("盐酸舍曲林片 50mg qd",),
            label="psychiatric"),
    Chronic("F20.9", "精神分裂症", "psychiatry", (0, 0.003, 0.003, 0.002, 0.001), ("奥氮平片 10mg qn",),
            label="psychiatric"),
    Chronic("B20.9", "人类免疫缺陷病毒病", "infectious", (0, 0.001, 0.001, 0.0003, 0), ("富马酸替诺福韦二吡呋酯片 300mg qd",),
            label="infectious"),
    Chronic("B18.1", "慢性乙型病毒性肝炎", "infectious", (0, 0.02, 0.05, 0.04, 0.03), ("恩替卡韦片 0.5mg qd",),
            label="infectious"),
    Chronic("N97.9", "女性不孕症", "reproductive", (0, 0.03, 0.001, 0, 0), ("枸橼酸氯米芬片 50mg qd",), "female",
            "reproductive"),
)  # fmt: skip
STAYS = (
    Stay("I20.0", "不稳定性心绞痛", "cardiology", 12, (3, 8), ("36.0700", "药物洗脱冠状动脉支架置入"),
         ("阿司匹林肠溶片 100mg qd", "替格瑞洛片 90mg bid", "瑞舒伐他汀钙片 10mg qn"), (40, 95)),
    Stay("I50.9", "心力衰竭", "cardiology", 6, (5, 12), None, ("呋塞米片 20mg qd", "沙库巴曲缬沙坦钠片 50mg bid"), (55, 98)),
    Stay("E11.9", "2型糖尿病", "endocrinology", 8, (5, 10), None, ("门冬胰岛素30注射液 bid", "盐酸二甲双胍片 0.5g tid"), (30, 92)),
    Stay("J18.9", "肺炎", "respiratory", 9, (5, 12), None, ("阿莫西林克拉维酸钾片 0.375g q8h",), (15, 105)),
    Stay("J44.1", "慢性阻塞性肺病伴急性加重", "respiratory", 6, (6, 13), None, ("布地格福吸入气雾剂 bid",), (50, 95)),
    Stay("I63.9", "脑梗死", "neurology", 9, (7, 13), None, ("硫酸氢氯吡格雷片 75mg qd", "阿托伐他汀钙片 20mg qn"), (45, 98)),
    Stay("K80.2", "胆囊结石", "general_surgery", 8, (3, 6), ("51.2300", "腹腔镜下胆囊切除术"), ("头孢呋辛酯片 0.25g bid",), (20, 85)),
    Stay("K40.9", "单侧腹股沟疝", "general_surgery", 5, (2, 5), ("53.0500", "单侧腹股沟疝修补术"), (), (18, 90)),
    Stay("M17.1", "单侧膝关节骨性关节炎", "orthopaedics", 5, (6, 12), ("81.5400", "全膝关节置换术"),
         ("利伐沙班片 10mg qd", "塞来昔布胶囊 200mg qd"), (55, 88)),
    Stay("S72.0", "股骨颈骨折", "orthopaedics", 4, (7, 13), ("81.5100", "全髋关节置换术"), ("利伐沙班片 10mg qd",), (60, 98)),
    Stay("N20.1", "输尿管结石", "urology", 5, (2, 5), ("56.0x00", "经尿道输尿管取石术"), (), (20, 80)),
    Stay("C34.9", "支气管或肺恶性肿瘤", "oncology", 6, (4, 9), ("99.2500", "化疗药物注射"), ("昂丹司琼片 8mg bid",), (35, 85)),
    Stay("K92.2", "胃肠出血", "gastroenterology", 4, (4, 8), ("45.1300", "胃镜检查"), ("艾司奥美拉唑镁肠溶片 20mg bid",), (25, 92)),
    Stay("O80.0", "头位顺产", "obstetrics", 6, (3, 4), ("73.5900", "手法助产"), (), (20, 45), "female"),
    Stay("O82.0", "选择性剖宫产", "obstetrics", 5, (4, 6), ("74.1x00", "子宫下段剖宫产"), ("益母草颗粒 bid",), (20, 45), "female"),
    Stay("D25.9", "子宫平滑肌瘤", "gynaecology", 4, (4, 8), ("68.2900", "子宫肌瘤剔除术"), (), (25, 60), "female"),
    Stay("J20.9", "急性支气管炎", "paediatrics", 6, (3, 6), None, ("阿奇霉素干混悬剂 qd",), (0, 14)),
)  # fmt: skip
COMPLAINTS = (
    ("R51", "头痛"), ("R10.4", "腹痛"), ("J06.9", "急性上呼吸道感染"), ("M54.5", "腰痛"), ("R42", "头晕"),
    ("R05", "咳嗽"), ("K29.7", "胃炎"), ("L30.9", "皮炎"), ("Z00.0", "健康查体"),
)  # fmt: skip
ALLERGENS = (
    ("青霉素", "皮疹"), ("头孢类抗生素", "皮疹"), ("磺胺类", "皮疹"), ("碘造影剂", "荨麻疹"), ("海鲜", "荨麻疹"), ("花粉", "鼻炎"),
)  # fmt: skip


def band(age: int) -> int:
    """Find the position of an age in BANDS (年龄段)."""
    return next(at for at, end in enumerate(BANDS) if age < end)


def stays_for(sex: str, age: int, here: Collection[str]) -> list[tuple[float, Stay]]:
    """List the reasons for which such a person may be admitted to the departments here, with weights (住院原因)."""
    return [
        (each.weight, each)
        for each in STAYS
        if each.department in here and each.sex in ("", sex) and each.ages[0] <= age <= each.ages[1]
    ]
