"""The people of these tests."""

from uuid import UUID

import pytest

from xinqiao.kit.actor import Actor, system

ORG, OTHER_ORG = UUID(int=1), UUID(int=2)


@pytest.fixture
def nurse() -> Actor:
    return Actor(kind="staff", organisation_id=ORG, user_id=UUID(int=3), roles=frozenset({"nurse"}))


@pytest.fixture
def stranger() -> Actor:
    return Actor(kind="staff", organisation_id=ORG, user_id=UUID(int=4))


@pytest.fixture
def daughter() -> Actor:
    return Actor(kind="patient", organisation_id=ORG, user_id=UUID(int=5), roles=frozenset({"patient"}))


@pytest.fixture
def elsewhere() -> Actor:
    return Actor(kind="staff", organisation_id=OTHER_ORG, user_id=UUID(int=6), roles=frozenset({"doctor"}))


@pytest.fixture
def his() -> Actor:
    return system("intake.his", ORG)
