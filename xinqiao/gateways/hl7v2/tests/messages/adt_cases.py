"""Admission, transfer, discharge: each trigger, and how patients are written (入出转)."""

from . import LI, PV1, RESIDENT, Case, header, message

EVN = "EVN||20261121092900|||D001|20261121091500"
HOSTILE = "PID|1||00012345^^^HIS^MR||李^桂兰||{}|F"


def trigger(code: str, **says) -> Case:
    """Write the plain message of one trigger (普通报文)."""
    raw = message(f"ADT^{code}", EVN, LI, PV1)
    return Case(
        f"adt_{code.lower()}", raw, says={"trigger": code, "name": "李桂兰", "id": "00012345", **says}
    )


TRIGGERS = [
    trigger("A01", status="in_progress", kind="inpatient", visit="Z001", event="2026-11-21T09:15:00+08:00"),
    trigger("A02", status="in_progress", bed="12", unit="XN3", unit_name="心内科三病区"),
    trigger("A03", status="finished", doctor="张明远", service="CARD"),
    trigger("A04", status="in_progress", recorded="2026-11-21T09:29:00+08:00"),
    trigger("A05", status="planned"),
    trigger("A08", status=""),
    trigger("A11", status="cancelled"),
    trigger("A13", status="in_progress"),
    trigger("A28", visit=None, sex="female", birth="1952-03-07"),
    trigger("A31", visit=None, resident=RESIDENT),
]

REFUSED = [
    Case("merge", message("ADT^A40^ADT_A39", EVN, LI, "MRG|00099"), "rejected", "merge_not_supported"),
    Case("other_trigger", message("ADT^A60", LI), "ignored", "not_for_us"),
    Case("other_kind", message("SIU^S12", LI), "ignored", "not_for_us"),
    Case("no_type", message("", LI), "rejected", "no_message_type"),
    Case("missing_pid", message("ADT^A01", EVN, PV1), "rejected", "no_patient"),
    Case("pid_without_id", message("ADT^A01", "PID|1||||李^桂兰", PV1), "rejected", "no_patient_id"),
    Case("pid_with_null_id", message("ADT^A01", 'PID|1||""||李^桂兰', PV1), "rejected", "no_patient_id"),
    Case("discharge_of_no_visit", message("ADT^A03", LI, "PV1|1|I"), "rejected", "no_visit_number"),
    Case("cancel_without_pv1", message("ADT^A11", LI), "rejected", "no_visit_number"),
    Case("two_patients", message("ADT^A01", LI, "PID|2||777", PV1), "rejected", "several_patients"),
    Case("same_patient_twice", message("ADT^A08", LI, LI, PV1), says={"name": "李桂兰", "visit": "Z001"}),
]

VISITS = [
    Case(
        "admission_without_number",
        message("ADT^A01", LI, "PV1|1|I"),
        says={"visit": "", "notes": ("no_visit_number",)},
    ),
    Case(
        "number_from_account",
        message("ADT^A01", LI + "||||||||||Z009", "PV1|1|I"),
        says={"visit": "Z009", "notes": ("visit_number_from_account",)},
    ),
    Case(
        "discharge_times",
        message("ADT^A03", LI, PV1 + "|" * 17 + "5^死亡^离院方式" + "|" * 8 + "202611010830|20261121"),
        says={
            "admitted": ("2026-11-01T08:30:00+08:00", "minute"),
            "discharged": ("2026-11-21", "day"),
            "disposition": "死亡",
        },
    ),
    Case(
        "discharge_cancelled_with_null",
        message("ADT^A13", LI, PV1 + "|" * 25 + '20261101|""'),
        says={"encounter_cleared": {"discharged"}, "discharged": None},
    ),
    Case(
        "kind_in_chinese", message("ADT^A04", LI, "PV1|1|急诊|||||||||||||||||E5"), says={"kind": "emergency"}
    ),
    Case("kind_unheard_of", message("ADT^A04", LI, "PV1|1|Q|||||||||||||||||E5"), says={"kind": "other"}),
    Case(
        "diagnoses_allergies_procedures",
        message(
            "ADT^A01",
            LI,
            PV1,
            "DG1|1||I50.900^心力衰竭^国临版^I50^心衰^院内||20261121|A",
            "DG1|2|||高血压病||F",
            "AL1|1|DA|PEN^青霉素^院内|SV|皮疹~胸闷|2019",
            "PR1|1||36.0600^冠状动脉支架置入术^ICD9CN||202611211030",
        ),
        says={
            "conditions": [("I50.900", "心力衰竭", "I50", "admitting"), ("", "高血压病", "", "final")],
            "allergies": [("青霉素", "SV", ("皮疹", "胸闷"), "year")],
            "procedures": [("36.0600", "minute")],
        },
    ),
]

