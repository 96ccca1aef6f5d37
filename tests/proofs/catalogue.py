"""The owner's catalogue (全库目录): every table with its columns, and whose it is by the holdings."""

from django.apps import apps

from xinqiao.kit.holdings import Holding, holdings

TABLES = (
    "SELECT n.nspname || '.' || c.relname, array_agg(a.attname::text ORDER BY a.attnum)"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid"
    " WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    " AND a.attnum > 0 AND NOT a.attisdropped GROUP BY 1 ORDER BY 1"
)
HOME = "public."


def tables(owner) -> dict[str, list[str]]:
    """Every table of every schema with its columns; ours without the schema's name."""
    return {name.removeprefix(HOME): columns for name, columns in owner.execute(TABLES).fetchall()}


def held() -> dict[str, tuple[Holding, str]]:
    """Every table that has a subject, with its declaration and the column that leads to the patient."""
    found = {}
    for room, holding in holdings():
        if holding.subject is not None:
            model = apps.get_model(room, holding.model)
            column = (
                model._meta.pk.column
                if holding.subject == "id"
                else model._meta.get_field(holding.subject).column
            )
            found[model._meta.db_table] = holding, column
    return found


def contents(owner, without: tuple[str, ...]) -> dict[str, tuple[int, str]]:
    """Of each table how many rows it has, and a digest of all that stands in them."""
    return {
        table: owner.execute(
            f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
        ).fetchone()
        for table in tables(owner)
        if not table.startswith(without)
    }
