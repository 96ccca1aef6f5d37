"""Open the demonstration hospital (演示): seeds it at first, then runs everything until Ctrl-C; data are kept."""

import argparse
import os
import time

HELP = "打开演示医院 / open the demo hospital"
PEOPLE = 20_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take what to do, and the ports (参数)."""
    parser.add_argument(
        "what", nargs="?", choices=["run", "code"], default="run", help="code NAME：显示当前动态口令"
    )
    parser.add_argument("name", nargs="?", help="登录名，如 chen_jing")
    parser.add_argument("--reset", action="store_true", help="清空演示数据，从头再来")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--mllp-port", type=int, default=2575)
    parser.add_argument("--people", type=int, default=PEOPLE)


def run(arguments: argparse.Namespace) -> int:
    """This function will open the demonstration, or print the current code of one login (运行)."""
    from xinqiao.config.installation import prepare_home

    home = prepare_home()
    os.environ["XINQIAO_DEMO"] = "1"
    os.environ["XINQIAO_CLOCK_FILE"] = str(home / "clock.json")
    if arguments.what == "code":
        return _show_code(arguments.name)
    from xinqiao.config.demo.opening import Demonstration

    began = time.monotonic()
    demonstration = Demonstration(home, arguments.port, arguments.mllp_port, arguments.people)
    demonstration.claim()
    try:
        if arguments.reset:
            demonstration.clear()
        demonstration.prepare()
        demonstration.start()
        demonstration.tell(time.monotonic() - began)
        demonstration.supervisor.keep()
    finally:
        print("正在停止…数据已保留。")
        demonstration.supervisor.stop()
    return 0


def _show_code(name: str | None) -> int:
    from xinqiao.config.starting import django

    django("app")
    from xinqiao.accounts.queries import find_user, totp_now
    from xinqiao.kit.actor import system
    from xinqiao.kit.clock import real_now

    user_id = find_user(name or "", viewer=system("config.demo"))
    if user_id is None:
        print("没有这个登录名。可用的登录名在 make demo 的输出里。")
        return 1
    print(totp_now(user_id, viewer=system("config.demo"), now=real_now()))
    return 0
