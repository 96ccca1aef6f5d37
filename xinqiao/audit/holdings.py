"""What audit holds of patients: the log of who saw and changed what (审计的持有清单)."""

from xinqiao.kit.holdings import KEEP, Holding

LAW = "网络安全法：日志留存不少于六个月；个人信息保护法第五十六条：处理记录至少保存三年"

HOLDINGS = (
    Holding(model="Line", subject="patient_id", erase=KEEP, legal=LAW),
    Holding(model="Listed", subject="patient_id", erase=KEEP, legal=LAW),
    Holding(model="Seal", subject=None, why="hashes of blocks of lines"),
)
