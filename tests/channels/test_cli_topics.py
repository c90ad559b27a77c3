"""`yici topics file`: ten topics of a CSV as a table and as one document, without a database."""

import csv
import json
from pathlib import Path

import pytest

from tests.apps.test_topics_in_files import noise, usual
from yici.channels.cli import topics


@pytest.fixture
def year(tmp_path: Path) -> Path:
    path = tmp_path / "year.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "user", "time", "subject", "detail"])
        rows.writerows([one.id, one.user, one.time, one.subject, one.detail] for one in (*usual(), *noise(12)))
    return path


def call(*words: str | Path) -> int:
    arguments = topics.parser("yici topics").parse_args([str(word) for word in words])
    assert topics.needs(arguments) == "nothing"
    return topics.run(arguments)


def test_prints_one_document(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("file", year, "--most", "2", "--json") == 0

    found = json.loads(capsys.readouterr().out)
    assert [one["found"] for one in found["topics"]] == [True, False]
    first = found["topics"][0]
    assert (first["messages"], first["people"], first["voices"], first["week_before"]) == (12, 12, 12, 0)
    assert first["span"]["first"][:10] == "2018-05-14"
    assert first["chance_explains_up_to"] < 12
    assert first["regions"] == ["德清县"]
    assert len(first["samples"]) == 3


def test_prints_a_table(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("file", year) == 0

    head, first, facts, *_ = capsys.readouterr().out.splitlines()
    assert head.startswith("留言 messages")
    assert first.startswith("  1* ")
    assert "噪声" in first
    assert "2018-05-14: 12+0 / " in facts


def test_the_sweep_needs_its_tables() -> None:
    assert topics.needs(topics.parser("yici topics").parse_args(["find"])) == "tables"
