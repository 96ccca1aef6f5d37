import os
import signal
import threading
import time

import psycopg
import pytest

from xinqiao.kit.database import APP, OWNER, connect, create_database
from xinqiao.kit.postgres import Server


@pytest.fixture
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pg") / "postgres"
    for parent in list(folder.parents)[
        :3
    ]:  # the folders pytest made for us: the server's user must pass through
        if parent.name.startswith("pytest-") or "pg" in parent.name:
            parent.chmod(0o755)
    server = Server(folder)
    server.start()
    yield server
    server.stop()


def test_a_killed_postmaster_comes_back_with_every_acknowledged_commit(server):
    create_database(server, "work")
    with connect(server, OWNER, "work") as db:
        db.execute("CREATE TABLE kept (id int PRIMARY KEY)")
    acknowledged: list[int] = []
    stop = threading.Event()

    def write(offset: int) -> None:
        number = offset
        while not stop.is_set():
            try:
                with connect(server, OWNER, "work") as db:
                    while not stop.is_set():
                        db.execute("INSERT INTO kept VALUES (%s)", [number])
                        acknowledged.append(number)
                        number += 2
            except psycopg.Error:
                number += 2
                time.sleep(0.05)

    writers = [threading.Thread(target=write, args=(offset,)) for offset in (0, 1)]
    for writer in writers:
        writer.start()
    for _ in range(2):
        time.sleep(0.4)
        os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        server.start()
    time.sleep(0.2)
    stop.set()
    for writer in writers:
        writer.join()
    with connect(server, OWNER, "work") as db:
        there = {row[0] for row in db.execute("SELECT id FROM kept")}
    assert len(acknowledged) > 100
    assert set(acknowledged) - there == set()


def test_a_second_start_finds_the_first_ones_server(server):
    Server(server.folder).start()
    assert server.is_ready()


def test_the_application_has_no_power_over_the_server_or_the_tables(server):
    create_database(server, "work")
    with connect(server, APP, "work") as db:
        rights = db.execute(
            "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert rights == (False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("CREATE TABLE mine (id int)")
