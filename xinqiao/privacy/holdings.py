"""What privacy holds of patients (知情同意的持有清单)."""

from xinqiao.kit.holdings import KEEP, Holding

LAW = "《个人信息保护法》第五十六条：处理记录至少保存三年；同意与撤回的凭证须能证明"

HOLDINGS = (
    Holding(model="Consent", subject="patient_id", erase=KEEP, legal=LAW, show="同意"),
    Holding(model="Erasure", subject="patient_id", erase=KEEP, legal=LAW),
)
