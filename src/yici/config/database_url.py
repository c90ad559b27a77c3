"""Reads a database address and turns it into Django's setting."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

# Measured: prepared statements need both switches; a persistent pool is the largest single gain (docs/adr).
PREPARED = {"server_side_binding": True, "prepare_threshold": 0}
POOL = {"min_size": 1, "max_size": 4, "timeout": 10}
_OWN_KEYS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def django_database(url: str, *, pooled: bool = True) -> dict[str, Any]:
    """Return Django's database entry for a libpq address (``postgresql://…``, sockets and ``sslmode`` included).

    >>> entry = django_database("postgresql://app@/yici?host=%2Frun%2Fyici")
    >>> entry["NAME"], entry["USER"], entry["HOST"]
    ('yici', 'app', '/run/yici')
    """
    given = conninfo_to_dict(url)
    entry: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 0}
    for key, name in _OWN_KEYS.items():
        if given.get(key) is not None:
            entry[name] = str(given.pop(key))
    options = {key: value for key, value in given.items() if value is not None}
    # Migrations send several commands at once, which cannot be prepared: they run without a pool. Tests do, too, and
    # a plan made on their empty tables and kept would search loaded ones from end to end: minutes for one question.
    entry["OPTIONS"] = options | ({"pool": POOL, **PREPARED} if pooled else {"prepare_threshold": None})
    return entry
