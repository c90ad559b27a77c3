"""Reading and checking catalogue files: every mistake has its place and its sentence, and none is read twice."""

import os
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.catalogue_files import CERTIFICATE, EVENT, FILES, LOCAL, REGISTRATION, line_of, write_catalogue
from yici.apps.catalogue.bundles import Bundle
from yici.apps.catalogue.circles import circle_in
from yici.apps.catalogue.faults import CannotImport, Fault
from yici.apps.catalogue.importing import read_catalogue


class Mistake(NamedTuple):
    """One piece of a good file changed for the worse, and what both sentences must say."""

    name: str
    old: str
    new: str
    zh: str
    en: str


MISTAKES = (
    Mistake(
        "certificate",
        "promised: 1W",
        "promissed: 1W",
        "是不是“promised”",
        "Did you mean 'promised'",
    ),
    Mistake(
        "certificate",
        "statutory: 5W",
        "statutory: 5 days",
        "工作日",
        "a number and a unit",
    ),
    Mistake(
        "certificate",
        'level: "4"',
        "level: 4",
        "应为其中之一",
        "it is one of 2, 3, 4, 5, 7",
    ),
    Mistake(
        "certificate",
        "organisation: health",
        "organisation: heath",
        "是不是“health”",
        "Did you mean 'health'",
    ),
    Mistake(
        "certificate",
        "audience: [natural]",
        "audience: []",
        "不能为空",
        "is empty",
    ),
    Mistake(
        "certificate",
        "immediate: false",
        "immediate: never",
        "true 或 false",
        "true or false",
    ),
    Mistake(
        "certificate",
        "questions: [place]",
        "questions: [plaice]",
        "是不是“place”",
        "Did you mean 'place'",
    ),
    Mistake(
        "certificate",
        "data births.number",
        "data births.numbr",
        "是不是“number”",
        "Did you mean 'number'",
    ),
    Mistake(
        "certificate",
        "data births.number",
        "data birth.number",
        "是不是“births”",
        "Did you mean 'births'",
    ),
    Mistake(
        "certificate",
        "data births.number",
        "dataset births",
        "写法不对",
        "'data dataset.field'",
    ),
    Mistake(
        "certificate",
        "licence: birth_certificate",
        "licence: birth",
        "证照类型",
        "no licence type 'birth'",
    ),
    Mistake(
        "certificate",
        "330723001000",
        "330123001000",
        "事项类型",
        "say type 01, but type is 07",
    ),
    Mistake(
        "certificate",
        "330723001000",
        "33072300100",
        "12 位数字",
        "12 digits",
    ),
    Mistake(
        "certificate",
        "330723001000",
        "330709002000",
        "相同",
        "Each item has its own",
    ),
    Mistake(
        "certificate",
        "after: [accept]",
        "after: [acept]",
        "是不是“accept”",
        "Did you mean 'accept'",
    ),
    Mistake(
        "certificate",
        "after: [accept]",
        "after: [issue]",
        "循环",
        "wait for each other",
    ),
    Mistake(
        "certificate",
        "key: issue",
        "key: accept",
        "出现两次",
        "stands twice",
    ),
    Mistake(
        "certificate",
        'place == "hospital"',
        'place == "hopital"',
        "条件有误",
        "Condition:",
    ),
    Mistake(
        "certificate",
        'place == "hospital"',
        "place > 3",
        "条件有误",
        "Condition:",
    ),
    Mistake(
        "certificate",
        'place == "hospital"',
        "place ==",
        "条件有误",
        "Condition:",
    ),
    Mistake(
        "certificate",
        'place == "hospital"',
        "plaice",
        "条件有误",
        "Condition:",
    ),
    Mistake(
        "certificate",
        "zh: 出生医学证明签发, ",
        "",
        "缺少必填的“zh”",
        "lacks 'zh'",
    ),
    Mistake(
        "certificate",
        "item: certificate",
        "itm: certificate",
        "哪种文件",
        "What is this file",
    ),
    Mistake(
        "registration",
        "result_of certificate",
        "result_of cert",
        "没有名为“cert”的事项",
        "There is no item 'cert'",
    ),
    Mistake(
        "registration",
        "result_of certificate",
        "result_of registration",
        "自己的结果",
        "its own result",
    ),
    Mistake(
        "registration",
        "key: follows",
        "key: place",
        "只有提问和提示可以换说法",
        "only its question and hint may be in other words",
    ),
    Mistake(
        "newborn",
        "item: certificate}",
        "item: certificat}",
        "是不是“certificate”",
        "Did you mean 'certificate'",
    ),
    Mistake(
        "newborn",
        "lead: health",
        "lead: hospital",
        "没有名为“hospital”的机构",
        "no kind of organisation",
    ),
    Mistake(
        "newborn",
        "order >= 1",
        "order >= true",
        "条件有误",
        "Condition:",
    ),
    Mistake(
        "newborn",
        "{item: certificate}",
        "{item: certificate, after: [registration]}",
        "循环",
        "wait for each other",
    ),
    Mistake(
        "newborn",
        "event: newborn",
        "event: certificate",
        "已经是一个事项的名称",
        "is the key of an item",
    ),
    Mistake(
        "330500",
        "registration:",
        "registrations:",
        "是不是“registration”",
        "Did you mean 'registration'",
    ),
    Mistake(
        "330500",
        "promised: 0W",
        "promissed: 0W",
        "是不是“promised”",
        "Did you mean 'promised'",
    ),
    Mistake(
        "330500",
        "promised: 0W",
        "promised: soon",
        "写法不对",
        "'soon' is no 'promised'",
    ),
    Mistake(
        "330500",
        "proves: mother",
        "prove: mother",
        "不认识的键“prove”",
        "Unknown key 'prove'",
    ),
    Mistake(
        "330500",
        "data births.mother",
        "data births.father",
        "没有字段",
        "has no field 'father'",
    ),
    Mistake(
        "330500",
        'region: "330500"',
        'region: "3305"',
        "区划代码",
        "region code",
    ),
    Mistake(
        "datasets",
        "owner: health",
        "owner: heath",
        "是不是“health”",
        "Did you mean 'health'",
    ),
    Mistake(
        "elements",
        "minimum: 1, maximum: 9",
        "minimum: 9, maximum: 1",
        "范围不可用",
        "unusable range",
    ),
    Mistake(
        "licence_types",
        "fields: [child_name]",
        "fields: [child]",
        "数据元",
        "no data element 'child'",
    ),
)


