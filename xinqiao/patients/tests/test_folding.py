"""The same words in any order make the same patient."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from xinqiao.patients.rules.demographics import CLEARABLE, Demographics
from xinqiao.patients.rules.folding import Folded, conflicts, fold
from xinqiao.patients.rules.papers import read_paper

START = datetime(2026, 1, 1, tzinfo=UTC)
PAPERS = [None, read_paper("11010519491231002X"), read_paper("110101199003070011")]
words = st.builds(
    Demographics,
    source=st.sampled_from(["his", "lis"]),
    source_at=st.integers(0, 10**6).map(lambda minutes: START + timedelta(minutes=minutes)),
    identifiers=st.just(()),
    name=st.sampled_from(["", "李桂兰", "李桂蘭", "王芳"]),
    sex=st.sampled_from(["", "male", "female", "unknown"]),
    birth_on=st.sampled_from([None, date(1954, 3, 8), date(1949, 12, 31)]),
    address=st.sampled_from(["", "滨江大道66号", "学府路18号"]),
    region=st.sampled_from(["", "320102"]),
    deceased_at=st.sampled_from([None, START]),
    cleared=st.sets(st.sampled_from(sorted(CLEARABLE)), max_size=2).map(frozenset),
)
messages = st.lists(
    st.tuples(words, st.sampled_from(PAPERS)), max_size=7, unique_by=lambda one: one[0].source_at
)


def folded(said) -> Folded:
    stands = Folded()
    for word, paper in said:
        stands = fold(stands, word, paper)
    return stands


@given(messages, st.randoms(use_true_random=False))
def test_any_order_of_arrival_makes_the_same_patient(said, random):
    shuffled = random.sample(said, len(said))
    assert folded(shuffled) == folded(sorted(said, key=lambda one: one[0].source_at))


@given(messages)
def test_a_word_said_again_changes_nothing(said):
    assert folded([*said, *said]) == folded(said)


def test_an_older_word_never_overwrites_a_newer():
    new = Demographics("his", START + timedelta(hours=1), (), name="李桂兰")
    old = Demographics("his", START, (), name="李贵兰", region="320102")
    stands = folded([(new, None), (old, None)])
    assert (stands.name, stands.region) == ("李桂兰", "320102")


def test_silence_keeps_and_an_explicit_null_deletes():
    first = Demographics("his", START, (), name="李桂兰", address="滨江大道66号", deceased_at=START)
    silent = Demographics("his", START + timedelta(hours=1), ())
    null = Demographics("his", START + timedelta(hours=2), (), cleared=frozenset({"address", "deceased_at"}))
    assert folded([(first, None), (silent, None)]).address == "滨江大道66号"
    stands = folded([(first, None), (null, None)])
    assert (stands.name, stands.address, stands.deceased_at) == ("李桂兰", "", None)


def test_the_identity_number_tells_birth_and_sex_where_the_source_does_not():
    silent = Demographics("his", START, (), name="李桂兰", sex="unknown")
    stands = folded([(silent, PAPERS[1])])
    assert (stands.birth_on, stands.birth_precision, stands.sex) == (date(1949, 12, 31), "day", "female")
    assert conflicts(stands) == []


def test_a_source_that_contradicts_the_identity_number_stands_and_is_noted():
    said = Demographics("his", START, (), sex="male", birth_on=date(1950, 1, 1))
    stands = folded([(said, PAPERS[1])])
    assert (stands.birth_on, stands.sex) == (date(1950, 1, 1), "male")
    assert conflicts(stands) == [
        "出生日期与身份证号码不一致，请核对证件原件",
        "性别与身份证号码不一致，请核对证件原件",
    ]
