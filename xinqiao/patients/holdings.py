"""What the index holds of patients, and what erasure does to it (持有清单)."""

from xinqiao.kit.holdings import DELETE, KEEP, Holding

RECORD_LAW = "《医疗机构病历管理规定》第二十九条：病历保存期未满；《个人信息保护法》第四十七条第二款：停止除存储以外的处理"

HOLDINGS = (
    Holding(model="Patient", subject="id", erase=KEEP, legal=RECORD_LAW, show="rail"),
    Holding(model="Snapshot", subject="patient_id", erase=KEEP, legal=RECORD_LAW),
    Holding(model="Identifier", subject="patient_id", erase=KEEP, legal=RECORD_LAW, show="rail"),
    Holding(model="ContactPoint", subject="patient_id", erase=DELETE, show="rail"),
    Holding(model="Kin", subject="patient_id", erase=DELETE, show="rail"),
    Holding(model="Access", subject="patient_id", erase=DELETE, follow_merge="repoint"),
)
