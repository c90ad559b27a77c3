"""The knowledge base through its addresses: an office writes and approves, the call and the portal are answered."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.apps.ticket_examples import Hotline, filed, open_hotline, staff_of
from tests.channels.pages import sign_in
from yici.apps.knowledge import actions as knowledge
from yici.apps.knowledge.models import Article, Question, Use
from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer
from yici.apps.tickets import actions
from yici.apps.tickets.models import Ticket
from yici.rules.knowledge import Draft
from yici.rules.people import Role
from yici.rules.tickets import Ending, TicketKind, TicketState
from yici.rules.words import Words

TONGLU = "330122000000"
WORDS = {
    "title": "路灯坏了找谁",
    "body": "请报路灯杆上的编号，三天内修好。",
    "phrasings": "路灯不亮\n路灯坏了多久能修",
    "items": ["", "no_such_item"],
    "title_en": "",
    "body_en": "",
}


@pytest.fixture
def hotline(db: None, settings: Any, tmp_path: Any) -> Hotline:
    settings.DATA_DIR = tmp_path
    return open_hotline()


@pytest.fixture
def writer(hotline: Hotline) -> Viewer:
    return staff_of(hotline.city_management, Role.REVIEWER)


@pytest.fixture
def head(hotline: Hotline) -> Viewer:
    return staff_of(hotline.city_management, Role.DECIDER)


def enter(client: Client, viewer: Viewer) -> None:
    sign_in(client, Account.objects.get(pk=viewer.account_id))


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def article(english: Client, writer: Viewer, head: Viewer) -> Article:
    enter(english, writer)
    english.post("/hotline/knowledge/new", WORDS)
    made = Article.objects.get()
    knowledge.approve(article_id=made.public_id, by=head, now=timezone.now())
    return made


class TestUpkeep:
    def test_one_writes_another_approves(self, english: Client, writer: Viewer, head: Viewer) -> None:
        enter(english, writer)
        said = english.post("/hotline/knowledge/new", WORDS, follow=True)
        made = Article.objects.get()
        assert "once somebody else approves it" in text_of(said)
        assert "Approve this edition" not in text_of(said)
        assert english.post(f"/hotline/knowledge/{made.public_id}/approve").status_code == 409

        enter(english, head)
        assert "Approve this edition" in text_of(english.get(f"/hotline/knowledge/{made.public_id}"))
        done = english.post(f"/hotline/knowledge/{made.public_id}/approve", follow=True)

        assert "Current" in text_of(done)
        assert Article.objects.get().key == "ludenghuailezhaoshui"
        assert "路灯坏了找谁" in text_of(english.get("/hotline/knowledge?tab=unused"))

    def test_bad_input_keeps_what_was_typed(self, english: Client, writer: Viewer) -> None:
        enter(english, writer)
        said = english.post("/hotline/knowledge/new", {**WORDS, "body": " "})

        assert said.status_code == 409
        assert "路灯坏了多久能修" in text_of(said)
        assert not Article.objects.exists()

    @pytest.mark.parametrize(
        ("name", "sent", "status"),
        [
            ("confirm", {}, 302),
            ("withdraw", {"reason": "移交"}, 302),
            ("withdraw", {}, 409),
            ("approve", {}, 409),
            ("burn", {}, 404),
        ],
    )
    def test_acts(self, english: Client, article: Article, name: str, sent: dict[str, str], status: int) -> None:
        assert english.post(f"/hotline/knowledge/{article.public_id}/{name}", sent).status_code == status

    def test_the_next_edition_begins_with_the_last(self, english: Client, article: Article, writer: Viewer) -> None:
        enter(english, writer)
        assert "三天内修好" in text_of(english.get(f"/hotline/knowledge/{article.public_id}/edit"))
        english.post(f"/hotline/knowledge/{article.public_id}/edit", {**WORDS, "title": "路灯报修", "change": "改名"})

        page = text_of(english.get(f"/hotline/knowledge/{article.public_id}"))
        assert "Edition 2" in page
        assert "改名" in page

    def test_another_office_sees_nothing_and_the_hotline_reads(
        self, english: Client, article: Article, hotline: Hotline
    ) -> None:
        enter(english, hotline.at_ecology)
        assert english.get(f"/hotline/knowledge/{article.public_id}").status_code == 404
        enter(english, hotline.operator)
        page = text_of(english.get(f"/hotline/knowledge/{article.public_id}"))
        assert "Its organisation keeps it" in page
        assert english.get(f"/hotline/knowledge/{article.public_id}/edit").status_code == 404
        own = english.get(f"/hotline/knowledge/new?of={article.public_id}")
        assert "三天内修好" in text_of(own)


class TestQuestions:
    @pytest.fixture
    def question(self, hotline: Hotline) -> Question:
        ticket = filed(hotline.operator, timezone.now(), kind=TicketKind.CONSULT, subject="路灯坏了找哪个部门修")
        actions.dispatch(
            ticket_id=ticket.public_id, organisation_id=hotline.city_management.public_id, by=hotline.operator,
            now=timezone.now(),
        )  # fmt: skip
        return Question.objects.get()

    def test_becomes_an_article(self, english: Client, question: Question, writer: Viewer, head: Viewer) -> None:
        enter(english, writer)
        assert "路灯坏了找哪个部门修" in text_of(english.get("/hotline/knowledge"))
        assert "路灯坏了找哪个部门修" in text_of(english.get(f"/hotline/knowledge/new?question={question.public_id}"))
        english.post("/hotline/knowledge/new", {**WORDS, "question": str(question.public_id)})
        assert "waits for approval" in text_of(english.get(f"/hotline/knowledge/questions/{question.public_id}"))
        enter(english, head)
        english.post(f"/hotline/knowledge/{Article.objects.get().public_id}/approve")

        assert Question.objects.get().settled_at is not None

    def test_is_settled_with_what_is_there(
        self, english: Client, article: Article, question: Question, writer: Viewer
    ) -> None:
        enter(english, writer)
        page = text_of(english.get(f"/hotline/knowledge/questions/{question.public_id}"))
        assert "This article answers it" in page
        english.post(f"/hotline/knowledge/questions/{question.public_id}/with", {"article": str(article.public_id)})

        assert Question.objects.get().article == article

    def test_is_refused_with_a_reason_only(self, english: Client, question: Question, writer: Viewer) -> None:
        enter(english, writer)
        address = f"/hotline/knowledge/questions/{question.public_id}/refuse"
        assert english.post(address, {"reason": ""}).status_code == 409
        assert english.post(address, {"reason": "只涉及个案"}).status_code == 302

        assert "只涉及个案" in text_of(english.get(f"/hotline/knowledge/questions/{question.public_id}"))


class TestInTheCall:
    def call(self, **but: str) -> dict[str, str]:
        words = {"key": uuid4().hex, "kind": "consult", "subject": "家门口路灯不亮", "detail": "", "region": TONGLU}
        return words | but

    def test_help_names_article_unit_and_time_and_keeps_nothing(
        self, english: Client, article: Article, hotline: Hotline
    ) -> None:
        enter(english, hotline.operator)
        said = text_of(english.post("/hotline/call/help", self.call(other_category="environment.noise")))

        assert f'name="article" value="{article.public_id}"' in said
        assert "No text model has been trained" in said
        assert hotline.ecology.name_en in said
        assert not Ticket.objects.exists()

    def test_one_key_answers_from_the_article(self, english: Client, article: Article, hotline: Hotline) -> None:
        enter(english, hotline.operator)
        said = english.post("/hotline/call", self.call(article=str(article.public_id)), follow=True)

        ticket = Ticket.objects.get()
        assert ticket.ending == Ending.ANSWERED_AT_ONCE
        assert "Answered with the article" in text_of(said)
        assert Use.objects.get().ticket_reference == ticket.reference

    def test_a_withdrawn_article_leaves_the_call_filed_with_a_sentence(
        self, english: Client, article: Article, hotline: Hotline, writer: Viewer
    ) -> None:
        knowledge.withdraw(article_id=article.public_id, reason="旧", by=writer, now=timezone.now())
        enter(english, hotline.operator)
        said = english.post("/hotline/call", self.call(article=str(article.public_id)), follow=True)

        assert "not offered any more" in text_of(said)
        assert Ticket.objects.get().state == TicketState.RECEIVED

    def test_one_key_joins_an_open_matter(self, english: Client, hotline: Hotline) -> None:
        first = filed(hotline.operator, timezone.now())
        enter(english, hotline.operator)
        sent = self.call(kind="complaint", subject="搅拌站夜间噪声太大", detail="夜里两点还在作业")
        assert first.reference in text_of(english.post("/hotline/call/help", sent))
        said = english.post("/hotline/call", {**sent, "join": str(first.public_id)}, follow=True)

        assert "Joined to the matter" in text_of(said)
        assert Ticket.objects.exclude(pk=first.pk).get().leader_id == first.pk

    def test_ticked_tickets_are_merged_from_the_ticket(self, english: Client, hotline: Hotline) -> None:
        first, second = filed(hotline.operator, timezone.now()), filed(hotline.operator, timezone.now())
        enter(english, hotline.operator)
        assert "Perhaps the same matter" in text_of(english.get(f"/hotline/tickets/{first.public_id}"))
        english.post(
            f"/hotline/tickets/{first.public_id}/merge-chosen", {"same": str(second.public_id), "title": "噪声"}
        )

        assert Ticket.objects.get(pk=second.pk).leader_id == first.pk


class TestOnThePortal:
    def test_shows_what_is_often_read_before_anybody_asks(self, english: Client, article: Article) -> None:
        page = text_of(english.get("/answers"))
        assert "Often asked here" in page
        assert f"/answers/{article.public_id}" in page
        assert "Often asked here" not in text_of(english.get("/answers", {"q": "路灯不亮"}))

    def test_answers_while_typing_and_counts_once_without_a_person(self, english: Client, article: Article) -> None:
        offered = text_of(english.post("/answers/offered", {"subject": "路灯不亮", "detail": ""}))
        assert "This answers it" in offered
        for _ in range(2):
            english.post("/answers/judge", {"article": str(article.public_id)})

        use = Use.objects.get()
        assert (use.helped, use.ticket_reference, use.region_code) == (True, "", TONGLU)
        assert "no ticket was filed" in text_of(english.get(f"/answers/{article.public_id}"))
        assert not Ticket.objects.exists()

    def test_says_no_as_well(self, english: Client, article: Article) -> None:
        english.post("/answers/judge", {"article": str(article.public_id), "helped": "0"})

        assert not Use.objects.get().helped

    @pytest.mark.parametrize("sent", [{}, {"article": "x"}, {"article": str(uuid4())}])
    def test_of_no_article_there_is_no_judgement(self, english: Client, db: None, sent: dict[str, str]) -> None:
        assert english.post("/answers/judge", sent).status_code == 404

    def test_searches_in_ones_own_words(self, english: Client, article: Article) -> None:
        assert "路灯坏了找谁" in text_of(english.get("/answers", {"q": "我们村路灯坏了"}))
        assert "No article answers this" in text_of(english.get("/answers", {"q": "飞碟"}))

    def test_what_is_not_in_force_is_not_there(self, english: Client, writer: Viewer) -> None:
        made = knowledge.write(
            draft=Draft(title=Words("甲", ""), body=Words("乙", "")),
            region_code="330122",
            by=writer,
            now=timezone.now(),
        )
        assert english.get(f"/answers/{made}").status_code == 404


class TestTheModel:
    def test_says_that_there_is_none_and_who_may_train(self, english: Client, hotline: Hotline) -> None:
        enter(english, hotline.operator)
        page = text_of(english.get("/hotline/model"))
        assert "No model has been trained yet" in page
        assert "Train anew" not in page
        said = english.post("/hotline/model/train", follow=True)

        assert "The hotline of the province trains" in text_of(said)
