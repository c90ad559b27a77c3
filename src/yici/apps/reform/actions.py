"""What may be done with a proposed revision: write it, open it for comments, put losses on law, approve, publish."""

from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yici.apps.catalogue import actions as catalogue_acts
from yici.apps.catalogue import queries as catalogue
from yici.apps.journal import actions as journal
from yici.apps.journal import queries as journal_lines
from yici.apps.people import queries as people
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.reform.dossiers import dossier_of
from yici.apps.reform.effects import effects_of, line_of, wording_of
from yici.apps.reform.models import Amendment, Approval, Comment, Effect, LawReference, LedgerEntry
from yici.apps.reform.rights import check_may_propose, check_office, region_of
from yici.apps.reform.weighing import Weighing, name_of, weigh
from yici.rules.amendments import CannotAmend, Stage, check_step, obstacles
from yici.rules.codes import parse_region_code
from yici.rules.law_parameters import LAW_PARAMETERS, parameter

LONGEST = 4_000
NoSuchAmendment = Amendment.DoesNotExist


@transaction.atomic
def propose(*, item_key: str, text: str, reason: str, by: Viewer, now: datetime, local: bool = False) -> Amendment:
    """Keep a proposed revision as a draft; ``local`` for what the proposer's own region does differently.

    Raises CannotAmend, CannotImport with every fault of the text, CannotFindInCatalogue.
    """
    organisation_id = check_may_propose(by)
    region_code = region_of(by) if local else ""
    name = name_of(item_key, region_code)
    weighing = weigh(item_key=item_key, region_code=region_code, text=text)
    amendment = Amendment.objects.create(
        item_key=item_key,
        name=name.zh,
        name_en=name.en,
        region_code=region_code,
        organisation_id=organisation_id,
        base_text=catalogue.text_of(item_key, region_code),
        text=text,
        reason=_said(reason),
        proposed_at=now,
        proposed_by=by.label,
    )
    _keep(amendment, weighing)
    journal.record("reform.proposed", subject=_subject(amendment), by=by.label, now=now)
    return amendment


@transaction.atomic
def revise(*, amendment_id: UUID, text: str, reason: str, by: Viewer, now: datetime) -> Amendment:
    """Change a draft. Raises CannotAmend once the public reads it, and CannotImport."""
    amendment = _locked(amendment_id)
    _check_own(amendment, by)
    if amendment.stage != Stage.DRAFT:
        raise CannotAmend(
            zh="征求意见后文本不再改动。请撤回后另提修订稿。",
            en="The text is not changed once the public reads it. Withdraw it and propose another.",
        )
    amendment.text, amendment.reason = text, _said(reason)
    _keep(amendment, weigh(item_key=amendment.item_key, region_code=amendment.region_code, text=text))
    journal.record("reform.revised", subject=_subject(amendment), by=by.label, now=now)
    return amendment


@transaction.atomic
def open_for_comments(*, amendment_id: UUID, by: Viewer, now: datetime) -> Amendment:
    """Show a draft to the public for the configured working days (规定 art. 4). Who loses is settled now.

    Raises CannotAmend.
    """
    amendment = _locked(amendment_id)
    _check_own(amendment, by)
    check_step(Stage(amendment.stage), Stage.COMMENT)
    _keep(amendment, weigh(item_key=amendment.item_key, region_code=amendment.region_code, text=amendment.text))
    today = timezone.localdate(now)
    region = parse_region_code(amendment.region_code or region_of(by))
    days = parameter("change_notice", region, today, (*places.law_parameters(), *LAW_PARAMETERS)).value
    amendment.stage, amendment.notice_from = Stage.COMMENT, today
    amendment.notice_until = places.calendar().add_working_days(today, days)
    amendment.save()
    journal.record("reform.opened", subject=_subject(amendment), by=by.label, now=now)
    return amendment


