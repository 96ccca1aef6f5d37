"""Every address × method × role × organisation answers what the table says (路由权限矩阵)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.matrix.policy import FORMS, METHODS, ROUTES
from tests.matrix.world import make_world
from xinqiao.accounts.rules import STAFF_ROLES
from xinqiao.kit.clock import real_now
from xinqiao.portals.ui.tests.browsing import client_of

INCIDENT = re.compile(rb"[2-9A-Z]{4}-[2-9A-Z]{4}")
PEOPLE = [(role, foreign) for role in sorted(STAFF_ROLES) for foreign in (False, True)]
PEOPLE += [("anonymous", False), ("patient", False)]


def names(resolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from names(each, f"{space}{each.namespace}:" if each.namespace else space)
        else:
            yield f"{space}{each.name or each.pattern}", each


@pytest.fixture
def world(db):
    return make_world(real_now())


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def address(name: str, world) -> str:
    pattern = dict(names(get_resolver()))[name].pattern
    known = {"metric": "follow_up_completion", "channel": "sms", "word": "wrong"} | world.given
    known |= {"token": "wrong", "purpose": "care", "invitation_id": world.given["item_id"]}
    if name in ("healthz", "readyz", "metrics"):
        return f"/{name}"
    return reverse(name, kwargs={word: known[word] for word in pattern.converters})


def answer_to_a_form(name: str, method: str, person: tuple[str, bool]) -> int | None:
    """What an empty form is answered by a page that opens to this person; None where the table itself says."""
    opens = ROUTES[name].expected("GET", person[0], is_foreign=person[1]) == 200
    return FORMS.get(name, {}).get(method) if opens else None


def test_every_route_has_an_entry_and_every_entry_a_route():
    assert {name for name, _ in names(get_resolver())} == set(ROUTES)


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_route_answers_each_person_as_the_table_says(name, world):
    path, rule, wrong = address(name, world), ROUTES[name], []
    clients = {person: client_of(user) for person, user in world.people.items()}
    for person in PEOPLE:
        for method in METHODS:
            with undone():
                got = clients[person].generic(method, path).status_code
            wanted = answer_to_a_form(name, method, person) or rule.expected(
                method, person[0], is_foreign=person[1]
            )
            if got != wanted:
                wrong.append(f"{method} {name} as {person}: {got}, not {wanted}")
    assert wrong == []


@pytest.mark.parametrize("name", sorted(name for name in ROUTES if ROUTES[name].foreign == 404))
def test_what_belongs_to_others_looks_exactly_like_what_does_not_exist(name, world):
    role = sorted(ROUTES[name].roles)[0]
    method = next(iter(ROUTES[name].methods))
    foreign = client_of(world.people[role, True])
    with undone():
        theirs = foreign.generic(method, address(name, world))
    nothing = foreign.generic(method, "/patients/nowhere-at-all")
    assert INCIDENT.sub(b"", theirs.content) == INCIDENT.sub(b"", nothing.content)


def test_the_stranger_reads_no_name_and_no_number_anywhere(world):
    for name in ROUTES:
        if ":" in name:
            for method in METHODS:
                with undone():
                    page = client_of(None).generic(method, address(name, world)).content.decode()
                assert "李桂兰" not in page
                assert "13812345678" not in page
