"""What the questionnaires hold of patients (问卷中的患者数据)."""

from xinqiao.kit.holdings import DELETE, Holding

HOLDINGS = (
    Holding(model="Invitation", subject="patient_id", erase=DELETE, export=False),
    Holding(model="Response", subject="patient_id", erase=DELETE, show="问卷"),
)
