"""The directory holds no patients (机构目录不含患者)."""

from xinqiao.kit.holdings import Holding

HOLDINGS = (
    Holding(model="Organisation", subject=None, why="机构信息"),
    Holding(model="Campus", subject=None, why="院区信息"),
    Holding(model="Department", subject=None, why="科室信息"),
    Holding(model="Practitioner", subject=None, why="职工信息，不是患者"),
    Holding(model="Post", subject=None, why="职工岗位，不是患者"),
)