PEOPLE = [
    Case(
        "two_names_legal_wins",
        message("ADT^A08", "PID|1||1||LI^GUILAN^^^^^A~李^桂兰^^^^^L"),
        says={"name": "李桂兰", "names": ["GUILAN LI", "李桂兰"]},
    ),
    Case("name_in_one_piece", message("ADT^A08", "PID|1||1||欧阳娜娜"), says={"name": "欧阳娜娜"}),
    Case("minority_name", message("ADT^A08", "PID|1||1||^阿依古丽·买买提"), says={"name": "阿依古丽·买买提"}),
    Case("foreign_name", message("ADT^A08", "PID|1||1||Smith^Anna^Maria"), says={"name": "Anna Maria Smith"}),
    Case(
        "id_typed_in_lower_case",
        message("ADT^A08", "PID|1||11010119800115118x^^^^NI"),
        says={"resident": "11010119800115118X"},
    ),
    Case("id_untyped", message("ADT^A08", f"PID|1||{RESIDENT}"), says={"resident": RESIDENT}),
    Case(
        "id_of_bad_check_digit",
        message("ADT^A08", "PID|1||1~110101195203070029^^^^NI"),
        says={"resident": None, "notes": ("resident_id_invalid",)},
    ),
    Case(
        "id_in_pid19", message("ADT^A08", LI.split("~")[0] + "|" * 16 + RESIDENT), says={"resident": RESIDENT}
    ),
    Case(
        "id_in_pid2_only", message("ADT^A08", "PID|1|K7788|||李^桂兰"), says={"id": "K7788", "kinds": ["mrn"]}
    ),
    Case(
        "many_kinds_of_id",
        message(
            "ADT^A08",
            "PID|1||1^^^H^MR~J2^^^H^就诊卡~E3^^^^PPN~H4^^^^港澳居民来往内地通行证~S5^^^^医保卡~X6^^^^XX",
        ),
        says={"kinds": ["mrn", "card", "passport", "hk_macau", "insurance", "other"]},
    ),
    Case(
        "phone_in_xtn1",
        message("ADT^A08", LI + "|||||138 0013 8000"),
        says={"phones": [("138 0013 8000", "mobile")]},
    ),
    Case(
        "phone_in_xtn12",
        message("ADT^A08", LI + "|||||" + "^PRN^CP" + "^" * 9 + "13800138000"),
        says={"phones": [("13800138000", "mobile")]},
    ),
    Case(
        "phone_in_parts",
        message("ADT^A08", LI + "|||||^WPN^PH^^86^010^66668888^12"),
        says={"phones": [("010-66668888-12", "landline")]},
    ),
    Case(
        "email_in_pid13",
        message("ADT^A08", LI + "|||||^NET^Internet^li@example.cn"),
        says={"phones": [("li@example.cn", "email")]},
    ),
    Case(
        "address_and_kin",
        message(
            "ADT^A08", LI + "|||幸福路8号^^朝阳区^北京市^100010", "NK1|1|王^芳|DAU^女儿|北京|13900139000"
        ),
        says={"address": "北京市朝阳区幸福路8号", "kin": [("王芳", "女儿", "13900139000")]},
    ),
    Case(
        "explicit_nulls",
        message("ADT^A31", 'PID|1||1||李^桂兰||""|""|||""||""|""||""'),
        says={"cleared": {"birth_on", "sex", "addresses", "phones", "marital"}, "sex": "", "birth": None},
    ),
    Case(
        "absent_is_not_null", message("ADT^A31", "PID|1||1||李^桂兰"), says={"cleared": set(), "phones": []}
    ),
    Case(
        "dead",
        message("ADT^A31", LI + "|" * 21 + "202611200315|Y"),
        says={"dead": True, "died": "2026-11-20T03:15:00+08:00"},
    ),
    Case("sex_by_national_code", message("ADT^A31", "PID|1||1||王^芳|||2"), says={"sex": "female"}),
    Case(
        "birth_year_only",
        message("ADT^A31", HOSTILE.format("1952")),
        says={"birth": "1952-01-01", "precision": "year"},
    ),
    Case(
        "birth_with_clock",
        message("ADT^A31", HOSTILE.format("19520307000000-0500")),
        says={"birth": "1952-03-07", "precision": "day"},
    ),
    Case(
        "birth_impossible",
        message("ADT^A31", HOSTILE.format("19520231")),
        says={"birth": None, "notes": ("bad_birth_date",)},
    ),
    Case(
        "birth_in_words",
        message("ADT^A31", HOSTILE.format("不详")),
        says={"birth": None, "notes": ("bad_birth_date",)},
    ),
    Case(
        "no_times_at_all",
        (header("ADT^A31").replace("20261121093000", "") + "\r" + LI).encode(),
        says={"recorded": None, "notes": ("no_event_time",)},
    ),
]

CASES = [*TRIGGERS, *REFUSED, *VISITS, *PEOPLE]
