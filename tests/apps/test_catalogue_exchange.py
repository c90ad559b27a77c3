"""National exchange tables: sound rows are kept, each other row is refused with its line and column."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.apps.catalogue_files import write_catalogue
from yici.apps.catalogue import actions, queries
from yici.apps.catalogue.exchange import ExchangeReport
from yici.apps.catalogue.exchange_table import read_table
from yici.apps.catalogue.faults import CannotImport
from yici.apps.catalogue.models import ExchangeItem, SearchEntry
from yici.apps.places.models import Region

NOW = datetime(2018, 3, 5, 2, 0, tzinfo=UTC)
HEADER = "catalog_code,task_name,task_code,task_type,dept_name,dept_code,area_code,plan_effective_date"
USCC = "12441500196720244T"  # published by its city; both check characters hold
SOUND = f"442199806003,养蜂证申领,{USCC}3442199806003,20,农业农村局,{USCC},441500,2018-01-31"


def table(folder: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path = folder / "items.csv"
    path.write_bytes("\r\n".join([header, *rows, ""]).encode(encoding))
    return path


@pytest.mark.django_db
class TestImportExchange:
    def load(self, path: Path, *, dry_run: bool = False) -> ExchangeReport:
        return actions.import_exchange(path=path, by="system:test", now=NOW, dry_run=dry_run)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_keeps_sound_rows_in_any_usual_encoding(self, tmp_path: Path, encoding: str) -> None:
        report = self.load(table(tmp_path, SOUND, encoding=encoding))

        assert (report.stored, report.linked, report.faults) == (1, 0, [])
        row = ExchangeItem.objects.get()
        assert (row.name, row.catalog_code, row.task_type, row.area_code) == (
            "养蜂证申领",
            "442199806003",
            "20",
            "441500",
        )

    def test_makes_names_findable_that_we_have_no_item_for(self, tmp_path: Path) -> None:
        self.load(table(tmp_path, SOUND))

        (hit,) = queries.search("养蜂证", "", 5)
        assert (hit.kind, hit.name.zh) == ("exchange", "养蜂证申领")
        assert hit.key.startswith("exchange-")

    def test_links_rows_to_our_items_by_code_and_by_name(self, tmp_path: Path) -> None:
        Region.objects.create(code="330500000000", name="湖州市", name_en="Huzhou", level=1, path="330500000000/")
        actions.import_catalogue(path=write_catalogue(tmp_path / "ours"), by="system:test", now=NOW)

        report = self.load(
            table(tmp_path, "330723001000,婴儿出生证办理,,07", "511A0014200002,出生登记,,07", header=HEADER[:42])
        )

        assert report.linked == 2
        assert SearchEntry.objects.filter(kind="exchange").count() == 0
        assert queries.search("婴儿出生证办理", "330122", 5)[0].key == "certificate"

    def test_replaces_a_row_it_knows(self, tmp_path: Path) -> None:
        self.load(table(tmp_path, SOUND))
        self.load(table(tmp_path, SOUND.replace("养蜂证申领", "养蜂证核发")))

        assert [row.name for row in ExchangeItem.objects.all()] == ["养蜂证核发"]
        assert queries.search("养蜂证申领", "", 1)[0].name.zh == "养蜂证核发"

    def test_only_looks_when_told_so(self, tmp_path: Path) -> None:
        report = self.load(table(tmp_path, SOUND, "1,x"), dry_run=True)

        assert (report.stored, len(report.faults)) == (1, 1)
        assert not ExchangeItem.objects.exists()
        assert not SearchEntry.objects.exists()

    def test_keeps_the_sound_rows_of_a_table_with_bad_ones(self, tmp_path: Path) -> None:
        report = self.load(table(tmp_path, "12,短码,,01", SOUND))

        assert (report.stored, [fault.line for fault in report.faults]) == (1, [2])


class TestReadTable:
    @pytest.mark.parametrize(
        ("old", "new", "column", "part"),
        [
            ("442199806003,养", "44219980600,养", 1, "12位"),
            ("442199806003,养", ",养", 1, "12位"),
            ("养蜂证申领", "", 2, "没有事项名称"),
            ("养蜂证申领", "证" * 301, 2, "300"),
            (f"{USCC}3442199806003", f"{USCC}3442199806004", 3, "不一致"),
            (f"{USCC}3442199806003", "12441500196720244A3442199806003", 3, "校验位"),
            (f"{USCC}3442199806003", f"{USCC}344219980600", 3, "31位"),
            (f"{USCC}3442199806003", f"{USCC}8442199806003", 3, "行使层级"),
            (",20,", ",行政许可,", 4, "两位数字"),
            (f",{USCC},", ",12441500196720244A,", 6, "校验位"),
            (",441500,", ",4415,", 7, "6 或 12 位"),
            ("2018-01-31", "2018-02-30", 8, "不是真实的日期"),
            ("2018-01-31", "soon", 8, "不是真实的日期"),
        ],
    )
    def test_refuses_a_row_with_line_and_cell(
        self, tmp_path: Path, *, old: str, new: str, column: int, part: str
    ) -> None:
        assert old in SOUND

        rows, faults = read_table(table(tmp_path, SOUND, SOUND.replace(old, new, 1).replace("养蜂证", "养蚕证")))

        (fault,) = faults
        assert len(rows) == 1
        assert (fault.line, fault.column) == (3, column)
        assert part in fault.words.zh
        assert fault.words.en

    def test_refuses_a_row_that_comes_twice(self, tmp_path: Path) -> None:
        rows, faults = read_table(table(tmp_path, SOUND, SOUND))

        assert len(rows) == 1
        assert "line 2" in faults[0].words.en

    def test_reads_county_lists_with_older_codes(self, tmp_path: Path) -> None:
        header = "department,main_item,name,item_code,catalog_code,task_type,dept_code,area_code"
        path = table(
            tmp_path, "区农业局,养蜂证,养蜂证申领,511A00142-0002,511A0014200002,1,11736,511602000000", header=header
        )

        rows, faults = read_table(path)

        assert faults == []
        assert (rows[0].identity, rows[0]["department"]) == ("511A00142-0002", "区农业局")

    def test_reads_chinese_headers_tabs_and_lines_within_cells(self, tmp_path: Path) -> None:
        path = tmp_path / "items.csv"
        path.write_text('事项名称\t基本编码\n"养蜂证\n申领"\t442199806003\nx\t1\n', encoding="utf-8")

        rows, faults = read_table(path)

        assert rows[0].line == 2
        assert [fault.line for fault in faults] == [4]

    @pytest.mark.parametrize(
        ("content", "part"),
        [
            (b"", "header lacks"),
            (b"name,code\na,1\n", "header lacks catalog_code"),
            (b'catalog_code,name\n"1,a\n', "CSV"),
            (b"\xff\xfe\x00\x01", "Not UTF-8"),
            (b"catalog_code,name\n\x00,a\n", "Not UTF-8"),
        ],
    )
    def test_refuses_what_is_no_table(self, tmp_path: Path, content: bytes, part: str) -> None:
        path = tmp_path / "items.csv"
        path.write_bytes(content)

        with pytest.raises(CannotImport, match=part):
            read_table(path)

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(CannotImport, match="Cannot be read"):
            read_table(tmp_path / "none.csv")

    @settings(max_examples=100, deadline=None)
    @given(st.binary(max_size=120))
    def test_never_fails_on_anything(self, tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
        path = tmp_path_factory.getbasetemp() / "any.csv"
        path.write_bytes(b"catalog_code,name\n" + content)

        try:
            rows, faults = read_table(path)
        except CannotImport:  # its sentence is another test
            return
        assert all(row["name"] for row in rows)
        assert all(fault.line > 1 for fault in faults)
