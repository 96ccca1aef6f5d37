"""Whatever program wrote the table, the same cells come out."""

import io
import zipfile
from datetime import date, datetime

import pytest

from xinqiao.gateways.files import sheets
from xinqiao.gateways.files.columns import NoHeader, find_layout
from xinqiao.gateways.files.reading import read_bytes, read_sheets
from xinqiao.gateways.files.sheets import Bomb, TooLarge, TooManyRows, UnreadableFile
from xinqiao.gateways.files.values import Bad, read_day

from .tables import HEADER, LI, OLD_XLS, ZHOU, csv, html, xlsx

ROWS = (tuple(HEADER), tuple(LI), tuple(ZHOU))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_tables_are_read_in_every_charset(encoding, delimiter):
    assert read_sheets(csv([HEADER, LI, ZHOU], encoding, delimiter))[0].rows == ROWS


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_web_page_named_xls_is_read_as_the_table_it_holds(encoding):
    assert read_sheets(html([HEADER, LI, ZHOU], encoding))[0].rows == ROWS


def test_cells_that_span_in_a_web_page_keep_the_others_in_their_columns():
    page = "<table><tr><th rowspan=2>姓名</th><th colspan=2>联系人</th></tr><tr><th>姓名</th><th>电话</th></tr></table>"
    assert read_sheets(page.encode())[0].rows == (("姓名", "联系人"), ("", "姓名", "电话"))


def test_an_old_xls_is_read_with_its_dates():
    rows = read_sheets(OLD_XLS)[0].rows
    assert rows[3][1:] == ("李桂兰", "女", "00012345", "2026-11-12", "2026-11-20", "心内科")
    assert rows[4][4:6] == ("46340", "46346.5")


def test_a_workbook_gives_dates_texts_and_padded_numbers_as_they_are_seen():
    raw = xlsx([["姓名", "病案号", "出院"], ["李桂兰", 12345, datetime(2026, 11, 20, 9, 30)], ["x", 1.5, date(2026, 11, 2)]],
               {(2, 2): "00000000"})  # fmt: skip
    assert read_sheets(raw)[0].rows[1:] == (
        ("李桂兰", "00012345", "2026-11-20 09:30:00"),
        ("x", "1.5", "2026-11-02"),
    )


@pytest.mark.parametrize("value", [440524188001010014, 4.40524e17, 1e15])
def test_a_number_that_lost_digits_is_shown_as_lost(value):
    assert "E+" in read_sheets(xlsx([["身份证号"], [value]]))[0].rows[1][0]


def test_text_that_a_spreadsheet_was_told_to_keep_is_kept():
    assert read_sheets('姓名,病案号\n李桂兰,"=""0012"""\n周国强,\'0013'.encode())[0].rows[1:] == (
        ("李桂兰", "0012"),
        ("周国强", "0013"),
    )


@pytest.mark.parametrize(
    "raw, words",
    [
        (b"", "空的"),
        (b"PK\x03\x04broken", "没有下载完"),
        (b"\xd0\xcf\x11\xe0broken", "密码"),
        (b"\x81\xff\xff\xfe,\xff", "编码"),
        ('姓名\n"没有合上'.encode() + b"x" * 140_000, "引号"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(raw, words):
    with pytest.raises(UnreadableFile, match=words):
        read_sheets(raw)


def test_a_zip_that_is_no_workbook_is_refused():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("readme", "x")
    with pytest.raises(UnreadableFile, match="另存为"):
        read_sheets(held.getvalue())


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * 30_000_000)
    with pytest.raises(Bomb):
        read_sheets(held.getvalue())


def test_a_file_too_large_and_a_table_too_long_are_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(sheets, "MOST_ROWS", 10)
    with pytest.raises(TooManyRows):
        read_sheets(csv([HEADER] + [LI] * 60))
    large = tmp_path / "large.csv"
    large.write_bytes(b" " * (20 * 1024 * 1024 + 1))
    with pytest.raises(TooLarge):
        read_bytes(large)


def test_a_path_without_a_file_is_refused_in_words(tmp_path):
    with pytest.raises(UnreadableFile, match="没有这个文件"):
        read_bytes(tmp_path / "none.xlsx")
    with pytest.raises(UnreadableFile, match="文件夹"):
        read_bytes(tmp_path)


@pytest.mark.parametrize(
    "text",
    ["2026-11-21", "2026.11.21", "2026/11/21", "2026年11月21日", "20261121", "２０２６．１１．２１", "46347"],
)
def test_a_day_is_read_however_it_is_written(text):
    assert read_day(text) == (datetime(2026, 11, 21), "day")


@pytest.mark.parametrize(
    "text, precision",
    [("2026-11-21 09:30:00", "minute"), ("20261121093000", "minute"), ("46347.395833", "minute"),
     ("2026年11月21日 9时30分", "minute"), ("1953-05", "month"), ("1953", "year")],
)  # fmt: skip
def test_precision_is_kept(text, precision):
    moment, told = read_day(text)
    assert told == precision
    assert precision != "minute" or moment.strftime("%d %H:%M") in ("21 09:30", "21 09:29")


def test_a_workbook_of_1904_counts_from_its_own_day():
    assert read_day("44885", from_1904=True)[0] == datetime(2026, 11, 21)


@pytest.mark.parametrize("text", ["2026-02-30", "21/11/2026", "53.5.12", "昨天", "20261341"])
def test_what_is_no_day_is_told(text):
    with pytest.raises(Bad):
        read_day(text)


def test_a_header_of_two_rows_under_a_title_is_found():
    rows = [
        ["出院患者一览表"],
        [],
        ["序号", "患者信息", "", "联系人", "", "出院"],
        ["", "姓名", "病案号", "姓名", "电话", "日期"],
    ]
    layout = find_layout(read_sheets(xlsx(rows, merged=("A1:F1", "B3:C3", "D3:E3"))), "patients")
    found = {field: places[0] for field, places in layout.fields.items()}
    assert (layout.first, layout.height) == (2, 2)
    assert found == {"name": 1, "mrn": 2, "kin_name": 3, "kin_phone": 4}
    assert layout.unknown == ("序号", "出院日期")


def test_a_table_without_a_header_is_refused():
    with pytest.raises(NoHeader):
        find_layout(read_sheets(csv([LI, ZHOU])), "patients")


def test_the_sheet_that_holds_the_table_is_found():
    book = read_sheets(xlsx([["说明"], ["请勿修改"]])) + read_sheets(xlsx([HEADER, LI]))
    assert find_layout(book, "patients").sheet is book[1]
