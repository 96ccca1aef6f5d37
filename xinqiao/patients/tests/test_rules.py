"""Papers, phones and names are read as they are written in hospitals."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.patients.rules.age import age_text
from xinqiao.patients.rules.demographics import IdentifierSaid
from xinqiao.patients.rules.identifiers import read_identifier
from xinqiao.patients.rules.names import initials_key, mask_name, normalise_name, pinyin_key
from xinqiao.patients.rules.papers import (
    BadPaper,
    Kind,
    check_character,
    is_unrecoverable,
    mask_number,
    read_paper,
    upgrade_fifteen,
)
from xinqiao.patients.rules.phones import BadPhone, mask_phone, read_phone


@pytest.mark.parametrize(
    "number, birth_on, sex",
    [
        ("11010519491231002X", date(1949, 12, 31), "female"),
        ("110101199003070011", date(1990, 3, 7), "male"),
        ("440524188001010014", date(1880, 1, 1), "male"),
        ("１１０１０５ 19491231 002x", date(1949, 12, 31), "female"),
    ],
)
def test_a_resident_card_tells_birth_and_sex(number, birth_on, sex):
    paper = read_paper(number)
    assert (paper.kind, paper.birth_on, paper.sex) == (Kind.RESIDENT, birth_on, sex)


@pytest.mark.parametrize(
    "number, words",
    [
        ("310101201501010020", "校验位不对"),
        ("11010519491231002Y", "18 位数字"),
        ("4.40524E+17", "科学计数"),
        ("440524188001010000", "被表格软件截断"),
        ("990101199003070011", "校验位不对"),
        ("1101011990030700", "认不出"),
        ("", "认不出"),
    ],
)
def test_a_broken_number_is_refused_with_what_to_do(number, words):
    with pytest.raises(BadPaper, match=words):
        read_paper(number)


def test_the_check_character_of_the_wrong_vector_should_have_been_seven():
    assert check_character("31010120150101002") == "7"


def test_an_impossible_or_future_birth_is_refused():
    first = "11010119900230001"
    with pytest.raises(BadPaper, match="不存在"):
        read_paper(first + check_character(first))
    with pytest.raises(BadPaper, match="还没有到"):
        read_paper("110101199003070011", today=date(1990, 3, 6))


def test_a_number_of_no_province_is_refused():
    with pytest.raises(BadPaper, match="省份"):
        read_paper("01010119900307001" + check_character("01010119900307001"))


def test_an_old_card_of_fifteen_places_is_brought_to_eighteen():
    paper = read_paper("110105491231002")
    assert paper.number == "11010519491231002X" == upgrade_fifteen("110105491231002")
    assert (paper.birth_on, paper.sex) == (date(1949, 12, 31), "female")


@pytest.mark.parametrize(
    "number, named, kind",
    [
        ("810000199408230021", None, Kind.HMT_RESIDENT),
        ("H12345678", None, Kind.HK_MACAO_PERMIT),
        ("M1234567890", None, Kind.HK_MACAO_PERMIT),
        ("12345678", Kind.TAIWAN_PERMIT, Kind.TAIWAN_PERMIT),
        ("e12345678", Kind.PASSPORT, Kind.PASSPORT),
        ("S123456789", None, Kind.BIRTH_CERTIFICATE),
        ("USA110190010112", None, Kind.FOREIGN_RESIDENT),
    ],
)
def test_other_papers_are_told_apart(number, named, kind):
    assert read_paper(number, named).kind is kind


def test_the_new_card_of_permanent_residents_is_checked_like_a_resident_card():
    first = "91112419900307001"
    paper = read_paper(first + check_character(first))
    assert (paper.kind, paper.birth_on, paper.sex) == (Kind.FOREIGN_RESIDENT, date(1990, 3, 7), "male")
    with pytest.raises(BadPaper, match="校验位"):
        read_paper(first + ("0" if check_character(first) != "0" else "1"))


@pytest.mark.parametrize("kind, number", [(Kind.PASSPORT, "E12"), (Kind.TAIWAN_PERMIT, "1234567")])
def test_a_named_paper_of_the_wrong_shape_is_refused(kind, number):
    with pytest.raises(BadPaper, match="核对证件原件"):
        read_paper(number, kind)


@given(
    st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9)
)
def test_one_wrong_digit_never_passes_as_the_same_card(birth_on, order, place, shift):
    first = f"110101{birth_on:%Y%m%d}{order:03d}"
    number = first + check_character(first)
    assert read_paper(number).birth_on == birth_on
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(BadPaper):
        read_paper(wrong, Kind.RESIDENT)


@pytest.mark.parametrize(
    "text, lost", [("4.40524E+17", True), ("4.4E17", True), ("440524188001010014", False)]
)
def test_a_number_turned_into_a_float_is_unrecoverable(text, lost):
    assert is_unrecoverable(text) is lost


@pytest.mark.parametrize(
    "text, kind, number",
    [
        ("13812345678", "mobile", "13812345678"),
        ("+86 138-1234-5678", "mobile", "13812345678"),
        ("１３８１２３４５６７８", "mobile", "13812345678"),
        ("（010）12345678", "landline", "010-12345678"),
        ("010-12345678", "landline", "010-12345678"),
        ("0755－1234567－801", "landline", "0755-1234567-801"),
        ("+852 9123 4567", "hong_kong", "+852-91234567"),
        ("00853-66123456", "macao", "+853-66123456"),
    ],
)
def test_phones_are_brought_to_one_form(text, kind, number):
    phone = read_phone(text)
    assert phone.kind == kind
    assert phone.number == number
    assert read_phone(phone.number) == phone
    assert phone.takes_texts is (kind == "mobile")


@pytest.mark.parametrize("text", ["12812345678", "1381234567", "12345678", "无", "", "1.38E+10"])
def test_a_phone_that_cannot_be_rung_is_refused(text):
    with pytest.raises(BadPhone):
        read_phone(text)


def test_what_identifies_a_person_is_masked():
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("010-12345678") == "***-****5678"
    assert mask_number("11010519491231002X") == "110***********002X"
    assert mask_number("E1234567") == "******67"
    assert mask_name("张三丰") == "张**"
    assert mask_name("尉迟敬德") == "尉迟**"
    assert mask_name("John Smith") == "J***"


@pytest.mark.parametrize(
    "name, key, initials",
    [
        ("李桂兰", "liguilan", "lgl"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("仇英", "qiuying", "qy"),
        ("曾国藩", "zengguofan", "zgf"),
        ("解缙", "xiejin", "xj"),
        ("查良镛", "zhaliangyong", "zly"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("万俟卨", "moqixie", "mqx"),
        ("吕布", "lvbu", "lb"),
        ("王吕", "wanglv", "wl"),
        ("朴 树", "piaoshu", "ps"),
        ("John Smith", "johnsmith", "js"),
        ("阿依古丽·买买提", "ayigulimaimaiti", "ayglmmt"),
    ],
)
def test_names_are_found_by_how_they_sound(name, key, initials):
    assert (pinyin_key(name), initials_key(name)) == (key, initials)


@pytest.mark.parametrize(
    "text, name",
    [
        ("李 桂 兰", "李桂兰"),
        ("　王芳 ", "王芳"),
        ("买买提•阿里", "买买提·阿里"),
        ("Li  Gui", "Li Gui"),
        ("𠮷\u200b田", "𠮷田"),
    ],
)
def test_names_have_one_written_form(text, name):
    assert normalise_name(text) == name


@pytest.mark.parametrize(
    "kind, value, read",
    [
        ("resident_id", "110105491231002", ("resident_id", "11010519491231002X", True)),
        ("hk_macau", "810000199408230021", ("hmt_resident", "810000199408230021", True)),
        ("resident_id", "11010519491231002Y", ("resident_id", "11010519491231002Y", False)),
        ("mrn", " ００1234 ", ("mrn", "001234", True)),
        ("mrn", "不详", ("mrn", "不详", False)),
        ("mrn", "000000", ("mrn", "000000", False)),
        ("something", "X9", ("other", "X9", True)),
    ],
)
def test_identifiers_are_brought_to_one_form_and_placeholders_identify_nobody(kind, value, read):
    one = read_identifier(IdentifierSaid(kind, value))
    assert (one.kind, one.value, one.is_valid) == read


@pytest.mark.parametrize(
    "birth_on, text",
    [
        (date(1954, 3, 8), "72岁"),
        (date(1954, 11, 25), "71岁"),
        (date(2026, 9, 24), "2个月"),
        (date(2026, 10, 20), "35天"),
        (date(2026, 11, 20), "新生儿4天"),
        (date(2027, 1, 1), ""),
        (None, ""),
    ],
)
def test_ages_are_said_as_in_a_hospital(birth_on, text):
    assert age_text(birth_on, date(2026, 11, 24)) == text


@given(st.text(max_size=12))
def test_any_text_can_be_normalised_once_and_keyed(text):
    name = normalise_name(text)
    assert normalise_name(name) == name
    assert len(initials_key(text)) <= len(pinyin_key(text))
