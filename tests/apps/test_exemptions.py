"""Honest failure: five conditions, decided one level above by somebody else, public, and counted no more."""

import pytest
from django.db import IntegrityError, transaction

from tests.apps.factories import OrganisationFactory
from tests.apps.test_cockpit import reform
from tests.apps.test_scorecards import LATE, MARCH, cases, hotline, tally
from tests.apps.ticket_examples import Hotline, staff_of
from yici.apps.accountability import contests, exemptions
from yici.apps.accountability.models import Exemption
from yici.apps.accountability.month_counting import count_month
from yici.apps.people.viewers import Viewer
from yici.apps.privacy.endings import DUTIES
from yici.rules.exemptions import CONDITIONS, CannotExempt, Finding, Statement
from yici.rules.people import Role
from yici.rules.scores import Tally

__all__ = ["hotline"]  # the fixture
SAID = {key: Statement("改革方案经县政府常务会议讨论", "会议纪要二〇一八年第三号") for key in CONDITIONS}
HOLDS = {key: Finding(True, "会议纪要属实，理由成立。") for key in CONDITIONS}


@pytest.fixture
def late(hotline: Hotline) -> Hotline:
    cases(hotline.ecology, 12, late=2)
    count_month(MARCH, now=LATE)
    return hotline


def point(viewer: Viewer) -> str:
    return contests.own_points(viewer, MARCH, "promised_time")[0].ref


def asked(late: Hotline, **other: object) -> object:
    terms = {"month": MARCH, "measure": "promised_time", "ref": point(late.at_ecology), "statements": SAID}
    return exemptions.ask(**{**terms, "by": late.at_ecology, "now": LATE, **other})  # type: ignore[arg-type]


class TestAsking:
    def test_needs_all_five_with_their_evidence(self, late: Hotline) -> None:
        for key in CONDITIONS:
            for lacking in (Statement("短", SAID[key].evidence), Statement(SAID[key].said, " ")):
                with pytest.raises(CannotExempt, match="All five"):
                    asked(late, statements={**SAID, key: lacking})
        assert not Exemption.objects.exists()

    def test_is_for_a_failure_of_ones_own_once(self, late: Hotline) -> None:
        other = staff_of(OrganisationFactory(kind="health", code="330122"), Role.DECIDER)
        for wrong in ({"ref": "nothing"}, {"by": other}, {"by": late.person}, {"by": reform("330122")}):
            with pytest.raises(CannotExempt):
                asked(late, **wrong)
        asked(late)
        with pytest.raises(CannotExempt, match="before"):
            asked(late)


class TestDeciding:
    def test_is_for_the_level_above_alone(self, late: Hotline) -> None:
        made = asked(late)
        strangers = (reform("330122"), reform("330500"), late.at_ecology, staff_of(late.ecology, Role.REFORM))
        for stranger in strangers:
            assert exemptions.waiting(stranger) == []
            with pytest.raises(Exemption.DoesNotExist):
                exemptions.decide(exemption_id=made, findings=HOLDS, by=stranger, now=LATE)  # type: ignore[arg-type]
        assert [one.public_id for one in exemptions.waiting(reform("330100"))] == [made]

    def test_takes_the_thing_out_of_the_count_when_all_hold(self, late: Hotline) -> None:
        made = asked(late)
        before = point(late.at_ecology)
        assert exemptions.decide(exemption_id=made, findings=HOLDS, by=reform("330100"), now=LATE)  # type: ignore[arg-type]
        assert tally(late.ecology, "promised_time") == Tally(10, 11)
        assert point(late.at_ecology) != before
        assert exemptions.waiting(reform("330100")) == []
        with pytest.raises(CannotExempt, match="already"):
            exemptions.decide(exemption_id=made, findings=HOLDS, by=reform("330000"), now=LATE)  # type: ignore[arg-type]

    @pytest.mark.parametrize("failed", CONDITIONS)
    def test_refuses_when_one_fails(self, late: Hotline, failed: str) -> None:
        made = asked(late)
        findings = {**HOLDS, failed: Finding(False, "没有证据支持这一项。")}
        assert not exemptions.decide(exemption_id=made, findings=findings, by=reform("330100"), now=LATE)  # type: ignore[arg-type]
        assert tally(late.ecology, "promised_time") == Tally(10, 12)
        (line,) = exemptions.published()
        assert (line.granted, line.failed) == (False, (failed,))

    def test_needs_a_reason_for_each(self, late: Hotline) -> None:
        made = asked(late)
        for findings in ({}, {**HOLDS, "repair": Finding(False, "短")}):
            with pytest.raises(CannotExempt, match="each condition"):
                exemptions.decide(exemption_id=made, findings=findings, by=reform("330100"), now=LATE)  # type: ignore[arg-type]
        assert Exemption.objects.get().granted is None

    def test_the_table_itself_keeps_the_five_together(self, late: Hotline) -> None:
        asked(late)
        with pytest.raises(IntegrityError), transaction.atomic():
            Exemption.objects.update(granted=True, decided_at=LATE, failed=["repair"])


def test_words_end_and_the_decision_stays(late: Hotline) -> None:
    made = asked(late)
    exemptions.decide(exemption_id=made, findings=HOLDS, by=reform("330100"), now=LATE)  # type: ignore[arg-type]
    duty = next(one for one in DUTIES if one.model is Exemption)
    duty.end([row.pk for row in duty.rows()], LATE)
    row = Exemption.objects.get()
    assert (row.statements, row.findings, row.granted) == ({}, {}, True)
    assert exemptions.own(late.at_ecology, MARCH)[0].public.granted
