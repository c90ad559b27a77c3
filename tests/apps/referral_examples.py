"""A proposal whose item rests on rules of every level, the people who complained, and the offices that act."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.apps.catalogue_files import CERTIFICATE, write_catalogue
from tests.apps.factories import AccountFactory, OrganisationFactory, PartyFactory, StaffFactory, region
from tests.apps.signal_examples import AT, MARCH, NOW, World
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.referrals import actions
from yici.apps.referrals.models import Referral
from yici.apps.reform import actions as reform
from yici.apps.reform.models import Amendment, Proposal
from yici.apps.tickets.models import Ticket
from yici.rules.people import Role
from yici.rules.referrals import Content, ReferralKind
from yici.rules.referrals import Path as Ground

SENT = datetime(2018, 4, 2, 2, 0, tzinfo=UTC)
PAPERS = """\
  - key: home
    name: {zh: 居住证明, en: Proof of residence}
    proves: living
    basis: {title: 浙江省居住条例, article: 第十二条, level: local_regulation}
    ways: [original]
  - key: seal
    name: {zh: 村委会盖章, en: Stamp of the village}
    proves: stamp
    basis: {title: 惯例, article: 无, level: none}
    ways: [original]
  - key: notice
    name: {zh: 情况说明, en: Statement}
    proves: notice
    basis: {title: 关于办证的通知, article: 第一条, level: normative_document}
    ways: [original]
  - key: marriage
    name: {zh: 结婚证, en: Marriage certificate}
    proves: marriage
    basis: {title: 婚姻登记条例, article: 第五条, level: administrative_regulation}
    ways: [original]
steps:
"""
BURDENED = CERTIFICATE.replace("steps:\n", PAPERS, 1)
ANSWER = "同意取消居住证明，第十二条相应修改。"


@dataclass
class Congress:
    """The world of the tests: a proposal with two voices, and one viewer for each who acts."""

    world: World
    proposal: Proposal
    reform: Viewer
    liaison: Viewer
    county: Viewer
    central: Viewer
    unit: Viewer
    station: Viewer
    tickets: list[Ticket]


def staff(code: str, kind: str, *roles: Role) -> Viewer:
    office = OrganisationFactory(code=code, kind=kind)
    return viewer_of(AccountFactory(of_staff=True, staff=StaffFactory(roles=[*roles], organisation=office, post="p")))


def open_congress(folder: Path) -> Congress:
    region("330500")
    load_calendar(by="system:test", now=AT)
    import_catalogue(path=write_catalogue(folder, certificate=BURDENED), by="system:test", now=AT)
    world = World()
    told = [
        world.complaint(code, PartyFactory(), subject=subject, contact_email=address, ending="settled")
        for code, subject, address in (
            ("330122000000", "办证要跑两趟", "mei@example.cn"),
            ("330122001000", "还要居住证明", ""),
        )
    ]
    return Congress(
        world=world,
        proposal=_proposal(),
        reform=staff("330122", "reform_office", Role.REFORM),
        liaison=staff("330000", "people_congress", Role.LIAISON),
        county=staff("330122", "people_congress", Role.LIAISON),
        central=staff("330000", "reform_office", Role.UPWARD),
        unit=staff("330000", "health", Role.REVIEWER),
        station=staff("330122001", "township", Role.STATION),
        tickets=told,
    )


def _proposal() -> Proposal:
    """Return a proposal as ``judge_month`` opens one; how it judges is tested with the signals."""
    figure = {"region": "330122000000", "events": 12, "of": 20, "expected": 2.4, "limit": 7.0}
    return Proposal.objects.create(
        item_key="certificate",
        kind="corrections",
        organisation_kind="health",
        name="出生医学证明签发",
        name_en="Issue of the birth certificate",
        month=MARCH,
        regions=["330122000000"],
        figures=[figure | {"rate": 3.0, "lower": 1.8, "upper": 4.4}],
        opened_at=NOW,
        seen_at=NOW,
    )


def content(**terms: Any) -> Content:
    said = {
        "problem": "办出生证要交居住证明，群众多跑一趟。",
        "wording": "删去第十二条中的居住证明。",
        "path": Ground.EVALUATION,
    }
    return Content(**(said | terms))


def drafted(
    congress: Congress, burden: str = "home", kind: ReferralKind = ReferralKind.LEGISLATION, **terms: Any
) -> Referral:
    return actions.refer_proposal(
        proposal_id=congress.proposal.public_id, burden=burden, kind=kind, content=content(**terms),
        by=congress.reform, now=SENT,
    )  # fmt: skip


def sent(congress: Congress, burden: str = "home", kind: ReferralKind = ReferralKind.LEGISLATION) -> UUID:
    row = drafted(congress, burden, kind)
    actions.send(referral_id=row.public_id, by=congress.reform, now=SENT)
    return row.public_id


def assigned(congress: Congress) -> UUID:
    key = sent(congress)
    actions.register(referral_id=key, by=congress.liaison, now=SENT)
    unit = OrganisationFactory(code="330000", kind="health")
    actions.assign(referral_id=key, unit_id=unit.public_id, committee="社会建设委员会", by=congress.liaison, now=SENT)
    return key


def answered(congress: Congress, now: datetime = SENT) -> UUID:
    key = assigned(congress)
    actions.answer(referral_id=key, words=ANSWER, article="《浙江省居住条例》第十二条", by=congress.unit, now=now)
    return key


def published(congress: Congress, in_force_on: date = date(2018, 7, 1)) -> Amendment:
    """Drop every burden of the item by a revision through the real gate."""
    officer = staff("330000", "reform_office", Role.REFORM)
    lighter = CERTIFICATE.replace(
        "ways: [data births.number, original births.number]", "ways: [data births.number, declaration]"
    )
    made = reform.propose(item_key="certificate", text=lighter, reason="取消证明", by=congress.reform, now=SENT)
    late = SENT + timedelta(days=30)
    reform.open_for_comments(amendment_id=made.public_id, by=congress.reform, now=SENT)
    reform.send_to_gate(amendment_id=made.public_id, by=congress.reform, now=late)
    reform.approve(amendment_id=made.public_id, by=officer, now=late)
    reform.publish(amendment_id=made.public_id, in_force_on=in_force_on, by=officer, now=late)
    return made
