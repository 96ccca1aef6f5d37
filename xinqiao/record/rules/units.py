"""Units: from what was received to the one unit in which an analyte is compared (单位换算).

Only the conversions and ranges of the clinical handbook are known here (§0.3 常用单位换算, §2.4 单位、合理范围、编码).
What is not known keeps its value and unit as received, and has no canonical value.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

Range = tuple[Decimal, Decimal]
PLACES = Decimal("0.0001")
SUSPECT, IMPLAUSIBLE = "suspect", "implausible"
GLUCOSE_IN_MG = Decimal(
    35
)  # §2.4: above this with mmol/L, mg/dL was probably meant; never converted by itself
SPELLINGS = {
    "mmhg": "mm[Hg]", "mm[hg]": "mm[Hg]", "毫米汞柱": "mm[Hg]", "kpa": "kPa",
    "℃": "Cel", "°c": "Cel", "cel": "Cel", "degc": "Cel", "℉": "[degF]", "°f": "[degF]", "[degf]": "[degF]",
    "umol/l": "umol/L", "mmol/l": "mmol/L", "mg/dl": "mg/dL", "mmol/mol": "mmol/mol", "mg/mmol": "mg/mmol",
    "mg/g": "mg/g", "g/l": "g/L", "g/dl": "g/dL", "10^9/l": "10*9/L", "10*9/l": "10*9/L", "10e9/l": "10*9/L",
    "10*3/ul": "10*3/uL", "10^3/ul": "10*3/uL", "/min": "/min", "bpm": "/min", "次/分": "/min", "次/min": "/min",
    "%": "%", "kg": "kg", "cm": "cm", "kg/m2": "kg/m2", "kg/m^2": "kg/m2", "u/l": "U/L", "l/min": "L/min", "l": "L",
    "h": "h", "小时": "h", "{score}": "{score}", "分": "{score}", "{inr}": "{INR}", "inr": "{INR}",
    "ml/min/{1.73_m2}": "mL/min/{1.73_m2}", "ml/min/1.73m2": "mL/min/{1.73_m2}", "{steps}/d": "{steps}/d",
}  # fmt: skip
MICRO = str.maketrans(
    {"μ": "u", "µ": "u", "㎜": "mm", "㎏": "kg", "％": "%", "²": "2", "×": "", "⁹": "^9", " ": None}
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One analyte: the LOINC code and unit it is compared in, the units it may come in, and what is plausible (指标)."""

    loinc: str
    unit: str
    units: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    hard: Range | None = None
    soft: Range | None = None


@dataclass(frozen=True, slots=True)
class Canonical:
    """The value to compare, in which unit; `quality` says suspect or implausible (规范值)."""

    value: Decimal | None = None
    unit: str = ""
    quality: str = ""


def canonical(loinc: str, value: Decimal | None, unit: str, comparator: str = "") -> Canonical:
    """Convert a received value to its analyte's own unit and judge whether it can be true (换算).

    Outside the hard range a value is implausible and has no canonical value; outside the soft one it is suspect.
    """
    measure = MEASURES.get(loinc)
    if measure is None or value is None:
        return Canonical()
    spelt = spell(unit)
    if spelt == "mmol/L" and measure.loinc in GLUCOSE and value > GLUCOSE_IN_MG:
        return Canonical(quality=SUSPECT)
    if spelt != measure.unit and spelt not in measure.units:
        return Canonical()
    factor, offset = measure.units.get(spelt, (Decimal(1), Decimal(0)))
    converted = value if spelt == measure.unit else _round(value * factor + offset)
    if not comparator and _outside(converted, measure.hard):
        return Canonical(quality=IMPLAUSIBLE)
    quality = SUSPECT if not comparator and _outside(converted, measure.soft) else ""
    return Canonical(converted, measure.unit, quality)


def concept(loinc: str, code: str) -> str:
    """Say under which code a result is asked for: its analyte's, whatever unit the code implied (归一编码)."""
    measure = MEASURES.get(loinc)
    return measure.loinc if measure else loinc or code


def spell(unit: str) -> str:
    """Spell a unit as UCUM does; one that is not known stays as it is (单位写法)."""
    plain = unit.translate(MICRO)
    return SPELLINGS.get(plain.lower(), plain)


def _round(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_EVEN).normalize() + Decimal(0)


def _outside(value: Decimal, bounds: Range | None) -> bool:
    return bounds is not None and not bounds[0] <= value <= bounds[1]


def _bounds(text: str) -> Range | None:
    low, _, high = text.partition("–")
    return (Decimal(low), Decimal(high)) if high else None


def _into(factor: Decimal | int | str, offset: Decimal | int | str = 0) -> tuple[Decimal, Decimal]:
    return Decimal(factor), Decimal(offset)


