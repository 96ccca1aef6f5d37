"""The checks of `xinqiao check`, each a list of faults in words (自检项)."""

from pathlib import Path

from django.apps import apps
from django.core import checks
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.template import TemplateSyntaxError
from django.template.loader import get_template

from xinqiao.config import generated
from xinqiao.config.section import ROOT


def check_migrations() -> list[str]:
    """This function will name the rooms whose tables changed without a migration (迁移是否齐全)."""
    loader = MigrationLoader(None, ignore_no_initial=True)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(
        loader.graph
    )
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
    found = checks.run_checks(include_deployment_checks=True)
    return [str(fault) for fault in found if fault.id not in quiet]


CHECKS = {
    "迁移": check_migrations,
    "模板": check_templates,
    "框架": check_django,
    "生成的文档与英文词目": generated.check,
}
