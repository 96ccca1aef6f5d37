"""Before anything is written, everything that is wrong is told, row by row."""

import io
from datetime import date

import openpyxl
import pytest

from xinqiao.gateways.files.checking import check
from xinqiao.gateways.files.columns import find_layout
from xinqiao.gateways.files.reading import read_sheets
from xinqiao.gateways.files.rejecting import BadRejectFile, demand_writable, write_rejects

from .tables import HEADER, LI, OLD_XLS, ZHOU, csv, resident, xlsx

SPOILT = "440524188001010000"
TODAY = date(2026, 11, 24)


def checked(raw: bytes, kind: str = "patients"):
    return check(find_layout(read_sheets(raw), kind), kind, today=TODAY)


def changed(row: list, **values) -> list:
    return [values.get(name, value) for name, value in zip(("name", "sex", "birth", "paper", "phone", "mrn"), row, strict=True)]  # fmt: skip


def test_good_rows_are_read_as_they_are_meant():
    good = checked(csv([HEADER, LI, ZHOU], "gbk"))
    assert good.faults == []
    li, zhou = (row.person for row in good.rows)
    assert (li.name, li.sex, li.birth_on) == ("李桂兰", "female", date(1954, 3, 5))
    assert {(one.kind, one.value) for one in li.identifiers} == {
        ("resident_id", resident(1)),
        ("mrn", "00012345"),
    }
    assert (zhou.birth_on, zhou.phones[0].value) == (date(1950, 11, 2), "010-65432100")


def test_titles_totals_blank_lines_and_repeated_headers_are_no_patients():
    rows = [["患者名单"], HEADER, LI, [], HEADER, ZHOU, ["合计", "2", "", "", "", ""], ["制表人：王芳"]]
    told = checked(xlsx(rows))
    assert [row.number for row in told.rows] == [3, 6]
    assert (told.faults, told.skipped) == ([], 3)


@pytest.mark.parametrize(
    "change, column, reason",
    [
        ({"paper": "4.40524E+17"}, "身份证号", "无法恢复"),
        ({"paper": SPOILT}, "身份证号", "校验位"),
        ({"paper": "31010119540305"}, "身份证号", "认不出"),
        ({"birth": "1954-03-06"}, "出生日期", "不一致"),
        ({"sex": "男"}, "性别", "不一致"),
        ({"sex": "猫"}, "性别", "认不出"),
        ({"birth": "2026-12-01"}, "出生日期", "还没有到"),
        ({"phone": "1381234567"}, "联系电话", "号码不对"),
        ({"name": ""}, "姓名", "没有姓名"),
        ({"paper": "", "mrn": ""}, "身份证号", "没有任何患者标识"),
        ({"mrn": "1.23457E+15"}, "病案号", "无法恢复"),
        ({"mrn": "12399"}, "病案号", "前面的 0"),
        ({"mrn": "#N/A"}, "病案号", "公式"),
    ],
)
def test_each_fault_is_told_with_its_row_and_column_and_holds_up_no_other(change, column, reason):
    told = checked(csv([HEADER, ZHOU, changed(LI, **change)]))
    assert [row.number for row in told.rows] == [2]
    assert {fault.row for fault in told.faults} == {3}
    (fault,) = [fault for fault in told.faults if fault.column == column]
    assert reason in fault.reason
    assert fault.remedy


def test_an_id_that_a_spreadsheet_made_a_number_is_reported_and_never_repaired():
    told = checked(xlsx([HEADER, changed(LI, paper=int(resident(1)[:17] + "0"))]))
    assert told.rows == []
    assert (told.faults[0].value, "无法恢复" in told.faults[0].reason) == ("3.10101E+17", True)


def test_faults_are_shown_without_telling_who_it_is():
    told = checked(csv([HEADER, changed(LI, paper=SPOILT, phone="138123456789", sex="猫")]))
    shown = "".join(fault.sentence for fault in told.faults)
    assert SPOILT not in shown and "138123456789" not in shown and "李桂兰" not in shown


def test_all_faults_of_a_row_are_told_at_once():
    told = checked(csv([HEADER, changed(LI, sex="猫", phone="12", birth="昨天")]))
    assert {fault.column for fault in told.faults} == {"性别", "联系电话", "出生日期"}


def test_one_number_with_two_names_is_told_at_both_rows():
    told = checked(csv([HEADER, LI, changed(ZHOU, mrn="00012345")]))
    assert told.rejected == [2, 3]
    assert "姓名却不同" in told.faults[0].reason


def test_discharges_of_an_old_xls_are_read_with_serial_dates():
    told = checked(OLD_XLS, "discharges")
    first, second = (row.stay for row in told.rows)
    assert told.faults == []
    assert (first.key, first.discharged_at.isoformat()) == ("#2026-11-20", "2026-11-20T00:00:00")
    assert second.discharged_at.isoformat() == "2026-11-20T12:00:00"
    assert second.texts["department"] == "骨科"


@pytest.mark.parametrize(
    "admitted, discharged, reason",
    [
        ("2026-11-20", "2026-11-12", "早于入院"),
        ("", "2026-12-01", "还没有到"),
        ("", "2026-11", "不完整"),
        ("", "", "没有出院日期"),
    ],
)
def test_a_stay_that_cannot_be_is_told(admitted, discharged, reason):
    table = [["姓名", "病案号", "入院日期", "出院日期"], ["李桂兰", "00012345", admitted, discharged]]
    told = checked(csv(table), "discharges")
    assert any(reason in fault.reason for fault in told.faults)
    assert told.rows == []


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_the_reject_file_has_the_same_shape_and_can_be_sent_again_when_mended(tmp_path, suffix):
    told = checked(csv([["名单"], HEADER, LI, changed(ZHOU, sex="猫"), changed(ZHOU, phone="12")]))
    path = tmp_path / f"reject{suffix}"
    write_rejects(told, path)
    again = checked(path.read_bytes())
    assert path.stat().st_mode & 0o777 == 0o600
    assert [fault.reason for fault in again.faults] == [fault.reason for fault in told.faults]
    assert again.layout.unknown == ("未导入原因",)
    assert again.layout.sheet.rows[1][:6] == tuple(changed(ZHOU, sex="猫"))


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize("evil", ["=HYPERLINK(1)", "+1+2", "-2+3", "@SUM(1)"])
def test_no_cell_of_the_reject_file_is_a_formula(tmp_path, suffix, evil):
    told = checked(csv([HEADER, changed(LI, sex=evil)]))
    path = tmp_path / f"reject{suffix}"
    write_rejects(told, path)
    raw = path.read_bytes()
    assert read_sheets(raw)[0].rows[1][1] == evil
    if suffix == ".csv":
        assert f",'{evil},".encode() in raw
    else:
        assert openpyxl.load_workbook(io.BytesIO(raw)).active["B2"].data_type == "s"


def test_a_reject_file_that_exists_is_not_overwritten(tmp_path):
    path = tmp_path / "r.xlsx"
    path.write_bytes(b"x")
    for bad in (path, tmp_path / "r.doc", tmp_path / "none" / "r.csv"):
        with pytest.raises(BadRejectFile):
            demand_writable(bad)
