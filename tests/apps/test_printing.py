"""Printing: the real program `lp` and a real folder; a fault leaves nothing lost and nothing printed twice unseen."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from tests.apps.factories import HallFactory, OrganisationFactory, PartyFactory, StaffFactory
from yici.apps.halls import kiosks, printers, printing
from yici.apps.halls.kiosks import KioskView
from yici.apps.halls.models import Kiosk, PrintJob
from yici.apps.journal import queries as journal
from yici.apps.licences.keys import ensure_seal, seal_folder
from yici.apps.licences.models import Licence, LicenceFile, LicenceType
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.rules.kiosks import GIVEN_UP_AFTER, INTERRUPTED, CannotPrint, Printer, PrintState, PrintWhat
from yici.rules.people import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 3, 5, 2, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\nthe signed licence, byte for byte\n%%EOF"


def kiosk_with(printer: str) -> KioskView:
    hall = HallFactory(code="330502")
    _, secret = kiosks.register(hall=hall.name, name="1号", name_en="", printer=printer, by="system:test", now=NOW)
    found = kiosks.kiosk_of(kiosks.pair(secret=secret, now=NOW))
    assert found is not None
    return found


def licence_of(holder: Party, **changes: object) -> UUID:
    ensure_seal(seal_folder(settings.DATA_DIR), now=NOW)
    kind, _ = LicenceType.objects.get_or_create(key="business_licence", defaults={"name": "营业执照", "name_en": "B"})
    row = Licence.objects.create(
        identifier=str(uuid4()),
        number=str(uuid4())[:30],
        type=kind,
        holder=holder,
        holder_name=holder.name,
        facts_text="[]",
        issued_by=OrganisationFactory(code="330502", kind="market_regulation"),
        issued_at=NOW,
        status_at=NOW,
        case_reference=str(uuid4()),
        sha256="0" * 64,
        **changes,
    )
    LicenceFile.objects.create(licence=row, pdf=PDF)
    return row.public_id


def as_viewer(party: Party) -> Viewer:
    return kiosks.viewer_at(party.pk, acting_for=None, on=NOW.date(), language="zh")


class Desk:
    """A person before a kiosk, with one licence."""

    def __init__(self, printer: str) -> None:
        self.kiosk = kiosk_with(printer)
        self.party = PartyFactory()
        self.licence = licence_of(self.party)

    def ask(self) -> UUID:
        return printing.ask_for_print(
            kiosk=self.kiosk, what=PrintWhat.LICENCE, document_id=self.licence, by=as_viewer(self.party), now=NOW
        )

    def run(self, job: UUID) -> PrintJob:
        row = PrintJob.objects.get(public_id=job)
        printing.run_print(job_id=row.pk, now=NOW)
        row.refresh_from_db()
        return row

    def again(self, job: UUID) -> None:
        printing.print_again(job_id=job, by=as_viewer(self.party), now=NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tray"


@pytest.fixture
def desk(folder: Path) -> Desk:
    return Desk(f"folder:{folder}")


def program(path: Path, name: str, text: str) -> None:
    """Write a program for the PATH."""
    file = path / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder at the front of the PATH, where `lp` stands in for the printer's own."""
    path = tmp_path / "bin"
    path.mkdir()
    monkeypatch.setenv("PATH", f"{path}:{os.environ['PATH']}")
    return path


class TestIntoAFolder:
    def test_prints_the_licence_byte_for_byte(self, desk: Desk, folder: Path) -> None:
        job = desk.run(desk.ask())

        assert job.state == PrintState.PRINTED
        assert [path.read_bytes() for path in folder.iterdir()] == [PDF]
        assert journal.entries_for(str(job), kind="print.printed")

    def test_names_nobody_on_the_file_and_opens_it_to_nobody_else(self, desk: Desk, folder: Path) -> None:
        desk.run(desk.ask())

        file = next(folder.iterdir())
        assert desk.party.name not in file.name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_that_is_not_there_fails_with_a_sentence_and_prints_after_it_is_mended(self, tmp_path: Path) -> None:
        blocked = tmp_path / "tray"
        blocked.write_text("a file where the folder should be")
        desk = Desk(f"folder:{blocked}")
        asked = desk.ask()

        failed = desk.run(asked)
        assert (failed.state, bool(failed.error), bool(failed.error_en)) == (PrintState.FAILED, True, True)

        blocked.unlink()
        desk.again(asked)
        assert desk.run(asked).state == PrintState.PRINTED
        assert PrintJob.objects.get().attempts == 2

    def test_leaves_no_half_written_file(self, desk: Desk, folder: Path) -> None:
        (folder / f"yici-{desk.ask()}.pdf").mkdir(parents=True)  # the rename will fail, after the writing

        job = desk.run(PrintJob.objects.get().public_id)

        assert job.state == PrintState.FAILED
        assert [path.name for path in folder.iterdir()] == [f"yici-{job.public_id}.pdf"]


