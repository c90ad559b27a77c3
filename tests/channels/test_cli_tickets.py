"""`yici tickets`: what it prints, and what it returns."""

import json
from pathlib import Path

import pytest

from yici.apps.tickets.meaning.messages import CannotReadMessages
from yici.apps.tickets.meaning.versions import CannotUseVersion
from yici.channels.cli import tickets

DEMO = Path(__file__).parents[2] / "demo" / "tickets" / "messages.csv"


def call(*words: str | Path) -> int:
    return tickets.run(tickets.parser("yici tickets").parse_args([str(word) for word in words]))


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YICI_DATA", str(tmp_path))
    return tmp_path


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_trains_lists_and_goes_back(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert call("versions") == 0
    assert "No model has been trained yet" in capsys.readouterr().out

    assert call("train", DEMO, "--json") == 0
    assert document(capsys)["messages"] == 220
    shorter = tmp_path / "half.csv"
    shorter.write_text("".join(DEMO.read_text(encoding="utf-8").splitlines(keepends=True)[:150]), encoding="utf-8")
    call("train", shorter, "--json")
    assert document(capsys)["version"] == 2

    assert call("roll-back", "--json") == 0
    assert document(capsys)["version"] == 1
    call("versions", "--json")
    assert [one["current"] for one in document(capsys)["versions"]] == [True, False]  # type: ignore[index, attr-defined]


def test_evaluates_without_keeping_a_model(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    assert call("evaluate", "--train", DEMO, "--test", DEMO, "--quick", "--json") == 0

    assert document(capsys)["accuracy"] == 1
    assert list(data.iterdir()) == []


def test_evaluates_in_parts_of_one_file(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    assert call("evaluate", "--train", DEMO, "--parts", "2", "--seed", "3", "--json") == 0

    report = document(capsys)
    assert (report["parts"], report["texts"]) == (2, 220)
    assert list(data.iterdir()) == []


@pytest.mark.parametrize("wrong", [[], ["--test", DEMO, "--parts", "5"], ["--parts", "1"], ["--parts", "101"]])
def test_wants_a_second_file_or_parts(wrong: list[object]) -> None:
    with pytest.raises(SystemExit):
        call("evaluate", "--train", DEMO, *wrong)


def test_tells_matters(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("topics", DEMO, "--json") == 0

    assert set(document(capsys)) == {"messages", "clusters", "near_duplicates"}


def test_measures_the_search(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("topics", "--bench", "1000", "--json") == 0

    assert document(capsys)["texts"] == 1000


def test_wants_a_file_or_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("topics") == 2
    assert call("topics", DEMO, "--bench", "5") == 2
    assert "one of them" in capsys.readouterr().err


def test_refuses_bad_use(tmp_path: Path) -> None:
    with pytest.raises(CannotReadMessages):
        call("train", tmp_path / "none.csv")
    with pytest.raises(CannotUseVersion):
        call("roll-back", "--to", "7")
    with pytest.raises(SystemExit):
        call("train", DEMO, "--precision", "2")
