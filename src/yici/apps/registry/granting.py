"""What may be done with grants: the catalogue asks for them, the owner of the data decides, extends and revokes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yici.apps.catalogue import queries as catalogue
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.places.models import Region
from yici.apps.registry.jurisdiction import grants_in_hand
from yici.apps.registry.models import Dataset, Grant
from yici.rules.clock_courses import local_day
from yici.rules.codes import ZHEJIANG, parse_region_code
from yici.rules.data_uses import PLATFORM_ITEMS, PLATFORM_USES, Use, basis_for, uses_of
from yici.rules.datasets import Sharing
from yici.rules.grants import GrantState
from yici.rules.items import Item
from yici.rules.law_parameters import parameter
from yici.rules.levels import Level
from yici.rules.periods import last_day
from yici.rules.refusals import Refusal
from yici.rules.words import Words

BY_LAW = "system:law"  # who decides on unconditional data: the law itself (规定 art. 39)
REPLACED = "由范围更新后的授权替代。 Replaced by the grant with the new fields."
NOT_USED = "事项不再使用该数据。 The item does not use these data any more."
CLASS_CHANGED = "共享属性已变更，须重新审核。 The sharing class has changed; the owner decides anew."
CLOCKS = {Sharing.UNCONDITIONAL: "unconditional_sharing", Sharing.CONDITIONAL: "conditional_sharing"}
LONGEST_REASON = 500


class CannotDecideGrant(Refusal):
    """This grant is not decided like that."""


@dataclass(slots=True)
class Asked:
    """What asking for grants came to."""

    waiting: int = 0
    granted: int = 0
    ended: int = 0


def ask_for_grants(*, by: str, now: datetime) -> Asked:
    """Ask for what the items of the catalogue use now, and end what they use no more; again is harmless."""
    return ask_for(catalogue.every_variant(), by=by, now=now)


@transaction.atomic
def ask_for(items: Mapping[str, list[Item]], *, by: str, now: datetime) -> Asked:
    """Ask for what these items use, each with its local variants, and end what none of them uses.

    Unconditional data are granted at once, by law; conditional data wait for their owner under a clock. What is not
    shared is not asked for. A refusal or revocation stands until the item asks for other fields.
    """
    province = Region.objects.filter(code=ZHEJIANG.text).first()
    if province is None:
        return Asked()  # a platform without places has nobody to grant anything to
    datasets = {row.key: row for row in Dataset.objects.exclude(sharing=Sharing.NOT_SHARED)}
    known = {(row.item_key, row.dataset_id): row for row in _newest(province)}
    asking = _Asking(by, now, province, known)
    for key, variants in items.items():
        for use in _uses(variants):
            dataset = datasets.get(use.dataset)
            fields = use.fields & set(dataset.fields) if dataset else frozenset()
            if dataset and fields:
                asking.ask(variants[0].name, dataset, replace(use, item=key, fields=fields))
    for use in PLATFORM_USES:
        if use.dataset in datasets and use.fields <= set(datasets[use.dataset].fields):
            asking.ask(PLATFORM_ITEMS[use.item], datasets[use.dataset], use)
    asking.end_the_rest()
    if any((asking.report.waiting, asking.report.granted, asking.report.ended)):
        facts = {"waiting": asking.report.waiting, "granted": asking.report.granted, "ended": asking.report.ended}
        journal.record("registry.grants_asked", subject="registry", by=by, now=now, facts=facts)
    return asking.report


def _newest(province: Region) -> Iterable[Grant]:
    rows = Grant.objects.select_for_update().filter(in_use=True, region=province)
    return rows.order_by("pk")  # of several the newest is met last


def _uses(variants: list[Item]) -> list[Use]:
    """Return what an item asks for anywhere in the province: a local variant may want more."""
    whole: dict[str, Use] = {}
    for variant in variants:
        for use in uses_of(variant):
            known = whole.get(use.dataset)
            whole[use.dataset] = replace(known, fields=known.fields | use.fields) if known else use
    return list(whole.values())


class _Asking:
    """Compares what the items want with the grants there are."""

    def __init__(self, by: str, now: datetime, region: Region, known: dict[tuple[str, str], Grant]) -> None:
        self.by = by
        self.now = now
        self.region = region
        self.rest = known
        self.report = Asked()
        self._due = {sharing: due_on(clock, region.code, now) for sharing, clock in CLOCKS.items()}

    def ask(self, name: Words, dataset: Dataset, use: Use) -> None:
        """Ask for one item's use of a dataset unless that is settled already."""
        known = self.rest.pop((use.item, use.dataset), None)
        changed = known is not None and _class_changed(known, dataset)
        if known is not None and not changed and _is_settled(known, use.fields):
            return
        basis = basis_for(Sharing(dataset.sharing), use)
        if basis.level is Level.NONE:
            return  # without law there is nothing to grant on: the lint says so to the item's maintainer
        if known is not None and changed:
            _end(known, CLASS_CHANGED, self.by, self.now)
        elif known is not None and known.state != GrantState.APPROVED:
            _end(known, REPLACED, self.by, self.now)
        row = Grant(
            item_key=use.item,
            dataset=dataset,
            fields=sorted(use.fields),
            purpose=f"办理“{name.zh}”时核对事实、免交材料",
            purpose_en=f"To settle '{name.en}' without asking the person for papers",
            basis_title=basis.title,
            basis_title_en=basis.title_en,
            basis_article=basis.article or "全文",
            basis_level=basis.level,
            region=self.region,
            asked_at=self.now,
            asked_by=self.by,
            due_on=self._due[Sharing(dataset.sharing)],
        )
        self._keep(row, is_granted=dataset.sharing == Sharing.UNCONDITIONAL)

    def _keep(self, row: Grant, *, is_granted: bool) -> None:
        if not is_granted:
            row.save()
            self.report.waiting += 1
            return
        _replace_others(row, BY_LAW, self.now)
        row.state, row.decided_at, row.decided_by = GrantState.APPROVED, self.now, BY_LAW
        row.save()
        self.report.granted += 1

    def end_the_rest(self) -> None:
        """End what no item asks for any more: data are shared for a purpose, and this one is gone."""
        for row in self.rest.values():
            _end(row, NOT_USED, self.by, self.now)
            self.report.ended += 1


