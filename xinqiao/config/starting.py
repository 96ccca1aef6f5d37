"""Starting what one command needs (启动): Django with the rights of one role, and the database where nothing runs it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from xinqiao.config.installation import server


def django(role: str) -> None:
    """This function will start Django with the rights of one database role (启动 Django)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")
    os.environ["XINQIAO_ROLE"] = role
    import django as framework

    framework.setup()


@contextmanager
def database() -> Iterator[None]:
    """This function will have the embedded database answer for one command, and leave it as it was found (临时启动数据库)."""
    if os.environ.get("DATABASE_URL") or server().is_ready():
        yield
        return
    server().start()
    try:
        yield
    finally:
        server().stop()
