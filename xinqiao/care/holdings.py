"""What care holds of patients (随访中的患者数据)."""

from xinqiao.kit.holdings import DELETE, Holding

HOLDINGS = (
    Holding(model="PathwayVersion", subject=None, why="已发布的路径内容，与患者无关"),
    Holding(model="Enrolment", subject="patient_id", erase=DELETE, show="随访计划", follow_merge="repoint"),
    Holding(model="Step", subject="patient_id", erase=DELETE, show="随访步骤", follow_merge="repoint"),
    Holding(model="ContactAttempt", subject="patient_id", erase=DELETE, show="联系尝试"),
    Holding(model="Alert", subject="patient_id", erase=DELETE, show="预警", follow_merge="repoint"),
    Holding(model="Backfill", subject=None, why="补入组的审批单，名单在 BackfillCandidate"),
    Holding(model="BackfillCandidate", subject="patient_id", erase=DELETE, export=False),
)
