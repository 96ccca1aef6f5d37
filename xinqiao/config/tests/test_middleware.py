"""The shell around every request: one number, one viewer, one transaction."""

import logging
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction
from django.http import Http404, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from xinqiao.accounts.operations import disable_user, lock_session, open_session
from xinqiao.accounts.rules import ANONYMOUS, PATIENT_KEY, SESSION_KEY
from xinqiao.accounts.testing import make_phone_user
from xinqiao.audit.operations import operation
from xinqiao.config import middleware
from xinqiao.config.refusals import bad_request, forbidden, not_found, server_error
from xinqiao.directory.operations import end_post
from xinqiao.directory.testing import make_organisation, make_staff
from xinqiao.kit.actor import system
from xinqiao.kit.clock import real_now
from xinqiao.kit.errors import Conflict, NotAllowed, NotFound, Refused
from xinqiao.kit.ids import outside

SEEN: list = []
PATIENT = UUID(int=77)
RAISED = {
    "notfound": NotFound, "http404": Http404, "notallowed": NotAllowed, "conflict": Conflict,
    "refused": lambda: Refused("这个号源刚被约走了，请换一个时间。"), "away": OperationalError, "broken": lambda: ValueError("李桂兰"),
}  # fmt: skip


@operation
def leave_line(*, by, now):
    """This function will leave a line (留痕)."""


