"""A file is brought in once, however often it is sent; what is history starts nothing."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from xinqiao.directory.testing import make_department, make_organisation
from xinqiao.gateways.files import applying
from xinqiao.gateways.files.applying import WrongSource
from xinqiao.gateways.files.importing import import_table
from xinqiao.intake.operations import save_source
from xinqiao.kit.actor import system
from xinqiao.kit.errors import Refused
from xinqiao.kit.rls import seen_by
from xinqiao.patients.queries import find_by_identifier

from .tables import HEADER, LI, OLD_XLS, ZHOU, csv, resident, xlsx


@pytest.fixture
def by(db, now):
    one = system("test.files", make_organisation(now=now))
    with seen_by(one, now):
        yield one


@pytest.fixture
def bring(by, now, tmp_path):
    def bring(raw: bytes, kind: str = "patients", **more):
        path = tmp_path / "table"
        path.write_bytes(raw)
        said = {"source": "files", "by": by, "now": now, "progress": lambda *_: None} | more
        return import_table(path, kind, **said)

    return bring


def tally() -> dict[str, int]:
    tables = ("patients_patient", "patients_snapshot", "patients_identifier", "patients_contactpoint",
              "record_encounter", "record_encountersnapshot", "record_condition", "intake_inbox", "audit_line")  # fmt: skip
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
        return found


def published(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kit_outbox WHERE name = %s", [name])
        return cursor.fetchone()[0]


def test_a_check_writes_nothing_at_all(bring):
    before = tally()
    told = bring(csv([HEADER, LI, ZHOU]), dry_run=True)
    assert tally() == before
    assert "可导入 2 行" in list(told.lines(9))[-1]


def test_good_rows_come_in_although_others_are_bad(bring, by, now):
    told = bring(csv([HEADER, LI, ["", "女", "", resident(5), "", ""], ZHOU]))
    assert (told.outcome.applied, told.checked.rejected) == (2, [3])
    assert find_by_identifier(by.organisation_id, "mrn", "", "00012346", viewer=by, now=now)


def test_the_same_rows_again_change_nothing_in_whatever_file_they_stand(bring):
    bring(csv([HEADER, LI, ZHOU], "gbk"))
    before = tally()
    again = bring(xlsx([["名单"], ["序号", *HEADER], [7, *ZHOU], [8, *LI]]))
    assert (again.outcome.applied, again.outcome.known) == (0, 2)
    after = tally()
    assert {name: n for name, n in after.items() if name != "audit_line"} == {
        name: n for name, n in before.items() if name != "audit_line"
    }


def test_a_mended_row_changes_its_patient_and_no_other(bring):
    bring(csv([HEADER, LI, ZHOU]))
    again = bring(csv([HEADER, [*LI[:4], "13900000000", LI[5]], ZHOU]))
    assert (again.outcome.applied, again.outcome.known) == (1, 1)
    assert tally()["patients_patient"] == 2


def test_a_row_that_the_rooms_refuse_holds_up_no_other(bring, monkeypatch):
    real = applying.receive_demographics

    def picky(*, items, by, now):
        if any(one.name == "周国强" for one in items):
            raise Refused("这一行不行。")
        return real(items=items, by=by, now=now)

    monkeypatch.setattr(applying, "receive_demographics", picky)
    told = bring(csv([HEADER, LI, ZHOU, ["吴秀英", "女", "", "", "", "00012399"]]))
    assert (told.outcome.applied, told.checked.rejected) == (2, [3])
    assert tally()["patients_patient"] == 2


def test_each_row_is_sealed_and_goes_with_its_patient(bring):
    bring(csv([HEADER, LI]))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, kind, patient_id = (SELECT id FROM patients_patient), body_sealed FROM intake_inbox"
        )
        ((state, kind, same, sealed),) = cursor.fetchall()
    assert (state, kind, same) == ("applied", "files.patients", True)
    assert "李桂兰".encode() not in bytes(sealed)


def test_discharges_make_finished_stays_in_their_departments(bring, by, now):
    department = make_department(by.organisation_id, now=now, name="心内科")
    told = bring(OLD_XLS, "discharges")
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, kind, department_id, ended_at FROM record_encounter ORDER BY ended_at")
        first, second = cursor.fetchall()
    assert first[:3] == ("finished", "inpatient", department)
    assert (second[2], told.outcome.departments_unknown) == (None, {"骨科"})
    assert first[3].isoformat() == "2026-11-19T16:00:00+00:00"


def test_discharges_before_the_source_went_live_start_nothing(bring, by, now):
    bring(OLD_XLS, "discharges")
    assert published("record.PatientDischarged") == 0
    save_source(code="live", name="上线", kind="files", reuses_ids=True, go_live_at=now - timedelta(days=4),
                by=by, now=now)  # fmt: skip
    table = [["姓名", "病案号", "出院日期"], ["吴秀英", "1", "2026-11-22"], ["郑旧", "2", "2026-11-01"]]
    told = bring(csv(table), "discharges", source="live")
    assert (published("record.PatientDischarged"), told.live) == (1, 1)


def test_a_source_of_another_kind_is_refused(bring, by, now):
    save_source(code="his", name="HIS", kind="hl7v2", by=by, now=now)
    with pytest.raises(WrongSource):
        bring(csv([HEADER, LI]), source="his")


def test_progress_is_told_by_the_batch(bring, monkeypatch):
    monkeypatch.setattr(applying, "BATCH", 2)
    steps = []
    rows = [[f"患者{chr(0x4E00 + n)}", "女", "", "", "", f"{90000 + n}"] for n in range(5)]
    bring(csv([HEADER, *rows]), progress=lambda done, of: steps.append((done, of)))
    assert steps == [(2, 5), (4, 5), (5, 5)]


def test_an_organisation_sees_only_its_own(bring, now):
    bring(csv([HEADER, LI]))
    other = system("test.files", UUID(int=9))
    with seen_by(other, now):
        assert tally()["patients_patient"] == 0
