"""Make a new room with the furniture that every room has (新建房间)."""

import argparse

HELP = "新建房间 / make a room"
FURNITURE = {
    "__init__.py": '"""{name}: say in one line what the room is for (用途)."""\n',
    "models.py": '"""Tables of {name}, with their constraints (表)."""\n',
    "queries.py": '"""Questions to {name} that change nothing (查询)."""\n',
    "operations.py": '"""Everything that changes {name} (操作)."""\n',
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take the room's name, which must stand on a floor of the section (参数)."""
    parser.add_argument("name")


def run(arguments: argparse.Namespace) -> int:
    """This function will write the four files; a room on no floor, or one that is there, is refused (新建)."""
    from xinqiao.config.section import HOUSE, ROOT, floor_of
    from xinqiao.kit.errors import Refused

    name = arguments.name
    if floor_of(name) is None:
        raise Refused(
            f"{name} 不在楼层剖面上。请先在 xinqiao/config/section.py 里给它一层，并写一份决定记录。"
        )
    folder = ROOT / HOUSE / name
    if folder.exists():
        raise Refused(f"{name} 已经有了。")
    folder.mkdir()
    for file, text in FURNITURE.items():
        (folder / file).write_text(text.format(name=name), "utf-8")
    print(f"✓ xinqiao/{name}/　接着：写表、迁移、持有声明，再运行 xinqiao docs")
    return 0
