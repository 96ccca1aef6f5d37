"""What the style guide shows of each component (样板数据): empty, normal, error, long."""

from xinqiao.portals.ui.tests.sketches import CARD, CHART, ENTRIES, LINE, NOW, TREND, call, field, options

BARS = {
    "kind": "bar", "axis": "category", "unit": "人", "points": [["周一", 42], ["周二", 38], ["周三", 51], ["周四", 47], ["周五", 60]],
    "columns": ["日", "人"], "rows": [["周一", 42], ["周二", 38], ["周三", 51], ["周四", 47], ["周五", 60]],
}  # fmt: skip
AGP_POINTS = [[f"{h:02d}:00", 3.9, 5.0, 6.2 + (h % 6) / 2, 8.4 + (h % 6) / 2, 11.2] for h in range(0, 24, 2)]
AGP = {"kind": "agp", "axis": "category", "unit": "mmol/L", "band": [3.9, 10.0], "points": AGP_POINTS,
       "columns": ["时刻", "5%", "25%", "中位", "75%", "95%"], "rows": AGP_POINTS}  # fmt: skip
LONG = "阿卜杜热合曼·买买提艾力·阿不都克里木"
SPECIMENS = {
    "levels": ["L1", "L2", "L3", "L4"],
    "tones": ["accent", "accent-soft", "ink", "ink-2", "ink-3", "line", "ground", "l1", "l2", "l3", "l4", "ok"],
    "trend": TREND,
    "gap": [None, 5, None],
    "long_name": LONG,
    "plain": field("plain", "联系电话", help_text="医院可以打通的号码", required=True),
    "wrong": field("wrong", "收缩压", unit="mmHg", value="1880", errors=["请填 50 到 300 之间的数"]),
    "area": field("area", "备注"),
    "radio": field("radio", "通话结果"),
    "radios": options("已接通", "无人接听", "号码有误", "约时间再拨", chosen=0),
    "ticks": field("ticks", "症状", many=True),
    "tick_options": options("胸痛", "头痛", "视物模糊", chosen=1),
    "pain": field("pain", "现在有多痛？"),
    "pains": options(*map(str, range(11)), chosen=3),
    "birth": field("birth", "出生日期", year="1954", month="3", day="9"),
    "code": field("code", "6位验证码"),
    "errors": [{"id": "id_wrong", "text": "收缩压：请填 50 到 300 之间的数"}],
    "conflict": {"who": "陈静护士", "at": NOW, "theirs": "已指导低盐饮食，明日复测。", "mine": "建议今日门诊。"},
    "card": CARD,
    "bare_card": {"title": "本月转诊", "value": None, "unit": "", "numerator": 0, "denominator": 0, "noun": "人（人数不足30，不显示比率）"},
    "charts": [("g-range", "血压范围", CHART), ("g-line", "完成率", LINE), ("g-bar", "每日任务", BARS), ("g-agp", "血糖（AGP）", AGP)],
    "entries": ENTRIES,
    "toasts": [{"text": "已完成 12 条任务", "undo_url": "#", "seconds": 600}],
    "task": call(),
}  # fmt: skip
