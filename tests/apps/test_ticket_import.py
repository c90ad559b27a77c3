"""`yici tickets import`: another platform's file becomes tickets, whole or not at all, each message once."""

from pathlib import Path

import pytest

from tests.apps.ticket_examples import MONDAY, open_hotline
from yici.apps.tickets.importing import CannotImportTickets, import_file
from yici.apps.tickets.models import Ticket

HEAD = "id,time,subject,detail,kind,phone,region\n"


@pytest.fixture
def hotline(db: None) -> None:
    open_hotline("330122")


def written(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "messages.csv"
    path.write_text(head + "\n".join(lines), encoding="utf-8")
    return path


def take(path: Path, source: str = "neighbour") -> tuple[int, int]:
    done = import_file(path=path, region_code="330122", source=source, by="system:test", now=MONDAY)
    return done.filed, done.known


@pytest.mark.usefixtures("hotline")
class TestImport:
    def test_files_each_message_once(self, tmp_path: Path) -> None:
        first = '7,2018-03-01 09:00,路灯不亮,"巷口路灯不亮,\n已三天",,13900000001,'
        assert take(written(tmp_path, first)) == (1, 0)
        second = "8,2018-03-02 10:00,噪声,夜间施工,complaint,,"
        assert take(written(tmp_path, first, second)) == (1, 1)
        assert take(written(tmp_path, first), source="another") == (1, 0)

        lamp, noise = Ticket.objects.filter(idempotency_key__startswith="import:neighbour:").order_by("id")
        assert (lamp.kind, lamp.channel, lamp.external_reference, lamp.anonymous) == ("help", "import", "7", False)
        assert lamp.received_at == MONDAY
        assert "2018-03-01 09:00" in lamp.detail
        assert (noise.kind, noise.anonymous) == ("complaint", True)

    def test_names_every_fault_and_keeps_nothing(self, tmp_path: Path) -> None:
        path = written(
            tmp_path,
            "1,,路灯,不亮,,,",
            "2,,,没有标题,,,",
            "3,,噪声,施工,shouting,,",
            "4,,噪声,施工,,,999999",
            "1,,路灯,不亮,,,",
        )
        with pytest.raises(CannotImportTickets) as told:
            take(path)

        sentence = told.value.text("en")
        for line, word in ((3, "title"), (4, "shouting"), (5, "999999"), (6, "twice")):
            assert f"line {line}:" in sentence
            assert word in sentence
        assert not Ticket.objects.exists()

    @pytest.mark.parametrize(
        ("text", "word"),
        [("id,time,subject\n1,2,3\n", "detail"), ("id,time,subject,detail,colour\n", "colour"), ("\xff\xfe", "UTF-8")],
    )
    def test_says_what_is_wrong_with_the_file(self, tmp_path: Path, text: str, word: str) -> None:
        path = tmp_path / "wrong.csv"
        path.write_bytes(text.encode("latin-1"))
        with pytest.raises(CannotImportTickets, match=word):
            take(path)
        with pytest.raises(CannotImportTickets, match="nowhere"):
            take(tmp_path / "nowhere.csv")
