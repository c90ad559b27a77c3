"""The plain SQL of the counts where the server binds its parameters, as on a site: tests bind in the client."""

from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import connection

from yici.apps.accountability.counting import _COUNT, _UNCONTESTED
from yici.apps.accountability.sources import SOURCES
from yici.apps.reform import signals
from yici.apps.reform.signal_sources import SOURCES as SIGNALS

NOW, FIRST = datetime(2018, 4, 2, tzinfo=UTC), date(2018, 3, 1)
TERMS = {"since": NOW, "until": NOW, "now": NOW, "month": FIRST, "first": FIRST, "last": FIRST, "today": FIRST}


def asked(sql: str, **terms: object) -> None:
    """Run a statement in a connection of its own whose cursor leaves the binding to the server; nothing stays."""
    given = connection.get_connection_params()
    names = {key: given[key] for key in ("dbname", "user", "password", "host", "port") if given.get(key)}
    with psycopg.connect(**names) as line:
        line.execute(sql, {**TERMS, **terms})
        line.rollback()


@pytest.mark.django_db
@pytest.mark.parametrize("measure", SOURCES)
def test_every_measure_is_counted(measure: str) -> None:
    asked(_COUNT.format(source=SOURCES[measure], uncontested=_UNCONTESTED, whose="true"), measure=measure)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", SIGNALS)
def test_every_signal_is_counted(kind: str) -> None:
    asked(signals._COUNT.format(source=SIGNALS[kind]), kind=str(kind))
