"""The people of 江州, by households that share an address and sometimes a phone (模拟人口)."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from random import Random

from . import names, numbers
from .dice import dice, weighted
from .illness import CHRONIC, band
from .person import Ailment, Identifier, Person, Phone, age
from .places import ANHE, BINJIANG, FIRST

ROLES = ("self", "spouse", "parent", "child")
HOUSEHOLD = len(ROLES)
STREETS = ("滨江大道", "解放路", "人民路", "建设街", "文昌路", "学府路", "新华街", "江东路", "和平里", "柳荫巷", "安居小区", "望江苑")  # fmt: skip
DISTRICTS = tuple(zip(numbers.HOME_REGIONS, (
    "江州市滨江区", "江州市城东区", "江州市临湖区", "江州市青山区", "江州市开发区", "江州市江北区",
    "江州市白沙县", "江州市安平县", "江州市临江市", "江州市云台市"), strict=True))  # fmt: skip
PARENT_AGES = ((30, (60, 70)), (25, (70, 80)), (12, (80, 96)))
COUPLE_AGES = ((20, (26, 40)), (30, (40, 52)), (40, (52, 68)))


def people(seed: int, n: int, as_of: date) -> Iterator[Person]:
    """Yield the first n people of the city, the same for every n (模拟人口)."""
    made = 0
    for house in count():
        for person in household(seed, house, as_of):
            if made == n:
                return
            made += 1
            yield person


def household(seed: int, house: int, as_of: date) -> list[Person]:
    """Roll one family of four: a couple, one of their parents and a child (家庭)."""
    random = dice(seed, "household", house)
    family, other = names.surname(random), names.surname(random)
    head_is_male = random.random() < 0.5
    region, district = DISTRICTS[random.randrange(len(DISTRICTS))]
    building = f"{random.choice(STREETS)}{random.randint(1, 288)}号"
    address = f"{district}{building}{random.randint(1, 30)}幢{random.randint(101, 2802)}室"
    couple = random.randint(*weighted(random, COUPLE_AGES))
    ages = (
        couple,
        max(22, couple + random.randint(-4, 3)),
        max(couple + 18, random.randint(*weighted(random, PARENT_AGES))),
        max(0, couple - random.randint(22, 36)),
    )
    sexes = (
        "male" if head_is_male else "female", "female" if head_is_male else "male",
        random.choice(names.SEXES), random.choice(names.SEXES),
    )  # fmt: skip
    surnames = (family, other, family if sexes[2] == "male" else names.surname(random), family)
    home = (region, address)
    return [
        _member(
            random, house, role, surnames[role], sexes[role], _birth(random, ages[role], as_of), as_of, home
        )
        for role in range(HOUSEHOLD)
    ]


def _birth(random: Random, years: int, as_of: date) -> date:
    return as_of - timedelta(days=int(min(years, 101) * 365.25) + random.randrange(365))


def _member(
    random: Random,
    house: int,
    role: int,
    family: str,
    sex: str,
    birth_on: date,
    as_of: date,
    home: tuple[str, str],
) -> Person:
    index = house * HOUSEHOLD + role
    birth_on = numbers.settled_birth(index, birth_on)
    years = age(birth_on, as_of)
    people_name, name = "汉族", family + names.given_name(random, sex, birth_on.year)
    if random.random() < 0.01:
        people_name, name = names.minority_name(random, sex)
    identifiers = _identifiers(random, index, birth_on, sex, years)
    phones = _phones(random, house, role, years)
    ailments, label = _ailments(random, birth_on, sex, years, as_of)
    organisation = _organisation(random, sex, years)
    email = f"user{index}@mail.example" if role < 2 and random.random() < 0.12 else ""
    prefers = "phone" if years >= 70 and random.random() < 0.5 else "sms"
    return Person(
        f"p{index}", index, organisation, numbers.mrn(index), name, sex, birth_on, people_name, identifiers,
        phones, email, *home, house, ROLES[role], ailments, label, prefers,
    )  # fmt: skip


def _identifiers(random: Random, index: int, birth_on: date, sex: str, years: int) -> tuple[Identifier, ...]:
    roll = random.random()
    if years < 1 and roll < 0.7:
        return (Identifier("birth_certificate", numbers.birth_certificate(index)),)
    if roll < 0.003:
        return (Identifier("passport", numbers.passport(index)),)
    if roll < 0.006:
        return (Identifier("home_permit", numbers.home_permit(index)),)
    if roll < 0.008:
        return (Identifier("taiwan_permit", numbers.taiwan_permit(index)),)
    if roll < 0.010:
        return (Identifier("residence_permit", numbers.residence_permit(index, birth_on, sex)),)
    region, order = numbers.place_of(index)
    number = numbers.id_number(region, birth_on, sex, order)
    if birth_on.year < 1950 and roll > 0.97:
        old = Identifier("national_id_15", numbers.old_id_number(number))
        return (Identifier("national_id", number), old)
    return () if roll > 0.995 else (Identifier("national_id", number),)


def _phones(random: Random, house: int, role: int, years: int) -> tuple[Phone, ...]:
    roll, head = random.random(), house * HOUSEHOLD
    if years < 14:
        return (Phone(numbers.mobile(head + 1), "parent"),)
    if years >= 65 and roll < 0.4:
        return (Phone(numbers.mobile(head), "child"),)
    if years >= 65 and roll < 0.5:
        return (Phone(numbers.landline(house), "self", "landline"), Phone(numbers.mobile(head), "child"))
    own = Phone(numbers.mobile(head + role), "self")
    if roll > 0.99:
        return ()
    return (own, Phone(numbers.mobile(head + 1 - role), "spouse")) if role < 2 and roll > 0.85 else (own,)


def _ailments(
    random: Random, birth_on: date, sex: str, years: int, as_of: date
) -> tuple[tuple[Ailment, ...], str]:
    at, found, label = band(years), [], "ordinary"
    for each in CHRONIC:
        if random.random() < each.shares[at] and each.sex in ("", sex):
            since = as_of - timedelta(days=random.randrange(30, max(31, min(20, years) * 365)))
            found.append(Ailment(each.icd10, each.name, max(since, birth_on)))
            label = each.label if each.label != "ordinary" else label
    return tuple(found), label


def _organisation(random: Random, sex: str, years: int) -> str:
    roll = random.random()
    if (years < 10 or (sex == "female" and years < 42)) and roll < 0.45:
        return ANHE.key
    return BINJIANG.key if roll > 0.85 else FIRST.key
