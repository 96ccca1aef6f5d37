"""Run the simulated hospital (仿真): it speaks only MLLP, the text provider's HTTP and SMTP; for the demo."""

import argparse

HELP = "运行仿真医院（演示用） / run the simulated hospital"


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take the demonstration's ports (参数)."""
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--mllp-port", type=int, default=2575)


def run(arguments: argparse.Namespace) -> int:
    """This function will run until it is stopped (运行)."""
    from xinqiao.config.demo.living import live
    from xinqiao.config.installation import prepare_home

    return live(prepare_home(), arguments.port, arguments.mllp_port)
