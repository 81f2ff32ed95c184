"""Compares a database with what this hub was built with, by building a second one beside it and reading both."""

from collections.abc import Mapping
from uuid import uuid4

import sqlalchemy as sa

import migrations

#: Each query lists one kind of thing as (name, definition).
FACTS: Mapping[str, str] = {
    "function": """
        SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid) || ' owner ' || p.proowner::regrole
          FROM pg_proc p WHERE p.pronamespace = 'hub'::regnamespace""",
    "policy": """
        SELECT tablename || '.' || policyname, concat_ws(' | ', cmd, roles::text, qual, with_check)
          FROM pg_policies WHERE schemaname = 'hub'""",
    "row security": """
        SELECT relname, concat_ws(' | ', relrowsecurity, relforcerowsecurity, relowner::regrole)
          FROM pg_class WHERE relnamespace = 'hub'::regnamespace AND relkind = 'r'""",
    "column": """
        SELECT table_name || '.' || column_name, concat_ws(' | ', udt_name, is_nullable, column_default)
          FROM information_schema.columns WHERE table_schema = 'hub'""",
    "constraint": """
        SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'hub'::regnamespace""",
    "index": "SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'hub'",
    "trigger": """
        SELECT c.relname || '.' || t.tgname, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
         WHERE NOT t.tgisinternal AND c.relnamespace = 'hub'::regnamespace""",
    "grant": """
        SELECT concat_ws(' ', grantee, privilege_type, table_name, column_name), ''
          FROM information_schema.column_privileges WHERE table_schema = 'hub' AND starts_with(grantee, 'hub_')""",
    "execute": """
        SELECT concat_ws(' ', a.grantee::regrole, p.oid::regprocedure), ''
          FROM pg_proc p, aclexplode(p.proacl) a WHERE p.pronamespace = 'hub'::regnamespace AND a.grantee <> 0
        UNION ALL
        SELECT 'PUBLIC ' || p.oid::regprocedure, ''
          FROM pg_proc p WHERE p.pronamespace = 'hub'::regnamespace
           AND (p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0))""",
    "role": """
        SELECT rolname::text, concat_ws(' | ', rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolinherit)
          FROM pg_roles WHERE starts_with(rolname, 'hub_')""",
}


def facts(connection: sa.Connection) -> dict[str, str]:
    """Return everything that guards the data, by kind and name."""
    return {
        f"{kind} {row[0]}": row[1] for kind, query in FACTS.items() for row in connection.exec_driver_sql(query).all()
    }


def drift(url: sa.URL) -> list[str]:
    """Return one line a difference between the database at `url` (a superuser's) and a newly built one."""
    scratch = f"drift_{uuid4().hex[:12]}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {scratch}")
            try:
                migrations.apply(url.set(database=scratch))
                is_now, should_be = _read(url), _read(url.set(database=scratch))
            finally:
                connection.exec_driver_sql(f"DROP DATABASE {scratch} WITH (FORCE)")
    finally:
        admin.dispose()
    names = sorted(is_now.keys() | should_be.keys())
    return [
        f"{name}: {'differs' if name in is_now and name in should_be else 'extra' if name in is_now else 'missing'}"
        for name in names
        if is_now.get(name) != should_be.get(name)
    ]


def _read(url: sa.URL) -> dict[str, str]:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return facts(connection)
    finally:
        engine.dispose()
