"""Measure this installation (性能测量): each work in a database of its own, gone afterwards."""

import argparse
import sys

HELP = "性能测量 / measure: hl7 page360 search memory start"


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take what to measure, how large, and how to print it (参数)."""
    parser.add_argument("works", nargs="*", metavar="NAME", help="hl7 page360 search memory start，默认全部")
    parser.add_argument("--size", type=int, metavar="N", help="规模：报文数或患者数")
    parser.add_argument("--json", action="store_true", help="每项结果一行 JSON")
    parser.add_argument(
        "--fsync-ms", type=float, default=0.0, metavar="MS", help="模拟慢盘：每次提交多等几毫秒"
    )


def run(arguments: argparse.Namespace) -> int:
    """This function will make the measurements one after the other (测量)."""
    from xinqiao.config.installation import CLONE

    sys.path.insert(0, str(CLONE))  # the benchmarks stand beside the package, as the tests do
    from benchmarks.running import measure

    return measure(arguments.works, arguments.size, as_json=arguments.json, fsync_ms=arguments.fsync_ms)
