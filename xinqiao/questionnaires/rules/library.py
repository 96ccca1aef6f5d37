"""The published questionnaires, as files that come with the program (问卷库)."""

import functools
from pathlib import Path

import yaml

from xinqiao.kit.errors import NotFound
from xinqiao.questionnaires.rules.forms import Form, parse_form

FOLDER = Path(__file__).parents[3] / "content" / "questionnaires"


def published_form(code: str, version: int | None = None) -> Form:
    """Give a questionnaire in one version, or in its newest (取问卷)."""
    versions = [form for form in published_forms() if form.code == code and version in (None, form.version)]
    if not versions:
        raise NotFound(f"没有名为“{code}”的问卷{f'第 {version} 版' if version else ''}，请联系管理员。")
    return max(versions, key=lambda form: form.version)


@functools.cache
def published_forms() -> tuple[Form, ...]:
    """List every published version of every questionnaire; published, they never change (问卷目录)."""
    files = sorted(FOLDER.glob("*.yaml"))
    return tuple(parse_form(yaml.safe_load(file.read_text("utf-8"))) for file in files)
