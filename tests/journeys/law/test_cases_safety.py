"""What must never happen to an application: doubled, seen by a stranger, stopped without law, or fed bad papers."""

from datetime import datetime
from io import BytesIO

import pytest
from pyhanko.pdf_utils.writer import PdfFileWriter

from tests.journeys.law import steps
from tests.journeys.law.steps import HOSPITAL, case_of, taken, viewer
from yici.apps.cases import actions as cases
from yici.apps.cases import queries
from yici.apps.cases.models import Application, Attachment, Case, Step
from yici.apps.cases.papers import CannotTakePaper
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans
from yici.apps.planning.models import Draft
from yici.rules.cases import CaseState
from yici.rules.refusals import Refusal


class TestSubmit:
    """One wish, one application."""

    def test_twice_with_one_key_is_one_application(self, now: datetime) -> None:
        by = viewer("shenyu")
        key = steps.draft(by, "newborn", now, answers=HOSPITAL)
        steps.fill(by, key, now)
        first = steps.submit(by, key, now, key="one-wish")
        assert steps.submit(by, key, now, key="one-wish") == first
        assert Application.objects.filter(applicant_id=by.party_id).count() == 1


class TestStranger:
    """Whoever it does not concern learns not even that it exists."""

    def test_sees_no_application_case_or_clock(self, now: datetime) -> None:
        application = steps.apply(viewer("shenyu"), "newborn", now, answers=HOSPITAL)
        case = case_of(application, "birth_certificate")
        stranger = viewer("fangzhiyuan")
        with pytest.raises(Application.DoesNotExist):
            queries.application(stranger, application.public_id, now=now)
        with pytest.raises(Case.DoesNotExist):
            queries.case_clock(stranger, case.public_id, now=now)
        with pytest.raises(Case.DoesNotExist):
            queries.application_of_case(stranger, case.public_id)
        assert queries.applications_of(stranger).rows == ()

    def test_does_nothing_to_an_application(self, now: datetime) -> None:
        application = steps.apply(viewer("shenyu"), "newborn", now, answers=HOSPITAL)
        case = case_of(application, "birth_certificate")
        stranger = viewer("fangzhiyuan")
        with pytest.raises(Application.DoesNotExist):
            cases.withdraw_application(application_id=application.public_id, reason="", by=stranger, now=now)
        with pytest.raises(Application.DoesNotExist):
            cases.write_message(application_id=application.public_id, text="你好", by=stranger, now=now)
        with pytest.raises(Case.DoesNotExist):
            cases.answer_correction(case_id=case.public_id, reply="x", papers={}, by=stranger, now=now)

    def test_has_no_part_in_a_draft(self, now: datetime) -> None:
        key = steps.draft(viewer("shenyu"), "newborn", now, answers=HOSPITAL)
        stranger = viewer("fangzhiyuan")
        with pytest.raises(Draft.DoesNotExist):
            plans.draft(stranger, key, browser="")
        with pytest.raises(Draft.DoesNotExist):
            planning.discard_draft(by=stranger, browser="", public_id=key, now=now)
        with pytest.raises(Draft.DoesNotExist):
            steps.submit(stranger, key, now)

    @pytest.mark.parametrize("login", ["public_security.330122.reviewer", "health.330122.window", "fangzhiyuan"])
    def test_takes_no_step_of_another_desk(self, now: datetime, login: str) -> None:
        case = case_of(steps.apply(viewer("shenyu"), "newborn", now, answers=HOSPITAL), "birth_certificate")
        step = case.steps.get(state="ready")
        with pytest.raises(Step.DoesNotExist):
            cases.take_step(step_id=step.public_id, by=viewer(login), now=now)
        step.refresh_from_db()
        assert (step.state, step.taken_by) == ("ready", None)


class TestPause:
    """The clock stops for what the law names, and for nothing else."""

    def test_needs_a_ground_of_law(self, now: datetime) -> None:
        case = case_of(steps.apply(viewer("shenyu"), "newborn", now, answers=HOSPITAL), "birth_certificate")
        key, by = taken(case, now)
        for kind, required in (("holiday", True), ("intermediary_report", False)):
            with pytest.raises(Refusal):
                cases.pause(
                    step_id=key, kind=kind, reason="忙", announced_days=5, required_by_law=required, by=by, now=now
                )
        assert not case.pauses.exists()
        cases.pause(
            step_id=key, kind="expert_review", reason="", announced_days=5, required_by_law=True, by=by, now=now
        )
        case.refresh_from_db()
        assert (case.state, case.is_paused, case.pauses.count()) == (CaseState.SUSPENDED, True, 1)


class TestDependents:
    """Who waited for a result that never comes is told, and does not wait for ever."""

    def test_are_returned_when_the_predecessor_is_refused(self, now: datetime) -> None:
        application = steps.apply(viewer("shenyu"), "newborn", now, answers=HOSPITAL)
        waiting = list(application.cases.filter(waits_for__contains=["birth_certificate"]))
        assert waiting
        steps.decide(case_of(application, "birth_certificate"), now, grant=False)
        for case in waiting:
            case.refresh_from_db()
            assert (case.state, case.closed_at) == (CaseState.RETURNED, now)
            assert case.acts.get(kind="return").reason


def locked_pdf() -> bytes:
    """Return a PDF that opens only with a password."""
    writer, out = PdfFileWriter(), BytesIO()  # type: ignore[no-untyped-call]
    writer.encrypt("owner", "reader")  # type: ignore[no-untyped-call]
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


BAD_PAPERS = {
    "wrong type": (b"MZ\x90\x00 a programme", "Only PDF, JPEG and PNG"),
    "too large": (b"%PDF-" + b"0" * cases.LARGEST_PAPER, "larger than 5 MB"),
    "empty": (b"", "No file arrived"),
    "damaged": (b"%PDF-1.7 nothing follows", "damaged"),
    "encrypted": (locked_pdf(), "locked with a password"),
}


class TestPapers:
    """A bad paper gets a sentence, and nothing of it stays."""

    @pytest.mark.parametrize("kind", BAD_PAPERS)
    def test_refuses_with_a_sentence_and_keeps_nothing(self, now: datetime, kind: str) -> None:
        by = viewer("shenyu")
        key = steps.draft(by, "small_catering_registration", now, answers={})
        content, sentence = BAD_PAPERS[kind]
        with pytest.raises(CannotTakePaper, match=sentence):
            cases.add_paper(
                by=by, draft_id=key, proves="layout_of_premises", filename="a.pdf", content=content, now=now
            )
        assert not Attachment.objects.exists()
