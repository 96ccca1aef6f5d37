"""Run the MLLP listener (报文监听): one port per source, loopback unless TLS and a list of peers are given."""

import argparse

HELP = "运行 HL7 报文监听 / run the MLLP listener"


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take the address; further ports follow in the order of the sources (参数)."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=2575, help="第一个来源的端口，其余来源依次加一")
    parser.add_argument("--certificate", help="PEM，本机以外的地址必填")
    parser.add_argument("--key")
    parser.add_argument("--authority", help="签发发送方证书的 CA")
    parser.add_argument("--peer", action="append", default=[], help="允许的发送方地址或网段，可重复")


def run(arguments: argparse.Namespace) -> int:
    """This function will listen until it is stopped (运行)."""
    import asyncio

    from xinqiao.config.starting import django

    django("worker")
    from xinqiao.config.listening import listen

    asyncio.run(listen(arguments))
    return 0
