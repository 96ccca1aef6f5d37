"""What rules may ask of the index (患者事实)."""

from xinqiao.kit.facts import Fact, enter

AGE = """
SELECT p.patient_id, extract(year FROM age((%(as_of)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date, t.birth_on))::int
  AS value, t.id AS evidence
FROM {patients} AS p JOIN patients_patient t ON t.id = p.patient_id
WHERE t.birth_on <= (%(as_of)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date
"""
LABEL = "SELECT p.patient_id, t.label AS value, t.id AS evidence FROM {patients} AS p JOIN patients_patient t ON t.id = p.patient_id"

enter(Fact("age", "年龄（周岁）", "number", AGE), Fact("label", "数据分级", "number", LABEL))