class TestThroughLp:
    def test_hands_over_the_whole_document(self, programs: Path, tmp_path: Path) -> None:
        out = tmp_path / "out.pdf"
        program(programs, "lp", f'for last; do :; done; cp "$last" {out}; echo "request id is hall-7 (1 file(s))"')
        program(programs, "lpstat", "exit 0")
        desk = Desk("queue:hall")

        assert desk.run(desk.ask()).state == PrintState.PRINTED
        assert out.read_bytes() == PDF

    def test_that_fails_in_the_middle_loses_nothing(self, programs: Path, tmp_path: Path) -> None:
        half = tmp_path / "half"
        program(programs, "lp", f'for last; do :; done; head -c 20 "$last" > {half}; echo "no paper" >&2; exit 1')
        desk = Desk("queue:hall")
        asked = desk.ask()

        failed = desk.run(asked)

        assert half.read_bytes() == PDF[:20]
        assert (failed.state, failed.detail) == (PrintState.FAILED, "no paper")
        assert "出纸口" in failed.error
        assert bytes(LicenceFile.objects.get().pdf) == PDF
        program(programs, "lp", 'echo "request id is hall-8"')
        program(programs, "lpstat", "exit 0")
        desk.again(asked)
        assert desk.run(asked).state == PrintState.PRINTED

    def test_without_paper_cancels_so_that_nothing_comes_out_later(
        self, programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(printers, "PAPER_SECONDS", 0.1)
        monkeypatch.setattr(printers, "LOOK_EVERY_SECONDS", 0.05)
        program(programs, "lp", 'echo "request id is hall-9 (1 file(s))"')
        program(programs, "lpstat", 'echo "hall-9  yici  1024  Mon 05 Mar 2018"')
        program(programs, "cancel", f'echo "$1" > {tmp_path}/cancelled')
        desk = Desk("queue:hall")

        failed = desk.run(desk.ask())

        assert failed.state == PrintState.FAILED
        assert "缺纸" in failed.error
        assert (tmp_path / "cancelled").read_text() == "hall-9\n"

    def test_that_hangs_is_given_up(self, programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(printers, "HAND_OVER_SECONDS", 0.2)
        program(programs, "lp", "exec sleep 20")
        desk = Desk("queue:hall")

        assert desk.run(desk.ask()).state == PrintState.FAILED

    def test_that_is_not_installed_says_so(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        desk = Desk("queue:hall")

        assert "lp: not found" in desk.run(desk.ask()).detail

    def test_keeps_no_copy_of_the_document(
        self, programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        program(programs, "lp", "exit 1")
        desk = Desk("queue:hall")

        desk.run(desk.ask())

        assert not list(tmp_path.glob("*.pdf"))


class TestKilledInTheMiddle:
    def killed(self, desk: Desk) -> PrintJob:
        """A job whose program was killed after it claimed it: this is what the database holds then."""
        desk.ask()
        PrintJob.objects.update(state=PrintState.PRINTING, attempts=1, started_at=NOW)
        return PrintJob.objects.get()

    def test_is_never_begun_again_by_itself(self, desk: Desk, folder: Path) -> None:
        job = self.killed(desk)

        assert desk.run(job.public_id).state == PrintState.PRINTING
        assert not folder.exists()

    def test_fails_with_the_sentence_that_a_page_may_have_come_out(self, desk: Desk, folder: Path) -> None:
        job = self.killed(desk)
        folder.mkdir()
        (folder / f".yici-{job.public_id}.part").write_bytes(PDF[:9])

        assert printing.sweep_interrupted(now=NOW + GIVEN_UP_AFTER) == 0
        assert printing.sweep_interrupted(now=NOW + GIVEN_UP_AFTER + timedelta(seconds=1)) == 1

        job.refresh_from_db()
        assert (job.state, job.error) == (PrintState.FAILED, INTERRUPTED.zh)
        assert not list(folder.iterdir())

    def test_after_the_paper_was_out_counts_as_printed(self, desk: Desk, folder: Path) -> None:
        job = self.killed(desk)
        printers.send(Printer("folder", str(folder)), f"yici-{job.public_id}", PDF)

        printing.sweep_interrupted(now=NOW + GIVEN_UP_AFTER * 2)

        job.refresh_from_db()
        assert job.state == PrintState.PRINTED
        assert len(list(folder.iterdir())) == 1

    def test_a_slow_printer_does_not_overwrite_what_the_sweep_said(self, desk: Desk) -> None:
        job = self.killed(desk)
        printing.sweep_interrupted(now=NOW + GIVEN_UP_AFTER * 2)

        assert not printing._end(job, PrintState.PRINTED, NOW)
        job.refresh_from_db()
        assert job.state == PrintState.FAILED


class TestNothingTwice:
    def test_a_second_press_is_the_same_copy(self, desk: Desk) -> None:
        assert desk.ask() == desk.ask()
        assert PrintJob.objects.count() == 1

    def test_a_job_run_twice_prints_once(self, desk: Desk, folder: Path) -> None:
        asked = desk.ask()
        desk.run(asked)
        next(folder.iterdir()).unlink()  # the person took it

        desk.run(asked)

        assert not list(folder.iterdir())

    def test_another_copy_says_that_it_is_one(self, desk: Desk) -> None:
        desk.run(desk.ask())

        assert desk.licence in printing.printed_before(as_viewer(desk.party), now=PrintJob.objects.get().finished_at)
        assert printing.print_of(as_viewer(desk.party), desk.ask()).copy == 2

    def test_only_what_failed_is_tried_again(self, desk: Desk) -> None:
        asked = desk.ask()
        desk.run(asked)

        with pytest.raises(CannotPrint):
            desk.again(asked)


class TestWhoMayPrint:
    def test_nobody_prints_anothers_licence(self, desk: Desk) -> None:
        with pytest.raises(printing.NoSuchPrint):
            printing.ask_for_print(
                kiosk=desk.kiosk,
                what=PrintWhat.LICENCE,
                document_id=desk.licence,
                by=as_viewer(PartyFactory()),
                now=NOW,
            )
        assert not PrintJob.objects.exists()

    def test_nobody_prints_anothers_receipt(self, desk: Desk) -> None:
        with pytest.raises(printing.NoSuchPrint):
            printing.ask_for_print(
                kiosk=desk.kiosk, what=PrintWhat.RECEIPT, document_id=uuid4(), by=as_viewer(desk.party), now=NOW
            )

    def test_a_revoked_licence_is_not_printed(self, desk: Desk) -> None:
        revoked = licence_of(desk.party, status="revoked")

        with pytest.raises(CannotPrint):
            printing.ask_for_print(
                kiosk=desk.kiosk, what=PrintWhat.LICENCE, document_id=revoked, by=as_viewer(desk.party), now=NOW
            )

    def test_nobody_sees_or_repeats_anothers_print(self, desk: Desk) -> None:
        asked, stranger = desk.ask(), as_viewer(PartyFactory())

        with pytest.raises(PrintJob.DoesNotExist):
            printing.print_of(stranger, asked)
        with pytest.raises(PrintJob.DoesNotExist):
            printing.print_again(job_id=asked, by=stranger, now=NOW)


class TestStaff:
    def clerk(self, code: str, *, hall: object = None) -> Viewer:
        organisation = OrganisationFactory(code=code, kind="government_service_hall")
        staff = StaffFactory(at_the_window=True, organisation=organisation)
        return Viewer(
            label=str(staff),
            staff_id=staff.pk,
            hall_id=getattr(hall, "pk", None),
            region_path=staff.region.path,
            roles=frozenset({Role.WINDOW}),
        )

    @pytest.fixture
    def failed(self, tmp_path: Path) -> PrintJob:
        (tmp_path / "tray").write_text("in the way")
        desk = Desk(f"folder:{tmp_path / 'tray'}")
        return desk.run(desk.ask())

    def test_of_the_hall_see_what_failed_and_print_it_again(self, failed: PrintJob) -> None:
        clerk = self.clerk("330502", hall=Kiosk.objects.get().hall)

        assert [one.public_id for one in printing.failed_prints(clerk)] == [failed.public_id]
        printing.print_again(job_id=failed.public_id, by=clerk, now=NOW)
        assert printing.failed_prints(clerk) == []

    def test_of_another_county_see_nothing(self, failed: PrintJob) -> None:
        clerk = self.clerk("330122")

        assert printing.failed_prints(clerk) == []
        with pytest.raises(PrintJob.DoesNotExist):
            printing.print_again(job_id=failed.public_id, by=clerk, now=NOW)

    def test_of_another_hall_see_nothing(self, failed: PrintJob) -> None:
        other = HallFactory(code="330502", name="吴兴区另一个大厅")

        assert printing.failed_prints(self.clerk("330502", hall=other)) == []
