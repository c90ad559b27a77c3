"""Importing and exporting: revisions are kept for ever, local differences become variants, exports import again."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings

from tests.apps.catalogue_files import CERTIFICATE, ELEMENTS, LOCAL, ORGANISATIONS, REGISTRATION, write_catalogue
from tests.apps.catalogue_strategies import items, life_events
from yici.apps.catalogue import actions, queries
from yici.apps.catalogue.document_reading import event_from_document, item_from_document
from yici.apps.catalogue.documents import canonical, event_document, fingerprint, item_document
from yici.apps.catalogue.exporter import written
from yici.apps.catalogue.faults import CannotImport
from yici.apps.catalogue.models import BasicItem, Implementation, ItemRevision, LifeEventRevision, ListRevision
from yici.apps.catalogue.patches import patched
from yici.apps.catalogue.stored import as_written
from yici.apps.catalogue.yaml_reading import read_yaml
from yici.apps.journal.models import Entry
from yici.apps.places.models import Organisation, Region
from yici.rules.codes import make_credit_code, parse_implementation_code
from yici.rules.items import Item, LifeEvent, Period

Import = Callable[..., actions.ImportReport]
PLACES = {
    "330000": ("浙江省", 1, None),
    "330100": ("杭州市", 2, "330000"),
    "330122": ("桐庐县", 3, "330100"),
    "330500": ("湖州市", 2, "330000"),
    "330502": ("吴兴区", 3, "330500"),
}


@pytest.fixture
def places(db: None) -> None:
    """One province, two cities, two counties, with a police and a health bureau where they exist."""
    rows: dict[str, Region] = {}
    for code, (name, level, above) in PLACES.items():
        full, parent = code.ljust(12, "0"), rows.get(above or "")
        path = f"{parent.path if parent else ''}{full}/"
        row = {"name": name, "name_en": name, "level": level, "parent": parent, "path": path}
        rows[code] = Region.objects.create(code=full, pinyin="", initials="", **row)
    for number, (code, region) in enumerate(rows.items()):
        for kind, stem in (("health", "A"), ("police", "B")):
            if (kind, code) != ("police", "330502"):  # the city's police serve this district
                uscc = str(make_credit_code("11", code, f"0000{stem}00{number}"))
                Organisation.objects.create(kind=kind, region=region, name=f"{code} {kind}", name_en=kind, uscc=uscc)


@pytest.fixture
def load(tmp_path: Path, now: datetime, places: None) -> Import:
    """Import the small catalogue, changed as told."""

    def load(*, by_hand: Path | None = None, at: datetime = now, **changes: str) -> actions.ImportReport:
        path = by_hand or write_catalogue(tmp_path, **changes)
        return actions.import_catalogue(path=path, by="system:test", now=at)

    return load


class TestImportCatalogue:
    def test_keeps_everything_as_first_revisions(self, load: Import) -> None:
        report = load()

        assert {"certificate", "registration", "registration@330500000000", "newborn"} < set(report.new)
        assert set(ItemRevision.objects.values_list("number", flat=True)) == {1}
        assert (report.files, report.items, report.events, report.changed) == (8, 2, 1, [])

    def test_does_nothing_when_nothing_changed(self, load: Import) -> None:
        load()
        lines = Entry.objects.count()

        again = load()

        assert (again.new, again.changed, again.implementations) == ([], [], 0)
        assert Entry.objects.count() == lines

    def test_gives_a_changed_item_and_its_variant_the_next_number(self, load: Import) -> None:
        load()

        report = load(registration=REGISTRATION.replace("出生登记, en", "新生儿出生登记, en"))

        assert sorted(report.changed) == ["registration", "registration@330500000000"]
        numbers = ItemRevision.objects.filter(basic__key="registration").values_list("variant", "number")
        assert sorted(numbers) == [("", 1), ("", 2), ("330500000000", 1), ("330500000000", 2)]
        assert BasicItem.objects.get(key="registration").name == "新生儿出生登记"

    def test_does_not_count_another_way_of_writing_as_a_change(self, load: Import) -> None:
        load()

        same = load(registration=REGISTRATION.replace("{value: 5, unit: W}", '"5W"') + "notes: null\n")

        assert same.changed == []

    def test_renews_the_items_that_use_a_changed_data_element(self, load: Import, tmp_path: Path) -> None:
        load()
        (tmp_path / "only").mkdir()
        (tmp_path / "only" / "elements.yaml").write_text(ELEMENTS.replace("Born where?", "Where?"), encoding="utf-8")

        report = load(by_hand=tmp_path / "only")

        assert sorted(report.changed) == ["certificate", "elements"]
        assert queries.item("certificate").questions[0].ask.en == "Where?"

    def test_takes_one_file_beside_what_is_stored(self, load: Import, tmp_path: Path) -> None:
        load()
        alone = tmp_path / "alone.yaml"
        alone.write_text(CERTIFICATE.replace("promised: 1W", "promised: 0W"), encoding="utf-8")

        assert load(by_hand=alone).changed == ["certificate"]

    def test_stores_nothing_when_one_file_has_an_error(self, load: Import) -> None:
        with pytest.raises(CannotImport):
            load(certificate=CERTIFICATE.replace("5W", "5 days"))

        assert not BasicItem.objects.exists()
        assert not Entry.objects.exists()

    def test_refuses_a_file_that_breaks_what_is_stored(self, load: Import, tmp_path: Path) -> None:
        load()
        alone = tmp_path / "elements.yaml"
        alone.write_text(ELEMENTS.replace("kind: bool", "kind: text"), encoding="utf-8")

        with pytest.raises(CannotImport, match=r"\(stored\) registration"):
            load(by_hand=alone)

    def test_refuses_another_code_for_a_known_item(self, load: Import) -> None:
        load()

        with pytest.raises(CannotImport, match="A code never changes"):
            load(certificate=CERTIFICATE.replace("330723001000", "330723009000"))

    def test_refuses_differences_of_a_region_that_is_not(self, load: Import) -> None:
        with pytest.raises(CannotImport, match="no region with the code 339900000000"):
            load(**{"330500": LOCAL.replace("330500", "339900")})

    def test_only_looks_when_told_so(self, load: Import, tmp_path: Path, now: datetime) -> None:
        report = actions.import_catalogue(path=write_catalogue(tmp_path), by="x", now=now, dry_run=True)

        assert (report.stored, len(report.new)) == (False, 9)
        assert not BasicItem.objects.exists()

    def test_writes_one_journal_line(self, load: Import) -> None:
        load()

        (line,) = Entry.objects.all()
        assert (line.kind, line.subject, line.by) == ("catalogue.imported", "catalogue", "system:test")


class TestRevisions:
    def test_keep_the_text_that_was_hashed(self, load: Import) -> None:
        load()

        for revision in (*ItemRevision.objects.all(), *LifeEventRevision.objects.all(), *ListRevision.objects.all()):
            assert bytes(revision.sha256) == fingerprint(revision.document_text)
            assert canonical(revision.document) == revision.document_text

    @pytest.mark.parametrize("table", ["itemrevision", "lifeeventrevision", "listrevision"])
    @pytest.mark.parametrize("act", ["UPDATE {} SET number = 9", "DELETE FROM {}"])
    def test_are_never_changed_or_removed(self, load: Import, table: str, act: str) -> None:
        load()

        refused = pytest.raises(DatabaseError, match="never changed")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act.format(f"catalogue_{table}"))

    def test_are_in_force_from_the_local_day_of_publication(self, load: Import) -> None:
        late = datetime(2018, 3, 5, 17, 0, tzinfo=UTC)  # one in the morning in Hangzhou
        load(at=late)
        load(at=late + timedelta(days=3), certificate=CERTIFICATE.replace("promised: 1W", "promised: 0W"))

        assert queries.item("certificate", on=date(2018, 3, 8)).promised == Period(1, "W")
        assert queries.item("certificate", on=date(2018, 3, 9)).promised == Period(0, "W")
        with pytest.raises(queries.CannotFindInCatalogue):
            queries.item("certificate", on=date(2018, 3, 5))


class TestLocalDifferences:
    def test_hold_in_the_region_and_below_and_nowhere_else(self, load: Import) -> None:
        load()

        here, there = (queries.item("registration", code) for code in ("330502", "330122"))

        assert here.promised == Period(0, "W")
        assert [part.key for part in here.requirements] == ["certificate", "mother_card"]
        assert here.steps[1].promised_days == 0
        assert there.promised == Period(1, "W")
        assert queries.catalogue_for("330502").events is queries.catalogue_for("330122").events

    def test_follow_the_basic_item(self, load: Import, tmp_path: Path) -> None:
        load()
        alone = tmp_path / "alone.yaml"
        alone.write_text(REGISTRATION.replace("zh: 面谈", "zh: 当面询问"), encoding="utf-8")
        load(by_hand=alone)

        assert queries.item("registration", "330500").presences[0].name.zh == "当面询问"

    def test_end_when_the_region_drops_them(self, load: Import) -> None:
        load()

        load(**{"330500": LOCAL.replace("registration", "certificate").split("    requirements")[0]})

        assert queries.item("registration", "330502").promised == Period(1, "W")
        assert Implementation.objects.get(basic__key="registration", region__code="330500000000").revision.variant == ""

    def test_patch_keyed_lists_in_place(self) -> None:
        basic = {"requirements": [{"key": "a", "when": "x"}, {"key": "b"}, {"key": "c"}]}

        result = patched(basic, {"requirements": {"b": None, "a": {"when": None}, "d": {"name": 1}}})

        assert result == {"requirements": [{"key": "a"}, {"key": "c"}, {"key": "d", "name": 1}]}


class TestImplementations:
    def test_stand_where_the_organisation_is_at_the_level_of_the_item(self, load: Import) -> None:
        load()

        rows = Implementation.objects.values_list("basic__key", "region__code")
        assert sorted(rows) == [
            ("certificate", "330122000000"),
            ("certificate", "330502000000"),
            ("registration", "330122000000"),
            ("registration", "330500000000"),
        ], "the city's police serve the district that has none"

    def test_carry_the_code_of_their_organisation(self, load: Import) -> None:
        load()

        row = queries.implementation("certificate", "330122")
        code = parse_implementation_code(row.code31)
        assert (str(code.organisation), code.use_level, str(code.basic)) == (row.organisation.uscc, 4, "330723001000")

    def test_of_the_region_above_serve_where_there_is_none(self, load: Import) -> None:
        load(registration=REGISTRATION.replace('level: "4"', 'level: "3"'))

        row = queries.implementation("registration", "330502")

        assert row.region.code == "330500000000"
        assert row.revision.variant == "330500000000"
        assert parse_implementation_code(row.code31).use_level == 3

    def test_follow_the_newest_revision(self, load: Import) -> None:
        load()
        before = queries.implementation("certificate", "330122")

        load(certificate=CERTIFICATE.replace("promised: 1W", "promised: 0W"))

        after = queries.implementation("certificate", "330122")
        assert (after.public_id, after.revision.number) == (before.public_id, 2)
        assert queries.item_of(before.revision).promised == Period(1, "W")

    def test_are_switched_off_where_the_item_moves_to_another_level(self, load: Import) -> None:
        load()

        load(certificate=CERTIFICATE.replace('level: "4"', 'level: "3"'))

        active = Implementation.objects.filter(basic__key="certificate", active=True)
        assert {row.region.level for row in active} == {2}

    def test_are_made_for_organisations_founded_later(self, load: Import, now: datetime) -> None:
        load()
        region = Region.objects.get(code="330502000000")
        uscc = str(make_credit_code("11", "330502", "0000C001"))
        Organisation.objects.create(kind="police", region=region, name="分局", name_en="Police", uscc=uscc)

        assert actions.implement_items(by="system:test", now=now) == 1
        assert queries.implementation("registration", "330502").organisation.name == "分局"

    def test_are_refused_where_nobody_does_it(self, load: Import) -> None:
        load(organisations=ORGANISATIONS)

        with pytest.raises(queries.CannotFindInCatalogue, match="No organisation here"):
            queries.implementation("registration", "440100")


class TestExport:
    def test_imports_to_the_same_catalogue(self, load: Import, tmp_path: Path) -> None:
        load()

        count = queries.export_to(tmp_path / "out")

        assert count == 8
        assert load(by_hand=tmp_path / "out").changed == []
        assert "questions:\n- married\n- key: follows" in (tmp_path / "out/items/police/registration.yaml").read_text()

    def test_imports_as_one_stream_into_an_empty_house(self, load: Import, tmp_path: Path) -> None:
        load()
        stream = tmp_path / "all.yaml"
        stream.write_text("".join(queries.exported()), encoding="utf-8")
        before = set(ItemRevision.objects.values_list("basic__key", "variant", "document_text"))

        assert load(by_hand=stream).changed == []
        assert before == set(ItemRevision.objects.values_list("basic__key", "variant", "document_text"))

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(items())
    def test_of_any_item_reads_back_the_same(self, item: Item) -> None:
        text = written(as_written(item_document(item), {}))

        sources, faults = read_yaml(text.encode(), "item.yaml")

        assert faults == []
        assert item_from_document(sources[0].value) == item  # type: ignore[arg-type]

    @settings(max_examples=25, deadline=None)
    @given(life_events())
    def test_of_any_event_reads_back_the_same(self, event: LifeEvent) -> None:
        sources, _ = read_yaml(written(as_written(event_document(event), {})).encode(), "event.yaml")

        assert event_from_document(sources[0].value) == event  # type: ignore[arg-type]


class TestCatalogueFor:
    def test_returns_the_same_value_until_something_changes(
        self, load: Import, django_assert_num_queries: Callable[..., object]
    ) -> None:
        load()
        first = queries.catalogue_for("330122")

        with django_assert_num_queries(1):  # type: ignore[attr-defined]
            assert queries.catalogue_for("330122") is first
        assert queries.catalogue_for("330100") is first, "regions without differences share one value"

        load(certificate=CERTIFICATE.replace("promised: 1W", "promised: 0W"))
        assert queries.catalogue_for("330122") is not first

    def test_gives_a_single_item_as_an_event(self, load: Import) -> None:
        load()

        event = queries.event("registration", "330122")
        assert [member.item for member in event.members] == ["registration"]
        assert queries.find_event("nothing") is None
        with pytest.raises(queries.CannotFindInCatalogue, match="nothing called 'nothing'"):
            queries.event("nothing")

    def test_knows_the_lists_of_the_catalogue(self, load: Import) -> None:
        load()

        assert queries.catalogue_for("330122").datasets["births"].not_shared_in == ("330500",)
        assert queries.licence_kinds()["birth_certificate"].fields == ("child_name",)
        assert queries.organisation_kinds()["police"].levels == ("county", "city")
        assert [value for value, _ in queries.elements()["place"].values] == ["hospital", "at_home"]
        assert queries.event_revision("newborn").number == 1  # type: ignore[union-attr]

    def test_is_empty_before_the_first_import(self, db: None) -> None:
        assert queries.catalogue_for("330122").items == {}
