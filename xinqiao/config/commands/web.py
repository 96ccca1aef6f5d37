"""Run the web server (网页服务): granian, two processes of three threads."""

import argparse
import os

HELP = "运行网页服务 / run the web server"


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take the address and the number of processes (参数)."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)


def run(arguments: argparse.Namespace) -> int:
    """This function will serve until it is stopped (运行)."""
    from xinqiao.config.starting import django

    django("app")
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["XINQIAO_ROLE"] = "app"
    Granian(
        "xinqiao.config.wsgi:application",
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=arguments.workers,
        blocking_threads=3,
        respawn_failed_workers=True,
        websockets=False,
    ).serve()
    return 0