@transaction.atomic
def comment(*, amendment_id: UUID, text: str, by: Viewer, now: datetime) -> Comment:
    """Keep what somebody who is signed in says while the notice runs; it is published without a name."""
    amendment = _locked(amendment_id)
    if not by.is_signed_in:
        raise CannotAmend(zh="请先登录再提意见。", en="Sign in before you comment.")
    if amendment.stage != Stage.COMMENT or not _is_running(amendment, now):
        raise CannotAmend(zh="征求意见已经结束。", en="The time for comments is over.")
    counted_in = _counted_in(by, amendment)
    made = Comment.objects.create(amendment=amendment, text=_said(text), made_at=now, counted_in=counted_in)
    journal.record("reform.commented", subject=_subject(amendment), by=by.label, now=now)
    return made


def _counted_in(by: Viewer, amendment: Amendment) -> str:
    """Return the county in which somebody's first comment counts; "" for who is not identified, and a second one.

    The journal tells who spoke before: the comment itself keeps nothing by which its author could be found.
    """
    county = people.county_of(by)
    if not county or journal_lines.has_done(by.label, "reform.commented", _subject(amendment)):
        return ""
    return county


@transaction.atomic
def answer(*, amendment_id: UUID, comment_id: UUID, text: str, by: Viewer, now: datetime) -> None:
    """Answer one comment, in public. Raises CannotAmend when it is answered already."""
    amendment = _locked(amendment_id)
    check_may_propose(by)
    _check_own(amendment, by)
    row = amendment.comments.select_for_update().get(public_id=comment_id)
    if row.answered_at is not None:
        raise CannotAmend(zh="这条意见已经答复。", en="This comment is answered already.")
    row.answer, row.answered_at, row.answered_by = _said(text), now, by.label
    row.save()
    journal.record("reform.comment_answered", subject=_subject(amendment), by=by.label, now=now)


@transaction.atomic
def send_to_gate(*, amendment_id: UUID, by: Viewer, now: datetime) -> None:
    """End the comment period once the notice is over. Raises CannotAmend."""
    amendment = _locked(amendment_id)
    _check_own(amendment, by)
    check_step(Stage(amendment.stage), Stage.GATE)
    if _is_running(amendment, now):
        until = amendment.notice_until
        raise CannotAmend(zh=f"公示到 {until} 为止。", en=f"The public notice runs until {until}.")
    amendment.stage = Stage.GATE
    amendment.save()
    journal.record("reform.sent_to_gate", subject=_subject(amendment), by=by.label, now=now)


@transaction.atomic
def ground(*, amendment_id: UUID, references: dict[int, UUID], by: Viewer, now: datetime) -> None:
    """Put losses (by their ids) on articles of the register (by their public ids)."""
    amendment = _locked(amendment_id)
    _check_own(amendment, by)
    laws = {row.public_id: row for row in LawReference.objects.filter(public_id__in=references.values())}
    for effect in amendment.effects.filter(pk__in=references, is_loss=True):
        law = laws.get(references[effect.pk])
        if law is None:
            raise CannotAmend(zh="依据库中没有这一条。请先登记。", en="The register has no such article. Register it.")
        Effect.objects.filter(pk=effect.pk).update(reference=law)
    journal.record("reform.grounded", subject=_subject(amendment), by=by.label, now=now)


@transaction.atomic
def approve(*, amendment_id: UUID, by: Viewer, now: datetime) -> None:
    """Approve for the reform office. Raises CannotAmend for whoever proposed it, and away from the gate."""
    amendment = _locked(amendment_id)
    check_office(by, amendment.region_code)
    if amendment.proposed_by == by.label:
        raise CannotAmend(zh="提出人不能批准自己的修订稿。", en="Who proposed it cannot approve it.")
    if amendment.stage != Stage.GATE:
        raise CannotAmend(zh="只在把关阶段批准。", en="Approval is given at the gate.")
    _, made = Approval.objects.get_or_create(
        amendment=amendment, approved_by=by.label, defaults={"region_code": region_of(by), "approved_at": now}
    )
    if made:
        journal.record("reform.approved", subject=_subject(amendment), by=by.label, now=now)


