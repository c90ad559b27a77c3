"""What may be done with referrals: draft, send, register, assign, answer, accept or redo, link, close."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Organisation, Region
from yici.apps.referrals import moving
from yici.apps.referrals.models import Referral, ReferralVoice
from yici.apps.referrals.moving import hand_of, said
from yici.apps.referrals.origins import Origin, origin_of_proposal
from yici.apps.referrals.rights import answers_for, keeps_register, may_refer, referred
from yici.apps.referrals.ways import seats_of, way_of_topic
from yici.apps.reform.models import Amendment
from yici.apps.registry.models import Grant
from yici.rules.amendments import PROVINCE, Stage
from yici.rules.clock_courses import local_day
from yici.rules.grants import GrantState
from yici.rules.items import LegalBasis
from yici.rules.levels import Level
from yici.rules.masking import masked_text
from yici.rules.referral_course import ReferralAct, is_late
from yici.rules.referrals import (
    Addressee,
    CannotRefer,
    Content,
    ReferralKind,
    addressee_of,
    check_addressee,
    check_content,
)

MOST_VOICES = 5000


@transaction.atomic
def refer(*, origin: Origin, kind: ReferralKind, content: Content, by: Viewer, now: datetime) -> Referral:
    """Draft a referral to who can change the basis. Raises CannotRefer, also where nobody above need be asked."""
    if not may_refer(by) or by.organisation_id is None:
        raise CannotRefer(
            zh="只有改革办、热线和人大联络岗位可以移送。",
            en="Only reform offices, hotlines and congress liaisons refer.",
        )
    region = Region.objects.select_related("parent__parent__parent").get(code=origin.region_code.ljust(12, "0"))
    to = addressee_of(origin.basis, seats_of(region))
    check_addressee(kind, to, origin.department)
    checked = Content(
        problem=masked_text(content.problem.strip()),
        wording=masked_text(content.wording.strip()),
        against=content.against.strip(),
        path=content.path,
        voices=max(content.voices, origin.voices),
    )
    check_content(kind, to, checked)
    row = _kept(_row(origin, kind, to, checked, region=region, by=by, now=now))
    voices = origin.tickets[:MOST_VOICES]
    ReferralVoice.objects.bulk_create([ReferralVoice(referral=row, ticket_id=key) for key in dict.fromkeys(voices)])
    moving.write(row, ReferralAct.DRAFT, hand_of(by, now))
    facts = {"kind": str(kind), "origin": origin.kind, "voices": len(voices)}
    journal.record("referrals.drafted", subject=str(row), by=by.label, now=now, facts=facts)
    return row


def refer_proposal(
    *, proposal_id: UUID, burden: str, kind: ReferralKind, content: Content, by: Viewer, now: datetime
) -> Referral:
    """Draft a referral of one burden of a reform proposal's item. Raises CannotRefer, Proposal.DoesNotExist."""
    origin = origin_of_proposal(by, proposal_id, burden)
    return refer(origin=origin, kind=kind, content=content, by=by, now=now)


def refer_topic(*, topic_id: UUID, kind: ReferralKind, content: Content, by: Viewer, now: datetime) -> Referral:
    """Draft a referral of a topic. Raises CannotSeeTopic, and CannotRefer also where it can be dropped on the spot."""
    found = way_of_topic(by, topic_id)
    if found is None:
        raise CannotRefer(
            zh="这些声音没有指明现行事项，还不知道依据哪条规定。请先核定依据，再从事项的改革提案移送。",
            en="These voices name no item of the catalogue, so no law is known. Find it first, and refer a proposal "
            "of its item.",
        )
    if found.dropped_by is not None:
        raise CannotRefer(
            zh=f"不需要移送：{found.dropped_by.zh}自己就可以取消。请在改革工作台提出修订。",
            en=f"Nobody need be asked: {found.dropped_by.en} may drop it. Propose the change at the reform bench.",
        )
    return refer(origin=found.origin, kind=kind, content=content, by=by, now=now)


