"""List the sources of an organisation, or enter and change one (数据来源): its line, and the instant it goes live."""

import argparse
from datetime import datetime
from typing import Any

HELP = "查看或登记数据来源 / list or enter sources"
DEFAULTS = {"name": "", "line": None, "go_live_at": None, "zone": "Asia/Shanghai", "reuses_ids": False}
NEEDS_DATABASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take the organisation, and the source to be entered (参数)."""
    parser.add_argument("organisation", help="机构代码")
    parser.add_argument("code", nargs="?", help="来源代码，如 HIS；不写则列出全部")
    parser.add_argument("--name", help="来源名称")
    parser.add_argument("--line", type=int, help="线路号：监听端口 = 首端口 + 线路号")
    parser.add_argument("--go-live", type=datetime.fromisoformat, help="上线时刻（含时区），此前的都算历史")
    parser.add_argument("--zone", help="来源所在时区，默认 Asia/Shanghai")
    parser.add_argument("--reuses-ids", action=argparse.BooleanOptionalAction, help="该来源会重复使用消息号")


def run(arguments: argparse.Namespace) -> int:
    """This function will enter the source if one is named, then list them all (登记并列出)."""
    from xinqiao.config.starting import django

    django("app")
    from xinqiao.directory.queries import get_organisation
    from xinqiao.intake.operations import save_source
    from xinqiao.intake.queries import sources
    from xinqiao.kit.actor import system
    from xinqiao.kit.clock import now
    from xinqiao.kit.rls import seen_by

    by = system("config.source", get_organisation(code=arguments.organisation).id)
    with seen_by(by, now()):
        if arguments.code:
            known = {each.code: each for each in sources(viewer=by)}.get(arguments.code)
            told: dict[str, Any] = {
                name: _told(arguments, known, name, otherwise) for name, otherwise in DEFAULTS.items()
            }
            save_source(
                code=arguments.code,
                kind="hl7v2",
                by=by,
                now=now(),
                **told | {"name": told["name"] or arguments.code},
            )
        for source in sources(viewer=by):
            live = source.go_live_at.isoformat() if source.go_live_at else "未上线"
            print(f"{source.code}\t{source.name}\t{source.kind}\t线路 {source.line}\t上线 {live}")
    return 0


def _told(arguments: argparse.Namespace, known: object, name: str, otherwise: object) -> object:
    """What is not said stays as it is."""
    said = getattr(arguments, "go_live" if name == "go_live_at" else name)
    return said if said is not None else getattr(known, name, otherwise)
