"""Identity numbers against the vectors of the clinical handbook §6.3."""

from datetime import date

import pytest

from xinqiao.simulation import numbers


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "110101199003070011", "440524188001010014", "810000199408230021"]
)
def test_a_number_of_the_handbook_is_valid(number):
    assert numbers.is_id_number(number)


@pytest.mark.parametrize("number", ["310101201501010020", "11010519491231002Y", "110105194902300021", "1101"])
def test_a_wrong_check_date_or_length_is_not_valid(number):
    assert not numbers.is_id_number(number)


def test_the_check_digit_of_the_wrong_vector_should_have_been_seven():
    assert numbers.check_digit("31010120150101002") == "7"


def test_the_last_digit_of_the_order_tells_the_sex():
    woman = numbers.id_number("321402", date(1954, 3, 8), "female", 7)
    man = numbers.id_number("321402", date(1954, 3, 8), "male", 7)
    assert int(woman[16]) % 2 == 0 and int(man[16]) % 2 == 1


def test_the_old_form_drops_the_century_and_the_check():
    assert numbers.old_id_number("11010519491231002X") == "110105491231002"


def test_no_number_here_can_belong_to_a_real_prefecture():
    assert all(14 <= int(region[2:4]) < 24 for region in numbers.REGIONS)
    assert len(set(numbers.REGIONS)) == 100


def test_two_persons_of_the_same_region_and_order_never_share_a_birth_day():
    same_place = [numbers.settled_birth(5 + 50_000 * turn, date(1980, 6, 1)) for turn in range(32)]
    assert len(set(same_place)) == 32
    assert {numbers.place_of(5 + 50_000 * turn) for turn in range(32)} == {numbers.place_of(5)}


def test_phones_have_the_form_of_phones_and_do_not_repeat():
    mobiles = {numbers.mobile(index) for index in range(3000)}
    assert len(mobiles) == 3000
    assert all(numbers.MOBILE.fullmatch(each) for each in mobiles)
    assert numbers.LANDLINE.fullmatch(numbers.landline(4))
    assert numbers.LANDLINE.fullmatch(numbers.landline(4, 801))