def _row(
    origin: Origin, kind: ReferralKind, to: Addressee, content: Content, *, region: Region, by: Viewer, now: datetime
) -> Referral:
    basis = origin.basis or LegalBasis("", "", Level.NONE)
    seat = Region.objects.get(code=to.seat.code) if to.seat else None
    return Referral(
        kind=kind,
        origin_kind=origin.kind,
        origin_id=origin.public_id,
        title=masked_text(origin.title.zh)[:300],
        title_en=masked_text(origin.title.en)[:400],
        region=region,
        organisation_id=by.organisation_id or 0,
        item_key=origin.item_key,
        requirement_key=origin.requirement_key,
        law=basis.title,
        law_en=basis.title_en,
        article=basis.article,
        level=basis.level,
        body=to.body,
        seat=seat,
        desk=seat or Region.objects.get(code=PROVINCE),
        problem=content.problem,
        wording=content.wording,
        against=content.against,
        path=content.path or "",
        evidence=[one.plain() for one in origin.evidence],
        drafted_at=now,
        drafted_by=by.label,
    )


def _kept(row: Referral) -> Referral:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise CannotRefer(
            zh="同一条依据已经移送到那里，尚未办结。请在台账中查看。",
            en="The same article is before them already and not closed. See the register.",
        ) from error
    return row


@transaction.atomic
def send(*, referral_id: UUID, by: Viewer, now: datetime) -> None:
    """Send a draft: from this day the answer is owed."""
    row = _own(by, referral_id)
    moving.move(row, ReferralAct.SEND, hand_of(by, now))


@transaction.atomic
def register(*, referral_id: UUID, by: Viewer, now: datetime) -> str:
    """Enter it in the register and return its docket number, the next of the year."""
    row = _in_register(by, referral_id)
    Region.objects.select_for_update().get(pk=row.desk_id)  # two clerks do not take one number
    docket = _next_docket(row, local_day(now).year)
    moving.move(row, ReferralAct.REGISTER, hand_of(by, now), docket=docket)
    return docket


def _next_docket(row: Referral, year: int) -> str:
    place = row.desk.name
    begins = f"{place}{'上报' if row.seat_id is None else '人大移送'}〔{year}〕"
    known = Referral.objects.filter(desk=row.desk, docket__startswith=begins).values_list("docket", flat=True)
    last = max((int(one[len(begins) :].rstrip("号")) for one in known), default=0)
    return f"{begins}{last + 1}号"


@transaction.atomic
def assign(
    *, referral_id: UUID, unit_id: UUID | None, by: Viewer, now: datetime, committee: str = "", words: str = ""
) -> None:
    """Hand it to a committee, to a unit of the place that answers, or both. It moves no deadline."""
    row = _in_register(by, referral_id)
    unit = _unit(row, unit_id) if unit_id else None
    if unit is None and not committee.strip():
        raise CannotRefer(zh="请选择承办单位，或填写专门委员会。", en="Choose a unit, or name a committee.")
    row.unit, row.committee = unit, committee.strip()[:60]
    moving.move(row, ReferralAct.ASSIGN, hand_of(by, now), words="，".join(_assigned(row, words)))


def _assigned(row: Referral, words: str) -> list[str]:
    return [one for one in (row.committee, row.unit.name if row.unit else "", words.strip()) if one]


def _unit(row: Referral, unit_id: UUID) -> Organisation:
    unit = Organisation.objects.filter(public_id=unit_id, region=row.desk).first()
    if unit is None:
        raise CannotRefer(zh="请从本级单位中选择承办单位。", en="Choose a unit of the same place.")
    return unit


