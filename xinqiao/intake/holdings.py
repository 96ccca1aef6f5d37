"""What the intake holds of patients (持有清单)."""

from xinqiao.kit.holdings import SHRED, Holding

HOLDINGS = (
    Holding(model="Source", subject=None, why="来源系统的配置，不含患者信息"),
    Holding(model="Inbox", subject="patient", erase=SHRED, export=False),
)
