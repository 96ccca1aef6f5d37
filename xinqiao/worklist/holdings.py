"""What the worklist holds of patients (待办中的患者数据)."""

from xinqiao.kit.holdings import DELETE, Holding

HOLDINGS = (
    Holding(model="Item", subject="patient_id", erase=DELETE, show="待办", follow_merge="repoint"),
    Holding(model="Attempt", subject="patient_id", erase=DELETE, show="联系记录"),
    Holding(model="Notice", subject="patient_id", erase=DELETE, export=False),
    Holding(model="Duty", subject=None, why="职工值班，不是患者"),
)
