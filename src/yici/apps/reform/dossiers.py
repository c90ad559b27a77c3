"""Collects what the gate looks at."""

from yici.apps.reform.models import Amendment, ExceptionItem
from yici.rules.amendments import Dossier, Ground
from yici.rules.burden import Component
from yici.rules.levels import Level
from yici.rules.words import Words


def dossier_of(amendment: Amendment) -> Dossier:
    """Return the dossier of an amendment as it stands."""
    losses = amendment.effects.filter(is_loss=True).select_related("reference")
    approvals = amendment.approvals.exclude(approved_by=amendment.proposed_by)
    return Dossier(
        losses=tuple(
            Ground(
                Component(one.component),
                Words(one.sentence, one.sentence_en),
                Level(one.reference.level) if one.reference else None,
            )
            for one in losses
        ),
        undecided=amendment.is_undecided,
        notice_until=amendment.notice_until,
        unanswered=amendment.comments.filter(answered_at=None).count(),
        approvers=tuple(approvals.values_list("region_code", flat=True)),
        is_breach=amendment.is_breach,
        is_exception=ExceptionItem.objects.filter(item_key=amendment.item_key).exists(),
        needs_province=amendment.needs_province,
    )
