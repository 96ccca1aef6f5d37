from datetime import timedelta
from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from xinqiao.accounts.rules import ADMINISTRATORS, STAFF_ROLES, excluded_together, may
from xinqiao.accounts.testing import make_user
from xinqiao.directory import operations
from xinqiao.directory.models import Post
from xinqiao.directory.operations import AlreadyNamed, PostRefused
from xinqiao.directory.queries import (
    actor_of,
    department_names,
    departments,
    find_department,
    get_organisation,
    organisations,
    posts_of,
    staff_of,
)
from xinqiao.directory.rules import DEPARTMENTAL
from xinqiao.directory.testing import make_department, make_organisation, make_staff, make_stranger
from xinqiao.kit.actor import system
from xinqiao.kit.errors import NotAllowed, NotFound, Refused
from xinqiao.kit.ids import new_id

PAIRS = list(permutations(sorted(STAFF_ROLES), 2))


@pytest.fixture
def hospital(db, now):
    return make_organisation(now=now)


def _give(user_id, hospital, role, now, **more):
    by = system("test", hospital)
    return operations.give_post(user_id=user_id, organisation_id=hospital, role=role, by=by, now=now, **more)


def test_the_nurse_acts_in_her_post_by_one_query(hospital, now):
    user_id, nurse = make_staff("nurse", organisation_id=hospital, now=now)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert actor_of(user_id, now=now) == nurse
    assert len(asked) == 1
    assert nurse.organisation_id == hospital and nurse.roles == {"nurse"}
    assert nurse.department_ids == {find_department(hospital, "心内科").id}


def test_a_person_with_two_posts_acts_in_one_of_them_at_a_time(hospital, now):
    user_id, nurse = make_staff("nurse", organisation_id=hospital, now=now - timedelta(days=1))
    other = make_department(hospital, now=now, code="0305", name="神经内科")
    second = _give(user_id, hospital, "head", now, department_id=other)
    assert actor_of(user_id, now=now) == nurse
    there = actor_of(user_id, now=now, post_id=second)
    assert (there.roles, there.department_ids) == ({"head"}, {other})
    titles = [post.title for post in posts_of(user_id, viewer=nurse, now=now)]
    assert titles == ["护士 · 心内科", "科主任 · 神经内科"]


def test_a_post_that_is_anothers_or_has_ended_gives_nobody(hospital, now):
    user_id, nurse = make_staff("nurse", organisation_id=hospital, now=now)
    _, doctor = make_staff("doctor", organisation_id=hospital, now=now)
    assert actor_of(user_id, now=now, post_id=doctor.post_id) is None
    later = now + timedelta(days=1)
    operations.end_post(post_id=nurse.post_id, by=system("test", hospital), now=later)
    assert actor_of(user_id, now=later) is None
    assert actor_of(user_id, now=later - timedelta(seconds=1)) == nurse


def test_a_post_begins_when_it_says(hospital, now):
    user_id = make_user(now=now)
    _give(user_id, hospital, "manager", now, starts_at=now + timedelta(days=1))
    assert actor_of(user_id, now=now) is None
    assert actor_of(user_id, now=now + timedelta(days=1)).roles == {"manager"}


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_the_operation_and_the_database_both_keep_the_three_administrators_apart(
    hospital, now, first, second
):
    user_id, ward = make_user(now=now), make_department(hospital, now=now)
    _give(user_id, hospital, first, now, department_id=ward)
    allowed = excluded_together({first, second}).ok
    for give in (_give, _by_hand):
        try:
            with transaction.atomic():
                give(user_id, hospital, second, now, department_id=ward)
            done = True
        except (PostRefused, IntegrityError):
            done = False
        assert done is allowed


def _by_hand(user_id, hospital, role, now, department_id):
    Post.objects.create(
        id=new_id(now), user_id=user_id, organisation_id=hospital, department_id=department_id, role=role,
        starts_at=now,
    )  # fmt: skip


