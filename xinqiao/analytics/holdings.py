"""What analytics holds of patients: nothing (运营分析中的患者数据)."""

from xinqiao.kit.holdings import Holding

HOLDINGS = (Holding(model="KeptMeasure", subject=None, why="只有人数与比率，不含患者"),)
