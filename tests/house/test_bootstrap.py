"""The two README commands work on machines that are not as tidy as ours (安装准备)."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import browser, frontend, packages, steps

ROOT = Path(__file__).resolve().parents[2]
PYTHON = os.path.realpath(sys.executable)
TOOLS_OF_SH = ("sh", "cat", "dirname", "mkdir", "sed", "tee", "tr")


@pytest.fixture
def clone(tmp_path):
    """A copy of the clone's bootstrap folder, on a machine with a bare PATH and an empty home."""
    shutil.copytree(ROOT / "bootstrap", tmp_path / "clone/bootstrap")
    (tmp_path / "clone/.tools").mkdir()
    for name in TOOLS_OF_SH:
        link(tmp_path / "bin" / name, shutil.which(name))
    return tmp_path / "clone"


def link(path, target):
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(target)


def write_program(path, body):
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def run_in(clone, *command, folders=("bin",)):
    path = os.pathsep.join(str(clone.parent / folder) for folder in folders)
    environment = {"PATH": path, "HOME": str(clone.parent)}
    return subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, timeout=20)


def test_a_shim_that_does_not_run_is_passed_over(clone):
    write_program(clone.parent / "shims/python3.13", "echo 'command not found' >&2; exit 127")
    link(clone.parent / "real/python3", PYTHON)
    found = run_in(clone, "sh", "bootstrap/python.sh", folders=("shims", "real", "bin"))
    assert found.stdout.strip() == PYTHON


def test_a_python_of_the_version_manager_is_found_behind_its_shim(clone):
    write_program(clone.parent / "shims/python3.13", "exit 127")
    managed = clone.parent / ".pyenv/versions/3.13.0/bin"
    managed.mkdir(parents=True)
    link(managed / "python", PYTHON)
    found = run_in(clone, "sh", "bootstrap/python.sh", folders=("shims", "bin"))
    assert found.stdout.strip() == PYTHON


def test_an_old_python_is_passed_over(clone):
    write_program(clone.parent / "old/python3", "exit 1")
    link(clone.parent / "real/python3", PYTHON)
    found = run_in(clone, "sh", "bootstrap/python.sh", folders=("old", "real", "bin"))
    assert found.stdout.strip() == PYTHON


def test_without_any_python_one_line_says_what_to_install(clone):
    write_program(clone.parent / "bin/uv", '[ "$1" = --version ]')
    refused = run_in(clone, "sh", "bootstrap/python.sh")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "请先安装 Python 3.13" in refused.stderr.splitlines()[-1]


def test_a_folder_that_cannot_be_written_is_named(clone):
    (clone / ".tools").rmdir()
    (clone / ".tools").write_text("")
    refused = run_in(clone, "sh", "bootstrap/run", "runtime")
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"✗ 没有写权限：{clone}")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["runtime", "test", "check", "uv", "node"])
def test_every_package_is_pinned_by_hash_and_no_host_is_named(name):
    pinned = (ROOT / f"requirements/{name}.txt").read_text()
    packages_pinned = re.findall(r"^\S+==\S+", pinned, re.M)
    with_hash = re.findall(r"^\S+==\S+(?: ;[^\n]*)? \\\n +--hash=sha256:[0-9a-f]{64}", pinned, re.M)
    assert len(with_hash) == len(packages_pinned) > 0
    assert "://" not in pinned and "index-url" not in pinned


@pytest.mark.parametrize("name", ["runtime", "test", "check", "uv", "node"])
def test_every_package_asked_for_is_pinned(name):
    asked = re.findall(r"^([A-Za-z][\w.-]*)", (ROOT / f"requirements/{name}.in").read_text(), re.M)
    pinned = re.findall(r"^([a-z][\w.-]*)", (ROOT / f"requirements/{name}.txt").read_text(), re.M)
    assert {re.sub(r"[-_.]+", "-", each.lower()) for each in asked} <= set(pinned)


def test_the_front_end_lock_names_no_host():
    assert '"resolved"' not in (ROOT / "frontend/package-lock.json").read_text()


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("error: Request failed\n  cause: dns error", "连不上软件包索引"),
        ("npm error code EACCES", "没有写权限"),
        ("OSError: [Errno 28] No space left on device", "磁盘空间不足"),
        ("npm warn x\nnpm error code EUSAGE\nnpm error the lock file is not in step\nsee log", "not in step"),
        ("", "没有输出"),
    ],
)
def test_a_failure_says_in_one_line_what_to_do(output, advice):
    assert advice in steps.advise(output)
    assert "\n" not in steps.advise(output)


def test_a_changed_input_changes_the_fingerprint(tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    source = tmp_path / "source"
    source.write_text("before")
    before = steps.fingerprint([source])
    assert steps.fingerprint([source]) == before
    source.write_text("after")
    assert steps.fingerprint([source]) != before


def test_a_lower_level_never_takes_away_a_higher(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "STAMP", tmp_path / "installed")
    assert packages.installed_level() == "runtime"
    packages.STAMP.write_text("check 12345678")
    assert packages.installed_level() == "check"


def test_a_second_preparation_waits_for_the_first(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(steps, "TOOLS", tmp_path)
    order = []
    real = fcntl.flock

    def flock(lock, how):
        order.append(how)
        if how == fcntl.LOCK_EX:
            holder.close()
        real(lock, how)

    holder = (tmp_path / "lock").open("w")
    real(holder, fcntl.LOCK_EX)
    monkeypatch.setattr(fcntl, "flock", flock)
    with steps.only_one_at_a_time():
        assert order == [fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_EX]
    assert "另一个安装正在进行" in capsys.readouterr().out


@pytest.mark.parametrize(("answer", "expected"), [("exit 0", True), ("exit 1", False), ("exit 127", False)])
def test_a_node_too_old_or_broken_is_not_used(tmp_path, answer, expected):
    write_program(tmp_path / "node", answer)
    assert frontend.is_new_enough(tmp_path / "node") is expected


def test_a_named_browser_that_does_not_start_is_refused(tmp_path, monkeypatch):
    write_program(tmp_path / "chromium", "exit 1")
    monkeypatch.setenv("XINQIAO_CHROMIUM", str(tmp_path / "chromium"))
    with pytest.raises(steps.Stuck, match="XINQIAO_CHROMIUM"):
        browser.find_browser()


def test_a_browser_found_before_is_used_again(tmp_path, monkeypatch):
    write_program(tmp_path / "chromium", "exit 0")
    monkeypatch.delenv("XINQIAO_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "FOUND", tmp_path / "found")
    browser.FOUND.write_text(str(tmp_path / "chromium"))
    assert browser.find_browser() == str(tmp_path / "chromium")


def test_an_environment_made_elsewhere_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "VENV", tmp_path / ".venv")
    assert not packages.fits_here()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    link(tmp_path / ".venv/bin/python", PYTHON)
    (tmp_path / ".venv/bin/activate").write_text(f"VIRTUAL_ENV='{tmp_path}/.venv'")
    assert packages.fits_here()
    (tmp_path / ".venv/bin/activate").write_text("VIRTUAL_ENV='/elsewhere/.venv'")
    assert not packages.fits_here()


def test_every_word_of_the_makefile_is_explained():
    makefile = (ROOT / "Makefile").read_text()
    words = set(re.search(r"^\.PHONY: (.*)$", makefile, re.M).group(1).split())
    explained = set(re.findall(r"^([a-z-]+):.*## .*\S \| \S", makefile, re.M))
    assert words == explained == set(re.findall(r"^([a-z-]+):", makefile, re.M))
