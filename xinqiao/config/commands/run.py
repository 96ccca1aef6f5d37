"""Run everything on this machine (运行全部): database, web, worker, MLLP listener, watched over."""

import argparse
import os

HELP = "运行全部服务 / run database, web, worker and listener"


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take the ports (参数)."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--mllp-host", default="127.0.0.1", help="本机以外的地址须配 TLS 与发送方名单")
    parser.add_argument("--mllp-port", type=int, default=2575)


def run(arguments: argparse.Namespace) -> int:
    """This function will upgrade the database, start every process, and stop them together (运行)."""
    from xinqiao.config.installation import prepare_home, server
    from xinqiao.config.supervisor import PortTaken, Supervisor, demand_port

    home = prepare_home()
    supervisor = Supervisor(home, None if os.environ.get("DATABASE_URL") else server())
    supervisor.claim({"address": f"http://{arguments.host}:{arguments.port}"})
    try:
        demand_port(arguments.port, arguments.host)
        demand_port(arguments.mllp_port, arguments.mllp_host)
    except PortTaken:
        supervisor.release()
        raise
    from xinqiao.config.starting import django

    django("owner")
    from xinqiao.config.upgrading import upgrade

    for line in upgrade():
        print(line)
    supervisor.children = services(arguments)
    try:
        supervisor.start()
        print(f"✓ 信桥已运行：http://{arguments.host}:{arguments.port}　按 Ctrl-C 停止")
        supervisor.keep()
    finally:
        supervisor.stop()
    return 0


def services(arguments: argparse.Namespace) -> list:
    """This function will list the processes that make up an installation (服务清单)."""
    from xinqiao.config.supervisor import Child, python

    web = python("web", "--host", arguments.host, "--port", str(arguments.port))
    listener = python("listener", "--host", arguments.mllp_host, "--port", str(arguments.mllp_port))
    return [
        Child("web", web, {"XINQIAO_ROLE": "app"}),
        Child("worker", python("worker"), {"XINQIAO_ROLE": "worker"}),
        Child("listener", listener, {"XINQIAO_ROLE": "worker"}),
    ]
