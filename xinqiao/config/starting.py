"""Starting Django for one command (启动)."""

import os


def django(role: str) -> None:
    """This function will start Django with the rights of one database role (启动 Django)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")
    os.environ["XINQIAO_ROLE"] = role
    import django as framework

    framework.setup()
