"""The section of the house: which room stands on which floor (楼层剖面).

A room may import only what stands below it. The drawing is the data: the import contracts, the map and
the house tests are all made from it, so adding a room to it is the whole registration.
"""

import ast
import re
from pathlib import Path

HOUSE = "xinqiao"
ROOT = Path(__file__).parents[2]

SECTION = """\
config                           wiring: settings, addresses, worker, command line                  装配
portals | gateways | simulation  doors for people, doors for machines, the hospital that is not     门户·接口·仿真
analytics                        metrics, dashboards' numbers, risk, lapse, forecasts               运营分析
outreach                         prospects, campaigns to cohorts, hold-out groups                   触达
loyalty                          points, tiers, service packages, word of mouth                     会员权益
feedback                         surveys, NPS, complaints, public opinion                           满意度·投诉
assistant                        the 24-hour desk: approved answers, or over to people              智能客服
care                             pathways, follow-up, alerts from home readings                     随访·路径·预警
network                          family doctor, two-way referral, remote consultation               签约·转诊·会诊
triage                           how urgent, which department                                       分诊
education                        articles, events, clubs                                            科普·活动·社群
scheduling                       slots, bookings, waiting list, the queue on the day                预约·候补·候诊
billing                          bills, payments, refunds, reconciliation                           账单·支付
cohorts                          compiles conditions over facts: who matches, and why               患者分群
worklist                         what staff must do, by when; who is on duty                        待办·值班
messaging | questionnaires       the one way out, and every form that anyone fills in               消息·问卷
record                           the clinical facts that hospitals and devices send                 临床数据
privacy                          consent, purpose, sharing, export, erasure, retention              知情同意
intake                           all that comes in: inbox, quarantine, waiting, sources             接收·异常报文
patients                         the index: identifiers, matching, family, who may read whom        患者主索引
directory                        organisations, campuses, departments, practitioners                机构·科室·医生
accounts                         who may enter, and as what                                         账号·角色
audit                            who saw or changed what, in a hash chain                           审计
kit                              tools with no hospital in them                                     工具箱
"""

FLOORS = [re.split(r" \| ", re.split(r"\s{2,}", line)[0]) for line in SECTION.splitlines()]
DOORS = ("portals", "gateways")
NOT_ROOMS = ("config", *DOORS, "simulation", "kit")


def floor_of(name: str) -> int | None:
    """Say on which floor a package stands, counted from the roof; None when it is not in the section (楼层)."""
    return next((floor for floor, names in enumerate(FLOORS) if name in names), None)


def packages(root: Path = ROOT) -> list[str]:
    """List the packages that have been built, as they stand from the roof down (已建的包)."""
    built = {path.parent.name for path in (root / HOUSE).glob("*/__init__.py")}
    return [name for names in FLOORS for name in names if name in built]


def rooms(root: Path = ROOT) -> list[str]:
    """List the rooms that have been built: all packages but wiring, doors, simulation and kit (已建的房间)."""
    return [name for name in packages(root) if name not in NOT_ROOMS]


def purpose(root: Path, package: str) -> str:
    """Read what a package says of itself: the first line of its docstring (包的用途)."""
    source = (root / HOUSE / package / "__init__.py").read_text("utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
