"""What is written splits back into the fields it was made of."""

from dataclasses import replace
from datetime import datetime

import pytest

from xinqiao.simulation import hl7, laboratory
from xinqiao.simulation.cast import cast
from xinqiao.simulation.dice import CHINA, dice
from xinqiao.simulation.hl7 import Visit
from xinqiao.simulation.places import department

AT = datetime(2026, 11, 24, 9, 30, 5, tzinfo=CHINA)
CAST = cast(AT.date())
WARD = department("jz1y", "cardiology", 72)
VISIT = Visit("I26112409001", "inpatient", WARD, "心内一病区", "08", "张明远", AT.replace(hour=8), AT,
              diagnoses=(("I20.0", "不稳定性心绞痛", "F"),), allergies=(("青霉素", "皮疹"),))  # fmt: skip


def fields(body: bytes, segment: str) -> list[str]:
    declared = body.split(b"\r")[0].split(b"|")[17].decode()
    text = body.decode(hl7.CHARSETS[declared])
    return next(row for row in text.split("\r") if row.startswith(segment + "|")).split("|")


def written(trigger="A03", person="li_guilan", sender=None, visit=VISIT):
    return hl7.adt(sender or hl7.senders("jz1y")[0], trigger, "C1", AT, CAST[person], visit)


def test_the_header_tells_type_control_id_time_and_charset():
    msh = fields(written(), "MSH")
    assert (msh[6], msh[8], msh[9], msh[11]) == ("20261124093005", "ADT^A03^ADT_A03", "C1", "2.4")
    assert msh[17] == "UNICODE UTF-8"


def test_the_patient_carries_numbers_name_pinyin_birth_sex_and_phones():
    person, pid = CAST["li_guilan"], fields(written(), "PID")
    assert pid[3] == f"{person.mrn}^^^JZ1Y^MR~{person.identifiers[0].value}^^^CHN^NI"
    assert pid[5] == "李桂兰^^^^^^L^I~LI^GUILAN^^^^^L^A"
    assert (pid[7], pid[8]) == (f"{person.birth_on:%Y%m%d}", "F")
    assert pid[13].split("~") == [f"{person.phones[0].number}^PRN^PH", f"{person.phones[1].number}^PRN^CP"]


def test_the_plain_style_writes_gb18030_and_idcard():
    sender, _ = hl7.senders("anhe")
    pid = fields(written(person="lin_xiaoyue", sender=sender), "PID")
    assert pid[5] == "林晓月^LINXIAOYUE"
    assert pid[3].endswith("^^^^IDCard")


def test_a_character_outside_gbk_survives_gb18030():
    sender, _ = hl7.senders("anhe")
    person = replace(CAST["lin_xiaoyue"], name="林𬎆")
    assert fields(hl7.adt(sender, "A04", "C2", AT, person, VISIT), "PID")[5].startswith("林𬎆^")


def test_the_visit_carries_number_place_doctor_and_both_times():
    pv1 = fields(written(), "PV1")
    assert (pv1[2], pv1[19], pv1[44], pv1[45]) == ("I", VISIT.number, "20261124083005", "20261124093005")
    assert pv1[3] == "心内一病区^^08^JZ1Y^^^^^心血管内科"
    assert pv1[7].endswith("^张明远")


def test_diagnosis_allergy_and_kin_are_written():
    body = written()
    assert fields(body, "DG1")[3] == "I20.0^不稳定性心绞痛^ICD-10"
    assert fields(body, "DG1")[6] == "F" and fields(body, "DG1")[15] == "1"
    assert fields(body, "AL1")[3] == "^青霉素"
    assert fields(body, "NK1")[3] == "CHD^子女"


@pytest.mark.parametrize("trigger", ["A01", "A02", "A03", "A04", "A05", "A08", "A11", "A13"])
def test_every_trigger_names_itself_twice(trigger):
    body = written(trigger)
    assert fields(body, "EVN")[1] == trigger == fields(body, "MSH")[8].split("^")[1]


@pytest.mark.parametrize("trigger", ["A28", "A31"])
def test_a_person_message_has_no_visit(trigger):
    assert fields(written(trigger, visit=None), "PV1") == ["PV1", "1", "N"]


def test_a_result_carries_local_code_loinc_value_unit_range_and_flag():
    potassium = laboratory.result(laboratory.MEASURES["K"], 5.61)
    body = hl7.oru(hl7.senders("jz1y")[1], "R1", AT, CAST["li_guilan"], VISIT, "生化", [potassium])
    obx = fields(body, "OBX")
    assert obx[3] == "K^钾^99LIS^2823-3^钾^LN"
    assert obx[5:9] == ["5.61", "mmol/L", "3.5-5.3", "H"] and obx[11] == "F"
    assert fields(body, "OBR")[25] == "F" and fields(body, "OBR")[7] == "20261124093005"


def test_a_unit_with_a_separator_is_escaped():
    platelets = laboratory.measure(dice(1, "t"), CAST["wang_fang"], laboratory.MEASURES["PLT"], 45)
    odd = laboratory.Result(replace(platelets.measure, unit="10^9/L"), "200", "")
    body = hl7.oru(hl7.senders("jz1y")[1], "R2", AT, CAST["wang_fang"], VISIT, "血常规", [odd])
    assert fields(body, "OBX")[6] == "10\\S\\9/L"


def test_a_document_keeps_its_lines_and_its_number():
    body = hl7.mdm(hl7.senders("jz1y")[0], "D1", AT, CAST["li_guilan"], VISIT, "出院小结", "一|二\n三")
    assert fields(body, "OBX")[5] == "一\\F\\二\\.br\\三"
    assert fields(body, "TXA")[12] == "DD1" and fields(body, "TXA")[17] == "AU"
