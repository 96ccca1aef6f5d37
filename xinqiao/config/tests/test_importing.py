"""The import command: files and folders of messages, tables of patients, and what became of each."""

import json
import threading
import time

import pytest
from django.db import connections

from xinqiao.config import importing, starting
from xinqiao.config.cli import main
from xinqiao.config.importing import find_files
from xinqiao.directory.testing import make_organisation
from xinqiao.gateways.hl7v2 import tasks
from xinqiao.intake.testing import make_source
from xinqiao.kit.actor import system
from xinqiao.kit.clock import now as clock

ADMITTED = (
    "MSH|^~\\&|HIS|JZ|X|X|20261120080000||ADT^A01|{id}|P|2.4\rEVN|A01|20261120080000\r"
    "PID|1||{id}^^^HIS^MR||李^桂兰||19540305|F\rPV1|1|I|XN1^^12||||||||||||||||V{id}\r"
)
MERGE = "MSH|^~\\&|HIS|JZ|X|X|20261120080000||ADT^A40|m1|P|2.4\rPID|1||7^^^HIS^MR||李^桂兰\rMRG|8^^^HIS^MR\r"
LONELY = (
    "MSH|^~\\&|LIS|JZ|X|X|20261120080000||ORU^R01|r1|P|2.4\rPID|1||900^^^HIS^MR\rOBR|1||1|GLU\r"
    "OBX|1|NM|GLU^血糖||5.6|mmol/L|||||F\r"
)
OTHER = "MSH|^~\\&|HIS|JZ|X|X|20261120080000||SIU^S12|s1|P|2.4\rPID|1||7^^^HIS^MR||李^桂兰\r"


@pytest.fixture
def organisation(committed, now, monkeypatch):
    monkeypatch.setattr(starting, "django", lambda role: None)
    return make_organisation(now=now)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.hl7").write_bytes("".join(ADMITTED.format(id=n) for n in (1, 2, 3)).encode())
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.txt").write_bytes((ADMITTED.format(id=1) + MERGE + LONELY + OTHER).encode())
    (tmp_path / "broken.hl7").write_bytes(b"no message at all")
    (tmp_path / "notes.pdf").write_text("MSH")
    (tmp_path / ".hidden").write_text("MSH")
    return tmp_path


def counted(capsys, *arguments) -> dict[str, int]:
    assert main(["import", "hl7", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_every_message_of_a_folder_is_counted_once(organisation, folder, capsys):
    counts = counted(capsys, folder)
    assert counts == {"read": 8, "applied": 3, "duplicate": 1, "ignored": 1, "quarantined": 2, "waiting": 1}


def test_the_same_folder_again_is_all_duplicates(organisation, folder, capsys, owner):
    counted(capsys, folder)
    patients = owner.execute("SELECT count(*) FROM patients_snapshot").fetchone()
    counts = counted(capsys, folder)
    assert (counts["read"], counts["duplicate"]) == (8, 8)
    assert owner.execute("SELECT count(*) FROM patients_snapshot").fetchone() == patients


def test_what_is_imported_is_history(organisation, folder, capsys, owner):
    counted(capsys, folder)
    assert owner.execute("SELECT count(*) FROM record_encounter WHERE is_live").fetchone() == (0,)
    assert owner.execute("SELECT count(*) FROM kit_outbox WHERE name LIKE 'record.Patient%'").fetchone() == (
        0,
    )


def test_a_file_that_is_named_is_imported_whatever_it_is_called(tmp_path):
    named = tmp_path / "messages.json"
    named.write_text("MSH")
    assert find_files([str(named)]) == [named]


def test_what_a_worker_holds_is_waited_for(organisation, folder, monkeypatch):
    def worker():
        time.sleep(0.3)
        while tasks.apply_some(organisation, now=clock()):
            pass
        connections.close_all()

    monkeypatch.setattr(importing, "apply_some", lambda *_, **__: 0)
    other = threading.Thread(target=worker)
    other.start()
    counts = importing.import_hl7(
        [str(folder)], source="import", organisation_id=organisation, say=lambda _: None
    )
    other.join()
    assert counts["applied"] == 3


def test_what_nobody_applies_is_said_to_wait(organisation, folder, monkeypatch):
    said = []
    monkeypatch.setattr(importing, "apply_some", lambda *_, **__: 0)
    monkeypatch.setattr(importing, "PATIENCE", 0.2)
    counts = importing.import_hl7(
        [str(folder)], source="import", organisation_id=organisation, say=said.append
    )
    assert (counts["waiting"], counts["applied"]) == (7, 0)
    assert "还有 7 条" in said[-1]


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["hl7", "/nowhere/at-all"], "没有这个文件或文件夹"),
        (["hl7", "{folder}", "--source", "unknown"], "没有这个消息来源"),
        (["hl7", "{folder}", "--source", "tables"], "不是 HL7 来源"),
        (["hl7", "{folder}", "--organisation", "nobody"], "没有这家机构"),
        (["patients", "{folder}/a.hl7"], "没有找到表头"),
        (["patients", "{folder}/none.xlsx"], "没有这个文件"),
        (["patients", "{folder}/a.hl7", "--reject", "{folder}/a.hl7"], "退回文件"),
    ],
)
def test_what_cannot_be_done_is_one_line_in_chinese(organisation, folder, now, capsys, arguments, words):
    make_source(by=system("test", organisation), now=now, code="tables", kind="files")
    assert main(["import", *(each.format(folder=folder) for each in arguments)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert words in told[0]


def test_with_two_organisations_one_must_be_named(organisation, folder, now, capsys):
    make_organisation(now=now, code="second", name="二院")
    assert main(["import", "hl7", str(folder)]) == 1
    assert "second" in capsys.readouterr().err
    assert main(["import", "hl7", str(folder), "--organisation", "second"]) == 0


def test_a_table_is_checked_then_imported_and_its_bad_rows_go_to_a_file(
    organisation, tmp_path, capsys, owner
):
    table, reject = tmp_path / "list.csv", tmp_path / "reject.xlsx"
    table.write_bytes("姓名,性别,病案号\n李桂兰,女,100\n周国强,猫,101\n".encode("gbk"))
    assert main(["import", "patients", str(table), "--dry-run"]) == 1
    assert "没有写入：共 2 行，可导入 1 行，有误 1 行" in capsys.readouterr().out
    assert owner.execute("SELECT count(*) FROM intake_source").fetchone() == (0,)
    assert main(["import", "patients", str(table), "--reject", str(reject)]) == 1
    out = capsys.readouterr().out
    assert "✗ 第 3 行　性别“猫”：认不出性别。请填 男、女 或 未知。" in out
    assert "✓ 新导入 1 行" in out
    assert owner.execute("SELECT count(*) FROM patients_patient").fetchone() == (1,)
    assert main(["import", "patients", str(reject), "--dry-run"]) == 1
