"""What the doctor looks at (体检项目): secrets, database, rights, walls, migrations, worker, disk, front end."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from xinqiao.config.health import QUIET, worker_quiet
from xinqiao.config.section import ROOT
from xinqiao.config.upgrading import pending

SPARE = 2 * 1024**3  # bytes of disk under which the doctor speaks up


@dataclass(frozen=True)
class Finding:
    """One thing looked at (一项结果)."""

    what: str
    well: bool = True
    remedy: str = ""


def examine() -> Iterator[Finding]:
    """This function will look at one thing after the other; without a database it stops there (体检)."""
    yield from _secrets()
    yield _disk()
    yield _front_end()
    try:
        yield _rights()
    except DatabaseError:
        yield Finding(
            "数据库没有应答", False, "运行 xinqiao run；若已在运行，看数据目录中的 postgres/server.log"
        )
        return
    yield from _walls()
    waiting = pending()
    yield Finding(f"待执行的迁移 {len(waiting)} 个", not waiting, "运行 xinqiao upgrade")
    quiet = worker_quiet()
    yield Finding(
        "后台进程心跳正常" if quiet <= QUIET else "后台进程没有心跳",
        quiet <= QUIET,
        "运行 xinqiao run，并查看 logs/worker.log",
    )


def _secrets() -> Iterator[Finding]:
    folder = Path(settings.HOME) / "secrets"
    for path in sorted(folder.glob("*")):
        if path.stat().st_mode & 0o077:
            yield Finding(f"{path.name} 可被他人读取", False, f"chmod 600 {path}")
    yield Finding(f"密钥目录 {folder}")


def _disk() -> Finding:
    free = shutil.disk_usage(settings.HOME).free
    return Finding(
        f"数据盘可用 {free / 1024**3:.1f} GB", free > SPARE, "清理磁盘，或把 XINQIAO_HOME 移到更大的盘"
    )


def _front_end() -> Finding:
    built = (ROOT / "frontend" / "dist").exists()
    return Finding("前端已构建" if built else "前端尚未构建", built, "运行 make setup")


def _rights() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        role, superuser, bypass = cursor.fetchone()
    said = f"数据库角色 {role}：rolsuper={str(superuser)[0].lower()} rolbypassrls={str(bypass)[0].lower()}"
    return Finding(said, not superuser and not bypass, "用 xinqiao upgrade 重建角色；程序不得以超级用户连接")


def _walls() -> Iterator[Finding]:
    """Every table with a patient column stands behind row security."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'patient_id'"
            " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT c.relrowsecurity"
        )
        bare = [row[0] for row in cursor]
    yield Finding(
        f"没有行级安全的患者表：{'、'.join(bare)}" if bare else "所有患者表都有行级安全",
        not bare,
        "运行 xinqiao upgrade",
    )
