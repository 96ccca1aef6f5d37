"""The command line: every command explains itself; what cannot be done is said in one line; units are in step."""

import os
import socket
import sys
import warnings
from contextlib import closing

import pytest

from xinqiao.config import checking, cli
from xinqiao.config.cli import main
from xinqiao.config.section import ROOT
from xinqiao.config.supervisor import Supervisor


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XINQIAO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def said(capsys, *arguments: str) -> str:
    """What a command that fails says: exactly one line."""
    assert main(list(arguments)) == 1
    heard = capsys.readouterr()
    assert heard.out == "" and heard.err.count("\n") == 1
    return heard.err


def commands() -> list[str]:
    (under,) = [action for action in cli.parser()._actions if getattr(action, "choices", None)]
    return sorted(under.choices)


@pytest.mark.parametrize("name", commands())
def test_every_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"xinqiao {name}" in capsys.readouterr().out


def test_the_help_is_in_both_languages(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out
    for line in [each for each in listed.splitlines() if each.strip().startswith(tuple(commands()))]:
        assert " / " in line or "—" in line, line
    assert "XINQIAO_HOME" in listed


def test_a_second_run_says_where_the_first_is(home, capsys):
    home.mkdir()
    first = Supervisor(home, None)
    first.claim({"address": "http://127.0.0.1:8123"})
    assert "已有一个信桥在运行：http://127.0.0.1:8123" in said(capsys, "run", "--port", "8124")
    first.stop()


@pytest.mark.parametrize("option", ["--port", "--mllp-port"])
def test_a_taken_port_is_said_before_anything_is_started(home, capsys, option):
    with closing(socket.socket()) as taken, closing(socket.socket()) as free:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        free.bind(("127.0.0.1", 0))
        port, other = taken.getsockname()[1], free.getsockname()[1]
        free.close()
        rest = "--mllp-port" if option == "--port" else "--port"
        assert f"端口 {port} 已被占用" in said(capsys, "run", option, str(port), rest, str(other))
    assert not (home / "postgres").exists()


def as_nobody(folder, *arguments: str) -> str:
    """Run a command as a user who may not write to the folder, in a process of its own; what it said."""
    heard = folder.parent / "heard"
    folder.chmod(0o500)
    cli.parser()  # everything is read before the rights are given up
    with heard.open("w") as out, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other tests' threads stay behind in the parent
        child = os.fork()
        if child == 0:
            sys.stderr = out
            if os.geteuid() == 0:
                os.setuid(65534)
            code = main(list(arguments))
            out.flush()
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    assert os.WEXITSTATUS(status) == 1
    return heard.read_text()


def test_a_folder_that_cannot_be_written_is_said_with_what_to_do(home, tmp_path):
    home.mkdir()
    heard = as_nobody(home, "run")
    assert heard.startswith("✗ 没有写入权限：") and "XINQIAO_HOME" in heard
    assert heard.count("\n") == 1


def test_the_command_lines_of_the_units_are_ours():
    assert checking.unit_faults(ROOT / "deploy", cli.parser()) == []
    words = [line for file in (ROOT / "deploy").glob("*.service") for line in checking.command_lines(file)]
    assert {line[0] for line in words} == {"run", "audit"}


UNIT = "[Service]\nExecStart=/opt/xinqiao/.venv/bin/xinqiao {}\n"


@pytest.mark.parametrize("wrong", ["runn", "run --prot 8000", "run --port eight"])
def test_a_unit_whose_command_line_we_would_refuse_is_a_fault(tmp_path, wrong):
    (tmp_path / "planted.service").write_text(UNIT.format(wrong))
    assert any(wrong in fault for fault in checking.unit_faults(tmp_path, cli.parser()))


def test_a_unit_that_systemd_would_refuse_is_a_fault(tmp_path, tmp_path_factory, monkeypatch):
    """What systemd says is passed on; a stand-in says it here, since not every machine has systemd."""
    analyzer = tmp_path_factory.mktemp("bin") / "systemd-analyze"
    analyzer.write_text('#!/bin/sh\nshift 2\nfor f; do grep -H sometimes "$f" >&2 && exit 1; done\nexit 0\n')
    analyzer.chmod(0o755)
    monkeypatch.setattr(checking, "ANALYZER", str(analyzer))
    (tmp_path / "planted.service").write_text(UNIT.format("run") + "Restart=sometimes\n")
    assert any("sometimes" in fault for fault in checking.unit_faults(tmp_path, cli.parser()))
