"""What is measured, in which unit, and what comes out of it (检验与体征).

Codes, units and limits of the possible are those of the clinical handbook §2.4; the reference ranges are what a
Chinese laboratory prints (WS/T 404, WS/T 405). They are content of simulated reports: nothing decides by them.
"""

from dataclasses import dataclass
from random import Random

from .person import Person


@dataclass(frozen=True, slots=True)
class Measure:
    local: str  # the laboratory's own code
    loinc: str
    name: str
    unit: str  # UCUM
    low: float | None  # reference range as printed
    high: float | None
    limits: tuple[float, float]  # outside: impossible
    usual: tuple[float, float]  # mean and spread in health
    decimals: int


@dataclass(frozen=True, slots=True)
class Result:
    measure: Measure
    value: str
    flag: str  # "", H or L


VITALS = (
    Measure("SBP", "8480-6", "收缩压", "mm[Hg]", 90, 139, (40, 300), (122, 9), 0),
    Measure("DBP", "8462-4", "舒张压", "mm[Hg]", 60, 89, (20, 200), (76, 7), 0),
    Measure("HR", "8867-4", "心率", "/min", 60, 100, (20, 300), (76, 9), 0),
    Measure("RR", "9279-1", "呼吸频率", "/min", 12, 20, (2, 80), (17, 1.5), 0),
    Measure("AT", "8328-7", "腋温", "Cel", 36.0, 37.0, (25, 45), (36.5, 0.25), 1),
    Measure("SPO2", "59408-5", "脉搏血氧饱和度", "%", 95, 100, (40, 100), (97.8, 1), 0),
    Measure("WT", "29463-7", "体重", "kg", None, None, (0.3, 500), (64, 10), 1),
)
LABS = {
    "血常规": (
        Measure("HGB", "718-7", "血红蛋白", "g/L", 115, 175, (10, 300), (140, 12), 0),
        Measure("PLT", "26515-7", "血小板计数", "10*9/L", 125, 350, (1, 3000), (225, 45), 0),
    ),
    "生化": (
        Measure("ALT", "1742-6", "丙氨酸氨基转移酶", "U/L", 7, 50, (0, 20000), (24, 9), 0),
        Measure("AST", "1920-8", "天门冬氨酸氨基转移酶", "U/L", 13, 40, (0, 20000), (23, 6), 0),
        Measure("CREA", "14682-9", "肌酐", "umol/L", 41, 97, (5, 3000), (68, 12), 0),
        Measure("K", "2823-3", "钾", "mmol/L", 3.5, 5.3, (1, 12), (4.2, 0.3), 2),
        Measure("GLU", "14771-0", "空腹血糖", "mmol/L", 3.9, 6.1, (0.5, 60), (5.1, 0.4), 2),
    ),
    "血脂": (
        Measure("TC", "14647-2", "总胆固醇", "mmol/L", None, 5.18, (0.1, 50), (4.6, 0.6), 2),
        Measure("TG", "14927-8", "甘油三酯", "mmol/L", None, 1.7, (0.1, 50), (1.3, 0.4), 2),
        Measure("HDL", "14646-4", "高密度脂蛋白胆固醇", "mmol/L", 1.04, None, (0.1, 50), (1.3, 0.2), 2),
        Measure("LDL", "22748-8", "低密度脂蛋白胆固醇", "mmol/L", None, 3.37, (0.1, 50), (2.6, 0.5), 2),
    ),
    "糖化血红蛋白": (Measure("HBA1C", "4548-4", "糖化血红蛋白", "%", 4.0, 6.0, (2, 20), (5.3, 0.3), 1),),
    "尿微量白蛋白": (
        Measure("UACR", "14959-1", "尿白蛋白/肌酐比值", "mg/g", None, 30, (0, 20000), (9, 6), 1),
    ),
    "凝血": (Measure("INR", "6301-6", "国际标准化比值", "{INR}", 0.8, 1.2, (0.5, 20), (1.0, 0.06), 2),),
}
MEASURES = {each.local: each for each in (*VITALS, *(each for panel in LABS.values() for each in panel))}
# what a chronic condition adds to the mean and to the spread
SHIFTS: dict[str, dict[str, tuple[float, float]]] = {
    "I10": {"SBP": (17, 8), "DBP": (9, 5)},
    "E11": {"GLU": (3.0, 1.8), "HBA1C": (2.0, 1.2), "UACR": (25, 40)},
    "E78": {"TC": (1.1, 0.5), "TG": (0.9, 0.6), "LDL": (1.0, 0.5)},
    "N18": {"CREA": (75, 30), "K": (0.5, 0.3), "UACR": (180, 150), "HGB": (-22, 8)},
    "J44": {"SPO2": (-4, 2), "RR": (3, 2)},
    "C34": {"HGB": (-18, 10), "WT": (-5, 3)},
    "I50": {"HR": (9, 6), "SPO2": (-2, 1)},
    "B18": {"ALT": (22, 20), "AST": (18, 15)},
}
PANELS_FOR = {"E11": ("糖化血红蛋白", "尿微量白蛋白", "生化"), "E78": ("血脂",), "I10": ("生化", "血脂"), "I25": ("血脂", "凝血"),
              "N18": ("生化", "尿微量白蛋白", "血常规"), "C34": ("血常规", "生化")}  # fmt: skip
CHILD_WEIGHTS = ((1, 7), (3, 13), (6, 19), (10, 30), (14, 46))


def panels(person: Person) -> tuple[str, ...]:
    """Name the panels a doctor would order for this person's conditions (检验项目)."""
    wanted = [panel for code, names in PANELS_FOR.items() if person.has(code) for panel in names]
    return tuple(dict.fromkeys(wanted or ["血常规"]))


def measure(random: Random, person: Person, each: Measure, years: int) -> Result:
    """Roll one plausible result, never outside what is possible (检验结果)."""
    mean, spread = each.usual
    for code, shifts in SHIFTS.items():
        if each.local in shifts and person.has(code):
            mean, spread = mean + shifts[each.local][0], spread + shifts[each.local][1]
    if each.local == "WT":
        mean = next((kg for end, kg in CHILD_WEIGHTS if years < end), mean)
        spread = min(spread, mean * 0.15)
    low, high = each.limits
    value = min(max(random.gauss(mean, spread), low + 0.3 * (mean - low)), high)
    return result(each, value)


def result(each: Measure, value: float) -> Result:
    """Print a value with the laboratory's decimals and its flag (结果标志)."""
    text = f"{value:.{each.decimals}f}"
    low, high = each.low, each.high
    flag = "H" if high is not None and float(text) > high else ""
    return Result(each, text, "L" if low is not None and float(text) < low else flag)


def reference(each: Measure) -> str:
    """Print the reference range as a report does: 3.5-5.3, <1.7, >1.04 (参考区间)."""
    if each.low is not None and each.high is not None:
        return f"{each.low:g}-{each.high:g}"
    if each.high is not None:
        return f"<{each.high:g}"
    return "" if each.low is None else f">{each.low:g}"