@transaction.atomic
def more_time(*, referral_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Find it hard: six months instead of three, once and before they are over."""
    row = _in_register(by, referral_id)
    moving.move(row, ReferralAct.MORE_TIME, hand_of(by, now), words=said(reason))


@transaction.atomic
def answer(*, referral_id: UUID, words: str, by: Viewer, now: datetime, article: str = "") -> None:
    """Answer it; ``article`` names what is amended. The unit it was assigned to, or the register for a committee."""
    row = moving.locked(by, referral_id)
    if not (keeps_register(by, row) or answers_for(by, row)):
        raise Referral.DoesNotExist
    if row.answered_in_time is None:
        row.answered_in_time = not is_late(moving.standing_of(row).state, row.due_on, local_day(now))
    row.answered_at = now
    moving.move(row, ReferralAct.ANSWER, hand_of(by, now), words=said(words), article=article)


@transaction.atomic
def accept(*, referral_id: UUID, by: Viewer, now: datetime, words: str = "") -> None:
    """Accept the answer, for the office that referred it."""
    moving.move(_own(by, referral_id), ReferralAct.ACCEPT, hand_of(by, now), words=words)


@transaction.atomic
def redo(*, referral_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Not be content: it is done again within a month, once (浙江办法 art. 43)."""
    moving.move(_own(by, referral_id), ReferralAct.REDO, hand_of(by, now), words=said(reason))


@transaction.atomic
def link_amendment(*, referral_id: UUID, amendment_id: UUID, by: Viewer, now: datetime) -> None:
    """Say which published revision of the item carries the answer out. Raises CannotRefer."""
    row = _to_link(by, referral_id)
    stages = [Stage.PUBLISHED, Stage.IN_FORCE]
    rows = Amendment.objects.filter(public_id=amendment_id, stage__in=stages, item_key=row.item_key)
    found = rows.filter(in_force_on__gte=row.begun_on).first()
    if found is None:
        raise CannotRefer(
            zh="请选择同一事项在送出之后施行的已公布修订。尚未公布的，先在改革工作台公布。",
            en="Choose a published revision of the same item, in force after the referral was sent. What is "
            "not published yet goes through the gate first.",
        )
    row.amendment, row.grant = found, None
    moving.move(row, ReferralAct.LINK, hand_of(by, now), words=found.name)


@transaction.atomic
def link_grant(*, referral_id: UUID, grant_id: UUID, by: Viewer, now: datetime) -> None:
    """Say which opened data link carries the answer out. Raises CannotRefer."""
    row = _to_link(by, referral_id)
    rows = Grant.objects.select_related("dataset").filter(public_id=grant_id, item_key=row.item_key)
    grant = rows.filter(state=GrantState.APPROVED, decided_at__date__gte=row.begun_on).first()
    if grant is None:
        raise CannotRefer(
            zh="请选择送出之后向同一事项开通的数据。",
            en="Choose data that were opened to the same item after the referral was sent.",
        )
    row.grant, row.amendment = grant, None
    moving.move(row, ReferralAct.LINK, hand_of(by, now), words=grant.dataset.name)


def _to_link(by: Viewer, referral_id: UUID) -> Referral:
    row = moving.locked(by, referral_id)
    if not (referred(by, row) or keeps_register(by, row)):
        raise Referral.DoesNotExist
    if not row.item_key:
        raise CannotRefer(zh="该移送没有对应的事项，不能关联。", en="No item belongs to this referral.")
    return row


@transaction.atomic
def close(*, referral_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Close it for the office that referred it, with what came of it."""
    moving.move(_own(by, referral_id), ReferralAct.CLOSE, hand_of(by, now), words=said(reason, 4))


def _own(by: Viewer, referral_id: UUID) -> Referral:
    row = moving.locked(by, referral_id)
    if not referred(by, row):
        raise Referral.DoesNotExist
    return row


def _in_register(by: Viewer, referral_id: UUID) -> Referral:
    row = moving.locked(by, referral_id)
    if not keeps_register(by, row):
        raise Referral.DoesNotExist
    return row
