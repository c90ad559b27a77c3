"""`yici catalogue`: what it prints, and what it returns."""

import json
from pathlib import Path

import pytest

from tests.apps.catalogue_files import CERTIFICATE, LOCAL, write_catalogue
from yici.apps.catalogue.queries import item
from yici.apps.places.models import Region
from yici.channels.cli import catalogue
from yici.rules.items import WayKind

LOCAL_FEE = """\
region: "330500"
source: test
items: {certificate: {fee: {amount_fen: 900}}}
"""
BAD_ITEMS = Path(__file__).parents[1] / "rules" / "bad_items"


def call(*words: str | Path) -> int:
    return catalogue.run(catalogue.parser("yici catalogue").parse_args([str(word) for word in words]))


@pytest.fixture
def folder(tmp_path: Path, db: None) -> Path:
    Region.objects.create(code="330500000000", name="湖州市", name_en="Huzhou", level=1, path="330500000000/")
    return write_catalogue(tmp_path / "files")


class TestImport:
    def test_says_what_it_did(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert call("import", folder) == 0

        said = capsys.readouterr().out
        assert "8 files: 9 new, 0 changed" in said
        assert "新增 9" in said

    def test_prints_one_json_document(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert call("import", folder, "--json") == 0

        document = json.loads(capsys.readouterr().out)
        assert (document["stored"], document["items"], document["events"], document["faults"]) == (True, 2, 1, [])

    def test_names_file_line_and_column_of_every_mistake(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write_catalogue(folder, certificate=CERTIFICATE.replace("promised: 1W", "promissed: 1W"))

        assert call("import", folder) == 1

        said = capsys.readouterr()
        assert said.out == ""
        assert "items/health/certificate.yaml:14:1: 不认识的键“promissed”" in said.err
        assert "Did you mean 'promised'?" in said.err

    def test_what_makes_something_in_force_harder_is_refused_with_who_loses(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert call("import", folder) == 0
        harder = CERTIFICATE.replace("ways: [data births.number, original", "ways: [original")
        write_catalogue(folder, certificate=harder)
        capsys.readouterr()

        assert call("import", folder, "--json") == 1

        said = capsys.readouterr()
        document = json.loads(said.out)
        assert document["stored"] is False
        assert "originals" in {one["component"] for one in document["losses"]}
        assert "政府已掌握“编号”" in said.err
        assert "/bench/" in said.err
        assert WayKind.DATA in {way.kind for way in item("certificate").requirements[0].ways}

    def test_what_makes_something_harder_in_one_place_alone_is_refused_too(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert call("import", folder) == 0
        write_catalogue(folder, **{"330500": LOCAL_FEE})

        assert call("import", folder) == 1
        assert "收费从 0.00 元变为 9.00 元" in capsys.readouterr().err

    def test_what_helps_or_is_merely_reworded_is_stored(self, folder: Path) -> None:
        assert call("import", folder) == 0
        kinder = CERTIFICATE.replace("zh: 分娩记录", "zh: 分娩的记录").replace("promised_days: 1", "promised_days: 0")
        write_catalogue(folder, certificate=kinder)

        assert call("import", folder) == 0
        assert item("certificate").requirements[0].name.zh == "分娩的记录"

    def test_prints_mistakes_as_json(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write_catalogue(folder, **{"330500": LOCAL.replace("330500", "339900")})

        assert call("import", folder, "--json") == 1

        document = json.loads(capsys.readouterr().out)
        assert document["stored"] is False
        assert document["faults"][0]["line"] == 1
        assert document["faults"][0]["sentence"]["zh"].startswith("没有代码为 339900000000")

    def test_takes_an_exchange_table_and_lists_the_rows_refused(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        table = folder / "items.CSV"
        table.write_text("catalog_code,task_name\n330723001000,出生证\n1,x\n", encoding="utf-8")

        assert call("import", table, "--json") == 1

        document = json.loads(capsys.readouterr().out)
        assert (document["rows"], document["faults"][0]["line"], document["faults"][0]["column"]) == (1, 3, 1)

    @pytest.mark.parametrize("name", ["none", "none.csv", "none.yaml"])
    def test_says_when_there_is_no_such_file(self, folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
        assert call("import", folder / name) == 1
        assert "none" in capsys.readouterr().err


class TestExport:
    def test_prints_what_imports_again(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        call("import", folder)
        capsys.readouterr()

        assert call("export") == 0

        stream = folder.parent / "all.yaml"
        stream.write_text(capsys.readouterr().out, encoding="utf-8")
        assert call("import", stream, "--json") == 0
        assert json.loads(capsys.readouterr().out)["unchanged"] == 9

    def test_writes_a_folder(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        call("import", folder)

        assert call("export", "--to", folder.parent / "out") == 0
        assert (folder.parent / "out" / "events" / "newborn.yaml").is_file()
        assert "8 files written" in capsys.readouterr().err

    def test_says_when_it_cannot_write(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        call("import", folder)

        assert call("export", "--to", folder / "elements.yaml") == 2
        assert "Cannot be written" in capsys.readouterr().err


class TestLint:
    def test_finds_what_bad_files_break(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert call("lint", BAD_ITEMS, "--json") == 1

        document = json.loads(capsys.readouterr().out)
        found = {finding["rule"] for finding in document["findings"]}
        assert {"4-visit-reason", "12-five-steps", "no-catch-all", "10-audience"} <= found
        of_the_good = {finding["rule"] for finding in document["findings"] if "reading_card" in finding["where"]}
        assert of_the_good == {"10-audience"}, "the bad event is for others"

    def test_looks_at_the_stored_catalogue_of_a_region(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        call("import", folder)
        capsys.readouterr()

        call("lint", "--region", "330500", "--json")

        here = {finding["where"] for finding in json.loads(capsys.readouterr().out)["findings"]}
        call("lint", "--json")
        province = {finding["where"] for finding in json.loads(capsys.readouterr().out)["findings"]}
        assert "registration.immediate" in here - province, "promised at once here only"

    def test_names_a_difference_with_its_region(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        call("lint", folder)

        assert "registration.immediate@330500000000 [1-immediate]" in capsys.readouterr().out

    def test_refuses_a_region_that_is_not(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert call("lint", "--region", "999999") == 2
        assert capsys.readouterr().err

    def test_names_mistakes_of_files_that_do_not_fit(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write_catalogue(folder, certificate=CERTIFICATE.replace("5W", "5X"))

        assert call("lint", folder) == 1
        assert "certificate.yaml:13:12" in capsys.readouterr().err


class TestProve:
    def test_finds_who_must_come_twice(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        call("import", folder)
        capsys.readouterr()

        assert call("prove", "--json") == 1

        verdicts = json.loads(capsys.readouterr().out)["verdicts"]
        assert {code: one["verdict"] for code, one in verdicts.items()} == {
            "330723001000": "at_most_once",
            "330709002000": "at_most_once",
            "newborn": "breach",  # the interview waits for the certificate, whose record is shown a day before
        }

    def test_says_when_there_is_no_such_need(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert call("prove", "nothing") == 2
        assert "nothing called 'nothing'" in capsys.readouterr().err


class TestDiff:
    TIGHTER = CERTIFICATE.replace(
        "steps:\n",
        "  - key: home\n    name: {zh: 居住情况说明, en: Statement of residence}\n    proves: home\n"
        "    basis: {title: 通知, article: 第一条, level: normative_document}\n    ways: [original]\nsteps:\n",
        1,
    )

    def test_names_the_person_who_loses_and_why(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        call("import", folder)
        (folder / "new.yaml").write_text(self.TIGHTER, encoding="utf-8")
        capsys.readouterr()

        assert call("diff", "stored", folder / "new.yaml", "--json") == 1

        document = json.loads(capsys.readouterr().out)
        lost = {one["component"]: one for one in document["losses"]}
        assert document["nobody_loses"] is False
        assert (lost["originals"]["old"], lost["originals"]["new"]) == (0, 1)
        assert "须提交“居住情况说明”" in lost["originals"]["sentence"]["zh"]
        # Who was born in hospital may come already; the new visit is for those who had none.
        assert (lost["visits"]["old"], lost["visits"]["new"]) == (0, 1)
        assert document["gains"] == []

    def test_proves_that_nobody_loses_by_another_way_of_writing(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call("import", folder)
        reworded = CERTIFICATE.replace('when: place == "hospital"', 'when: "!(place != \\"hospital\\")"')
        (folder / "new.yaml").write_text(reworded.replace("key: delivery", "key: birth_record"), encoding="utf-8")
        capsys.readouterr()

        assert call("diff", "stored", folder / "new.yaml") == 0
        assert "Proved: nobody loses." in capsys.readouterr().out

    def test_compares_revisions_by_number(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (folder / "items" / "health" / "certificate.yaml").write_text(self.TIGHTER, encoding="utf-8")
        call("import", folder)
        (folder / "items" / "health" / "certificate.yaml").write_text(CERTIFICATE, encoding="utf-8")
        call("import", folder)

        assert call("diff", "certificate@1", "certificate@2") == 0
        assert "+ certificate originals" in capsys.readouterr().out
        assert call("diff", "certificate@9", "stored") == 2
