"""The checks of `xinqiao check`, each a list of faults in words (自检项)."""

import argparse
import contextlib
import io
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.apps import apps
from django.core.checks import run_checks
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.utils.translation import override

from xinqiao.config import generated
from xinqiao.config.section import ROOT

ANALYZER = shutil.which("systemd-analyze")
INSTALLED = "/opt/xinqiao"  # where the units say that we live
UNITS = (".service", ".timer")
UNITS_NAMED = f"systemd 单元{'' if ANALYZER else '（本机没有 systemd-analyze，只核对了命令行）'}"


def check_migrations() -> list[str]:
    """This function will name the rooms whose tables changed without a migration (迁移是否齐全)."""
    with override(None):  # else the framework's own words, in Chinese, would be changes
        loader = MigrationLoader(None)
        states = (loader.project_state(), ProjectState.from_apps(apps))
        changes = MigrationAutodetector(*states).changes(loader.graph)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("xinqiao.")}
    return [f"{label}：表结构有改动而没有迁移" for label in changes if label in ours]


def check_templates() -> list[str]:
    """This function will compile every template of ours (模板能否编译)."""
    faults = []
    for file in sorted((ROOT / "xinqiao").rglob("templates/**/*.*")):
        name = str(file).split("/templates/", 1)[1]
        try:
            get_template(name)
        except TemplateSyntaxError as fault:
            faults.append(f"{Path(name)}：{fault}")
    return faults


def check_django() -> list[str]:
    """This function will run Django's own checks, those for deployment too (框架自检)."""
    quiet = {"security.W004", "security.W008", "security.W012", "security.W016"}  # TLS ends at the proxy
    quiet |= {"urls.W002"}  # /manager and /manager/cards: our addresses do not end in a slash
    found = run_checks(include_deployment_checks=True, databases=[])  # no database is asked
    return [str(fault) for fault in found if fault.id not in quiet]


def unit_faults(folder: Path, parser: argparse.ArgumentParser) -> list[str]:
    """This function will name what is wrong with a folder's units; without systemd only command lines (单元错误)."""
    faults = []
    for file in sorted(folder.glob("*.service")):
        for line in command_lines(file):
            with contextlib.redirect_stderr(io.StringIO()) as said:
                try:
                    parser.parse_args(line)
                except SystemExit:
                    faults.append(f"{file.name}：{shlex.join(line)}：{said.getvalue().splitlines()[-1]}")
    return faults + (_systemd_faults(folder) if ANALYZER else [])


def command_lines(unit: Path) -> list[list[str]]:
    """This function will give the arguments of every command of ours that a unit starts (单元命令行)."""
    lines = [
        line.partition("=")[2] for line in unit.read_text("utf-8").splitlines() if line.startswith("Exec")
    ]
    return [words[1:] for words in map(shlex.split, lines) if words[0].endswith("/xinqiao")]


def _systemd_faults(folder: Path) -> list[str]:
    """Ask systemd about copies of the units that point at this very program, so that it exists."""
    with tempfile.TemporaryDirectory() as beside:
        copies = [Path(beside) / file.name for file in sorted(folder.glob("*.*")) if file.suffix in UNITS]
        for copy in copies:
            text = (folder / copy.name).read_text("utf-8")
            copy.write_text(text.replace(INSTALLED, str(ROOT)), "utf-8")
        asked = subprocess.run(
            [str(ANALYZER), "verify", "--man=no", *map(str, copies)],
            capture_output=True,
            text=True,
            check=False,
        )
    said = [line for line in asked.stderr.splitlines() if any(copy.name in line for copy in copies)]
    return said or ([asked.stderr.strip()] if asked.returncode else [])


def checks(parser: argparse.ArgumentParser) -> dict[str, Callable[[], list[str]]]:
    """This function will list every check by its name; the units' command lines are read by our parser (自检清单)."""
    return {
        "迁移": check_migrations,
        "模板": check_templates,
        "框架": check_django,
        UNITS_NAMED: partial(unit_faults, ROOT / "deploy", parser),
        "生成的文档与英文词目": generated.check,
    }
