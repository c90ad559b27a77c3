"""The knowledge base: the nearest place speaks, a second person approves, what nobody reviews is offered no more."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.apps.factories import region as place
from tests.apps.ticket_examples import Hotline, again, filed, open_hotline, staff_of
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.journal.models import Entry
from yici.apps.knowledge import actions, demo, offering, queries
from yici.apps.knowledge.models import Article, Edition, Question, Use
from yici.apps.knowledge.queries import Shelf
from yici.apps.people.viewers import Viewer
from yici.apps.places import demo as places
from yici.apps.tickets import actions as tickets
from yici.apps.tickets.models import Ticket
from yici.rules.knowledge import CannotKeepArticle, Draft, EditionState, Freshness, UseWay
from yici.rules.people import Role
from yici.rules.tickets import CannotHandleTicket, Ending, TicketKind, TicketState
from yici.rules.words import Words

FOLDER = Path(__file__).parents[2] / "demo"
NOW = datetime(2018, 3, 5, 2, 0, tzinfo=UTC)
DRAFT = Draft(
    title=Words("路灯坏了找谁", "Who mends street lamps"),
    body=Words("请报路灯杆上的编号，三天内修好。", "Give the number on the post; it is mended in three days."),
    phrasings=("路灯不亮", "路灯坏了多久能修"),
)


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        places.load(NOW, FOLDER)
        import_catalogue(path=FOLDER / "catalogue", by="system:test", now=NOW)
        demo.load(NOW, FOLDER)
        demo.load(NOW, FOLDER)
        yield
        transaction.set_rollback(True)


def first(text: str, region: str = "330100") -> str:
    found = offering.offers(text, region, now=NOW)
    return found[0].key if found else ""


# As people say it, none of them a wording of an article.
ASKED = {
    "我女儿的疫苗本子弄丢了，要上幼儿园，怎么补？": "vaccination_record",
    "小孩打针的记录手机上能查吗": "vaccination_record",
    "下个月领结婚证，我们要带哪些东西": "marriage_registration",
    "老婆是美国人，想在这里登记结婚": "marriage_registration_foreign",
    "宝宝刚出生，户口怎么上": "newborn_household",
    "孩子出生后医保要几天内办": "newborn_insurance",
    "我在外地上班，身份证掉了能就近补吗": "id_card_lost",
    "居住证快到期了怎么续": "residence_permit",
    "以前在江苏交的养老保险想转回来": "pension_transfer",
    "想开一家早餐店，要办哪些证": "small_catering",
    "买房子想把公积金取出来": "housing_fund_purchase",
    "我爸满六十了，老年证怎么申请": "senior_card",
    "退伍回家要到哪里报到": "veteran_registration",
    "生完孩子四个月了生育津贴没到账": "maternity_allowance",
    "外地户口孩子能不能上公办小学": "school_place",
    "二手房过户几天能拿到房产证": "home_transfer",
}


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
class TestFinding:
    @pytest.mark.parametrize(("text", "key"), ASKED.items())
    def test_answers_what_people_ask_in_their_own_words(self, text: str, key: str) -> None:
        assert key in [one.key for one in offering.offers(text, "330100", now=NOW, limit=2)]

    @pytest.mark.parametrize("text", ["楼上装修太吵", "老板三个月没发工资", "路灯不亮", "河水发臭", "", "。。", "办理"])
    def test_offers_nothing_where_no_article_fits(self, text: str) -> None:
        assert offering.offers(text, "330100", now=NOW) == []

    def test_helps_while_the_sentence_is_half_typed(self) -> None:
        assert first("疫苗本") == "vaccination_record"

    def test_lets_the_county_speak_before_the_province(self) -> None:
        here = offering.offers("接种证丢了", "330122001000", now=NOW)
        elsewhere = offering.offers("接种证丢了", "330502", now=NOW)

        assert [one.region.zh for one in here if one.key == "vaccination_record"] == ["桐庐县"]
        assert [one.region.zh for one in elsewhere if one.key == "vaccination_record"] == ["浙江省"]

    def test_finds_the_english_too(self) -> None:
        assert first("I lost the vaccination card of my child") == "vaccination_record"

    def test_says_that_demonstration_articles_are_illustrative(self) -> None:
        offer = offering.offers("接种证丢了", "330122", now=NOW)[0]

        assert "演示内容" in offer.body.zh
        assert "Illustrative" in offer.body.en
        assert [key for key, _ in offer.items] == ["vaccination_card"]

    def test_flags_what_is_overdue_and_stops_offering_it_a_month_later(self) -> None:
        late, over = NOW + timedelta(days=181), NOW + timedelta(days=211)

        assert offering.offers("接种证丢了", "330100", now=late)[0].freshness is Freshness.OVERDUE
        assert offering.offers("接种证丢了", "330100", now=over) == []


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline()


@pytest.fixture
def writer(hotline: Hotline) -> Viewer:
    return staff_of(hotline.city_management, Role.REVIEWER)


@pytest.fixture
def head(hotline: Hotline) -> Viewer:
    return staff_of(hotline.city_management, Role.DECIDER)


def written(writer: Viewer, draft: Draft = DRAFT, **more: Any) -> Article:
    made = actions.write(draft=draft, key="street_lamps", region_code="330122", by=writer, now=NOW, **more)
    return Article.objects.get(public_id=made)


def in_force(writer: Viewer, head: Viewer) -> Article:
    article = written(writer)
    actions.approve(article_id=article.public_id, by=head, now=NOW)
    return Article.objects.get(pk=article.pk)


def offered(text: str = "我们这里路灯不亮", now: datetime = NOW) -> list[str]:
    return [one.title.zh for one in offering.offers(text, "330122", now=now)]


class TestWriting:
    def test_is_offered_only_after_a_second_person(self, writer: Viewer, head: Viewer) -> None:
        article = written(writer)
        assert offered() == []

        actions.approve(article_id=article.public_id, by=head, now=NOW)

        assert offered() == ["路灯坏了找谁"]
        assert Entry.objects.filter(kind="knowledge.approved").count() == 1

    def test_nobody_approves_his_own_nor_without_the_role(self, hotline: Hotline, writer: Viewer, head: Viewer) -> None:
        own = written(head)
        for by in (head, writer):
            with pytest.raises(CannotKeepArticle):
                actions.approve(article_id=own.public_id, by=by, now=NOW)
        stranger = staff_of(hotline.ecology, Role.DECIDER)
        with pytest.raises(Article.DoesNotExist):
            actions.approve(article_id=own.public_id, by=stranger, now=NOW)

    def test_a_new_edition_leaves_the_old_in_force_until_it_is_approved(self, writer: Viewer, head: Viewer) -> None:
        article = in_force(writer, head)
        newer = Draft(title=Words("路灯报修", "Lamps"), body=Words("拨打市政电话。", "Call."), change="电话换了")
        actions.write(draft=newer, article_id=article.public_id, by=writer, now=NOW)
        assert offered() == ["路灯坏了找谁"]

        actions.refuse(article_id=article.public_id, reason="请写号码", by=head, now=NOW)
        actions.write(draft=newer, article_id=article.public_id, by=writer, now=NOW)
        actions.write(draft=newer, article_id=article.public_id, by=writer, now=NOW)
        actions.approve(article_id=article.public_id, by=head, now=NOW)

        states = Edition.objects.filter(article=article).order_by("number").values_list("state", flat=True)
        assert list(states) == [
            EditionState.APPROVED, EditionState.REFUSED, EditionState.REPLACED, EditionState.APPROVED
        ]  # fmt: skip
        assert offered("路灯报修") == ["路灯报修"]

    def test_a_review_begins_anew_and_brings_an_expired_one_back(self, writer: Viewer, head: Viewer) -> None:
        article = in_force(writer, head)
        later = NOW + timedelta(days=300)
        assert offered(now=later) == []

        actions.confirm(article_id=article.public_id, by=writer, now=later)

        assert offered(now=later) == ["路灯坏了找谁"]

    def test_a_withdrawn_one_is_offered_no_more(self, writer: Viewer, head: Viewer) -> None:
        article = in_force(writer, head)
        with pytest.raises(CannotKeepArticle):
            actions.withdraw(article_id=article.public_id, reason=" ", by=writer, now=NOW)
        actions.withdraw(article_id=article.public_id, reason="移交", by=writer, now=NOW)

        assert offered() == []

    @pytest.mark.parametrize(
        ("key", "region", "draft"),
        [
            ("street_lamps", "330502", DRAFT),
            ("路灯", "330122", DRAFT),
            ("lamps", "330122", Draft(title=Words("", ""), body=Words("甲", ""))),
            ("lamps", "330122", Draft(title=Words("甲", "A"), body=Words("乙", ""))),
            ("lamps", "330122", Draft(title=Words("甲", ""), body=Words("乙" * 4001, ""))),
        ],
    )
    def test_refuses_what_cannot_be_kept(self, writer: Viewer, key: str, region: str, draft: Draft) -> None:
        place(region)
        with pytest.raises(CannotKeepArticle):
            actions.write(draft=draft, key=key, region_code=region, by=writer, now=NOW)
        assert not Article.objects.filter(organisation_id=writer.organisation_id).exists()

    def test_an_article_stands_once_in_a_place(self, writer: Viewer) -> None:
        written(writer)
        with pytest.raises(CannotKeepArticle):
            written(writer)


class TestUse:
    def test_a_consult_closed_with_an_article_is_counted_as_such(
        self, hotline: Hotline, writer: Viewer, head: Viewer
    ) -> None:
        article = in_force(writer, head)
        ticket = filed(hotline.operator, kind=TicketKind.CONSULT, subject="路灯不亮")
        tickets.answer_at_once(
            ticket_id=ticket.public_id, text="", article_id=article.public_id, by=hotline.operator, now=NOW
        )

        assert again(ticket).ending == Ending.ANSWERED_AT_ONCE
        assert again(ticket).replies.get().text.startswith("请报路灯杆上的编号")
        assert Use.objects.get().ticket_reference == ticket.reference
        assert queries.answered_with(ticket.reference) == "路灯坏了找谁"
        assert queries.answered_at_once(hotline.operator, now=NOW) == 1
        assert '"article":"street_lamps"' in Entry.objects.get(kind="ticket.answer_at_once").facts_text

    def test_a_report_is_never_closed_with_an_article_and_nothing_is_counted(
        self, hotline: Hotline, writer: Viewer, head: Viewer
    ) -> None:
        article = in_force(writer, head)
        ticket = filed(hotline.operator, kind=TicketKind.REPORT)
        with pytest.raises(CannotHandleTicket):
            tickets.answer_at_once(
                ticket_id=ticket.public_id, text="", article_id=article.public_id, by=hotline.operator, now=NOW
            )
        assert not Use.objects.exists()

    def test_stands_on_its_shelf(self, hotline: Hotline, writer: Viewer, head: Viewer) -> None:
        article = in_force(writer, head)
        assert [len(queries.shelf(writer, one, now=NOW)) for one in Shelf] == [1, 0, 0, 1, 0]
        for _ in range(3):
            actions.count_use(
                article_id=article.public_id, way=UseWay.PORTAL, helped=False, region_code="330122000000", by="person",
                now=NOW,
            )  # fmt: skip
        late = NOW + timedelta(days=190)

        assert [len(queries.shelf(writer, one, now=late)) for one in Shelf] == [1, 0, 1, 1, 1]
        assert len(queries.shelf(hotline.operator, Shelf.UNHELPFUL, now=NOW)) == 1
        assert queries.shelf(hotline.at_ecology, Shelf.ALL, now=NOW) == []


class TestQuestions:
    def ask(self, hotline: Hotline, subject: str) -> Ticket:
        ticket = filed(hotline.operator, kind=TicketKind.CONSULT, subject=subject)
        tickets.dispatch(
            ticket_id=ticket.public_id, organisation_id=hotline.city_management.public_id, by=hotline.operator, now=NOW
        )
        return ticket

    def test_a_consult_that_had_to_be_passed_on_becomes_work_under_a_clock(
        self, hotline: Hotline, writer: Viewer
    ) -> None:
        ticket = self.ask(hotline, "路灯报修要找哪个部门")
        self.ask(hotline, "路灯报修要找哪个部门呢")
        self.ask(hotline, "共享单车能停在哪里")

        lines = queries.questions(writer, now=NOW)
        assert [(one.text, one.times) for one in lines] == [("路灯报修要找哪个部门", 2), ("共享单车能停在哪里", 1)]
        assert lines[0].ticket_reference == ticket.reference
        assert lines[0].due_at.date().isoformat() == "2018-03-08"
        assert queries.questions(hotline.at_ecology, now=NOW) == []

    def test_a_complaint_is_no_question(self, hotline: Hotline) -> None:
        ticket = filed(hotline.operator)
        tickets.dispatch(
            ticket_id=ticket.public_id, organisation_id=hotline.ecology.public_id, by=hotline.operator, now=NOW
        )

        assert not Question.objects.exists()
        assert again(ticket).state == TicketState.DISPATCHED

    def test_ends_in_an_article_once_it_is_approved(self, hotline: Hotline, writer: Viewer, head: Viewer) -> None:
        self.ask(hotline, "路灯不亮找哪个部门")
        [line] = queries.questions(writer, now=NOW)
        article = written(writer, question_id=line.public_id)
        assert queries.questions(writer, now=NOW)

        actions.approve(article_id=article.public_id, by=head, now=NOW)

        assert queries.questions(writer, now=NOW) == []
        assert '"article"' in Entry.objects.get(kind="knowledge.settled").facts_text

    def test_or_in_a_reasoned_refusal(self, hotline: Hotline, writer: Viewer) -> None:
        self.ask(hotline, "路灯不亮找哪个部门")
        [line] = queries.questions(writer, now=NOW)
        with pytest.raises(CannotKeepArticle):
            actions.refuse_question(question_id=line.public_id, reason="", by=writer, now=NOW)
        with pytest.raises(Question.DoesNotExist):
            actions.refuse_question(question_id=line.public_id, reason="别家的", by=hotline.at_ecology, now=NOW)
        actions.refuse_question(question_id=line.public_id, reason="只涉及个案", by=writer, now=NOW)

        assert queries.questions(writer, now=NOW) == []
        assert queries.question(writer, line.public_id, now=NOW).refusal == "只涉及个案"
