"""Results and documents: every type of value, several patients, long texts (结果与文书)."""

from . import LI, PV1, Case, message

OBR = "OBR|1|O77|L88|CBC^血常规^LIS|||202611210800|||||||||D001^张^明远||||||202611210930|||F"
BLOB = "JVBERi0xLjQK" * 7250


def one(name: str, obx: str, *more: str, **says) -> Case:
    """Write an ORU with one OBR and one OBX (单项结果)."""
    return Case(name, message("ORU^R01", LI, OBR, obx, *more), says=says)


VALUES = [
    one("number", "OBX|1|NM|718-7^血红蛋白^LN^HGB^Hb^LIS||98.0|g/L|115-150|L|||F", value="98.0", decimal="98.0", unit="g/L", flags=("L",), obx_status="final", range="115-150", other="HGB", observed=("2026-11-21T08:00:00+08:00", "minute")),
    one("number_with_comparator", "OBX|1|ST|CTNI^肌钙蛋白I^LIS||<0.01|ng/mL", value="<0.01", decimal="0.01", comparator="<"),
    one("number_in_wide_characters", "OBX|1|ST|CRP^C反应蛋白^LIS||≥２００．５|mg/L", value="≥２００．５", decimal="200.5", comparator=">="),
    one("structured_comparator", "OBX|1|SN|HCG^绒毛膜促性腺激素^LIS||>=^1000|IU/L", value=">=1000", decimal="1000", comparator=">="),
    one("structured_ratio", "OBX|1|SN|RPR^梅毒滴度^LIS||^1^:^128", value="1:128", decimal=None),
    one("structured_range", "OBX|1|SN|WBC^白细胞^LIS||^5^-^10|/HP", value="5-10", decimal=None),
    one("structured_without_separator", "OBX|1|SN|WBC^白细胞^LIS||^5^^10|/HP", value="5^10", decimal=None),
    one("qualitative", "OBX|1|ST|HBSAG^乙肝表面抗原^LIS||阴性(-)", value="阴性(-)", decimal=None),
    one("coded_value", "OBX|1|CWE|ABO^血型^LIS||A^A型^LIS", value="A型", decimal=None),
    one("date_value", "OBX|1|DT|LMP^末次月经^LIS||20261101", value="20261101"),
    one("number_with_garbage", "OBX|1|NM|K^钾^LIS||标本溶血|mmol/L", value="标本溶血", decimal=None),
    one("number_not_finite", "OBX|1|NM|K^钾^LIS||NaN", value="NaN", decimal=None),
    one("number_repeated", "OBX|1|NM|T^体温^LIS||36.5~36.8", value="36.5~36.8", decimal=None),
    one("null_value", 'OBX|1|NM|K^钾^LIS||""||||||X', value="", decimal=None, obx_status="cancelled"),
    one("own_time", "OBX|1|NM|K^钾^LIS||4.1||||||F|||20261121081530.25+0900", observed=("2026-11-21T08:15:30.250000+09:00", "second")),
    one("code_only_as_alternate", "OBX|1|NM|^^^HGB^血红蛋白^LIS||98", code="HGB", value="98"),
    one("formatted_text", r"OBX|1|FT|CT^胸部CT^RIS||\H\所见\N\\.br\右肺上叶见结节\T\钙化，约5\S\3mm\.br\\.sp\建议复查", value="所见\n右肺上叶见结节&钙化，约5^3mm\n\n建议复查"),
    one("text_in_repeats", "OBX|1|TX|CT^胸部CT^RIS||第一行~第二行", value="第一行\n第二行"),
    one("long_text", "OBX|1|TX|CT^胸部CT^RIS||" + "肺" * 28_500, value="肺" * 28_500),
    one("long_attachment", "OBX|1|ED|PDF^报告^RIS||^application^pdf^Base64^" + BLOB, document=("application/pdf", "Base64", 87_000), value=""),
    one("raw_line_break_in_text", "OBX|1|TX|CT^胸部CT^RIS||第一行\n第二行\n", value="第一行\n第二行", notes=("line_joined",)),
    one("comments", "OBX|1|NM|K^钾^LIS||6.8|mmol/L", "NTE|1||已复查~已电话通知", comment="已复查\n已电话通知"),
    one("narrative_without_code", "OBX|1|TX|||印象：未见明显异常", observations=0, report_text="印象：未见明显异常"),
    one("number_without_code", "OBX|1|NM|||5.5", observations=0, notes=("observation_without_code",)),
    one("report_header", "OBX|1|NM|K^钾^LIS||4.1", report=("L88", "血常规", "final", "O77")),
]  # fmt: skip

GROUPS = [
    Case(
        "two_reports",
        message("ORU^R01", LI, OBR, "OBX|1|NM|K^钾||4", "OBR|2||L89|ALB^白蛋白", "OBX|1|NM|A^白蛋白||40"),
        says={"observations": 2, "reports_of": [0, 1]},
    ),
    Case(
        "two_patients_in_one_oru",
        message(
            "ORU^R01",
            LI,
            OBR,
            "OBX|1|NM|K^钾||4",
            "PID|2||222||王^芳",
            OBR,
            "OBX|1|NM|K^钾||5",
            "OBX|2|NM|N^钠||140",
        ),
        says={"patients": [("李桂兰", 1), ("王芳", 2)]},
    ),
    Case(
        "second_patient_unknown",
        message("ORU^R01", LI, OBR, "PID|2||||王^芳", OBR),
        "rejected",
        "no_patient_id",
    ),
    Case("oru_without_patient", message("ORU^R01", OBR, "OBX|1|NM|K||4"), "rejected", "no_patient"),
    Case(
        "oru_with_visit",
        message("ORU^R01", LI, PV1, OBR),
        says={"visit": "Z001", "status": "", "observations": 0},
    ),
    Case(
        "vitals_in_adt",
        message("ADT^A08", LI, PV1, "OBX|1|NM|8867-4^心率^LN||88|/min"),
        says={"value": "88", "reports": 0},
    ),
    Case(
        "ten_thousand_repeats",
        message("ORU^R01", "PID|1||" + "~".join(f"K{n}" for n in range(10_000)), OBR),
        says={"ids": 10_000},
    ),
]

TXA = "TXA|1|DS^出院记录^EMR|TX|202611201500||202611211000|||D001^张^明远|||DOC55||O1|||AU"
DOCUMENTS = [
    Case(
        "discharge_summary",
        message("MDM^T02", LI, PV1, TXA, "OBX|1|TX|DS^出院记录||出院诊断：心力衰竭", "OBX|2|TX|DS^出院记录||出院医嘱：低盐饮食"),
        says={"report": ("DOC55", "出院记录", "final", "O1"), "report_text": "出院诊断：心力衰竭\n出院医嘱：低盐饮食", "observations": 0},
    ),
    Case("document_without_txa", message("MDM^T02", LI, PV1), "rejected", "no_document"),
    Case("document_of_nobody", message("MDM^T02", TXA), "rejected", "no_patient"),
    Case("document_other_trigger", message("MDM^T06", LI, TXA), "ignored", "not_for_us"),
]  # fmt: skip

CASES = [*VALUES, *GROUPS, *DOCUMENTS]
