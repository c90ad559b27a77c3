"""The numbers, reasons and deemed outcomes of the law, article by article."""

from datetime import UTC, date, datetime

import pytest

from yici.apps.places.calendar_file import official_calendar
from yici.rules.clock_courses import SHANGHAI, CannotMoveClock
from yici.rules.clocks import Clock
from yici.rules.codes import COUNTRY, ZHEJIANG, parse_region_code
from yici.rules.deemed_outcomes import acceptance_to_revoke, deemed_acceptance, deemed_renewal, deemed_withdrawal
from yici.rules.law_parameters import LAW_PARAMETERS, CannotFindParameter, LawParameter, parameter
from yici.rules.pause_reasons import PAUSE_REASONS, legal_pause
from yici.rules.periods import Period, Unit
from yici.rules.words import Words

CALENDAR = official_calendar()
HANGZHOU, TONGLU = parse_region_code("330100"), parse_region_code("330122")
JUNE_2018 = date(2018, 6, 4)


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2018, month, day, hour, tzinfo=SHANGHAI).astimezone(UTC)


class TestParameters:
    @pytest.mark.parametrize(
        ("key", "value", "article"),
        [
            ("correction_notice", 5, 32),
            ("decision", 20, 42),
            ("decision_extension", 10, 42),
            ("joint_decision", 45, 42),
            ("joint_decision_extension", 15, 42),
            ("lower_level_review", 20, 43),
            ("delivery", 10, 44),
            ("hearing_application", 5, 47),
            ("hearing_held", 20, 47),
            ("hearing_notice_before", 7, 48),
            ("inspection_staff", 5, 55),
        ],
    )
    def test_licence_law_82_periods_are_working_days(self, key, value, article):
        found = parameter(key, TONGLU, JUNE_2018)

        assert found.period == Period(value, Unit.WORKING_DAY)
        assert found.source.en == f"Administrative Licence Law art. {article}"
        assert found.verified

    def test_licence_law_50_renewal_thirty_days_before_expiry_is_marked_unverified(self):
        found = parameter("renewal_before_expiry", TONGLU, JUNE_2018)

        assert (found.value, found.unit, found.verified) == (30, Unit.DAY, False)

    def test_regulation_14_commitments_are_checked_within_sixty_working_days(self):
        assert parameter("commitment_check", TONGLU, date(2019, 1, 1)).period == Period(60)

    def test_the_reform_law_does_not_hold_before_2019_nor_in_another_province(self):
        """Before it the number was nobody's law; elsewhere there is none."""
        before = parameter("commitment_check", TONGLU, date(2018, 12, 31))
        assert not before.verified
        assert "规定第十四条" not in before.source.zh
        with pytest.raises(CannotFindParameter, match="commitment_check"):
            parameter("commitment_check", parse_region_code("410500"), date(2019, 1, 1))

    def test_the_nearest_region_wins_then_the_latest_row(self):
        def row(value, region, since, until=None):
            return LawParameter(
                key="k", value=value, region=region, valid_from=since, valid_to=until, source=Words("甲", "A")
            )

        table = [
            row(1, COUNTRY, date(2010, 1, 1)),
            row(2, ZHEJIANG, date(2012, 1, 1)),
            row(3, ZHEJIANG, date(2017, 1, 1)),
            row(4, HANGZHOU, date(2018, 1, 1), date(2018, 6, 4)),
            row(5, parse_region_code("330200"), date(2010, 1, 1)),
        ]

        def value(day):
            return parameter("k", TONGLU, day, table).value

        assert [value(date(year, 6, 4)) for year in (2011, 2013, 2017, 2018)] == [1, 2, 3, 4]
        assert value(date(2018, 6, 5)) == 3
        # A newer row of the country does not push the older one of the city aside.
        table.append(row(6, COUNTRY, date(2018, 3, 1)))
        assert value(date(2018, 6, 4)) == 4

    def test_what_is_no_law_is_not_called_verified(self):
        suggestions = [row for row in LAW_PARAMETERS if row.source.en.startswith("Suggested")]

        assert suggestions
        assert not any(row.verified for row in suggestions)

    def test_a_share_is_no_period(self):
        with pytest.raises(CannotFindParameter, match="no period"):
            _ = parameter("amber_from_used", TONGLU, JUNE_2018).period

    def test_keys_regions_and_starts_are_unique(self):
        places = [(row.key, row.region, row.valid_from) for row in LAW_PARAMETERS]

        assert len(places) == len(set(places))


