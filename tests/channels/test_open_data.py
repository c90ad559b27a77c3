"""Open data through its addresses: page, files, catalogues against shapes, measures by interface, statistics."""

import csv
import io
import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.conf import settings as configured
from django.test import Client

from tests.apps.factories import OrganisationFactory
from tests.apps.test_scorecards import LATE, MARCH, cases, hotline
from tests.apps.ticket_examples import Hotline
from yici.apps.accountability.month_counting import count_month
from yici.apps.accountability.open_datasets import DATASETS
from yici.apps.accountability.open_publishing import publish

__all__ = ["hotline"]  # the fixture
TONGLU, WUXING = "330122000000", "330502000000"


@pytest.fixture
def published(hotline: Hotline, settings: Any, tmp_path: Path) -> Hotline:
    settings.DATA_DIR = tmp_path / "data"
    cases(hotline.ecology, 25, late=3, visits=0)
    cases(OrganisationFactory(kind="ecology", code="330502"), 30, late=9)
    cases(OrganisationFactory(kind="health", code="330502"), 4)
    count_month(MARCH, now=LATE)
    publish(MARCH, now=LATE)
    return hotline


def rows(client: Client, name: str) -> list[dict[str, str]]:
    answer = client.get(f"/open-data/2018-03/{name}.csv")
    assert answer.status_code == 200
    text = b"".join(answer).decode()  # type: ignore[call-overload]
    return list(csv.DictReader(io.StringIO(text)))


class TestFiles:
    def test_leave_the_small_office_out_of_every_total(self, client: Client, published: Hotline) -> None:
        offices = [row for row in rows(client, "measures-by-organisation") if row["measure"] == "promised_time"]
        assert sorted((row["status"], row["of"]) for row in offices) == [
            ("hidden", ""),
            ("shown", "25"),
            ("shown", "30"),
        ]
        counties = {row["code"]: row for row in rows(client, "measures-by-county") if row["measure"] == "promised_time"}
        assert (counties[TONGLU]["of"], counties[TONGLU]["left_out"]) == ("25", "0")
        assert (counties[WUXING]["of"], counties[WUXING]["good"], counties[WUXING]["left_out"]) == ("30", "21", "1")
        (item,) = [row for row in rows(client, "measures-by-item") if row["measure"] == "promised_time"]
        assert item["of"] == "55"  # what the counties have together, and not the four of the small office

    def test_say_the_same_as_parquet_and_carry_their_checksum(self, client: Client, published: Hotline) -> None:
        folder = Path(configured.DATA_DIR) / "open-data" / "2018-03"
        for one in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]:
            content = b"".join(client.get(f"/open-data/2018-03/{one['name']}"))  # type: ignore[call-overload]
            assert (sha256(content).hexdigest(), len(content)) == (one["sha256"], one["size"])
        for key, dataset in DATASETS.items():
            found = duckdb.sql(f"SELECT * FROM '{folder}/{key}.parquet'")
            assert found.columns == [column.name for column in dataset.columns]
            assert len(found.fetchall()) == len(rows(client, key))

    def test_are_the_same_bytes_when_published_again(self, client: Client, published: Hotline) -> None:
        before = {path.name: path.read_bytes() for path in (Path(configured.DATA_DIR) / "open-data/2018-03").iterdir()}
        publish(MARCH, now=LATE)
        after = {path.name: path.read_bytes() for path in (Path(configured.DATA_DIR) / "open-data/2018-03").iterdir()}
        assert before == after

    @pytest.mark.parametrize(
        "path",
        ["2018-04/items.csv", "2018-03/manifest.json", "2018-03/..%2f..%2fkey", "nothing/items.csv", "no.schema.json"],
    )
    def test_are_not_there_when_nothing_was_published(self, client: Client, published: Hotline, path: str) -> None:
        assert client.get(f"/open-data/{path}").status_code == 404


class TestPages:
    def test_list_the_datasets_and_their_files(self, english: Client, published: Hotline) -> None:
        shown = english.get("/open-data/").content.decode()
        for dataset in DATASETS.values():
            assert dataset.title.en in shown
            assert f"/open-data/2018-03/{dataset.key}.csv" in shown
        assert "Unit: minutes." in shown

    def test_say_when_nothing_is_published(
        self, english: Client, hotline: Hotline, settings: Any, tmp_path: Path
    ) -> None:
        settings.DATA_DIR = tmp_path
        assert "No month has been published yet" in english.get("/open-data/").content.decode()
        assert english.get("/open-data/catalogue.ttl").status_code == 200

    def test_tell_of_a_service_what_is_usual_and_promised(self, english: Client, published: Hotline) -> None:
        assert "/statistics/items/registration" in english.get("/statistics/items").content.decode()
        shown = english.get("/statistics/items/registration").content.decode()
        for words in ("78.2 %", "a quarter within", "Statutory time", "Promised time of these cases", "as of"):
            assert words in shown
        assert "Cases received" in shown
        assert english.get("/statistics/items/nothing").status_code == 404

    def test_tell_of_a_county_whom_they_leave_out(self, english: Client, published: Hotline) -> None:
        assert "1 office with fewer than 10 things" in english.get(f"/statistics/{WUXING}").content.decode()
        assert "in no total" not in english.get(f"/statistics/{TONGLU}").content.decode()

    def test_tell_of_halls_how_long_one_waits(self, english: Client, published: Hotline) -> None:
        assert english.get("/statistics/halls").status_code == 200
        assert english.get("/statistics/halls/01a21383-0000-7000-8000-000000000000").status_code == 404


class TestInterface:
    def test_gives_a_place_and_its_counties(self, client: Client, published: Hotline) -> None:
        known = client.get("/api/v1/measures").json()
        assert known["months"] == ["2018-03"]
        found = client.get("/api/v1/measures/promised_time", {"region": "330000"}).json()
        assert (found["place"]["of"], found["place"]["left_out"]) == (55, 1)
        by_code = {one["region"]: one for one in found["counties"]}
        assert (by_code[WUXING]["of"], by_code[WUXING]["value"]) == (30, 0.7)

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/nothing", 404), ("/promised_time?month=2017-01", 404), ("/promised_time?month=March", 422),
            ("/promised_time?region=999999", 422), ("/promised_time?region=%00", 422),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong(self, client: Client, published: Hotline, path: str, status: int) -> None:
        answer = client.get(f"/api/v1/measures{path}")
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_month_without_things_is_published_empty(hotline: Hotline, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    made = publish(date(2018, 5, 1), now=LATE)
    assert {file.rows for file in made.files if file.dataset.startswith("measures")} == {0}
