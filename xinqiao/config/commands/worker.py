"""Run one worker (后台进程): events, due steps, sending, sealing."""

import argparse

HELP = "运行后台进程 / run one worker"


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take no arguments (无参数)."""


def run(arguments: argparse.Namespace) -> int:
    """This function will run a worker with the worker's rights (运行)."""
    from xinqiao.config.starting import django

    django("worker")
    from xinqiao.config.worker import main

    return main()
