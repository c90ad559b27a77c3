"""What may be seen of proposed revisions: drafts at the bench only, all others by everybody."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from yici.apps.people.viewers import Viewer
from yici.apps.reform.dossiers import dossier_of
from yici.apps.reform.models import Amendment, Approval, Comment, Effect, LawReference, LedgerEntry
from yici.apps.reform.rights import is_office, may_see_bench
from yici.rules.amendments import PUBLIC, Stage, obstacles
from yici.rules.burden import Component
from yici.rules.levels import Level
from yici.rules.words import Words

__all__ = ["Amendment", "LawReference", "LedgerEntry", "NoSuchAmendment", "may_see_bench"]
NoSuchAmendment = Amendment.DoesNotExist
MOST_SHOWN = 200
_OPEN = (Stage.DRAFT, Stage.COMMENT, Stage.GATE, Stage.PUBLISHED)


@dataclass(frozen=True, slots=True)
class EffectView:
    """One person who loses or gains, as pages tell it."""

    id: int
    component: Words
    sentence: Words
    least_level: Words
    basis: Words | None
    basis_level: Words | None
    reference_id: UUID | None


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """One amendment as pages show it; ``obstacles``: what keeps it from being published."""

    row: Amendment
    name: Words
    stage: Stage
    organisation: Words
    losses: tuple[EffectView, ...]
    gains: tuple[EffectView, ...]
    comments: tuple[Comment, ...]
    approvals: tuple[Approval, ...]
    obstacles: tuple[Words, ...]
    is_running: bool


def amendments(viewer: Viewer) -> list[Amendment]:
    """Return what the bench works at: a reform office sees all of its region, a department its own."""
    return list(_at_bench(viewer).filter(stage__in=_OPEN)[:MOST_SHOWN])


def amendment(viewer: Viewer, public_id: UUID, *, now: datetime) -> AmendmentView:
    """Return one amendment at the bench. Raises NoSuchAmendment for what is not the viewer's."""
    return _view(_at_bench(viewer).get(public_id=public_id), now)


def public_amendments(item_key: str | None = None) -> list[Amendment]:
    """Return what is open for comment or at the gate, of everything or of one item or life event; not the ledger's."""
    rows = Amendment.objects.filter(stage__in=(Stage.COMMENT, Stage.GATE))
    return list((rows if item_key is None else rows.filter(item_key=item_key))[:MOST_SHOWN])


def public_amendment(public_id: UUID, *, now: datetime) -> AmendmentView:
    """Return one amendment as everybody may read it. Raises NoSuchAmendment for drafts."""
    return _view(Amendment.objects.select_related("organisation").get(public_id=public_id, stage__in=PUBLIC), now)


def ledger(item_key: str | None = None) -> list[LedgerEntry]:
    """Return the public ledger of changes, the newest first, of everything or of one item or life event."""
    rows = LedgerEntry.objects.select_related("amendment")
    return list((rows if item_key is None else rows.filter(amendment__item_key=item_key))[:MOST_SHOWN])


def references() -> list[LawReference]:
    """Return the register of law references."""
    return list(LawReference.objects.all())


def _at_bench(viewer: Viewer) -> QuerySet[Amendment]:
    rows = Amendment.objects.select_related("organisation", "organisation__region")
    if not may_see_bench(viewer) or viewer.region_path is None or viewer.organisation_id is None:
        return rows.none()
    if is_office(viewer):
        return rows.filter(organisation__region__path__startswith=viewer.region_path)
    return rows.filter(organisation_id=viewer.organisation_id)


def _view(row: Amendment, now: datetime) -> AmendmentView:
    today = timezone.localdate(now)
    effects = list(row.effects.select_related("reference"))
    return AmendmentView(
        row=row,
        name=Words(row.name, row.name_en),
        stage=Stage(row.stage),
        organisation=Words(row.organisation.name, row.organisation.name_en),
        losses=tuple(_effect(one) for one in effects if one.is_loss),
        gains=tuple(_effect(one) for one in effects if not one.is_loss),
        comments=tuple(row.comments.all()),
        approvals=tuple(row.approvals.all()),
        obstacles=tuple(obstacles(dossier_of(row), today)) if row.stage in (Stage.COMMENT, Stage.GATE) else (),
        is_running=_is_running(row, today),
    )


def _is_running(row: Amendment, today: date) -> bool:
    return row.stage == Stage.COMMENT and row.notice_until is not None and today <= row.notice_until


def _effect(one: Effect) -> EffectView:
    law = one.reference
    return EffectView(
        id=one.pk,
        component=Component(one.component).words,
        sentence=Words(one.sentence, one.sentence_en),
        least_level=Level(one.least_level).words,
        basis=Words(f"{law.title} {law.article}", f"{law.title_en} {law.article}") if law else None,
        basis_level=Level(law.level).words if law else None,
        reference_id=law.public_id if law else None,
    )
