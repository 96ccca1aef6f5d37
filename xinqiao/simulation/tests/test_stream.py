"""A hospital's days as messages."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from xinqiao.simulation.dice import CHINA, dice
from xinqiao.simulation.population import people
from xinqiao.simulation.stream import Rates, garbage, stream

START = datetime(2026, 11, 23, 0, 0, tzinfo=CHINA)  # a Monday
DAYS = timedelta(days=3)
RATES = Rates(outpatients=30, admissions=12, corrections=0.3, garbage=0.02)
CROWD = list(people(1, 2000, START.date()))
SENT = list(stream(1, CROWD, START, START + DAYS, RATES))
LONG = list(stream(1, CROWD, START - timedelta(days=24), START + DAYS, RATES))
GOOD = [each for each in SENT if each.kind != "garbage"]


def segments(message) -> dict[str, list[str]]:
    charset = "gb18030" if b"GB 18030" in message.body[:200] else "utf-8"
    rows = message.body.decode(charset).split("\r")
    return {row[:3]: row.split("|") for row in rows if row}


def test_the_same_seed_gives_the_same_bytes():
    assert list(stream(1, CROWD, START, START + DAYS, RATES)) == SENT
    assert list(stream(2, CROWD, START, START + DAYS, RATES)) != SENT


def test_two_windows_that_meet_give_what_one_window_gives():
    before = list(stream(1, CROWD, START - timedelta(hours=29, minutes=7), START, RATES))
    assert [*before, *SENT] == LONG[-len(before) - len(SENT) :]
    assert len(before) > 20


def test_messages_come_in_order_of_time_and_inside_the_window():
    assert [each.at for each in SENT] == sorted(each.at for each in SENT)
    assert SENT[0].at >= START and SENT[-1].at < START + DAYS


def test_every_control_id_is_used_once_and_fits_the_field():
    assert max(Counter(each.control_id for each in SENT).values()) == 1
    assert max(len(each.control_id) for each in SENT) <= 20
    assert all(segments(each)["MSH"][9] == each.control_id for each in GOOD)


def test_every_kind_of_message_occurs():
    kinds = {each.kind.removeprefix("ADT^") for each in SENT}
    assert kinds == {
        "A01",
        "A02",
        "A03",
        "A04",
        "A05",
        "A08",
        "A11",
        "A13",
        "A28",
        "A31",
        "ORU^R01",
        "MDM^T02",
        "garbage",
    }


def test_who_is_discharged_was_admitted_before_and_not_cancelled():
    course = defaultdict(list)
    for each in LONG:
        if each.kind.startswith("ADT"):
            course[segments(each)["PV1"][19] if each.kind not in ("ADT^A28", "ADT^A31") else ""].append(
                each.kind[4:]
            )
    late = [kinds for number, kinds in course.items() if number >= "I261101" and "A03" in kinds]
    assert len(late) > 50
    for kinds in late:
        assert kinds.index("A01") < kinds.index("A03") and "A11" not in kinds
        assert kinds.count("A03") == kinds.count("A13") + 1 or kinds[-1] == "A13"


def test_nobody_is_in_hospital_twice_at_once():
    stays = defaultdict(list)
    for each in LONG:
        if each.kind in ("ADT^A01", "ADT^A03", "ADT^A11"):
            stays[segments(each)["PID"][3]].append((each.at, segments(each)["PV1"][19]))
    assert len(stays) > 100
    for events in stays.values():
        visits = [number for _, number in sorted(events)]
        assert sorted(visits) == visits


def test_sundays_are_quieter_than_mondays():
    clinic = Counter(each.at.astimezone(CHINA).weekday() for each in LONG if each.kind == "ADT^A04")
    assert clinic[6] < clinic[0] * 0.7


def test_a_small_town_is_not_admitted_more_often_than_stays_end():
    town = CROWD[:40]
    admitted = [each for each in stream(1, town, START, START + DAYS, RATES) if each.kind == "ADT^A01"]
    assert admitted == []


def test_garbage_is_different_from_the_message_and_fits_a_frame():
    spoiled = [garbage(dice(1, turn), GOOD[0].body) for turn in range(40)]
    assert GOOD[0].body not in spoiled and len(set(spoiled)) > 5
    assert not any(b"\x1c" in each for each in spoiled)