def show(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.orgs', true), current_setting('app.user', true)")
        SEEN.append((request.actor, request.now, connection.in_atomic_block, *cursor.fetchone()))
    return HttpResponse("ok")


def fail(request, how):
    leave_line(by=request.actor, now=request.now)
    if how == "answered":
        return HttpResponse("", status=500)
    raise RAISED[how]()


def act(request):
    leave_line(by=request.actor, now=request.now)
    return HttpResponse("ok")


def remember(request):
    request.session["seen"] = True
    return HttpResponse("ok")


urlpatterns = [
    path("show", show),
    path("fail/<how>", fail),
    path("act", act),
    path("remember", remember),
    path("healthz", show),
]
handler400, handler403, handler404, handler500 = bad_request, forbidden, not_found, server_error


@pytest.fixture(autouse=True)
def _addresses(settings, tmp_path):
    settings.ROOT_URLCONF = __name__
    settings.FRONTEND_DIST = tmp_path
    (tmp_path / "manifest.json").write_text('{"src/public.css": {"file": "public.css"}}')
    SEEN.clear()


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.fixture
def nurse(db):
    """A nurse at work now, by the real clock, as the shell reads it."""
    now = real_now()
    hospital = make_organisation(now=now)
    user_id, actor = make_staff("nurse", organisation_id=hospital, now=now)
    stay = open_session(user_id=user_id, post_id=actor.post_id, by=system("test"), now=now)
    return actor, stay


def _sign_in(client, stay, **more):
    session = client.session
    session.update({SESSION_KEY: str(stay)} | more)
    session.save()


def test_who_has_not_signed_in_looks_as_nobody_in_a_transaction(db, client):
    assert client.get("/show").status_code == 200
    ((actor, _, in_transaction, orgs, user),) = SEEN
    assert (actor.kind, actor.name, actor.organisation_id) == ("system", ANONYMOUS, None)
    assert in_transaction and (orgs, user) == ("{}", "")


def test_the_nurse_looks_as_herself_in_her_post(nurse, client):
    actor, stay = nurse
    _sign_in(client, stay)
    client.get("/show")
    ((looking, _, _, orgs, user),) = SEEN
    assert (looking.user_id, looking.post_id, looking.roles) == (actor.user_id, actor.post_id, {"nurse"})
    assert (looking.session, looking.address) == (str(stay), "127.0.0.1")
    assert orgs == f"{{{actor.organisation_id}}}" and user == str(actor.user_id)


def test_the_shell_asks_the_same_few_queries_for_everybody(nurse, client):
    _sign_in(client, nurse[1])
    with CaptureQueriesContext(connection) as asked:
        client.get("/show")
    words = [query["sql"].split()[0] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert words == ["SELECT"] * 3 + ["SELECT"] + ["SELECT"] * 2


def test_a_phone_user_looks_for_the_chosen_patient_and_sees_no_organisation(db, client):
    now = real_now()
    hospital = make_organisation(now=now)
    user_id = make_phone_user(organisation_id=hospital, now=now)
    stay = open_session(user_id=user_id, by=system("test"), now=now)
    _sign_in(client, stay, **{PATIENT_KEY: outside("patient", PATIENT)})
    client.get("/show")
    ((actor, _, _, orgs, user),) = SEEN
    assert (actor.kind, actor.organisation_id, actor.on_behalf_of) == ("patient", hospital, PATIENT)
    assert actor.roles == {"patient"} and (orgs, user) == ("{}", str(user_id))


def test_a_locked_stay_looks_as_nobody_and_is_kept(nurse, client):
    _, stay = nurse
    _sign_in(client, stay)
    lock_session(session_id=stay, by=system("test"), now=real_now())
    client.get("/show")
    assert SEEN[0][0].name == ANONYMOUS and client.session[SESSION_KEY] == str(stay)


def test_a_disabled_account_is_out_at_the_next_request(nurse, client):
    actor, stay = nurse
    _sign_in(client, stay)
    client.get("/show")
    disable_user(user_id=actor.user_id, by=system("test"), now=real_now())
    client.get("/show")
    assert [each[0].name for each in SEEN] == ["", ANONYMOUS] and SESSION_KEY not in client.session


def test_a_post_that_was_taken_away_is_gone_at_the_next_request(nurse, client):
    actor, stay = nurse
    _sign_in(client, stay)
    end_post(post_id=actor.post_id, by=system("test", actor.organisation_id), now=real_now())
    client.get("/show")
    assert SEEN[0][0].name == ANONYMOUS


def test_a_made_up_session_is_nobody(db, client):
    _sign_in(client, UUID(int=5))
    client.get("/show")
    assert SEEN[0][0].name == ANONYMOUS


def test_a_page_that_refreshes_itself_does_not_put_the_idle_lock_off(nurse, client, monkeypatch):
    _sign_in(client, nurse[1])
    began = real_now()
    for minute in range(2, 15, 2):
        monkeypatch.setattr(middleware, "real_now", lambda at=began + timedelta(minutes=minute): at)
        client.get("/show", headers={middleware.POLL: "1"})
    monkeypatch.setattr(middleware, "real_now", lambda: began + timedelta(minutes=15))
    client.get("/show")
    assert [each[0].name for each in SEEN] == [""] * 7 + [ANONYMOUS]


def test_work_puts_the_idle_lock_off(nurse, client, monkeypatch):
    _sign_in(client, nurse[1])
    began = real_now()
    for minute in range(10, 100, 10):
        monkeypatch.setattr(middleware, "real_now", lambda at=began + timedelta(minutes=minute): at)
        client.get("/show")
    assert [each[0].name for each in SEEN] == [""] * 9


@pytest.mark.parametrize(
    ("how", "status", "said"),
    [
        ("notfound", 404, ""),
        ("http404", 404, ""),
        ("notallowed", 403, "您的岗位没有这项权限"),
        ("conflict", 409, "刚刚被别人修改过"),
        ("refused", 409, "这个号源刚被约走了"),
        ("broken", 500, ""),
        ("away", 503, ""),
    ],
)
def test_a_refusal_is_a_page_with_its_number_and_leaves_nothing_behind(
    nurse, client, how, status, said, caplog
):
    _sign_in(client, nurse[1])
    before = _lines(nurse)
    answer = client.get(f"/fail/{how}")
    page = answer.content.decode()
    assert answer.status_code == status and said in page
    assert answer["X-Incident"] in page and "李桂兰" not in page
    assert _lines(nurse) == before


def test_what_is_our_fault_is_logged_with_its_number_and_without_its_text(db, client, caplog):
    with caplog.at_level(logging.INFO):
        answer = client.get("/fail/broken")
    (record,) = [each for each in caplog.records if each.name == "xinqiao.requests"]
    assert (record.incident, record.error, record.route) == (answer["X-Incident"], "ValueError", "fail/<how>")
    assert record.where[-1].startswith("config/tests/test_middleware.py:")
    assert "李桂兰" not in caplog.text + str([vars(each) for each in caplog.records])


def test_an_answer_of_500_leaves_nothing_behind_and_any_other_is_committed(nurse, client):
    _sign_in(client, nurse[1])
    before = _lines(nurse)
    client.get("/fail/answered")
    assert _lines(nurse) == before
    client.get("/act")
    assert _lines(nurse) == before + 1


def test_an_address_nobody_knows_and_a_form_without_its_token_have_their_pages(db):
    strict = Client(enforce_csrf_checks=True)
    for answer, status in ((strict.get("/nowhere"), 404), (strict.post("/act"), 403)):
        assert answer.status_code == status and answer["X-Incident"] in answer.content.decode()


def test_a_page_that_is_not_yours_is_as_one_that_does_not_exist(db, client):
    pages = [client.get(address) for address in ("/nowhere", "/fail/notfound", "/fail/http404")]
    bodies = {each.content.decode().replace(each["X-Incident"], "") for each in pages}
    assert len(bodies) == 1


def test_while_the_database_is_away_a_page_says_so_and_health_is_still_answered(rf, monkeypatch):
    def away(*args):
        raise OperationalError

    monkeypatch.setattr(middleware, "seen_by", away)
    shell = middleware.ViewerMiddleware(lambda request: HttpResponse("alive"))
    asked = rf.get("/show")
    asked.session = {}
    assert shell(asked).status_code == 503
    assert shell(rf.get("/healthz")).content == b"alive"


def test_a_refusal_still_speaks_when_the_front_end_is_not_built(db, client, settings, tmp_path):
    settings.FRONTEND_DIST = tmp_path / "none"
    answer = client.get("/fail/refused")
    assert answer.status_code == 409 and "这个号源刚被约走了" in answer.content.decode()
    assert answer["X-Incident"] in answer.content.decode()


def _lines(nurse):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.orgs', %s, true)", [f"{{{nurse[0].organisation_id}}}"])
        cursor.execute("SELECT count(*) FROM audit_line WHERE action = 'config.leave_line'")
        return cursor.fetchone()[0]


def test_the_cookie_of_a_session_is_out_of_reach_of_scripts_and_other_sites(db, client):
    cookie = client.get("/remember").cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
