"""Creating and migrating the installation's database (建库与升级)."""

import os
from collections.abc import Iterator

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from xinqiao.care.operations import publish_pathways
from xinqiao.config.installation import server
from xinqiao.kit.actor import system
from xinqiao.kit.clock import real_now
from xinqiao.kit.database import create_database


def upgrade() -> Iterator[str]:
    """This function will make the database what this version needs, telling each step (升级).

    Migrations run as the owner, each in its own transaction; a second call finds nothing to do.
    """
    if not os.environ.get("DATABASE_URL"):
        server().start()
        if create_database(server(), str(settings.DATABASES["default"]["NAME"])):
            yield "✓ 已建库"
    connection.close()
    waiting = pending()
    if waiting:
        call_command("migrate", verbosity=0, interactive=False)
        yield f"✓ 已执行 {len(waiting)} 个迁移"
    published = publish_pathways(by=system("config.upgrade"), now=real_now())
    if published:
        yield f"✓ 已发布路径：{'、'.join(published)}"
    yield "✓ 数据库是最新的"


def pending() -> list[str]:
    """This function will name the migrations that have not been applied (待执行的迁移)."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