class TestPauseReasons:
    def test_licence_law_45_names_eight_procedures(self):
        named = [reason.words.zh for reason in PAUSE_REASONS.values() if "四十五" in reason.basis.zh]

        assert named == ["听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审"]

    def test_regulation_28_an_intermediary_pauses_only_if_the_law_requires_the_report(self):
        assert legal_pause("intermediary_report", required_by_law=True).words.zh == "中介机构出具报告"
        with pytest.raises(CannotMoveClock, match="its time counts"):
            legal_pause("intermediary_report", required_by_law=False)

    def test_refuses_reasons_that_no_law_names(self):
        with pytest.raises(CannotMoveClock, match="no reason for which the law stops"):
            legal_pause("staff_on_leave", required_by_law=True)


class TestDeemedAcceptance:
    NOTICE = Clock(started=at(6, 4), statutory=Period(5))  # received Monday, notice due Monday 11 June

    def test_licence_law_32_silence_accepts_from_the_day_of_receipt(self):
        outcome = deemed_acceptance(notice=self.NOTICE, calendar=CALENDAR, now=at(6, 12, 0))

        assert outcome is not None
        assert (outcome.key, outcome.since) == ("accepted", date(2018, 6, 4))

    def test_there_is_time_until_midnight_of_the_fifth_working_day(self):
        assert deemed_acceptance(notice=self.NOTICE, calendar=CALENDAR, now=at(6, 11, 23)) is None

    def test_a_notice_in_time_prevents_it_for_ever(self):
        notice = self.NOTICE.stop(at=at(6, 11, 17))

        assert deemed_acceptance(notice=notice, calendar=CALENDAR, now=at(12, 1)) is None

    def test_a_notice_sent_too_late_does_not_undo_it(self):
        notice = self.NOTICE.stop(at=at(6, 12, 9))

        assert deemed_acceptance(notice=notice, calendar=CALENDAR, now=at(6, 12, 10)) is not None


class TestCorrectionsAndDeficiencies:
    ANSWER = Clock(started=at(6, 4), statutory=Period(15))  # due Tuesday 26 June

    def test_regulation_11_an_unanswered_correction_is_a_withdrawal(self):
        outcome = deemed_withdrawal(answer=self.ANSWER, calendar=CALENDAR, now=at(6, 27))

        assert outcome is not None
        assert outcome.since == date(2018, 6, 26)
        assert deemed_withdrawal(answer=self.ANSWER, calendar=CALENDAR, now=at(6, 26, 23)) is None

    def test_an_answer_in_time_prevents_it(self):
        answered = self.ANSWER.stop(at=at(6, 20))

        assert deemed_withdrawal(answer=answered, calendar=CALENDAR, now=at(7, 20)) is None

    def test_regulation_11_a_late_deficiency_makes_the_acceptance_revocable(self):
        outcome = acceptance_to_revoke(cure=self.ANSWER, calendar=CALENDAR, now=at(6, 27))

        assert outcome is not None
        assert "第十一条第二款" in outcome.basis.zh
        assert acceptance_to_revoke(cure=self.ANSWER, calendar=CALENDAR, now=at(6, 26)) is None


class TestDeemedRenewal:
    @pytest.mark.parametrize(
        ("applied_on", "decided_on", "today", "renewed"),
        [
            (date(2018, 11, 1), None, date(2019, 1, 1), True),
            (date(2018, 12, 1), None, date(2019, 1, 1), True),
            (date(2018, 12, 2), None, date(2019, 1, 1), False),
            (date(2018, 11, 1), None, date(2018, 12, 31), False),
            (date(2018, 11, 1), date(2018, 12, 31), date(2019, 1, 1), False),
            (date(2018, 11, 1), date(2019, 1, 1), date(2019, 1, 2), True),
        ],
        ids=["silence", "30 days before", "29 days before", "not expired yet", "decided in time", "decided too late"],
    )
    def test_licence_law_50_silence_until_expiry_renews(self, applied_on, decided_on, today, renewed):
        outcome = deemed_renewal(
            expires_on=date(2018, 12, 31),
            applied_on=applied_on,
            apply_before_days=30,
            decided_on=decided_on,
            today=today,
        )

        assert (outcome is not None) is renewed
