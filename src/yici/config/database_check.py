"""Looks at a database server before the platform trusts it, and says what is wrong with it."""

from typing import Any

import psycopg

from yici.rules.words import Words

OLDEST_VERSION = 150000
EXTENSIONS = ("pg_trgm", "btree_gin")


def check_server(connection: psycopg.Connection[Any]) -> list[Words]:
    """Return what is wrong with the server, or with the role that this connection uses, in a sentence each."""
    version = connection.info.server_version
    if version < OLDEST_VERSION:
        return [
            Words(
                f"数据库是 PostgreSQL {version // 10000}，至少需要 {OLDEST_VERSION // 10000}。",
                f"The server is PostgreSQL {version // 10000}; at least {OLDEST_VERSION // 10000} is needed.",
            )
        ]
    return [*_extensions(connection), *_letters(connection), *_ownership(connection)]


def _extensions(connection: psycopg.Connection[Any]) -> list[Words]:
    rows = connection.execute("SELECT name FROM pg_available_extensions").fetchall()
    return [
        Words(
            f"数据库服务器没有 {name} 扩展。请安装 PostgreSQL 的 contrib 软件包。",
            f"The server lacks the extension {name}. Install PostgreSQL's contrib package.",
        )
        for name in EXTENSIONS
        if (name,) not in rows
    ]


def _letters(connection: psycopg.Connection[Any]) -> list[Words]:
    row = connection.execute(
        "SELECT pg_encoding_to_char(encoding), datctype,"
        " EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')"
        " FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    encoding, ctype, has_trigrams = row or ("", "", False)
    problems = []
    if encoding != "UTF8":
        problems.append(
            Words(
                f"数据库编码是 {encoding}，必须是 UTF8。请重建数据库。",
                f"The database's encoding is {encoding}; it must be UTF8. Create the database anew.",
            )
        )
    if _is_blind(connection) if has_trigrams else ctype in ("C", "POSIX"):
        problems.append(
            Words(
                f"数据库的 lc_ctype 是 {ctype}，中文检索会查不到任何内容。请用 C.UTF-8 或 zh_CN.UTF-8 重建数据库。",
                f"The database's lc_ctype is {ctype}: search in Chinese would silently find nothing. "
                "Create the database anew with C.UTF-8 or zh_CN.UTF-8.",
            )
        )
    return problems


def _is_blind(connection: psycopg.Connection[Any]) -> bool:
    # Asked, not concluded: which locale pg_trgm goes by has changed between PostgreSQL's versions.
    return connection.execute("SELECT cardinality(show_trgm('不动产登记'))").fetchone() == (0,)


def _ownership(connection: psycopg.Connection[Any]) -> list[Words]:
    # An owner, a member of the owner's role and a superuser can all lift the guard of append-only tables.
    row = connection.execute(
        "SELECT current_user, rolsuper OR EXISTS ("
        "  SELECT FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        "  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND pg_has_role(relowner, 'USAGE'))"
        " FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if row is None or not row[1]:
        return []
    return [
        Words(
            f"应用以 {row[0]} 连接，而它是超级用户或表的所有者，只增不改的记录得不到保护。请改用不拥有任何表的角色。",
            f"The application connects as {row[0]}, a superuser or an owner of tables, so append-only records are not "
            "protected from it. Connect as a role that owns nothing.",
        )
    ]
