"""The one command line (命令行): `xinqiao COMMAND`, each command a module of `commands/`."""

import argparse
import importlib
import pkgutil
import sys
from contextlib import nullcontext

from django.db import OperationalError

from xinqiao.config import commands
from xinqiao.config.starting import database
from xinqiao.kit.errors import Refused
from xinqiao.kit.postgres import PostgresUnavailable

EPILOG = "数据目录由 XINQIAO_HOME 指定。 / The data folder is named by XINQIAO_HOME."


def main(argv: list[str] | None = None) -> int:
    """This function will run one command and give its exit code; a refusal is one line (命令入口)."""
    arguments = parser().parse_args(argv)
    try:
        with database() if arguments.needs_database else nullcontext():
            return arguments.run(arguments) or 0
    except KeyboardInterrupt:
        return 130
    except OperationalError:
        print(
            "✗ 数据库没有应答，或尚未建库：请先运行 xinqiao upgrade，再看 xinqiao doctor。", file=sys.stderr
        )
    except (Refused, PostgresUnavailable) as refusal:
        print(f"✗ {refusal}", file=sys.stderr)
    except PermissionError as refusal:
        print(
            f"✗ 没有写入权限：{refusal.filename}。请换用有权限的用户，或设置 XINQIAO_HOME。", file=sys.stderr
        )
    return 1


def parser() -> argparse.ArgumentParser:
    """This function will make the parser of every command (命令行解析)."""
    whole = argparse.ArgumentParser(
        prog="xinqiao", description="信桥：医患关系管理 / patient relationship management", epilog=EPILOG
    )
    whole.set_defaults(parser=whole)  # for `check`, which reads the command lines of the units
    under = whole.add_subparsers(title="命令 / commands", metavar="COMMAND", required=True)
    for module in pkgutil.iter_modules(commands.__path__):
        command = importlib.import_module(f"{commands.__name__}.{module.name}")
        name = module.name.rstrip("_").replace("_", "-")
        one = under.add_parser(name, help=command.HELP, description=command.__doc__)
        command.arguments(one)
        one.set_defaults(run=command.run, needs_database=getattr(command, "NEEDS_DATABASE", False))
    return whole


if __name__ == "__main__":
    sys.exit(main())
