"""Contexts in which every page can be drawn without a hospital (草图数据): the cast of the demo, made up."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
DIALLED, MOBILE = "05710000212", "13800001234"


def ago(**span):
    return NOW - timedelta(**span)


def field(name, label, **more):
    base = {"id_for_label": f"id_{name}", "html_name": name, "label": label, "value": "", "errors": []}
    return SimpleNamespace(**(base | more))


def options(*labels, chosen=None):
    return [{"value": str(i), "label": label, "checked": i == chosen} for i, label in enumerate(labels)]


def person(name, sex, born, **more):
    return SimpleNamespace(name=name, sex=sex, birth_on=born, **more)


LI = person("李桂兰", "女", date(1954, 3, 9))
MENU = [
    {
        "label": label,
        "url": f"#{icon}",
        "icon": icon,
        "tally": tally,
        "is_hot": hot,
        "is_here": icon == "today",
    }
    for label, icon, tally, hot in (
        ("今日", "today", 25, False),
        ("患者", "person", None, False),
        ("随访", "phone", None, False),
        ("预警", "alert", 3, True),
        ("患者消息", "message", 4, False),
        ("异常报文", "inbox", 2, False),
        ("统计报表", "chart", None, False),
    )
]
DEMO = {
    "now": NOW,
    "forward_url": "#",
    "steps": [
        {"label": "快进1小时", "value": "1h"},
        {"label": "1天", "value": "1d"},
        {"label": "1周", "value": "1w"},
    ],
}
STAFF = {
    "now": NOW,
    "me": {"name": "陈静", "role": "护士", "team": "心内随访组", "key": "k1"},
    "menu": MENU,
    "demo": DEMO,
    "filters": [
        {"label": label, "count": count, "url": "#", "is_here": label == "全部"}
        for label, count in (("全部", 25), ("预警", 3), ("逾期", 6), ("今天", 12), ("等待", 4))
    ],
}
TREND = [128, 131, 140, 138, None, None, 146, 152, 149, 158, 171, 188]


def row(number, level, who, reason, due_at, *, trend=None, late=False, state="随访"):
    return {
        "id": number, "level": level, "patient": who, "reason": reason, "due_at": due_at, "is_late": late,
        "state": state, "trend": trend, "trend_low": 90, "trend_high": 135, "open_url": "#",
    }  # fmt: skip


ROWS = [
    row(1, "L1", LI, "血压 188/112（复测仍高）", ago(minutes=8), trend=TREND),
    row(2, "L2", person("周建国", "男", date(1961, 5, 2)), "术后第3天 · 体温 38.9°C", ago(minutes=41)),
    row(3, "L3", person("林晓月", "女", date(1995, 1, 20)), "产后第3天 · 爱丁堡量表未完成", ago(hours=2)),
    row(4, None, person("王芳", "女", date(1981, 7, 3)), "高血压季度随访", ago(days=2), trend=[140, 138, 133, 131, 128, 127], late=True),
    row(5, None, person("赵建民", "男", date(1965, 2, 11)), "出院第7天 · 肺癌术后（仅家属知情）", NOW + timedelta(hours=3)),
    row(6, "L4", person("张国强", "男", date(1971, 9, 30)), "两次未按时就诊，请确认复诊意愿", NOW + timedelta(hours=5)),
    row(7, None, person("阿卜杜热合曼·买买提艾力", "男", date(1958, 6, 6)), "出院第30天 · 2型糖尿病，名字很长时在这里截断而不会把表格撑开", NOW + timedelta(days=1)),
    row(8, None, person("吴宝宝", "男", date(2026, 8, 20)), "三月龄儿童保健提醒", NOW + timedelta(days=1)),
]  # fmt: skip


def many_rows(count=200):
    return [{**ROWS[i % len(ROWS)], "id": 100 + i} for i in range(count)]


def call(**more):
    return {
        "id": 1, "level": "L1", "kind": "预警", "due_at": ago(minutes=8), "attempts": 1,
        "why": ["家庭血压 188/112，30分钟后复测 186/110", "医生设定目标 <135/85（家庭血压）"],
        "save_url": "#", "dial_url": "#", "draft": "call-1",
        "patient": {
            "name": LI.name, "sex": LI.sex, "birth_on": LI.birth_on, "number": DIALLED, "prefers": "偏好电话",
            "url": "#", "warnings": ["青霉素过敏"], "problems": ["高血压", "2型糖尿病"], "family_doctor": "吴敏",
        },
        "trend": {"title": "家庭收缩压 90天", "values": TREND, "low": 90, "high": 135, "last": "188/112",
                  "unit": "mmHg", "reference": "目标 <135/85", "is_over": True},
        "script": {"opening": "您好，我是江州市第一人民医院随访护士陈静。请问您是李桂兰本人吗？",
                   "after": "确认身份后再谈病情；先问胸痛、头痛、视物模糊、肢体无力。"},
        "outcomes": [
            {"value": value, "label": label, "checked": value == "connected"}
            for value, label in (("connected", "已接通"), ("no_answer", "无人接听"), ("wrong_number", "号码有误"),
                                 ("call_later", "约时间再拨"), ("refused", "拒绝"), ("deceased", "已故"), ("moved_away", "迁出"))
        ],
        "questions": [
            {"kind": "field", "field": field("sbp", "收缩压", unit="mmHg", value="186")},
            {"kind": "field", "field": field("dbp", "舒张压", unit="mmHg", value="110")},
            {"kind": "choices", "field": field("symptoms", "症状", many=True), "options": options("胸痛", "头痛", "视物模糊", "肢体无力", "都没有")},
        ],
        "asks_disposition": True, "can_save": True, "at_when": "call_later", "row_id": 1,
        "dispositions": field("disposition", "处置结论", required=True),
        "disposition_options": options("已指导，明日复测", "转急诊", "约门诊", "通知医生"),
        "call_at": field("call_at", "约定时间", type="datetime-local"),
        "note": field("note", "备注"),
    } | more  # fmt: skip


TODAY = STAFF | {
    "day": {"total": 42, "done": 17, "alerts": 3, "overdue": 6, "waiting": 4},
    "tasks": ROWS,
    "task": call(),
    "strip_url": "#",
    "rows_url": "#",
}
DAYS = [f"2026-{8 + i // 5:02d}-{1 + i % 5 * 6:02d}" for i in range(20)]
PRESSURE = [[day, 150 - i, 92 - i // 2, 1 if 150 - i > 135 else 0] for i, day in enumerate(DAYS)]
CHART = {
    "kind": "range", "unit": "mmHg", "zoom": True, "points": PRESSURE,
    "targets": [{"value": 135, "label": "目标 135"}, {"value": 85, "label": "目标 85"}],
    "events": [{"at": "2026-09-13", "label": "加用氨氯地平"}],
    "columns": ["日期", "收缩压 mmHg", "舒张压 mmHg"], "rows": [point[:3] for point in PRESSURE],
}  # fmt: skip
RATES = [
    [f"{9 + i // 4}月{1 + i % 4 * 7}日", value]
    for i, value in enumerate((71, 73, 70, 76, 78, 77, 81, 82, 84, 83, 86, 88))
]
LINE = {
    "kind": "line", "axis": "category", "unit": "%", "targets": [{"value": 80, "label": "目标 80%"}],
    "series": [{"name": "完成率", "points": RATES}], "columns": ["周", "完成率 %"], "rows": RATES,
}  # fmt: skip
ENTRIES = [
    {"at": NOW + timedelta(days=3), "title": "复诊 心内科 张明远医生", "detail": "门诊二楼 3 诊室", "kind": "预约"},
    {"at": ago(minutes=8), "title": "家庭血压 188/112 mmHg", "detail": "手机填写 · 本人", "is_past": True, "is_alarm": True},
    {"at": ago(days=1), "title": "出院第3天短信已送达", "detail": "血压与症状问卷", "kind": "消息", "is_past": True, "url": "#"},
    {"at": ago(days=3), "title": "出院 心内科一病区", "detail": "高血压3级 · 2型糖尿病", "kind": "住院", "is_past": True, "url": "#"},
]  # fmt: skip
PATIENT = SimpleNamespace(
    name="李桂兰", sex="女", birth_on=LI.birth_on, number=DIALLED, reveal_url="#", in_task=False, told="",
    record_numbers=[{"kind": "病历号", "value": "00217733"}], warnings=["青霉素过敏"], prefers="偏好电话 · 上午",
    problems=["高血压3级 很高危", "2型糖尿病", "高脂血症"], key="p1",
    team=[{"name": "吴敏", "role": "家庭医生"}, {"name": "张明远", "role": "心内科"}, {"name": "陈静", "role": "随访护士"}],
    proxies=[{"name": "王芳", "relation": "女儿", "scope": "可代填、可接电话"}],
    consents=[{"purpose": "随访", "word": "同意", "kind": "good"}, {"purpose": "科普", "word": "同意", "kind": "good"},
              {"purpose": "营销", "word": "未同意", "kind": ""}],
    risk={"level": "L1", "text": "血压持续升高", "why": ["近7日收缩压均值 168", "两次 ≥180/110"]},
)  # fmt: skip


def number(title, value, unit, reference, over, trend, low, high):
    return {
        "title": title, "value": value, "unit": unit, "reference": reference, "is_over": over, "at": ago(hours=3),
        "trend": trend, "low": low, "high": high,
    }  # fmt: skip


CHART360 = STAFF | {
    "patient": PATIENT,
    "plans": [{"title": "出院随访（心内科）", "next": "第7天电话", "at": NOW + timedelta(days=4), "url": "#"},
              {"title": "高血压季度随访", "next": "复诊", "at": NOW + timedelta(days=40), "url": "#"}],
    "tabs": [{"label": label, "url": "#", "is_here": label == "概览"} for label in ("概览", "就诊时间轴", "指标趋势", "随访计划")],
    "more": [{"label": label, "url": "#"} for label in ("用药", "沟通记录", "满意度与投诉", "家属", "知情同意与授权")],
    "tab": "overview",
    "overview": {
        "numbers": [number("家庭血压", "188/112", "mmHg", "目标 <135/85", True, TREND, 90, 135),
                    number("空腹血糖", "7.8", "mmol/L", "目标 4.4–7.0", True, [6.8, 7.1, 7.0, 7.4, 7.8], 4.4, 7.0),
                    number("糖化血红蛋白", "6.9", "%", "目标 <7.0", False, [8.1, 7.6, 7.2, 6.9], None, 7.0)],
        "tasks": [{"level": "L1", "text": "血压 188/112（复测仍高）", "due_at": ago(minutes=8), "url": "#"},
                  {"level": None, "text": "出院第7天电话", "due_at": NOW + timedelta(days=4), "url": "#"}],
        "latest": ENTRIES,
    },
    "composer": {"kind": field("kind", "做什么"), "kinds": options("电话随访", "核实联系方式", chosen=0), "due": field("due", "哪天之前", type="date"), "send_url": "#"},
}  # fmt: skip
TRENDS = CHART360 | {
    "tab": "trends",
    "charts": [{"id": "bp", "title": "家庭血压 2026年8月起", "data": CHART}],
}
SEARCH = STAFF | {
    "query": "lgl", "count": 3,
    "found": [
        {"name": name, "sex": sex, "birth_on": born, "number": MOBILE, "record_number": f"0021773{i}", "url": "#",
         "department": "心血管内科", "last_at": ago(days=3 * i + 1), "is_mine": i == 0}
        for i, (name, sex, born) in enumerate((("李桂兰", "女", LI.birth_on), ("李国良", "男", date(1970, 1, 1)), ("梁桂莲", "女", date(1988, 1, 1))))
    ],
}  # fmt: skip
MESSAGE = {
    "id": 1, "source": "江州一院 HIS", "kind": "ADT^A08", "arrived_at": ago(minutes=3), "tries": 2, "open_url": "#",
    "reason": "身份证号校验位不对，且没有其他可用的患者号", "reason_code": "pid-unusable",
    "todo": "请在院内系统更正后重发，或与病案室核对后重新处理。",
    "raw": "MSH|^~\\&|HIS|JZ1|XQ|JZ|20261124092700||ADT^A08|M0001|P|2.4\nPID|1||^^^^||王^某||19810703|F",
    "retry_url": "#", "discard_url": "#", "why": field("why", "作废原因", required=True),
}  # fmt: skip
QUARANTINE = STAFF | {"count": 2, "message": MESSAGE, "messages": [MESSAGE, MESSAGE | {"id": 2, "kind": "ORU^R01", "reason": "没有找到对应的患者，等待 A28/A04"}]}  # fmt: skip
CARD = {
    "title": "出院7日随访完成率", "value": "86.4", "unit": "%", "numerator": 1204, "denominator": 1393, "noun": "人",
    "change": "+2.1（95%区间 0.4 ~ 3.8）", "change_kind": "good", "trend": [71, 74, 73, 78, 80, 79, 83, 84, 82, 85, 86, 86.4],
    "low": 80, "high": 100, "url": "#", "excluded_count": 58,
    "excluded": [{"reason": "已故", "count": 9}, {"reason": "期间再入院", "count": 31}, {"reason": "拒绝随访", "count": 18}],
}  # fmt: skip
MANAGER = STAFF | {
    "me": {"name": "刘建华", "role": "主任", "team": "心血管内科", "key": "k2"},
    "period": "2026-11-01 至 2026-11-23",
    "periods": [{"label": label, "url": "#", "is_here": label == "本月"} for label in ("本周", "本月", "本季度")],
    "cards": [CARD, CARD | {"title": "预警30分钟内响应率", "value": "93.1", "numerator": 148, "denominator": 159, "change": "-0.8", "change_kind": "out"},
              CARD | {"title": "出院后30日再入院率", "value": "7.2", "numerator": 96, "denominator": 1331, "low": 0, "high": 8, "trend": [9, 8.8, 9.1, 8.2, 8, 7.6, 7.2]},
              CARD | {"title": "问卷回收率", "value": "71.8", "numerator": 912, "denominator": 1270, "excluded": None}],
    "charts": [{"id": "rate", "title": "每周随访完成率", "data": LINE}],
    "departments": [{"name": name, "value": value, "numerator": done, "denominator": total, "url": "#"}
                    for name, value, done, total in (("心血管内科", 93.2, 412, 442), ("骨科", 88.0, 250, 284), ("呼吸内科", 84.6, 303, 358), ("普外科", 77.3, 239, 309))],
    "definition": {"title": "这个数怎么算", "lines": ["分子：出院后第5–9天内完成随访的人数。", "分母：同期出院且应随访的人数。"]},
}  # fmt: skip
BEHIND = MANAGER | {
    "metric": CARD, "count": 1393, "export_url": "#", "pages": [{"label": str(i), "url": "#", "is_here": i == 1} for i in range(1, 5)],
    "rows": [{"name": one["patient"].name, "sex": one["patient"].sex, "birth_on": one["patient"].birth_on, "department": "心血管内科",
              "left_at": ago(days=9), "due_at": ago(days=2), "done_at": None if i % 3 == 1 else ago(days=2), "url": "#",
              "state": "未完成" if i % 3 == 1 else "已完成", "state_kind": "warn" if i % 3 == 1 else "good", "reason": "三次无人接听" if i % 3 == 1 else ""}
             for i, one in enumerate(ROWS * 3)],
}  # fmt: skip
PHONE = {
    "now": NOW,
    "organisation": {"name": "江州市第一人民医院", "phone": "0571-00001200"},
    "patient": PATIENT,
}
HOME = PHONE | {
    "greeting": "上午好", "patient": SimpleNamespace(name="王芳", key="p2"), "people_url": "#",
    "todo": [{"title": "测血压（早）", "detail": "坐着休息5分钟再量", "url": "#", "action": "记录"},
             {"title": "术后第7天随访问卷", "detail": "约2分钟", "url": "#", "action": "开始"}],
    "visit": {"at": NOW + timedelta(hours=2), "department": "心内科", "doctor": "张明远医生", "place": "门诊二楼", "change_url": "#", "cancel_url": "#", "way_url": "#"},
    "reading": {"title": "我的血压", "trend": [140, 138, 133, 136, 131, 132], "low": 90, "high": 135, "last": "132/84", "unit": "mmHg",
                "verdict": "已达标（家庭血压 <135/85）", "is_over": False, "at": ago(hours=14), "url": "#"},
    "doors": [{"label": label, "icon": icon, "url": "#"} for label, icon in
              (("预约挂号", "calendar"), ("咨询护士", "message"), ("我的计划", "route"), ("费用与缴费", "money"), ("谁看过我的资料", "shield"))],
}  # fmt: skip
FORM = PHONE | {
    "back_url": "#", "step": "ask", "page": {"number": 1, "total": 2},
    "form": {"title": "出院第3天随访", "minutes": 2, "from_whom": "心内科随访护士 陈静", "draft": "f1", "action_url": "#"},
    "questions": [
        {"kind": "choices", "field": field("feel", "这两天感觉怎么样？", required=True), "options": options("和出院时一样或更好", "有点不舒服", "明显不舒服", chosen=0)},
        {"kind": "nrs", "field": field("pain", "现在有多痛？", help_text="0 是不痛，10 是最痛"), "options": options(*map(str, range(11)), chosen=3)},
        {"kind": "number", "field": field("sbp", "今天的收缩压（高压）", unit="mmHg", value="1880", errors=["请填 50 到 300 之间的数"])},
    ],
    "errors": [{"id": "id_sbp", "text": "收缩压：请填 50 到 300 之间的数"}],
    "answered_by": field("by", "这份问卷是谁填的？"), "answerers": options("本人", "家属代填", chosen=0),
}  # fmt: skip
WHO = FORM | {"step": "who", "errors": [], "tries_left": 4, "birth": field("birth", "您的出生日期", year="", month="", day=""),
              "last_four": field("tail", "身份证号后四位", maxlength=4)}  # fmt: skip
CODE = PHONE | {
    "step": "code",
    "sent_to": "138****1234",
    "code": field("code", "6位验证码"),
    "wait_seconds": 48,
    "back_url": "#",
}
PLAN = PHONE | {"back_url": "#", "plans": [{"title": "出院随访（心内科）", "since": ago(days=3), "why": "您11月21日出院，我们会联系您四次。", "nurse": "陈静", "entries": ENTRIES[2:]}]}  # fmt: skip
READERS = PHONE | {"back_url": "#", "days": [{"day": NOW, "looks": [
    {"at": ago(minutes=5), "who": "陈静", "role": "护士", "what": "血压记录", "why": "预警处理"},
    {"at": ago(minutes=50), "who": "吴敏", "role": "家庭医生", "what": "就诊时间轴", "why": "签约服务"}]}]}  # fmt: skip
LOGIN = {"now": NOW, "organisation": "江州市第一人民医院", "step": "password", "errors": [], "name": field("name", "工号", autocomplete="username"),
         "password": field("password", "密码", type="password", autocomplete="current-password")}  # fmt: skip
GUIDE = {
    "now": NOW, "demo": DEMO, "reset_url": "#", "stories_url": "#",
    "panes": [{"title": "护士 陈静 · 工作台", "url": "today.html"}, {"title": "患者 李桂兰", "url": "phone-home.html", "is_phone": True},
              {"title": "女儿 王芳", "url": "phone-form.html", "is_phone": True}, {"title": "主任 刘建华 · 完成率", "url": "manager.html"}],
    "stories": [{"title": "出院后血压升高", "text": "李桂兰出院第3天回短信：血压 188/112。护士的列表里马上出现一条危急。", "run_url": "#"},
                {"title": "新的出院", "text": "医院发来一条出院消息，随访计划自动开始。", "run_url": "#", "told": "09:28 已发生"}],
}  # fmt: skip
PAGES = {
    "today": ("staff/today.html", TODAY), "call": ("staff/call.html", TODAY), "patient360": ("staff/patient.html", CHART360),
    "trends": ("staff/patient.html", TRENDS), "search": ("staff/search.html", SEARCH), "quarantine": ("staff/quarantine.html", QUARANTINE),
    "manager": ("manager/overview.html", MANAGER), "behind": ("manager/behind.html", BEHIND),
    "phone-login": ("patient/login.html", CODE), "phone-home": ("patient/home.html", HOME), "phone-form": ("patient/form.html", FORM),
    "phone-who": ("patient/form.html", WHO), "phone-plan": ("patient/plan.html", PLAN), "phone-readers": ("patient/readers.html", READERS),
    "login": ("public/login.html", LOGIN), "guide": ("public/guide.html", GUIDE), "error500": ("500.html", {"incident": "7F3K-21"}),
    "error409": ("409.html", {}),
}  # fmt: skip
