"""The doctor: says what is wrong with an installation, and how to mend it."""

from contextlib import contextmanager

import pytest
from django.db import connection

from xinqiao.config import installation, starting
from xinqiao.config.cli import main
from xinqiao.config.examination import examine
from xinqiao.kit.postgres import SUPERUSER


@pytest.fixture(autouse=True)
def started(monkeypatch):
    monkeypatch.setattr(starting, "django", lambda role: None)


@pytest.fixture
def home(tmp_path, settings):
    (tmp_path / "secrets").mkdir(mode=0o700)
    settings.HOME = tmp_path
    return tmp_path


@contextmanager
def connected(**otherwise):
    """The doctor's connection, to something else."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= otherwise
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= before


def ill(word: str) -> str:
    """The remedy of the one thing that is wrong and has this word."""
    (finding,) = [each for each in examine() if not each.well and word in each.what]
    assert finding.remedy
    return finding.remedy


def well(word: str) -> bool:
    return any(each.well and word in each.what for each in examine())


def test_it_prints_that_the_program_has_no_power_over_row_security(committed, capsys):
    main(["doctor"])
    assert "✓ 数据库角色 xinqiao_app：rolsuper=f rolbypassrls=f" in capsys.readouterr().out


def test_a_superuser_is_found(committed):
    dsn = installation.server().dsn(SUPERUSER, connection.settings_dict["NAME"])
    with connected(USER=dsn["user"], PASSWORD=dsn["password"]):
        assert "xinqiao upgrade" in ill("rolsuper=t")


def test_a_patients_table_without_row_security_is_found(committed, owner):
    assert well("所有患者表都有行级安全")
    owner.execute("CREATE TABLE planted (patient_id uuid)")
    try:
        assert ill("planted") == "运行 xinqiao upgrade"
    finally:
        owner.execute("DROP TABLE planted")


def test_a_secret_that_others_can_read_is_found_with_its_remedy(committed, home):
    secret = home / "secrets" / "sms.json"
    secret.touch(mode=0o600)
    assert not [each for each in examine() if "sms.json" in each.what]
    secret.chmod(0o644)
    assert ill("sms.json 可被他人读取") == f"chmod 600 {secret}"


def test_a_migration_that_waits_is_found(committed, owner):
    assert well("待执行的迁移 0 个")
    row = owner.execute(
        "DELETE FROM django_migrations WHERE app = 'care' AND name = (SELECT max(name) FROM django_migrations"
        " WHERE app = 'care') RETURNING app, name, applied"
    ).fetchone()
    try:
        assert ill("待执行的迁移 ") == "运行 xinqiao upgrade"
    finally:
        owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", row)


def test_a_database_that_does_not_answer_is_found_and_the_command_fails(committed, capsys, tmp_path):
    with connected(HOST=str(tmp_path)):
        assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "✗ 数据库没有应答" in said and "怎么修：运行 xinqiao run" in said


def test_a_worker_that_gave_no_sign_of_life_is_found(committed, home):
    assert "logs/worker.log" in ill("没有心跳")