@transaction.atomic
def publish(*, amendment_id: UUID, in_force_on: date, by: Viewer, now: datetime) -> LedgerEntry:
    """Publish a revision and write the public ledger; it comes into force on a day after today.

    Raises CannotAmend with everything that stands in the way; the database refuses the same on its own.
    """
    amendment = _locked(amendment_id)
    check_office(by, amendment.region_code)
    check_step(Stage(amendment.stage), Stage.PUBLISHED)
    today = timezone.localdate(now)
    in_the_way = list(obstacles(dossier_of(amendment), today))
    if in_the_way:
        raise CannotAmend(zh="".join(one.zh for one in in_the_way), en=" ".join(one.en for one in in_the_way))
    if in_force_on <= today:
        raise CannotAmend(zh="施行日期须在今天之后。", en="It comes into force on a day after today.")
    if amendment.base_text != catalogue.text_of(amendment.item_key, amendment.region_code):
        raise CannotAmend(
            zh="现行版本在此期间有改动，比较已经过时。请撤回后重新提出。",
            en="What is in force has changed since, and the comparison is out of date. Withdraw it and propose anew.",
        )
    amendment.stage, amendment.published_at, amendment.published_by = Stage.PUBLISHED, now, by.label
    amendment.in_force_on = in_force_on
    amendment.save()
    entry = LedgerEntry.objects.create(
        amendment=amendment,
        published_at=now,
        in_force_on=in_force_on,
        losses=[line_of(one) for one in amendment.effects.filter(is_loss=True).select_related("reference")],
        gains=[line_of(one) for one in amendment.effects.filter(is_loss=False)],
        wordings=amendment.wordings,
    )
    journal.record("reform.published", subject=_subject(amendment), by=by.label, now=now)
    return entry


@transaction.atomic
def withdraw(*, amendment_id: UUID, by: Viewer, now: datetime) -> None:
    """Take a proposal back before it is published."""
    amendment = _locked(amendment_id)
    _check_own(amendment, by)
    check_step(Stage(amendment.stage), Stage.WITHDRAWN)
    amendment.stage = Stage.WITHDRAWN
    amendment.save()
    journal.record("reform.withdrawn", subject=_subject(amendment), by=by.label, now=now)


def bring_into_force(*, now: datetime, by: str) -> list[str]:
    """Give the catalogue every published revision whose day has come; return the keys.

    Open cases keep their own (adr/0010).
    """
    due = Amendment.objects.filter(stage=Stage.PUBLISHED, in_force_on__lte=timezone.localdate(now))
    return [_bring(public_id, by, now) for public_id in due.order_by("in_force_on").values_list("public_id", flat=True)]


@transaction.atomic
def _bring(public_id: UUID, by: str, now: datetime) -> str:
    amendment = _locked(public_id)
    if amendment.stage == Stage.PUBLISHED:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "amendment.yaml"
            file.write_text(amendment.text, encoding="utf-8")
            catalogue_acts.import_catalogue(path=file, by=by, now=now)
        amendment.stage = Stage.IN_FORCE
        amendment.save()
        journal.record("reform.in_force", subject=_subject(amendment), by=by, now=now)
    return amendment.item_key


def _locked(amendment_id: UUID) -> Amendment:
    return Amendment.objects.select_for_update().get(public_id=amendment_id)


def _subject(amendment: Amendment) -> str:
    return f"amendment:{amendment.public_id}"


def _check_own(amendment: Amendment, by: Viewer) -> None:
    if amendment.organisation_id != by.organisation_id:
        check_office(by, amendment.region_code)


def _said(text: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise CannotAmend(
            zh=f"请写明内容，不超过 {LONGEST} 字。", en=f"Write what you mean, in at most {LONGEST} characters."
        )
    return said


def _is_running(amendment: Amendment, now: datetime) -> bool:
    return amendment.notice_until is not None and timezone.localdate(now) <= amendment.notice_until


def _keep(amendment: Amendment, weighing: Weighing) -> None:
    amendment.is_breach, amendment.needs_province = weighing.is_breach, weighing.needs_province
    amendment.is_undecided = bool(weighing.comparison.undecided)
    amendment.wordings = [wording_of(one) for one in weighing.wordings]
    amendment.save()
    amendment.effects.all().delete()
    Effect.objects.bulk_create(effects_of(amendment, weighing))
