"""Reading one catalogue file: every mistake in it has its place and its sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yici.apps.catalogue.faults import Fault
from yici.apps.catalogue.yaml_reading import MOST_BYTES, read_yaml


def faults_of(text: str | bytes) -> list[Fault]:
    return read_yaml(text if isinstance(text, bytes) else text.encode(), "a.yaml")[1]


def value_of(text: str) -> object:
    sources, faults = read_yaml(text.encode(), "a.yaml")
    assert not faults
    return sources[0].value


class TestReadYaml:
    def test_reads_codes_as_text_and_numbers_as_numbers(self) -> None:
        text = "type: 07\ncode: 0571-12345\ndays: 5\nbool: true\nword: yes\nnone: null\nhalf: 0.5\nday: 2018-01-01\n"

        assert value_of(text) == {
            "type": "07",
            "code": "0571-12345",
            "days": 5,
            "bool": True,
            "word": "yes",
            "none": None,
            "half": 0.5,
            "day": "2018-01-01",
        }

    def test_takes_aliases_within_reason(self) -> None:
        assert value_of("a: &x [1, 2]\nb: *x\n") == {"a": [1, 2], "b": [1, 2]}

    def test_takes_a_mark_at_the_beginning(self) -> None:
        assert read_yaml(b"\xef\xbb\xbfa: 1", "a.yaml")[0][0].value == {"a": 1}

    @pytest.mark.parametrize(
        ("text", "line", "column", "part"),
        [
            ("a:\n\t- b\n", 2, 1, "制表符"),
            ("a: b: c\n", 1, 5, "冒号"),
            ("a: 1\nb: 'never closed\n", 3, 1, "引号"),
            ("a: 1\nb: [1, 2\n", 3, 1, "方括号"),
            ("a: 1\nb\n", 3, 1, "缺少半角冒号"),
            ("a: 1\na: 2\n", 2, 1, "重复"),
            ("a: !!python/object/apply:os.system [x]\n", 1, 4, "标签"),
            ("a: *nowhere\n", 1, 4, "引用"),
            ("a: &a [*a]\n", 1, 8, "引用"),
            ("? [a, b]\n: c\n", 1, 3, "键"),
            ("a: x\x07y\n", 1, 5, "控制字符"),
            ("[" * 60 + "]" * 60, 1, 26, "嵌套"),
        ],
        ids=lambda value: repr(value)[:24],
    )
    def test_places_each_mistake(self, text: str, line: int, column: int, part: str) -> None:
        (fault,) = faults_of(text)

        assert (fault.line, fault.column) == (line, column)
        assert part in fault.words.zh
        assert fault.words.en

    def test_counts_columns_in_characters(self) -> None:
        (fault,) = faults_of("名称: 出生\n名称: 登记\n")

        assert (fault.line, fault.column) == (2, 1)

    def test_refuses_another_encoding_where_it_begins_to_show(self) -> None:
        (fault,) = faults_of("name: birth\n名称: 出生".encode("gbk"))

        assert (fault.line, fault.column) == (2, 1)
        assert "UTF-8" in fault.words.zh

    def test_refuses_aliases_that_unfold_without_end(self) -> None:
        lines = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
        for before, name in zip("abcdefgh", "bcdefghi", strict=True):
            lines.append(f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]")

        (fault,) = faults_of("\n".join(lines))

        assert "展开" in fault.words.zh

    def test_refuses_a_file_beyond_the_limit(self) -> None:
        (fault,) = faults_of(b"a" * (MOST_BYTES + 1))

        assert "上限" in fault.words.zh

    def test_survives_brackets_that_would_exhaust_the_stack(self) -> None:
        assert len(faults_of("[" * 100_000)) == 1
        assert len(faults_of("{a: " * 100_000)) == 1

    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
    def test_never_fails_on_anything(self, content: bytes) -> None:
        sources, faults = read_yaml(content, "a.yaml")

        assert sources or faults
