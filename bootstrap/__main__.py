"""Bring this clone to a level: runtime, test or check (安装到某一级)."""

import sys

from bootstrap import browser, frontend, packages
from bootstrap.steps import Stuck, only_one_at_a_time, say


def main(arguments: list[str]) -> int:
    """Prepare the level that is asked for, or say in one line what to do (准备环境)."""
    if len(arguments) != 1 or arguments[0] not in packages.LEVELS:
        say(f"✗ 用法：bootstrap/run {' | '.join(packages.LEVELS)}")
        return 2
    try:
        with only_one_at_a_time():
            prepare(arguments[0])
    except Stuck as stuck:
        say(f"✗ {stuck}")
        return 1
    except KeyboardInterrupt:
        say("✗ 已中断，再运行一次会接着装。")
        return 130
    return 0


def prepare(level: str) -> None:
    """Do what the level needs and is not there yet (逐项准备)."""
    packages.install(level)
    frontend.build()
    if level == "test":
        browser.find_or_install()


sys.exit(main(sys.argv[1:]))
