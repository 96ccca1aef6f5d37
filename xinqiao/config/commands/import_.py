"""Bring in what hospitals have in files (导入): HL7 messages, patients, discharges."""

import argparse
import json
from datetime import date
from pathlib import Path

HELP = "导入 HL7 报文、患者名单、出院名单 / import HL7 messages, patients, discharges"
NEEDS_DATABASE = True
SHOWN = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take what to import and from where (参数)."""
    under = parser.add_subparsers(dest="what", required=True, metavar="hl7|patients|discharges")
    hl7 = under.add_parser("hl7", help="HL7 v2 报文：文件或文件夹")
    hl7.add_argument("paths", nargs="+", metavar="PATH")
    hl7.add_argument("--source", default="import", help="来源代码，默认 import：消息号可重复，全部算历史")
    hl7.add_argument("--json", action="store_true", help="最后一行是计数的 JSON")
    for what, name in (("patients", "患者名单"), ("discharges", "出院名单")):
        table = under.add_parser(what, help=f"{name}：.xlsx .xls .csv 或网页表格")
        table.add_argument("file", type=Path, metavar="FILE")
        table.add_argument("--dry-run", action="store_true", help="只预检，不写入")
        table.add_argument("--reject", type=Path, metavar="FILE", help="把有误的行写到这个 .xlsx 或 .csv")
        table.add_argument("--source", default="files", help="来源代码，默认 files：上线日期前的算历史")
        table.add_argument("--as-of", type=_day, metavar="YYYY-MM-DD", help="名单截至哪一天")
    for one in under.choices.values():
        one.add_argument("--organisation", default="", metavar="CODE", help="机构代码，只有一家时可省")


def run(arguments: argparse.Namespace) -> int:
    """This function will import, and say what became of every message or row (导入)."""
    from xinqiao.config.starting import django

    django("worker")
    from xinqiao.config.importing import choose_organisation

    organisation_id = choose_organisation(arguments.organisation)
    if arguments.what == "hl7":
        return _hl7(arguments, organisation_id)
    return _table(arguments, organisation_id)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2026-11-21") from None


def _hl7(arguments: argparse.Namespace, organisation_id) -> int:
    from xinqiao.config.importing import import_hl7

    def say(line: str) -> None:
        print(line, flush=True)

    counts = import_hl7(arguments.paths, source=arguments.source, organisation_id=organisation_id, say=say)
    print(
        f"✓ 报文 {counts['read']} 条：已入库 {counts['applied']}，重复 {counts['duplicate']}，不处理 {counts['ignored']}，"
        f"异常 {counts['quarantined']}，等待 {counts['waiting']}"
    )
    if arguments.json:
        print(json.dumps(counts))
    return 0


def _table(arguments: argparse.Namespace, organisation_id) -> int:
    from xinqiao.gateways.files.importing import import_table
    from xinqiao.gateways.files.rejecting import demand_writable, write_rejects
    from xinqiao.kit.actor import system
    from xinqiao.kit.clock import now

    if arguments.reject:
        demand_writable(arguments.reject)
    told = import_table(
        arguments.file, arguments.what, source=arguments.source, as_of=arguments.as_of,
        dry_run=arguments.dry_run, by=system("config.import", organisation_id), now=now(),
        progress=lambda done, all_: print(f"已导入 {done}/{all_}", flush=True),
    )  # fmt: skip
    for line in told.lines(SHOWN):
        print(line)
    if arguments.reject and told.checked.faults:
        write_rejects(told.checked, arguments.reject)
        print(f"有误的行已写到 {arguments.reject}，改好后可直接再导入")
    return 1 if told.checked.faults else 0