_KPA = {"kPa": _into(1 / Decimal("0.133"))}
_GLUCOSE = {"mg/dL": _into(1 / Decimal("18.016"))}
_CHOLESTEROL = {"mg/dL": _into(1 / Decimal("38.67"))}
_TRIGLYCERIDE = {"mg/dL": _into(1 / Decimal("88.57"))}
_CREATININE = {"mg/dL": _into("88.4")}
_HBA1C = {"mmol/mol": _into(1 / Decimal("10.929"), "2.15")}
_UACR = {"mg/mmol": _into("8.84")}
_FAHRENHEIT = {"[degF]": _into(1 / Decimal("1.8"), -32 / Decimal("1.8"))}
_TABLE: tuple[tuple[str, str, dict, str, str], ...] = (
    ("8480-6", "mm[Hg]", _KPA, "40–300", "70–250"),
    ("8462-4", "mm[Hg]", _KPA, "20–200", "40–150"),
    ("8478-0", "mm[Hg]", _KPA, "30–250", ""),
    ("8867-4", "/min", {}, "20–300", "30–200"),
    ("40443-4", "/min", {}, "20–300", "30–200"),
    ("59408-5", "%", {}, "40–100", "70–100"),
    ("2708-6", "%", {}, "40–100", "70–100"),
    ("9279-1", "/min", {}, "2–80", "4–60"),
    ("8310-5", "Cel", _FAHRENHEIT, "25–45", "34–42"),
    ("8328-7", "Cel", _FAHRENHEIT, "25–45", "34–42"),
    ("29463-7", "kg", {}, "0.3–500", "20–300"),
    ("8302-2", "cm", {}, "20–260", ""),
    ("39156-5", "kg/m2", {}, "", ""),
    ("8280-0", "cm", {}, "20–250", "40–200"),
    ("14743-9", "mmol/L", _GLUCOSE, "0.5–60", "1.1–33.3"),
    ("15074-8", "mmol/L", _GLUCOSE, "0.5–60", "1.1–33.3"),
    ("14749-6", "mmol/L", _GLUCOSE, "0.5–60", "1.1–33.3"),
    ("14771-0", "mmol/L", _GLUCOSE, "", ""),
    ("14995-5", "mmol/L", _GLUCOSE, "", ""),
    ("4548-4", "%", _HBA1C, "2–20", "3–15"),
    ("53061-8", "mmol/L", {}, "0–20", "0–8"),
    ("97509-4", "%", {}, "0–100", ""),
    ("97507-8", "%", {}, "0–100", ""),
    ("41950-7", "{steps}/d", {}, "0–150000", "0–100000"),
    ("93832-4", "h", {}, "0–24", ""),
    ("33452-4", "L/min", {}, "30–1000", ""),
    ("20150-9", "L", {}, "0.1–10", ""),
    ("19926-5", "%", {}, "", ""),
    ("14959-1", "mg/g", _UACR, "0–20000", ""),
    ("14682-9", "umol/L", _CREATININE, "5–3000", "20–1500"),
    ("98979-8", "mL/min/{1.73_m2}", {}, "0–200", ""),
    ("14647-2", "mmol/L", _CHOLESTEROL, "0.1–50", ""),
    ("14646-4", "mmol/L", _CHOLESTEROL, "0.1–50", ""),
    ("22748-8", "mmol/L", _CHOLESTEROL, "0.1–50", ""),
    ("14927-8", "mmol/L", _TRIGLYCERIDE, "0.1–50", ""),
    ("2823-3", "mmol/L", {}, "1–12", "2–8"),
    ("6301-6", "{INR}", {}, "0.5–20", "0.8–8"),
    ("718-7", "g/L", {"g/dL": _into(10)}, "", ""),
    ("26515-7", "10*9/L", {"10*3/uL": _into(1)}, "", ""),
    ("1742-6", "U/L", {}, "0–20000", ""),
    ("1920-8", "U/L", {}, "0–20000", ""),
    ("72514-3", "{score}", {}, "0–10", ""),
    ("9269-2", "{score}", {}, "3–15", ""),
    ("57067-1", "/min", {}, "30–250", "110–160"),
)
_SAME = {"41653-7": "14743-9", "59261-8": "4548-4", "30000-4": "14959-1", "2160-0": "14682-9"}
MEASURES = {
    loinc: Measure(loinc, unit, units, _bounds(possible), _bounds(usual))
    for loinc, unit, units, possible, usual in _TABLE
}
MEASURES |= {other: MEASURES[one] for other, one in _SAME.items()}
GLUCOSE = {loinc for loinc, measure in MEASURES.items() if measure.units is _GLUCOSE}
