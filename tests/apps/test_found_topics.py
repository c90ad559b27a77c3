"""Topics: found within two weeks, none where nothing is new, seen by whom they concern, answered to everybody."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.apps.catalogue_files import DATASETS, write_catalogue
from tests.apps.factories import PartyFactory, region
from tests.apps.signal_examples import World
from tests.apps.test_proposals import RESIDENCES, WITH_A_PAPER
from tests.apps.topic_examples import COUNTIES, MONDAY, NOISE, Voices, office
from tests.servers.mail import SmtpServer
from yici.apps.cases.models import Correction, Message
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.journal.models import Entry
from yici.apps.people.viewers import ANONYMOUS
from yici.apps.places.actions import load_calendar
from yici.apps.reviews.models import Review
from yici.apps.tickets.mailbox.boxes import server_of
from yici.apps.tickets.mailbox.posting import Mailbox
from yici.apps.tickets.views import person_ticket
from yici.apps.topics import actions, queries
from yici.apps.topics.dossiers import dossier
from yici.apps.topics.finding import find_topics
from yici.apps.topics.models import Topic, TopicVoice
from yici.apps.topics.rights import CannotAnswerTopic
from yici.apps.topics.telling import mail_outcomes
from yici.rules.levels import Changer, Level
from yici.rules.people import Role
from yici.rules.tickets import TicketKind

NEXT = MONDAY + timedelta(days=7)


def loud(voices: Voices, **words: object) -> Topic:
    """Return the topic of a loud week, with one voice more that has these words."""
    voices.usual(8)
    voices.loud("330122", MONDAY - timedelta(days=7), days=7, each_day=2)
    voices.file("330122", MONDAY - timedelta(days=2), *NOISE, **words)
    (made,) = find_topics(now=MONDAY).opened
    return Topic.objects.get(pk=made.pk)


def catalogue_with_a_paper(folder: Path) -> None:
    files = write_catalogue(folder, datasets=DATASETS + RESIDENCES, certificate=WITH_A_PAPER)
    import_catalogue(path=files, by="system:test", now=MONDAY)


def corrected(world: World, requirement: str, times: int, at: datetime) -> None:
    """Ask for a paper in so many cases, each of another person."""
    for case in world.happened("330122", times):
        case.application.applicant = PartyFactory()
        case.application.save(update_fields=["applicant"])
        asked = [{"requirement": requirement, "name": "居住证明", "name_en": "Proof", "what": "缺"}]
        Correction.objects.create(case=case, asked=asked, issued_at=at, issued_by="staff:x", due_on=at.date())


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    server = SmtpServer()
    yield server
    server.stop()


@pytest.fixture
def voices(db: None) -> Voices:
    for code in COUNTIES:
        region(code)
    load_calendar(by="system:test", now=MONDAY)
    return Voices()


class TestASweep:
    def test_finds_nothing_where_people_say_what_they_always_say(self, voices: Voices) -> None:
        voices.usual(8)

        swept = find_topics(now=MONDAY)

        assert swept.read > 50
        assert swept.groups >= 9
        assert (swept.found, swept.opened) == ((), ())

    @pytest.mark.parametrize("weekday", [0, 2, 5])
    def test_finds_a_planted_topic_within_two_weeks_of_its_start(self, voices: Voices, weekday: int) -> None:
        voices.usual(8)
        start = MONDAY - timedelta(days=14 - weekday)
        voices.loud("330122", start, days=14 - weekday, each_day=2)

        (made,) = find_topics(now=MONDAY).opened

        assert "噪声" in made.name
        assert made.region.code == "330122000000"
        assert MONDAY - start <= timedelta(days=14)
        assert Topic.objects.get(pk=made.pk).voices >= 14

    def test_that_is_run_again_changes_nothing(self, voices: Voices) -> None:
        voices.usual(8)
        voices.loud("330122", MONDAY - timedelta(days=7), days=7, each_day=2)
        find_topics(now=MONDAY)
        before = list(Topic.objects.values()), list(TopicVoice.objects.order_by("pk").values())
        lines = Entry.objects.filter(kind__startswith="topic").count()

        again = find_topics(now=MONDAY)

        assert again.opened == ()
        assert (list(Topic.objects.values()), list(TopicVoice.objects.order_by("pk").values())) == before
        assert lines == Entry.objects.filter(kind__startswith="topic").count() == 1

    def test_gives_an_open_topic_the_voices_that_come_later(self, voices: Voices) -> None:
        voices.usual(8)
        voices.loud("330122", MONDAY - timedelta(days=7), days=7, each_day=2)
        (made,) = find_topics(now=MONDAY).opened
        voices.loud("330122", MONDAY, days=3, each_day=2)

        assert find_topics(now=NEXT).opened == ()
        assert Topic.objects.get(pk=made.pk).voices == 20


class TestWhoSeesATopic:
    def test_the_contract_for_referrals(self, voices: Voices) -> None:
        voices.usual(8)
        voices.loud("330122", MONDAY - timedelta(days=7), days=7, each_day=2)
        (made,) = find_topics(now=MONDAY).opened
        row = queries.topic_of(office("330100", "reform_office", Role.REFORM), made.public_id)

        assert (row.region_code, row.item_key, row.basis, row.voices) == ("330122000000", "", None, 14)
        assert len(row.tickets) == 14
        assert row.first < row.last
        for viewer in (
            office("330502", "reform_office", Role.REFORM),
            office("330122", "ecology", Role.REVIEWER),
            ANONYMOUS,
        ):
            with pytest.raises(queries.CannotSeeTopic):
                queries.topic_of(viewer, made.public_id)


class TestRequirementsAndItems:
    def test_a_paper_that_is_asked_for_again_and_again_has_its_law(self, voices: Voices, tmp_path: Path) -> None:
        catalogue_with_a_paper(tmp_path)
        world = World()
        for week in range(1, 9):
            corrected(world, "home", 1, MONDAY - timedelta(days=7 * week - 1))
        corrected(world, "home", 12, MONDAY - timedelta(days=3))

        (made,) = find_topics(now=MONDAY).opened

        assert (made.item_key, made.requirement_key, made.name) == (
            "certificate",
            "home",
            "出生医学证明签发：居住证明",
        )
        assert made.basis is not None
        assert (made.basis.title, made.basis.level) == ("通知", Level.NORMATIVE_DOCUMENT)
        assert made.owner_kind == "health"
        seen = dossier(office("330122", "health", Role.DECIDER), made.public_id, now=MONDAY)
        assert seen.changer is Changer.LOCAL_GOVERNMENT
        assert (seen.tickets, seen.corrections) == (0, made.voices)
        with pytest.raises(queries.CannotSeeTopic):
            dossier(office("330122", "police", Role.DECIDER), made.public_id, now=MONDAY)

    def test_calls_about_an_item_take_the_law_of_the_paper_they_name(self, voices: Voices, tmp_path: Path) -> None:
        catalogue_with_a_paper(tmp_path)
        voices.usual(8)
        for day in range(10):
            said = "窗口一定要居住证明原件。" if day < 7 else "办了三次还没有办好。"
            voices.file("330122", MONDAY - timedelta(days=1 + day % 6), "出生证太难办", said, item_key="certificate")

        (made,) = find_topics(now=MONDAY).opened

        assert made.requirement_key == "home"
        assert made.basis_why == "10段文字中有7段提到“居住证明”，以它的依据为准。"

    def test_one_person_is_one_voice_however_often_he_writes(self, voices: Voices) -> None:
        voices.usual(8)
        for number in range(20):
            voices.file("330122", MONDAY - timedelta(days=2, hours=number), *NOISE, contact_phone="13911111111")

        assert find_topics(now=MONDAY).opened == ()


class TestTheOutcome:
    def test_reaches_every_voice_once(self, voices: Voices, smtp: SmtpServer) -> None:
        made = loud(voices, contact_email="citizen@example.org")
        by = office("330122", "reform_office", Role.REFORM)
        lines = Entry.objects.count()

        told = actions.say_outcome(topic_id=made.public_id, text="已责令夜间停产。", by=by, now=MONDAY)

        assert (told.tickets, told.letters, told.unreached) == (15, 1, 0)
        assert Entry.objects.count() == lines + 1
        for voice in TopicVoice.objects.filter(topic=made).select_related("ticket"):
            assert voice.ticket is not None
            assert any("已责令夜间停产。" in text for _, text, _ in person_ticket(voice.ticket).messages)
        mailbox = Mailbox(server_of("imap://a:b@127.0.0.1:1/INBOX"), server_of(smtp.url), "desk@example.org", "330122")
        assert [mail_outcomes(mailbox) for _ in range(2)] == [1, 0]
        (letter,) = smtp.taken
        assert letter["To"] == "citizen@example.org"
        assert "已责令夜间停产。" in letter.get_content()
        with pytest.raises(CannotAnswerTopic):
            actions.say_outcome(topic_id=made.public_id, text="再说一遍", by=by, now=MONDAY)

    def test_is_said_by_the_office_in_charge_alone(self, voices: Voices) -> None:
        made = loud(voices)
        for viewer in (office("330122", "government_service_hall", Role.HOTLINE), office("330122", "x", Role.ADMIN)):
            with pytest.raises(CannotAnswerTopic):
                actions.say_outcome(topic_id=made.public_id, text="好了", by=viewer, now=MONDAY)
        for viewer in (office("330502", "reform_office", Role.REFORM), ANONYMOUS):
            with pytest.raises(queries.CannotSeeTopic):
                actions.say_outcome(topic_id=made.public_id, text="好了", by=viewer, now=MONDAY)
        by = office("330122", "reform_office", Role.REFORM)
        for text in ("", " ", "长" * 1001):
            with pytest.raises(CannotAnswerTopic):
                actions.say_outcome(topic_id=made.public_id, text=text, by=by, now=MONDAY)
        assert Topic.objects.get(pk=made.pk).outcome == ""

    def test_opens_again_only_for_a_later_week(self, voices: Voices) -> None:
        made = loud(voices)
        by = office("330122", "reform_office", Role.REFORM)
        actions.say_outcome(topic_id=made.public_id, text="已责令夜间停产。", by=by, now=MONDAY)
        assert find_topics(now=MONDAY).opened == ()
        voices.loud("330122", NEXT, days=7, each_day=3)

        assert find_topics(now=NEXT).opened == ()
        (again,) = find_topics(now=NEXT + timedelta(days=7)).opened
        assert again.pk != made.pk


class TestADossier:
    def test_quotes_masked_and_never_what_is_to_be_secret(self, voices: Voices) -> None:
        subject, detail = NOISE
        said = f"{detail}我是李大明，电话13812345678。"
        for number in range(12):
            hidden = {"keep_secret": True} if number % 2 else {}
            text = f"{said}密" if number % 2 else said
            voices.file("330122", MONDAY - timedelta(days=2), subject, text, contact_name="李大明", **hidden)
        voices.usual(8)
        (made,) = find_topics(now=MONDAY).opened
        found = dossier(office("330000", "reform_office", Role.REFORM), made.public_id, now=MONDAY)

        assert len(found.said) == 3
        whole = "".join(one.subject + one.detail for one in found.said) + found.line.name.zh
        assert "李大明" not in whole
        assert "13812345678" not in whole
        assert "密" not in whole

    def test_of_sealed_reports_nothing_is_read(self, voices: Voices) -> None:
        voices.usual(8)
        for _ in range(12):
            words = {"kind": TicketKind.REPORT, "sealed": True, "keep_secret": True}
            voices.file("330122", MONDAY - timedelta(days=2), *NOISE, **words)

        assert find_topics(now=MONDAY).opened == ()
        assert not TopicVoice.objects.filter(ticket__sealed=True).exists()


class TestWatching:
    def test_shows_what_is_new_since_somebody_looked(self, voices: Voices) -> None:
        made, viewer = loud(voices), office("330100", "reform_office", Role.REFORM)
        terms = {"topic_id": made.public_id, "by": viewer}
        actions.watch(**terms, now=MONDAY)
        actions.watch(**terms, now=MONDAY)
        assert [one.is_new for one in queries.watched(viewer)] == [False]
        by = office("330122", "reform_office", Role.REFORM)
        actions.say_outcome(topic_id=made.public_id, text="已责令停产。", by=by, now=NEXT)
        assert [one.is_new for one in queries.watched(viewer)] == [True]
        actions.look(**terms, now=NEXT)
        assert [one.is_new for one in queries.watched(viewer)] == [False]
        actions.unwatch(**terms, now=NEXT)

        assert queries.watched(viewer) == []
        assert Entry.objects.filter(kind="topic.watched").count() == 1


class TestThePublic:
    def test_reads_topics_of_enough_people_in_nobodys_words(self, voices: Voices) -> None:
        made = loud(voices)
        (shown,) = queries.public_topics(now=MONDAY)

        assert shown.public_id == made.public_id
        assert "搅拌站" not in shown.name.zh + shown.outcome
        Topic.objects.update(voices=9)
        assert queries.public_topics(now=MONDAY) == []


class TestApplicants:
    def test_read_the_outcome_in_their_application_but_no_review_without_a_name_is_given_away(
        self, voices: Voices, tmp_path: Path
    ) -> None:
        catalogue_with_a_paper(tmp_path)
        world = World()
        corrected(world, "home", 12, MONDAY - timedelta(days=3))
        reviewed = world.happened("330122", 12, reviews=12)
        Review.objects.update(given_at=MONDAY - timedelta(days=3))
        named = Review.objects.order_by("pk")[:3]
        Review.objects.filter(pk__in=[one.pk for one in named]).update(named=True, party=PartyFactory().pk)
        voices.usual(8)
        opened = find_topics(now=MONDAY).opened
        by = office("330122", "health", Role.DECIDER)

        told = {
            one.family: actions.say_outcome(topic_id=one.public_id, text="不再要求居住证明。", by=by, now=MONDAY)
            for one in opened
        }

        assert told["requirement:certificate/home"].applications == 12
        assert (told["item:certificate"].applications, told["item:certificate"].unreached) == (3, 9)
        written = Message.objects.filter(application__in=[one.application_id for one in reviewed])
        assert {one.text for one in written} == {
            f"您反映的问题（出生医学证明签发）有了结果，{by.organisation_name}答复：不再要求居住证明。"
        }
        assert Message.objects.count() == 15