def faults_in(folder: Path, **changes: str) -> tuple[Fault, ...]:
    with pytest.raises(CannotImport) as caught:
        read_catalogue(write_catalogue(folder, **changes), Bundle())
    return caught.value.faults


class TestCheckFiles:
    def test_takes_the_good_catalogue(self, tmp_path: Path) -> None:
        incoming, _ = read_catalogue(write_catalogue(tmp_path), Bundle())

        assert sorted(incoming.items) == ["certificate", "registration"]
        assert list(incoming.local) == ["330500000000"]

    @pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.name}: {mistake.new or 'nothing'}")
    def test_refuses_one_mistake_where_it_stands(self, tmp_path: Path, mistake: Mistake) -> None:
        text = next(text for file, text in FILES.items() if Path(file).stem == mistake.name)
        assert mistake.old in text
        changed = text.replace(mistake.old, mistake.new, 1)

        found = faults_in(tmp_path, **{mistake.name: changed})

        meant = [fault for fault in found if mistake.zh in fault.words.zh]
        assert meant, found
        assert any(mistake.en in fault.words.en for fault in meant)
        assert all(abs(fault.line - line_of(text, mistake.old)[0]) <= 4 for fault in meant)

    def test_points_into_a_quoted_condition(self, tmp_path: Path) -> None:
        changed = REGISTRATION.replace('follows == "father"', 'folows == "father"')

        (fault,) = faults_in(tmp_path, registration=changed)

        assert (fault.line, fault.column) == line_of(changed, "folows")

    def test_collects_the_mistakes_of_all_files(self, tmp_path: Path) -> None:
        faults = faults_in(
            tmp_path,
            certificate=CERTIFICATE.replace("5W", "5X").replace("immediate: false", "immediate: 3"),
            newborn=EVENT.replace("lead: health", "lead: nobody"),
            **{"330500": LOCAL + "extra: 1\n"},
        )

        assert {fault.file for fault in faults} == {
            "items/health/certificate.yaml",
            "events/newborn.yaml",
            "local/330500.yaml",
        }
        assert len(faults) == 4, "a faulty item is still known to the event and the other item"

    def test_refuses_the_same_key_in_two_files(self, tmp_path: Path) -> None:
        write_catalogue(tmp_path)
        (tmp_path / "items" / "again.yaml").write_text(CERTIFICATE, encoding="utf-8")

        with pytest.raises(CannotImport, match=r"'certificate' is defined in items/again\.yaml:1 already"):
            read_catalogue(tmp_path, Bundle())

    def test_follows_no_links_and_reads_no_pipes(self, tmp_path: Path) -> None:
        write_catalogue(tmp_path)
        (tmp_path / "items" / "outside.yaml").symlink_to("/etc/hostname")
        os.mkfifo(tmp_path / "items" / "pipe.yaml")

        with pytest.raises(CannotImport) as caught:
            read_catalogue(tmp_path, Bundle())

        assert {fault.file for fault in caught.value.faults} == {"items/outside.yaml", "items/pipe.yaml"}

    @pytest.mark.parametrize("path", ["nowhere", "."])
    def test_says_when_there_is_nothing_to_read(self, tmp_path: Path, path: str) -> None:
        with pytest.raises(CannotImport):
            read_catalogue(tmp_path / path, Bundle())

    def test_says_it_in_both_languages(self, tmp_path: Path) -> None:
        with pytest.raises(CannotImport) as caught:
            read_catalogue(write_catalogue(tmp_path, newborn=EVENT.replace("lead: health", "lead: nobody")), Bundle())

        assert "events/newborn.yaml:4:7" in caught.value.text("zh")
        assert "events/newborn.yaml:4:7" in caught.value.text("en")


class TestCircleIn:
    @given(st.dictionaries(st.integers(0, 6).map(str), st.lists(st.integers(0, 6).map(str)), max_size=7))
    def test_finds_a_circle_exactly_when_no_order_exists(self, waiting: dict[str, list[str]]) -> None:
        circle = circle_in(waiting)

        if circle:
            assert circle[0] == circle[-1]
            assert all(after in waiting[key] for key, after in pairwise(circle))
        else:
            assert _orderable(waiting)

    def test_survives_a_long_chain(self) -> None:
        assert circle_in({str(n): [str(n + 1)] for n in range(20_000)}) == ()


def _orderable(waiting: dict[str, list[str]]) -> bool:
    left = dict(waiting)
    while ready := [key for key, after in left.items() if not any(other in left for other in after)]:
        for key in ready:
            del left[key]
    return not left
