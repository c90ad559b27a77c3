"""What may be done with the knowledge base: write, approve, confirm, withdraw, count a use, ask and answer."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from yici.apps.catalogue.search_words import cleaned, pinyin_of
from yici.apps.journal import actions as journal
from yici.apps.knowledge import search
from yici.apps.knowledge.models import Article, Edition, Question, Use
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.places.models import Organisation, Region
from yici.rules.clock_courses import local_day
from yici.rules.codes import parse_region_code
from yici.rules.knowledge import (
    CannotKeepArticle,
    Draft,
    EditionState,
    UseWay,
    check_draft,
    check_second_person,
)
from yici.rules.people import Role
from yici.rules.ticket_limits import Limits


@transaction.atomic
def write(
    *,
    draft: Draft,
    by: Viewer,
    now: datetime,
    article_id: UUID | None = None,
    key: str = "",
    region_code: str = "",
    question_id: UUID | None = None,
) -> UUID:
    """Write an edition of an article of one's organisation, new or known; it is offered once somebody else approves.

    A new one needs the region it speaks for; its ``key`` says what it is about, the same in every place, and is made of
    the title's pinyin where none is given.
    ``question_id``: the question it answers. Raises CannotKeepArticle.
    """
    check_draft(draft)
    article = _own(by, article_id) if article_id else _new(by, key, region_code, draft.title.zh)
    article.editions.filter(state=EditionState.WAITING).update(state=EditionState.REPLACED)
    edition = add_edition(article, draft, by.label, now)
    if question_id is not None:
        question = _open_question(by, question_id)
        question.article = article
        question.save(update_fields=["article"])
    _record("knowledge.written", article, by.label, now, edition=edition.number)
    return article.public_id


def _own(by: Viewer, public_id: UUID) -> Article:
    """Return an article of the viewer's organisation, locked. Raises Article.DoesNotExist."""
    rows = Article.objects.select_for_update(of=("self",)).select_related("region", "current")
    return rows.get(public_id=public_id, organisation_id=by.organisation_id or 0)


def _new(by: Viewer, key: str, region_code: str, title: str) -> Article:
    region = places.region_row(region_code)
    if not by.is_staff or by.organisation_id is None or not by.covers(region.path):
        raise CannotKeepArticle(
            zh="只能为本辖区编写知识条目。请选择本辖区的地点。", en="Write for a place of your own area."
        )
    plain = "_".join((key or pinyin_of(cleaned(title))[0]).split()).lower()[:60]
    if not plain.replace("_", "").replace("-", "").isalnum() or not plain.isascii():
        raise CannotKeepArticle(
            zh="请填写条目代号：小写字母、数字和下划线，如 vaccination_record。",
            en="Give the article a key of letters, digits and underscores, such as vaccination_record.",
        )
    if Article.objects.filter(key=plain, region=region).exists():
        raise CannotKeepArticle(
            zh=f"这个地点已有代号为“{plain}”的条目。请修改原条目，或换一个代号。",
            en=f"There is an article '{plain}' for this place. Change that one, or choose another key.",
        )
    return Article.objects.create(key=plain, region=region, organisation_id=by.organisation_id)


def add_edition(article: Article, draft: Draft, writer: str, now: datetime) -> Edition:
    """Add the next edition; it waits for a second person."""
    newest = article.editions.order_by("-number").values_list("number", flat=True).first() or 0
    return Edition.objects.create(
        article=article,
        number=newest + 1,
        title=draft.title.zh.strip(),
        title_en=draft.title.en.strip(),
        body=draft.body.zh.strip(),
        body_en=draft.body.en.strip(),
        phrasings=[one.strip()[:120] for one in draft.phrasings if one.strip()],
        items=list(draft.items),
        change=draft.change.strip()[:300],
        state=EditionState.WAITING,
        written_at=now,
        written_by=writer,
    )


def _record(kind: str, article: Article, by: str, now: datetime, **facts: object) -> None:
    """Write the journal's line: of the article, its place and key."""
    subject = f"article:{article.public_id}"
    journal.record(kind, subject=subject, by=by, now=now, facts={"key": article.key, **facts})


@transaction.atomic
def approve(*, article_id: UUID, by: Viewer, now: datetime) -> None:
    """Put the waiting edition in force, as a second person; its review counts from today. Raises CannotKeepArticle."""
    article = _own(by, article_id)
    edition = _waiting(article, by)
    put_in_force(article, edition, by.label, now)
    _record("knowledge.approved", article, by.label, now, edition=edition.number)
    for one in Question.objects.select_for_update().filter(article=article, settled_at=None):
        _settle(one, by, now, article=article)


def _waiting(article: Article, by: Viewer) -> Edition:
    if not by.has_role(Role.DECIDER):
        raise CannotKeepArticle(
            zh="须由本单位负责人审核。", en="Somebody who decides for the organisation approves an edition."
        )
    edition = article.editions.filter(state=EditionState.WAITING).first()
    if edition is None:
        raise CannotKeepArticle(zh="没有待审核的版本。请刷新。", en="No edition waits for approval. Reload the page.")
    check_second_person(edition.written_by, by.label)
    return edition


def put_in_force(article: Article, edition: Edition, decider: str, now: datetime) -> None:
    """Make an edition the one that is offered, with the days of its review."""
    edition.state, edition.decided_at, edition.decided_by = EditionState.APPROVED, now, decider
    edition.save(update_fields=["state", "decided_at", "decided_by"])
    article.current, article.items = edition, edition.items
    article.grams = search.grams_of_edition(edition)
    article.withdrawn_at, article.withdrawn_by = None, ""
    _set_days(article, now)
    article.save()


