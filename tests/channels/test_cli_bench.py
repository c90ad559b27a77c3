"""`yici bench cockpit` on few cases: what it says of pages, scans and figures is so."""

import pytest
from django.db import connection
from django.db.models import F

from yici.apps.accountability import sampling
from yici.apps.accountability.models import MonthTally
from yici.channels.cli import bench_cockpit
from yici.channels.cli.bench_cockpit import PAGES, cockpit_rows
from yici.channels.cli.explaining import large_scans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_demonstration")]


def test_the_cockpit_is_measured_and_its_figures_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_cockpit, "ROUNDS", 3)
    rows = {str(row["name"]): row for row in cockpit_rows(1_500)}

    assert len(rows) == 3 * len(PAGES) + 2
    assert rows["figures unlike a slow count"]["verdict"] == "met"
    counted = [name for name in rows if name.endswith((", most queries", ", large tables read whole"))]
    assert {name: rows[name]["figure"] for name in counted if rows[name]["verdict"] != "met"} == {}
    assert "counting one month, the slowest" not in {row["name"] for row in cockpit_rows(1_000)}  # they are there

    tally = MonthTally.objects.filter(measure="zero_visit", good__lt=F("of"), month__in=sampling.months()).first()
    assert tally is not None
    MonthTally.objects.filter(pk=tally.pk).update(good=tally.good + 1)
    wrong, of = sampling.unlike_a_slow_count(sampling.Random(1), 10_000)
    assert (wrong, of > 60) == (1, True)


def test_a_whole_read_of_a_large_table_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'places_organisation'")
        (size,) = cursor.fetchone()

    asked = [("SELECT count(*) FROM places_organisation WHERE name_en LIKE %s", ("%x%",)), ("SAVEPOINT x", None)]
    assert large_scans(asked, int(size)) == {"places_organisation"}
    assert large_scans(asked, int(size) + 1) == set()
    assert large_scans([("SELECT name FROM places_organisation WHERE id = %s", (1,))], int(size)) == set()
