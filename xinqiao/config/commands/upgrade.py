"""Bring the database to this version (升级): create it at first, migrate it as its owner."""

import argparse

HELP = "建库并升级到当前版本 / create and migrate the database"
NEEDS_DATABASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take no arguments (无参数)."""


def run(arguments: argparse.Namespace) -> int:
    """This function will start the embedded server where needed, create, migrate, and say what it did (升级)."""
    from xinqiao.config.starting import django

    django("owner")
    from xinqiao.config.upgrading import upgrade

    for line in upgrade():
        print(line)
    return 0
