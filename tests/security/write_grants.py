"""Lists everything that opens a door in the database, one line each: `python -m tests.security.write_grants`."""

# ruff: noqa: S608  # the queries are constants of this file

import csv
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, LiteralString

import psycopg

import migrations
from hub.stack.postgres import PostgresFolder

FILE: Final = Path(__file__).with_name("grants.csv")
HEADER: Final = ("kind", "object", "who", "what")

_OURS = "('hub'::regnamespace, 'queue'::regnamespace, 'extensions'::regnamespace, 'public'::regnamespace)"
#: A column of NULL privileges means the built-in ones: acldefault says which.
_WHO = "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END"
_WHAT = "string_agg(a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END, ' ' ORDER BY a.privilege_type)"
_NOT_AN_EXTENSIONS = "NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = {} AND e.deptype = 'e')"

QUERIES: Final[Mapping[str, str]] = {
    "role": """
        SELECT '', rolname, concat_ws(' ',
               CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
               CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
               CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END,
               CASE WHEN rolreplication THEN 'REPLICATION' END, CASE WHEN rolinherit THEN 'INHERIT' END)
          FROM pg_roles WHERE NOT starts_with(rolname, 'pg_')""",
    "member": """
        SELECT roleid::regrole::text, member::regrole::text, concat_ws(' ', 'MEMBER',
               CASE WHEN admin_option THEN 'ADMIN' END, CASE WHEN inherit_option THEN 'INHERIT' END,
               CASE WHEN set_option THEN 'SET' END)
          FROM pg_auth_members WHERE NOT starts_with(member::regrole::text, 'pg_')""",
    "setting": """
        SELECT coalesce((SELECT datname FROM pg_database d WHERE d.oid = s.setdatabase), ''),
               s.setrole::regrole::text, array_to_string(s.setconfig, ' ') FROM pg_db_role_setting s""",
    "parameter": f"""
        SELECT p.parname, {_WHO}, {_WHAT} FROM pg_parameter_acl p, aclexplode(p.paracl) a GROUP BY 1, 2""",
    "default": f"""
        SELECT d.defaclrole::regrole || ' ' || d.defaclobjtype::text, {_WHO}, {_WHAT}
          FROM pg_default_acl d, aclexplode(d.defaclacl) a GROUP BY 1, 2""",
    "database": f"""
        SELECT '', {_WHO}, {_WHAT}
          FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
         WHERE d.datname = current_database() GROUP BY 1, 2""",
    "schema": f"""
        SELECT n.nspname, {_WHO}, {_WHAT}
          FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
         WHERE n.oid IN {_OURS} GROUP BY 1, 2""",
    "table": f"""
        SELECT c.oid::regclass::text, {_WHO}, {_WHAT}
          FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
         WHERE c.relnamespace IN {_OURS} AND c.relkind IN ('r', 'v', 'm', 'f', 'p') GROUP BY 1, 2""",
    "sequence": f"""
        SELECT c.oid::regclass::text, {_WHO}, {_WHAT}
          FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault('s', c.relowner))) a
         WHERE c.relnamespace IN {_OURS} AND c.relkind = 'S' GROUP BY 1, 2""",
    "column": f"""
        SELECT c.oid::regclass || '.' || t.attname, {_WHO}, {_WHAT}
          FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid, aclexplode(t.attacl) a
         WHERE c.relnamespace IN {_OURS} GROUP BY 1, 2""",
    "function": f"""
        SELECT p.oid::regprocedure::text, {_WHO}, {_WHAT}
          FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
         WHERE p.pronamespace IN {_OURS} AND {_NOT_AN_EXTENSIONS.format("p.oid")} GROUP BY 1, 2""",
    "definer": f"""
        SELECT p.oid::regprocedure::text, p.proowner::regrole::text, 'SECURITY DEFINER ' ||
               coalesce((SELECT s FROM unnest(p.proconfig) s WHERE starts_with(s, 'search_path=')), 'search_path OPEN')
          FROM pg_proc p WHERE p.prosecdef AND p.pronamespace IN {_OURS}""",
    "row security": """
        SELECT c.oid::regclass::text, c.relowner::regrole::text, concat_ws(' ',
               CASE WHEN c.relrowsecurity THEN 'enabled' ELSE 'DISABLED' END,
               CASE WHEN c.relforcerowsecurity THEN 'forced' ELSE 'NOT FORCED' END)
          FROM pg_class c WHERE c.relnamespace = 'hub'::regnamespace AND c.relkind IN ('r', 'p')""",
    "policy": r"""
        SELECT 'hub.' || tablename || ' ' || policyname, array_to_string(roles, ' '),
               regexp_replace(
                   concat_ws(' ', permissive, cmd, 'USING ' || qual, 'CHECK ' || with_check), '\s+', ' ', 'g')
          FROM pg_policies WHERE schemaname = 'hub'""",
}
Line = tuple[str, str, str, str]


def lines(connection: psycopg.Connection) -> list[Line]:
    """Return everything granted in the connection's database, sorted."""
    connection.execute("SET LOCAL search_path = pg_catalog")
    found: list[Line] = []
    for kind, query in QUERIES.items():
        rows: Iterable[tuple[str, str, str]] = connection.execute(_trusted(query)).fetchall()
        found += [(kind, *row) for row in rows]
    return sorted(found)


def committed() -> list[Line]:
    """Return the lines of the committed table."""
    with FILE.open(encoding="utf-8", newline="") as file:
        header, *rest = csv.reader(file)
    assert tuple(header) == HEADER
    return [(kind, thing, who, what) for kind, thing, who, what in rest]


def main() -> int:
    """Write the table from a newly built database."""
    top = Path(tempfile.mkdtemp(prefix="hub-"))
    top.chmod(0o711)
    folder = PostgresFolder(top / "postgres", top / "run", durable=False)
    try:
        folder.init()
        folder.start()
        migrations.apply(folder.url("postgres"))
        with psycopg.connect(host=str(folder.socket_dir), user="postgres", dbname="hub") as connection:
            found = lines(connection)
    finally:
        folder.stop()
        shutil.rmtree(top)
    with FILE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *found])
    sys.stdout.write(f"{FILE}: {len(found)} lines. Read the difference before you commit it.\n")
    return 0


def _trusted(query: str) -> LiteralString:
    """Only the constants above come here."""
    return query  # type: ignore[return-value]


if __name__ == "__main__":
    sys.exit(main())
