"""The people of 江州 and the cast."""

from datetime import date, timedelta
from itertools import islice

from xinqiao.simulation import names, numbers
from xinqiao.simulation.cast import STAFF, cast
from xinqiao.simulation.dice import dice
from xinqiao.simulation.places import ORGANISATIONS
from xinqiao.simulation.population import people

DAY = date(2026, 11, 24)
CROWD = list(people(1, 4000, DAY))


def test_the_same_seed_gives_the_same_people_and_another_seed_others():
    assert list(people(1, 50, DAY)) == CROWD[:50]
    assert [each.name for each in people(2, 50, DAY)] != [each.name for each in CROWD[:50]]


def test_a_larger_city_begins_with_the_same_people():
    assert list(islice(people(1, 10**6, DAY), 9)) == CROWD[:9]


def test_every_identity_number_is_valid_unique_and_agrees_with_birth_and_sex():
    found = [(each, one.value) for each in CROWD for one in each.identifiers if one.kind == "national_id"]
    assert len({number for _, number in found}) == len(found) > 3800
    for person, number in found:
        assert numbers.is_id_number(number)
        assert number[6:14] == f"{person.birth_on:%Y%m%d}"
        assert (int(number[16]) % 2 == 1) == (person.sex == "male")


def test_other_papers_occur_too():
    kinds = {one.kind for each in CROWD for one in each.identifiers}
    assert {"national_id_15", "passport", "home_permit", "taiwan_permit", "residence_permit"} <= kinds


def test_a_parent_may_use_the_phone_of_a_child_who_lives_in_the_same_household():
    borrowed = [each for each in CROWD if each.phones and each.phones[0].owner == "child"]
    owners = {
        (each.household, each.phones[0].number) for each in CROWD if each.relation == "self" and each.phones
    }
    assert len(borrowed) > 100
    assert sum((each.household, each.phones[0].number) in owners for each in borrowed) > len(borrowed) * 0.95


def test_a_child_under_fourteen_is_reached_by_a_parent():
    assert {each.phones[0].owner for each in CROWD if each.age_on(DAY) < 14} == {"parent"}


def test_nobody_is_born_after_today_or_ill_before_birth():
    assert all(each.birth_on <= DAY for each in CROWD)
    assert all(one.since_on >= each.birth_on for each in CROWD for one in each.ailments)


def test_hypertension_is_common_among_the_old_and_unknown_in_children():
    old = [each for each in CROWD if 60 <= each.age_on(DAY) < 75]
    young = [each for each in CROWD if each.age_on(DAY) < 15]
    assert 0.4 < sum(each.has("I10") for each in old) / len(old) < 0.65
    assert not any(each.has("I10") for each in young)


def test_names_include_compound_minority_and_rare_ones():
    drawn = {names.surname(dice(1, turn)) for turn in range(3000)}
    assert drawn & set(names.COMPOUND_SURNAMES)
    assert any("·" in each.name for each in CROWD)
    assert any(each.name[1:] in names.RARE_GIVEN for each in CROWD)


def test_pinyin_reads_family_names_as_family_names():
    assert names.pinyin("李桂兰") == "LI GUILAN"
    assert names.pinyin("单国强") == "SHAN GUOQIANG"
    assert names.pinyin("欧阳静") == "OUYANG JING"


def test_the_cast_has_the_ages_of_the_story_on_any_day():
    ages = {"li_guilan": 72, "wang_fang": 45, "lin_xiaoyue": 31, "zhao_jianmin": 61, "zhang_guoqiang": 55}
    for day in (DAY, DAY + timedelta(days=45), date(2024, 2, 29)):
        assert {key: cast(day)[key].age_on(day) for key in ages} == ages


def test_the_twins_share_one_phone_and_one_birth_day():
    one, other = cast(DAY)["lu_yinuo"], cast(DAY)["lu_yiming"]
    assert one.phone == other.phone == cast(DAY)["lu_ting"].phone
    assert one.birth_on == other.birth_on and one.mrn != other.mrn


def test_li_guilan_has_a_landline_and_her_daughters_mobile():
    mother, daughter = cast(DAY)["li_guilan"], cast(DAY)["wang_fang"]
    assert [each.kind for each in mother.phones] == ["landline", "mobile"]
    assert mother.phones[1].number == daughter.phone and mother.prefers == "phone"


def test_the_cast_collides_with_nobody():
    taken = {one.value for each in CROWD for one in each.identifiers} | {each.mrn for each in CROWD}
    assert not taken & {one.value for each in cast(DAY).values() for one in each.identifiers}
    assert len({each.phone for each in STAFF}) == len(STAFF)


def test_every_ward_and_subject_is_filled_in():
    assert [len(each.campuses) for each in ORGANISATIONS] == [2, 1, 1]
    assert all(each.subject and each.doctors for one in ORGANISATIONS for each in one.departments)
