"""What rules may ask of the record (临床事实): last visit, last discharge, last values."""

from xinqiao.kit.facts import Fact, enter
from xinqiao.record.rules.folding import STAYS

VISIT = """
SELECT p.patient_id, e.{at} AS value, e.id AS evidence FROM {patients} AS p CROSS JOIN LATERAL (
  SELECT f.{at}, f.id FROM record_encounter f WHERE f.patient_id = p.patient_id AND f.{at} <= %(as_of)s AND {which}
  ORDER BY f.{at} DESC, f.id DESC LIMIT 1) e
"""
# As known then: what came later, or was superseded by then, does not count.
VALUE = """
SELECT p.patient_id, o.value, o.id AS evidence FROM {patients} AS p CROSS JOIN LATERAL (
  SELECT coalesce(f.canonical_value, f.value) AS value, f.id FROM record_observation f
  WHERE f.patient_id = p.patient_id AND f.concept = %(concept)s AND f.at <= %(as_of)s AND f.received_at <= %(as_of)s
    AND f.is_valid AND (f.superseded_at IS NULL OR f.superseded_at > %(as_of)s)
    AND f.canonical_value IS NOT NULL
  ORDER BY f.at DESC, f.source_at DESC, f.source_key DESC LIMIT 1) o
"""
VALUES = {
    "last_systolic": ("最近一次收缩压（mmHg）", "8480-6"),
    "last_diastolic": ("最近一次舒张压（mmHg）", "8462-4"),
    "last_hba1c": ("最近一次糖化血红蛋白（%）", "4548-4"),
    "last_fasting_glucose": ("最近一次空腹血糖（mmol/L）", "14771-0"),
    "last_ldl": ("最近一次低密度脂蛋白胆固醇（mmol/L）", "22748-8"),
    "last_creatinine": ("最近一次肌酐（μmol/L）", "14682-9"),
    "last_weight": ("最近一次体重（kg）", "29463-7"),
}


def last_value(name: str, title: str, concept: str) -> Fact:
    """This function will define the last canonical value of one concept as a fact (最近一次结果)."""
    return Fact(name, title, "number", VALUE, {"concept": concept})


def _visit(at: str, which: str) -> str:
    return VISIT.replace("{at}", at).replace("{which}", which)


enter(
    Fact(
        "last_visit_at",
        "最近一次就诊时间",
        "date",
        _visit("started_at", "f.status IN ('in_progress', 'finished', 'unknown')"),
    ),
    Fact(
        "last_discharge_at",
        "最近一次出院时间",
        "date",
        _visit("ended_at", "f.status = 'finished' AND f.kind = ANY (%(stays)s)"),
        {"stays": list(STAYS)},
    ),
    *(last_value(name, *said) for name, said in VALUES.items()),
)