def test_the_three_administrators_are_kept_apart_across_organisations_and_free_after_the_post_ended(
    hospital, now
):
    other = make_organisation(now=now, code="anhe", name="安禾妇儿医院")
    user_id, it = make_staff("sysadmin", organisation_id=hospital, now=now)
    with pytest.raises(PostRefused, match="不能兼任"):
        _give(user_id, other, "auditor", now)
    with pytest.raises(IntegrityError), transaction.atomic():
        _by_hand(user_id, other, "auditor", now, None)
    later = now + timedelta(days=30)
    operations.end_post(post_id=it.post_id, by=system("test", hospital), now=later)
    _give(user_id, other, "auditor", later)
    assert actor_of(user_id, now=later).roles == {"auditor"}


def test_only_the_security_administrator_gives_posts_and_never_to_himself(hospital, now):
    security, guard = make_staff("secadmin", organisation_id=hospital, now=now)
    user_id = make_user(now=now)
    give = {"organisation_id": hospital, "role": "manager", "now": now}
    for role in sorted(STAFF_ROLES - {"secadmin"}):
        _, other = make_staff(role, organisation_id=hospital, now=now)
        with pytest.raises(NotAllowed):
            operations.give_post(user_id=user_id, by=other, **give)
    with pytest.raises(NotAllowed):
        operations.give_post(user_id=security, by=guard, **give)
    operations.give_post(user_id=user_id, by=guard, **give)
    assert actor_of(user_id, now=now).roles == {"manager"}


def test_nobody_gives_a_post_in_another_organisation_or_in_anothers_department(hospital, now):
    other = make_organisation(now=now, code="anhe", name="安禾妇儿医院")
    _, guard = make_staff("secadmin", organisation_id=hospital, now=now)
    user_id, elsewhere = make_user(now=now), make_department(other, now=now)
    with pytest.raises(NotFound):
        operations.give_post(user_id=user_id, organisation_id=other, role="manager", by=guard, now=now)
    with pytest.raises(NotFound):
        _give(user_id, hospital, "nurse", now, department_id=elsewhere)


def test_who_works_in_a_department_is_given_one(hospital, now):
    assert {"doctor", "nurse", "head"} == DEPARTMENTAL
    with pytest.raises(PostRefused, match="科室"):
        _give(make_user(now=now), hospital, "nurse", now)


def test_a_role_of_patients_or_of_nobody_is_no_post(hospital, now):
    for role in ("patient", "root"):
        with pytest.raises(PostRefused):
            _give(make_user(now=now), hospital, role, now)


def test_an_organisation_begins_with_its_sending_locked(hospital, now):
    assert get_organisation(hospital).sending == "locked"
    operations.set_sending(organisation_id=hospital, sending="shadow", by=system("test", hospital), now=now)
    assert get_organisation(code="jzyy").sending == "shadow"
    with pytest.raises(Refused):
        operations.set_sending(organisation_id=hospital, sending="loud", by=system("test", hospital), now=now)


def test_codes_are_given_once(hospital, now):
    with pytest.raises(AlreadyNamed):
        make_organisation(now=now)
    make_department(hospital, now=now)
    with pytest.raises(AlreadyNamed):
        make_department(hospital, now=now)


def test_one_sees_ones_own_organisation_only(hospital, now):
    other = make_organisation(now=now, code="anhe", name="安禾妇儿医院")
    make_department(other, now=now, name="产科")
    _, nurse = make_staff("nurse", organisation_id=hospital, now=now)
    assert [each.id for each in organisations(nurse)] == [hospital]
    assert organisations(system("test")).count() == 2
    (ward,) = departments(nurse)
    assert department_names([ward.id], nurse) == {ward.id: "心内科"}
    assert departments(make_stranger(now=now)).count() == 0
    assert staff_of(nurse, now=now, roles=["nurse"]) == [nurse.user_id]


def test_a_department_is_found_by_code_before_name(hospital, now):
    make_department(hospital, now=now, code="A", name="B")
    make_department(hospital, now=now, code="B", name="C")
    assert find_department(hospital, "B").name == "C"
    assert find_department(hospital, "A").name == "B"
    assert find_department(hospital, "没有") is None


def test_the_stranger_may_do_nothing(now):
    assert not may(make_stranger(now=now), "patient.search").ok
    assert len(ADMINISTRATORS) == 3
