"""A log of another system, through the page: what it says equals what a database counts, and bad ones leave nothing."""

import csv
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.apps.catalogue_files import write_catalogue
from tests.apps.factories import region
from tests.apps.signal_examples import AT, World
from tests.channels.test_bench import account, as_, clock, page
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.journal.models import Entry
from yici.apps.people.models import Account
from yici.apps.people.viewers import viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.reform import histories
from yici.apps.reform.models import ProcessHistory
from yici.rules.people import Role

__all__ = ["clock"]
MADE = Path(__file__).parent / "logs" / "made.csv"
# Beside the project, or one folder further out where somebody works in a worktree.
PLACES = [Path(__file__).parents[up] / "shared" / "data" / "process" / "wabo_receipt.csv" for up in (3, 4)]
REAL = next((one for one in PLACES if one.exists()), PLACES[0])
OURS = ("办件编号", "环节", "完成时间", "办理人", "截止时间")
XES = ("case:concept:name", "concept:name", "time:timestamp", "org:resource", "case:deadline")
COUNTS = """
WITH ended AS (
  SELECT case_id, max(julianday(at)) AS last, min(julianday(at)) AS first, count(*) - count(DISTINCT activity) AS again
  FROM log GROUP BY case_id),
due AS (SELECT case_id, max(julianday(deadline)) AS day FROM log WHERE deadline <> '' GROUP BY case_id)
SELECT count(*), sum(ended.last > due.day), count(due.day), sum(again > 0), sum(again)
FROM ended LEFT JOIN due USING (case_id)
"""


def counted(path: Path, columns: tuple[str, ...]) -> tuple[int, ...]:
    """Count in SQL over the raw rows: cases, late, with a deadline, with loops, steps done again."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE log (case_id, activity, at, resource, deadline)")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [[row[name] for name in columns] for row in csv.DictReader(file)]
    base.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?)", rows)
    found = tuple(int(one) for one in base.execute(COUNTS).fetchone())
    base.close()
    return found


@pytest.fixture
def office(english: Client, db: None, clock: Any, tmp_path: Path) -> Client:
    region("330500")
    load_calendar(by="system:test", now=AT)
    import_catalogue(path=write_catalogue(tmp_path), by="system:test", now=AT)
    return as_(english, account("330000", "reform_office", Role.REFORM, "office"))


def sent(client: Client, content: bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("log.csv", content, "text/csv")
    return client.post("/bench/histories", {"name": "Elsewhere", "file": file, **fields})


class TestWhatALogSays:
    @pytest.mark.parametrize(("path", "columns"), [(MADE, OURS), (REAL, XES)], ids=["made", "real"])
    def test_equals_what_a_database_counts(self, office: Client, path: Path, columns: tuple[str, ...]) -> None:
        if not path.exists():
            pytest.skip(f"{path} is not here: the real log is not part of the project")
        response = sent(office, path.read_bytes())

        assert response.status_code == 302
        row = ProcessHistory.objects.get()
        names = ("cases", "late", "with_deadline", "cases_with_loops", "repeats")
        assert tuple(row.report[name] for name in names) == counted(path, columns)
        shown = page(office.get(response.headers["Location"]))
        assert f"{100 * row.report['late'] / row.report['with_deadline']:.1f} %" in shown
        assert sum(row.report["spread"]) == row.cases

    def test_stands_beside_ours_by_the_same_measures(self, office: Client) -> None:
        world = World()
        world.happened("330122", 4)
        address = sent(office, MADE.read_bytes()).headers["Location"]

        shown = page(office.get(address, {"item": "certificate"}))

        cells = re.search(r"<th scope=\"row\">Cases</th><td class=\"num\">60</td><td class=\"num\">(\d+)</td>", shown)
        assert cells is not None
        assert cells[1] == "4"
        assert 'class="ours"' in shown

    def test_takes_the_columns_that_were_chosen(self, office: Client) -> None:
        content = b"no,what,when,case\n1,a,2018-01-01,x\n1,b,2018-01-02,x\n"

        assert sent(office, content).status_code == 409
        assert sent(office, content, case="no", activity="what", time="when").status_code == 302
        assert ProcessHistory.objects.get().columns == {"case": "no", "activity": "what", "time": "when"}

    def test_guesses_before_anything_is_kept(self, office: Client) -> None:
        file = SimpleUploadedFile("log.csv", MADE.read_bytes(), "text/csv")

        shown = page(office.post("/bench/histories/columns", {"file": file}))

        assert "<option selected>截止时间</option>" in shown
        assert not ProcessHistory.objects.exists()

    def test_takes_what_a_spreadsheet_here_saves(self, office: Client) -> None:
        assert sent(office, MADE.read_text(encoding="utf-8").encode("gb18030")).status_code == 302


class TestBadFiles:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "Choose a CSV file"),
            (b"case,activity,time\n1,x,soon\n", "Line 2, column 'time': 'soon' is no time"),
            (b"case,activity,time\n1,x,2018-01-01\n1,,2018-01-01\n", "Line 3 has no 'activity'"),
            (b"case,activity,time\n", "The log has no row"),
            (b"case,time\n1,2018-01-01\n", "The file has no column 'activity' (it has: case、time)"),
            (b"\x00\xff\xfe\x81", "file"),
            (b'case,activity,time\n1,"x', "is no CSV"),
        ],
    )
    def test_are_refused_with_the_place_and_leave_nothing(self, office: Client, content: bytes, said: str) -> None:
        response = sent(office, content)

        assert response.status_code == 409
        assert said in page(response)
        assert not ProcessHistory.objects.exists()
        assert not Entry.objects.filter(kind="reform.history_kept").exists()

    def test_too_large(self, office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(histories, "MOST_BYTES", 1_000_000)
        monkeypatch.setattr(histories, "MOST_ROWS", 100)

        assert "larger than 1 MB" in page(sent(office, b"x" * 1_000_001))
        assert "more than 100 rows" in page(sent(office, MADE.read_bytes()))

    def test_without_a_name(self, office: Client) -> None:
        assert "Give the history a name" in page(sent(office, MADE.read_bytes(), name=" "))


class TestKeeping:
    def test_replaces_an_older_one_of_the_same_name(self, office: Client) -> None:
        sent(office, MADE.read_bytes())
        sent(office, b"case,activity,time\n1,x,2018-01-01\n")

        assert ProcessHistory.objects.get().cases == 1

    def test_is_seen_in_the_region_and_deleted_by_who_kept_it(self, office: Client) -> None:
        address = sent(office, MADE.read_bytes()).headers["Location"]
        row = ProcessHistory.objects.get()
        province = viewer_of(Account.objects.get(login="office"))
        as_(office, account("330122", "reform_office", Role.REFORM, "county"))

        assert histories.histories(province) == [row]
        assert office.get(address).status_code == 404
        assert office.post(f"{address}/remove").status_code == 404
        as_(office, Account.objects.get(login="office"))
        assert office.post(f"{address}/remove").status_code == 302
        assert not ProcessHistory.objects.exists()
        assert Entry.objects.filter(kind="reform.history_removed").count() == 1

    def test_the_names_in_it_are_not_readable_in_the_database(self, office: Client) -> None:
        sent(office, MADE.read_bytes())
        with connection.cursor() as cursor:
            cursor.execute("SELECT report FROM reform_processhistory")
            assert "窗口甲" not in cursor.fetchone()[0]
