"""Referrals against the database: who may do what, what is remembered, and that everybody who spoke is told once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tests.apps.factories import AccountFactory, GrantFactory, OrganisationFactory
from tests.apps.referral_examples import (
    ANSWER,
    SENT,
    Congress,
    answered,
    assigned,
    content,
    drafted,
    open_congress,
    published,
    sent,
    staff,
)
from tests.servers.mail import SmtpServer
from yici.apps.journal.models import Entry
from yici.apps.people.models import Party
from yici.apps.people.viewers import ANONYMOUS, Viewer, viewer_of
from yici.apps.referrals import actions, following, packages, queries, stations
from yici.apps.referrals.models import DeputySubmission, Referral, ReferralStep, ReferralVoice
from yici.apps.referrals.origins import TOPIC, origin_of_topic
from yici.apps.referrals.queries import Wanted
from yici.apps.referrals.stations import Collected
from yici.apps.reform import actions as reform
from yici.apps.tickets import queries as tickets
from yici.apps.tickets.mailbox.boxes import CannotReachMail, server_of
from yici.apps.tickets.mailbox.posting import Mailbox
from yici.apps.tickets.models import Mailed
from yici.apps.topics.queries import TopicRow
from yici.rules.items import LegalBasis
from yici.rules.levels import Level
from yici.rules.people import Role
from yici.rules.referral_course import ReferralAct
from yici.rules.referrals import CannotRefer, ReferralKind
from yici.rules.words import Words

LATER = datetime(2018, 8, 6, 2, 0, tzinfo=UTC)


@pytest.fixture
def congress(db: None, tmp_path: Path) -> Congress:
    return open_congress(tmp_path)


def lines(kind: str) -> int:
    return Entry.objects.filter(kind=kind).count()


class TestDrafting:
    def test_takes_article_level_figures_and_voices_from_the_proposal(self, congress: Congress) -> None:
        row = drafted(congress)

        assert (row.law, row.article, row.level) == ("浙江省居住条例", "第十二条", "local_regulation")
        assert (row.body, row.seat.code if row.seat else "") == ("congress", "330000000000")
        assert {one.ticket_id for one in row.voices.all()} == {one.pk for one in congress.tickets}
        assert row.evidence[0]["value"].startswith("12 / 20")
        assert row.evidence[0]["as_of"]
        assert row.state == "drafted"
        assert row.due_on is None
        assert lines("referrals.drafted") == 1

    def test_of_what_rests_on_nothing_is_refused_with_who_can_drop_it(self, congress: Congress) -> None:
        with pytest.raises(CannotRefer) as told:
            drafted(congress, "seal", ReferralKind.UPWARD)

        assert "卫生局今天就可以自己取消" in told.value.text("zh")
        assert Referral.objects.count() == 0

    @pytest.mark.parametrize(
        ("burden", "kind", "body", "desk"),
        [
            ("notice", ReferralKind.UPWARD, "government", "330122000000"),
            ("home", ReferralKind.LEGISLATION, "congress", "330000000000"),
            ("marriage", ReferralKind.UPWARD, "state_council", "330000000000"),
            ("delivery", ReferralKind.UPWARD, "national_congress", "330000000000"),
        ],
    )
    def test_goes_to_who_can_change_it(
        self, congress: Congress, burden: str, kind: ReferralKind, body: str, desk: str
    ) -> None:
        row = drafted(congress, burden, kind)

        assert (row.body, row.desk.code) == (body, desk)

    def test_the_same_is_before_them_once(self, congress: Congress) -> None:
        drafted(congress)
        with pytest.raises(CannotRefer, match="already"):
            drafted(congress)
        assert Referral.objects.count() == 1

    @pytest.mark.parametrize("burden", ["", "nothing"])
    def test_names_a_burden_of_the_item(self, congress: Congress, burden: str) -> None:
        with pytest.raises(CannotRefer, match="burden"):
            drafted(congress, burden)

    def test_keeps_no_number_of_anybody(self, congress: Congress) -> None:
        row = drafted(congress, problem="来电人13900000001说要跑两趟，很不方便。")

        assert "13900000001" not in row.problem

    def test_is_for_offices_that_refer(self, congress: Congress) -> None:
        for by in (congress.unit, congress.station, ANONYMOUS):
            with pytest.raises(CannotRefer):
                actions.refer(
                    origin=origin_of_topic(topic(congress)), kind=ReferralKind.LEGISLATION, content=content(), by=by,
                    now=SENT,
                )  # fmt: skip


def topic(congress: Congress) -> TopicRow:
    basis = LegalBasis("杭州市居住办法", "第三条", Level.LOCAL_REGULATION)
    keys = tuple(one.pk for one in congress.tickets)
    name = Words("居住证明", "Proof of residence")
    return TopicRow(uuid4(), name, "330122000000", "certificate", "home", basis, keys, SENT, SENT, 2)


def test_a_topic_is_referred_the_same_way(congress: Congress) -> None:
    row = actions.refer(
        origin=origin_of_topic(topic(congress)),
        kind=ReferralKind.SUPERVISION_TOPIC,
        content=content(),
        by=congress.reform,
        now=SENT,
    )

    assert (row.origin_kind, row.body, row.desk.code) == (TOPIC, "congress", "330100000000")
    assert [one["value"] for one in row.evidence] == ["2", "2"]


class TestTheWay:
    def test_from_sending_to_the_answer_each_by_whom_it_is_for(self, congress: Congress) -> None:
        key = sent(congress)
        row = Referral.objects.get(public_id=key)
        assert row.due_on == date(2018, 7, 2)
        for stranger in (congress.county, congress.reform, congress.unit, congress.central):
            with pytest.raises(Referral.DoesNotExist):
                actions.register(referral_id=key, by=stranger, now=SENT)

        docket = actions.register(referral_id=key, by=congress.liaison, now=SENT)
        assert docket == "浙江省人大移送〔2018〕1号"
        with pytest.raises(CannotRefer):
            actions.assign(referral_id=key, unit_id=None, by=congress.liaison, now=SENT)
        unit = OrganisationFactory(code="330000", kind="health")
        actions.assign(referral_id=key, unit_id=unit.public_id, by=congress.liaison, now=SENT)
        actions.more_time(referral_id=key, reason="涉及多个部门，需要论证", by=congress.liaison, now=SENT)
        actions.answer(referral_id=key, words=ANSWER, by=congress.unit, now=LATER)
        actions.accept(referral_id=key, by=congress.reform, now=LATER)

        row.refresh_from_db()
        assert row.state == "accepted"
        assert row.answered_in_time
        assert row.due_on == date(2018, 10, 8)  # six months end in the holidays, so on the next working day
        acts = [one.act for one in row.history.all()]
        assert acts == ["draft", "send", "register", "assign", "more_time", "answer", "accept"]
        assert all(lines(f"referrals.{one}") == 1 for one in ("sent", "registered", "assigned", "answered", "accepted"))

    def test_who_is_not_content_has_it_redone_once(self, congress: Congress) -> None:
        key = answered(congress)
        actions.redo(referral_id=key, reason="没有说明修改的时间安排", by=congress.reform, now=LATER)
        row = Referral.objects.get(public_id=key)
        assert (row.state, row.due_on) == ("assigned", date(2018, 9, 6))

        actions.answer(referral_id=key, words=ANSWER, by=congress.unit, now=LATER)

        with pytest.raises(CannotRefer):
            actions.redo(referral_id=key, reason="还是没有说明时间安排", by=congress.reform, now=LATER)

    def test_dockets_are_numbered_by_register_and_year(self, congress: Congress) -> None:
        first = sent(congress)
        second = sent(congress, "marriage", ReferralKind.UPWARD)
        third = sent(congress, "delivery", ReferralKind.UPWARD)

        dockets = [actions.register(referral_id=first, by=congress.liaison, now=SENT)]
        dockets += [actions.register(referral_id=one, by=congress.central, now=SENT) for one in (second, third)]

        assert dockets == ["浙江省人大移送〔2018〕1号", "浙江省上报〔2018〕1号", "浙江省上报〔2018〕2号"]

    def test_a_refused_act_leaves_everything_as_it_was(self, congress: Congress) -> None:
        key = assigned(congress)
        before = (ReferralStep.objects.count(), Entry.objects.count())
        with pytest.raises(CannotRefer):
            actions.answer(referral_id=key, words="好", by=congress.unit, now=SENT)

        assert (ReferralStep.objects.count(), Entry.objects.count()) == before
        assert Referral.objects.get(public_id=key).answered_at is None

    def test_history_only_grows(self, congress: Congress) -> None:
        sent(congress)
        with pytest.raises(DatabaseError), transaction.atomic():
            ReferralStep.objects.update(words="另一句")

    def test_the_database_keeps_one_clock(self, congress: Congress) -> None:
        key = sent(congress)
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.filter(public_id=key).update(due_on=None)


class TestWhoSees:
    def test_a_draft_is_its_offices_alone(self, congress: Congress) -> None:
        row = drafted(congress)
        for viewer in (congress.liaison, congress.county, congress.unit, ANONYMOUS):
            with pytest.raises(queries.NoSuchReferral):
                queries.referral(viewer, row.public_id, now=SENT)
        assert queries.referral(congress.reform, row.public_id, now=SENT).acts == {ReferralAct.SEND, ReferralAct.CLOSE}
        assert queries.public_referrals(now=SENT) == []

    def test_register_unit_and_watchers_see_what_was_sent(self, congress: Congress) -> None:
        key = assigned(congress)
        elsewhere = staff("330502", "people_congress", Role.LIAISON)

        acts = {name: queries.referral(getattr(congress, name), key, now=SENT).acts for name in ("liaison", "unit")}

        assert acts["unit"] == {ReferralAct.ANSWER}
        assert acts["liaison"] == {ReferralAct.ASSIGN, ReferralAct.MORE_TIME, ReferralAct.ANSWER}
        assert queries.referral(congress.county, key, now=SENT).acts == frozenset()
        with pytest.raises(queries.NoSuchReferral):
            queries.referral(elsewhere, key, now=SENT)

    def test_the_register_is_searched_and_narrowed(self, congress: Congress) -> None:
        key = assigned(congress)
        sent(congress, "marriage", ReferralKind.UPWARD)

        def found(**terms: object) -> int:
            return len(queries.register(congress.liaison, Wanted(**terms), now=LATER))  # type: ignore[arg-type]

        assert found() == 2
        assert found(docket="〔2018〕1号") == 1
        assert found(state="assigned") == 1
        assert found(kind="upward") == 1
        assert found(late=True) == 2
        assert found(docket="%") == 0
        assert queries.register(congress.liaison, Wanted(docket="人大移送"), now=SENT)[0].public_id == key

    def test_what_is_late_stays_until_it_is_answered(self, congress: Congress) -> None:
        key = assigned(congress)
        due = Referral.objects.get(public_id=key).due_on
        assert due == date(2018, 7, 2)
        on_the_day, after = (datetime(2018, 7, day, 2, 0, tzinfo=UTC) for day in (2, 3))

        assert queries.unanswered(congress.county, on_the_day) == []
        assert [one.public_id for one in queries.unanswered(congress.county, after)] == [key]
        actions.answer(referral_id=key, words=ANSWER, by=congress.unit, now=after)
        assert queries.unanswered(congress.county, LATER) == []
        assert Referral.objects.get(public_id=key).answered_in_time is False


def own(congress: Congress, number: int) -> Viewer:
    ticket = congress.tickets[number]
    assert isinstance(ticket.party, Party)
    return viewer_of(AccountFactory(party=ticket.party))


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    server = SmtpServer()
    yield server
    server.stop()


def mailbox(url: str) -> Mailbox:
    return Mailbox(server_of("imap://a:b@localhost/INBOX"), server_of(url), "12345@tonglu.example", "330122")


class TestFollowThrough:
    def linked(self, congress: Congress) -> UUID:
        key = answered(congress)
        made = published(congress)
        actions.accept(referral_id=key, by=congress.reform, now=SENT)
        actions.link_amendment(referral_id=key, amendment_id=made.public_id, by=congress.reform, now=SENT)
        return key

    def test_tells_everybody_who_spoke_once_the_rule_is_in_force(self, congress: Congress) -> None:
        key = self.linked(congress)
        assert following.follow_all(now=LATER) == 0  # published, and not brought into force yet
        reform.bring_into_force(now=LATER, by="system:test")

        assert following.follow_all(now=LATER) == 2
        assert following.follow_all(now=LATER + timedelta(hours=1)) == 0

        assert Referral.objects.get(public_id=key).state == "followed"
        assert lines("referrals.followed") == 1
        viewer = own(congress, 0)
        ticket = tickets.followed(viewer, congress.tickets[0].reference)
        (told,) = queries.referrals_of_ticket(ticket, now=LATER)
        assert told.outcome is not None
        assert told.outcome.words.zh == (
            "您3月14日反映的“办证要跑两趟” → 《浙江省居住条例》第十二条已修改 → 7月1日起跑0次（此前跑1次）"
        )
        assert "from 1 July 2018 0 visits (1 before)" in told.outcome.words.en

    def test_what_is_not_published_is_not_linked(self, congress: Congress) -> None:
        key = answered(congress)
        with pytest.raises(CannotRefer, match="published"):
            actions.link_amendment(referral_id=key, amendment_id=uuid4(), by=congress.reform, now=SENT)
        with pytest.raises(CannotRefer, match="opened"):
            actions.link_grant(referral_id=key, grant_id=uuid4(), by=congress.reform, now=SENT)

    def test_opened_data_carry_an_answer_out_as_well(self, congress: Congress) -> None:
        key = answered(congress)
        grant = GrantFactory(item_key="certificate", dataset__key="births", fields=["number"], decided_at=LATER)
        old = GrantFactory(item_key="certificate", dataset__key="marriages")
        with pytest.raises(CannotRefer, match="after the referral was sent"):
            actions.link_grant(referral_id=key, grant_id=old.public_id, by=congress.liaison, now=SENT)
        actions.link_grant(referral_id=key, grant_id=grant.public_id, by=congress.liaison, now=SENT)

        assert following.follow_all(now=LATER) == 2

        voice = ReferralVoice.objects.filter(referral__public_id=key).first()
        assert voice is not None
        outcome = following.outcome_of(voice)
        assert outcome is not None
        assert "已开通共享" in outcome.words.zh
        assert outcome.before is not None

    def test_writes_once_to_who_gave_an_address(self, congress: Congress, smtp: SmtpServer) -> None:
        self.linked(congress)
        reform.bring_into_force(now=LATER, by="system:test")
        following.follow_all(now=LATER)
        with pytest.raises(CannotReachMail):
            following.mail_all(now=LATER, mailbox=mailbox("smtp://localhost:1"))
        assert Mailed.objects.count() == 0

        assert following.mail_all(now=LATER, mailbox=mailbox(smtp.url)) == 1
        assert following.mail_all(now=LATER, mailbox=mailbox(smtp.url)) == 0

        (mail,) = smtp.taken
        assert mail["To"] == "mei@example.cn"
        assert "7月1日起跑0次（此前跑1次）" in mail.get_content()

    def test_without_a_mail_server_nothing_goes_out(self, congress: Congress) -> None:
        assert following.mail_all(now=LATER) == 0


def collected(**terms: object) -> Collected:
    said: dict[str, object] = {
        "deputy": "代表甲", "subject": "办证要居住证明", "detail": "多位居民说办证要去村里盖章。", "voices": 7,
        "collected_on": date(2018, 3, 30), "item_key": "certificate",
    }  # fmt: skip
    return Collected(**(said | terms))  # type: ignore[arg-type]


class TestStations:
    def test_what_they_file_becomes_a_referral(self, congress: Congress) -> None:
        key = stations.file(collected=collected(), by=congress.station, now=SENT)
        row = stations.refer_submission(
            submission_id=key, burden="home", kind=ReferralKind.SUPERVISION_TOPIC, content=content(),
            by=congress.county, now=SENT,
        )  # fmt: skip

        assert row.evidence[0]["value"] == "7"
        assert DeputySubmission.objects.get(public_id=key).referral == row
        with pytest.raises(CannotRefer, match="already"):
            stations.attach(submission_id=key, referral_id=row.public_id, by=congress.county, now=SENT)

    def test_or_is_attached_to_one(self, congress: Congress) -> None:
        referral = sent(congress)
        key = stations.file(collected=collected(), by=congress.station, now=SENT)

        stations.attach(submission_id=key, referral_id=referral, by=congress.reform, now=SENT)

        assert Referral.objects.get(public_id=referral).evidence[-1]["value"] == "7"
        assert lines("referrals.attached") == 1

    @pytest.mark.parametrize(
        "terms",
        [
            {"deputy": " "},
            {"subject": "长" * 121},
            {"detail": "短"},
            {"voices": 0},
            {"voices": 10**9},
            {"collected_on": date(2018, 4, 3)},
            {"item_key": "nothing"},
        ],
    )
    def test_file_nothing_that_says_too_little(self, congress: Congress, terms: dict[str, object]) -> None:
        with pytest.raises(CannotRefer):
            stations.file(collected=collected(**terms), by=congress.station, now=SENT)
        assert DeputySubmission.objects.count() == 0

    def test_only_a_station_files_and_others_places_do_not_see_it(self, congress: Congress) -> None:
        with pytest.raises(CannotRefer):
            stations.file(collected=collected(), by=congress.reform, now=SENT)
        key = stations.file(collected=collected(), by=congress.station, now=SENT)
        elsewhere = staff("330502", "people_congress", Role.LIAISON)
        with pytest.raises(stations.NoSuchSubmission):
            stations.attach(submission_id=key, referral_id=uuid4(), by=elsewhere, now=SENT)


class TestPackage:
    def test_lists_what_national_law_keeps_each_with_its_article(self, congress: Congress) -> None:
        key = sent(congress, "marriage", ReferralKind.UPWARD)
        docket = actions.register(referral_id=key, by=congress.central, now=SENT)

        rows = packages.package(congress.central, now=LATER)

        (found,) = [one for one in rows if one.law.zh == "婚姻登记条例"]
        assert (found.article, found.docket, found.late) == ("第五条", docket, True)
        assert found.asked.zh == "国务院"
        assert not [one for one in rows if one.law.zh == "浙江省居住条例"], "the province changes that itself"
        assert packages.package(congress.unit, now=LATER) == []
