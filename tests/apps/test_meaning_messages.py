"""Files of messages: what is read, and where a bad file is wrong."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yici.apps.tickets.meaning.grams import counts, plain
from yici.apps.tickets.meaning.messages import CannotReadMessages, Message, read_messages


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "messages.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


class TestReadMessages:
    def test_reads_columns_in_any_order_and_keeps_line_breaks(self, tmp_path: Path) -> None:
        path = written(tmp_path, '\ufefflabel,detail,subject,time,id,up\n城建,"一\n二",路灯,2019/2/8 9:05,7,3\n')

        assert read_messages(path) == [Message("7", "路灯", "一\n二", datetime(2019, 2, 8, 9, 5), "城建", reactions=3)]

    def test_gives_messages_without_an_id_their_line(self, tmp_path: Path) -> None:
        path = written(tmp_path, 'id,time,subject,detail\n,,,"一\n二"\n\n,,,三\n')

        assert [one.id for one in read_messages(path)] == ["L2", "L5"]

    @pytest.mark.parametrize(
        ("text", "where"),
        [
            ("id,time,detail\n1,,x\n", "messages.csv:1: column subject"),
            ("id,time,subject,detail,label\n1,,x,y,z\n2,,x\n", "messages.csv:3: 3 columns"),
            ("id,time,subject,detail,label\n1,昨天,x,y,z\n", "messages.csv:2:2 (time)"),
            ("id,time,subject,detail,label\n1,,x,y,\n", "messages.csv:2:5 (label)"),
            ("id,time,subject,detail,label\n1,,,,z\n", "messages.csv:2:4 (detail)"),
            ('id,time,subject,detail,label\n1,,x,"y,z\n', "messages.csv:2: not valid CSV"),
            ("id,time,subject,detail,label\n", "holds no message"),
            ("", "messages.csv:1: column id"),
            (b"id,time,subject,detail,label\n" + "城建".encode("gbk"), "byte 30 is not UTF-8"),
            ("id,time,subject,detail,label,up\n1,,x,y,z,-3\n", "messages.csv:2:6 (up)"),
        ],
        ids=["header", "columns", "time", "label", "words", "quote", "empty", "nothing", "encoding", "count"],
    )
    def test_says_where_a_file_is_wrong(self, tmp_path: Path, text: str | bytes, where: str) -> None:
        with pytest.raises(CannotReadMessages) as refusal:
            read_messages(written(tmp_path, text), labelled=True)

        assert where in refusal.value.text("en")
        assert refusal.value.text("zh") != refusal.value.text("en")

    def test_says_that_a_file_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(CannotReadMessages, match="check the path"):
            read_messages(tmp_path / "none.csv")


class TestGrams:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.text(alphabet="路灯坏了a1 ", max_size=12), min_size=1, max_size=6))
    def test_counts_each_text_as_if_it_stood_alone(self, texts: list[str]) -> None:
        clean = [plain(text) for text in texts]

        together = counts(clean, 3)

        for row, text in enumerate(clean):
            alone, own = counts([text], 3), together.rows == row
            assert together.buckets[own].tolist() == alone.buckets.tolist()
            assert together.times[own].tolist() == alone.times.tolist()
            # The slow way: every string of one to three characters, counted one by one.
            strings = [text[at : at + size] for size in (1, 2, 3) for at in range(len(text) - size + 1)]
            assert alone.times.sum() == len(strings)
            assert len(alone.buckets) == len(set(strings))