def _set_days(article: Article, now: datetime) -> None:
    limits = limits_of(article.region.code, now)
    article.due_on = _day_after(local_day(now), limits, "knowledge_review")
    article.expires_on = _day_after(article.due_on, limits, "knowledge_expiry")


def _day_after(day: date, limits: Limits, key: str) -> date:
    return day + timedelta(days=limits.row(key).value)


def limits_of(region_code: str, now: datetime) -> Limits:
    """Return the limits of the law that hold in a region now."""
    return Limits(parse_region_code(region_code), local_day(now), places.law_parameters(), places.calendar())


@transaction.atomic
def refuse(*, article_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Refuse the waiting edition, with the reason; what is in force stays in force."""
    article = _own(by, article_id)
    edition = _waiting(article, by)
    edition.state, edition.decided_at, edition.decided_by = EditionState.REFUSED, now, by.label
    edition.reason = _reason(reason)
    edition.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    _record("knowledge.refused", article, by.label, now, edition=edition.number)


def _reason(text: str) -> str:
    if not text.strip():
        raise CannotKeepArticle(zh="请写明理由。", en="Say why.")
    return text.strip()[:300]


@transaction.atomic
def confirm(*, article_id: UUID, by: Viewer, now: datetime) -> None:
    """Say that an article still holds: its review begins anew, and an expired one is offered again."""
    article = _own(by, article_id)
    if article.current is None or article.withdrawn_at is not None:
        raise CannotKeepArticle(zh="只有有效的条目才能复核。", en="Only an article in force is reviewed.")
    _set_days(article, now)
    article.save(update_fields=["due_on", "expires_on"])
    _record("knowledge.confirmed", article, by.label, now, due_on=str(article.due_on))


@transaction.atomic
def withdraw(*, article_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Offer an article no more; its editions stay, and a newly approved one brings it back."""
    article, why = _own(by, article_id), _reason(reason)
    article.withdrawn_at, article.withdrawn_by = now, by.label
    article.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _record("knowledge.withdrawn", article, by.label, now, reason=why)


@transaction.atomic
def count_use(
    *, article_id: UUID, way: UseWay, helped: bool, region_code: str, by: str, now: datetime, ticket_reference: str = ""
) -> None:
    """Count one answer, or that it did not help. Nothing of a person is kept; ``by`` says which side, or the operator.

    Raises Article.DoesNotExist for one that is not offered now.
    """
    rows = Article.objects.filter(withdrawn_at=None, current__isnull=False, expires_on__gte=local_day(now))
    article = rows.select_related("current").get(public_id=article_id)
    assert article.current is not None
    Use.objects.create(
        article=article,
        edition=article.current,
        way=way,
        helped=helped,
        region_code=region_code,
        ticket_reference=ticket_reference,
        used_on=local_day(now),
    )
    facts = {"way": str(way), "region": region_code, "edition": article.current.number}
    if ticket_reference:
        facts["ticket"] = ticket_reference
    _record("knowledge.helped" if helped else "knowledge.not_helped", article, by, now, **facts)


@transaction.atomic
def ask(
    *,
    organisation: Organisation,
    region: Region,
    text: str,
    item_key: str,
    ticket_reference: str,
    by: str,
    now: datetime,
) -> None:
    """Make a question that no article answered the work of an organisation, or count it with one that waits already."""
    open_ones = list(Question.objects.select_for_update().filter(organisation=organisation, settled_at=None))
    known = search.alike(text, [one.text for one in open_ones])
    if known is not None:
        open_ones[known].times += 1
        open_ones[known].save(update_fields=["times"])
        return
    clock = limits_of(region.code, now).moments("knowledge_question", now)
    made = Question.objects.create(
        organisation=organisation,
        region=region,
        item_key=item_key,
        text=text.strip()[:300],
        ticket_reference=ticket_reference,
        asked_at=now,
        due_at=clock.due_at,
        amber_at=clock.amber_at,
    )
    facts = {"organisation": str(organisation.public_id), "ticket": ticket_reference}
    journal.record("knowledge.asked", subject=f"question:{made.public_id}", by=by, now=now, facts=facts)


def _open_question(by: Viewer, public_id: UUID) -> Question:
    """Return an open question of the viewer's organisation, locked. Raises Question.DoesNotExist."""
    rows = Question.objects.select_for_update().filter(organisation_id=by.organisation_id or 0, settled_at=None)
    return rows.get(public_id=public_id)


@transaction.atomic
def settle_with(*, question_id: UUID, article_id: UUID, by: Viewer, now: datetime) -> None:
    """Answer a question with an article that is in force already. Raises CannotKeepArticle."""
    question, article = _open_question(by, question_id), _own(by, article_id)
    if article.current is None or article.withdrawn_at is not None:
        raise CannotKeepArticle(
            zh="这个条目还没有生效。请选择已生效的条目，或编写新条目。",
            en="This article is not in force. Choose another, or write one.",
        )
    _settle(question, by, now, article=article)


@transaction.atomic
def refuse_question(*, question_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """End a question without an article, with the reason: it concerns one case alone, or is another's."""
    _settle(_open_question(by, question_id), by, now, refusal=_reason(reason))


def _settle(
    question: Question, by: Viewer, now: datetime, *, article: Article | None = None, refusal: str = ""
) -> None:
    question.article, question.refusal = article, refusal
    question.settled_at, question.settled_by = now, by.label
    question.save(update_fields=["article", "refusal", "settled_at", "settled_by"])
    outcome = "article" if article is not None else "refused"
    subject = f"question:{question.public_id}"
    journal.record("knowledge.settled", subject=subject, by=by.label, now=now, facts={"outcome": outcome})
