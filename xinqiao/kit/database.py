"""Roles, rights and creation of a database (数据库角色与建库): who may do what there, in one place."""

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from xinqiao.kit.postgres import SUPERUSER, Server, password

OWNER, APP, WORKER, AUDITOR, BACKUP = (
    "xinqiao_owner",
    "xinqiao_app",
    "xinqiao_worker",
    "xinqiao_auditor",
    "xinqiao_backup",
)
ROLES = (OWNER, APP, WORKER, AUDITOR, BACKUP)


def create_database(server: Server, name: str, template: str = "template0") -> bool:
    """This function will create the roles and one database, and say whether it was new (建库)."""
    with connect(server, SUPERUSER, "postgres") as db:
        _create_roles(db)
        if db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        db.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
            )
        )
    with connect(server, SUPERUSER, name) as db:
        for extension in ("btree_gist", "pg_trgm"):
            db.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        _grant(db)
    return True


def drop_database(server: Server, name: str) -> None:
    """This function will drop one database, ending its sessions (删库)."""
    with connect(server, SUPERUSER, "postgres") as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def connect(server: Server, role: str, database: str) -> psycopg.Connection:
    """This function will open an autocommit connection as one role (直接连接)."""
    return psycopg.connect(make_conninfo(**server.dsn(role, database)), autocommit=True)


def _create_roles(db: psycopg.Connection) -> None:
    for role in ROLES:
        if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            db.execute(
                sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(password(role))
                )
            )
    db.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(OWNER)))
    db.execute(sql.SQL("ALTER ROLE {} BYPASSRLS").format(sql.Identifier(BACKUP)))


def _grant(db: psycopg.Connection) -> None:
    """Rights on tables that migrations will make; single tables take rights back in their own migration."""
    names = {
        "owner": sql.Identifier(OWNER),
        "both": sql.SQL("{}, {}").format(*map(sql.Identifier, (APP, WORKER))),
    }
    names["readers"] = sql.Identifier(BACKUP)
    for statement in (
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT ALL ON SCHEMA public TO {owner}",
        "GRANT USAGE ON SCHEMA public TO {both}, {readers}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {both}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE, SELECT ON SEQUENCES TO {both}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT ON TABLES TO {readers}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT ON SEQUENCES TO {readers}",
    ):
        db.execute(sql.SQL(statement).format(**names))
