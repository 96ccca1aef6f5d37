"""Write the generated documents (生成文档): import contracts, the map, the state diagrams."""

import argparse

HELP = "重写生成的文档 / write the generated documents again"


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take which document, all by default (参数)."""
    parser.add_argument("which", nargs="?", choices=["contracts", "map", "states", "catalogue"])


def run(arguments: argparse.Namespace) -> int:
    """This function will write each generated document (生成)."""
    from xinqiao.config.generated import GENERATED

    for name, module in GENERATED.items():
        if arguments.which in (None, name):
            module.write()
            print(f"✓ {name}")
    return 0
