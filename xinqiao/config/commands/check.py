"""Check what the linters cannot (自检): migrations, templates, generated documents, the English catalogue."""

import argparse

HELP = "自检：迁移、模板、文档、英文词目 / migrations, templates, documents, catalogue"


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take no arguments (无参数)."""


def run(arguments: argparse.Namespace) -> int:
    """This function will print every fault and fail if there is one (自检)."""
    from xinqiao.config.starting import django

    django("app")
    from xinqiao.config.checking import checks

    failed = 0
    for name, check in checks(arguments.parser).items():
        faults = check()
        print(f"{'✗' if faults else '✓'} {name}")
        for fault in faults:
            print(f"    {fault}")
        failed += bool(faults)
    return 1 if failed else 0