def _class_changed(row: Grant, dataset: Dataset) -> bool:
    return row.decided_by == BY_LAW and dataset.sharing == Sharing.CONDITIONAL and row.state == GrantState.APPROVED


def _is_settled(row: Grant, fields: frozenset[str]) -> bool:
    if row.state == GrantState.APPROVED:
        return fields <= set(row.fields)
    return fields == set(row.fields)


def _end(row: Grant, reason: str, by: str, now: datetime) -> None:
    row.in_use = False
    if row.state == GrantState.REQUESTED:
        row.state, row.decided_at, row.decided_by, row.reason = GrantState.REFUSED, now, by, reason
    elif row.state == GrantState.APPROVED:
        row.state, row.revoked_at, row.revoked_by, row.revoked_reason = GrantState.REVOKED, now, by, reason
    row.save()


def _replace_others(row: Grant, by: str, now: datetime) -> None:
    others = Grant.objects.filter(
        item_key=row.item_key, dataset_id=row.dataset_id, region_id=row.region_id, state=GrantState.APPROVED
    )
    for other in others.exclude(pk=row.pk):
        _end(other, REPLACED, by, now)


def due_on(clock: str, region_code: str, now: datetime) -> date:
    """Return the last day of a clock of sharing that begins now in a region."""
    today = local_day(now)
    row = parameter(clock, parse_region_code(region_code), today, places.law_parameters())
    return last_day(row.period, today, places.calendar())


@transaction.atomic
def approve_grant(*, grant_id: UUID, by: Viewer, now: datetime) -> None:
    """Let the item read what it asked for, from now on. A narrower grant it held is replaced.

    Raises CannotDecideGrant when it is decided already, and Grant.DoesNotExist for stewards of others' data.
    """
    row = _waiting(grant_id, by)
    approve_row(row, by=by.label, now=now)


def approve_row(row: Grant, *, by: str, now: datetime) -> None:
    """Write an approval; whoever calls has checked who decides."""
    _replace_others(row, by, now)
    row.state, row.decided_at, row.decided_by = GrantState.APPROVED, now, by
    row.save()
    _note("registry.grant_approved", row, by, now)


@transaction.atomic
def refuse_grant(*, grant_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Refuse what an item asked for, with the reason everybody can read. Raises CannotDecideGrant."""
    refuse_row(_waiting(grant_id, by), reason=_said(reason), by=by.label, now=now)


def refuse_row(row: Grant, *, reason: str, by: str, now: datetime) -> None:
    """Write a refusal; whoever calls has checked who decides."""
    row.state, row.decided_at, row.decided_by, row.reason = GrantState.REFUSED, now, by, reason
    row.save()
    _note("registry.grant_refused", row, by, now)


@transaction.atomic
def revoke_grant(*, grant_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Take an approved grant back: the next look-up under it is refused. Raises CannotDecideGrant."""
    row = _in_hand(grant_id, by)
    if row.state != GrantState.APPROVED:
        raise CannotDecideGrant(
            zh="只有已授权的才能撤销。请刷新页面查看最新状态。",
            en="Only an approved grant can be revoked. Reload the page to see where it stands.",
        )
    row.state, row.revoked_at, row.revoked_by, row.revoked_reason = GrantState.REVOKED, now, by.label, _said(reason)
    row.save()
    _note("registry.grant_revoked", row, by.label, now)


@transaction.atomic
def extend_grant(*, grant_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Take more time to decide, once, with the reason everybody can read. Raises CannotDecideGrant."""
    row = _waiting(grant_id, by)
    if row.extended_at is not None:
        raise CannotDecideGrant(
            zh="审核时限只能延长一次。请在期限内作出决定。",
            en="The time to decide is extended once only. Decide within it.",
        )
    row.extension_reason, row.extended_at = _said(reason), now
    more = parameter(
        "conditional_sharing_extension", parse_region_code(row.region_id), local_day(now), places.law_parameters()
    )
    row.due_on = last_day(more.period, row.due_on, places.calendar())
    row.save()
    _note("registry.grant_extended", row, by.label, now)


def _in_hand(grant_id: UUID, by: Viewer) -> Grant:
    return grants_in_hand(by).select_for_update(of=("self",)).get(public_id=grant_id)


def _waiting(grant_id: UUID, by: Viewer) -> Grant:
    row = _in_hand(grant_id, by)
    if row.state != GrantState.REQUESTED:
        raise CannotDecideGrant(
            zh="这项申请已经有结果，不能再次审核。请刷新页面查看。",
            en="This request is decided already and is not decided again. Reload the page.",
        )
    return row


def _said(reason: str) -> str:
    text = " ".join(reason.split())[:LONGEST_REASON]
    if not text:
        raise CannotDecideGrant(
            zh="请写明理由：申请方和公众都会看到。", en="Give the reason: the item's office and the public read it."
        )
    return text


def _note(kind: str, row: Grant, by: str, now: datetime) -> None:
    facts = {"item": row.item_key, "dataset": row.dataset_id, "fields": row.fields, "region": row.region_id}
    journal.record(kind, subject=f"grant:{row.public_id}", by=by, now=now, facts=facts)
