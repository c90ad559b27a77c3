"""Puts a revision on trial and ends the trial; who is in it is decided by a draw and never by a person."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from yici.apps.catalogue.actions import lock_imports
from yici.apps.catalogue.comparing import read_text
from yici.apps.catalogue.documents import canonical, fingerprint, item_document
from yici.apps.catalogue.models import BasicItem, CatalogueStamp, ItemRevision, Trial
from yici.apps.journal.ids import new_public_id
from yici.rules.refusals import Refusal

ON_TRIAL = "trial"


class CannotTry(Refusal):
    """This revision cannot be put on trial."""


@transaction.atomic
def begin_trial(
    *,
    item_key: str,
    text: str,
    draw: str,
    counties: Sequence[str],
    share: float | None,
    now: datetime,
    of_wording: bool = False,
) -> Trial:
    """Store a text as a revision on trial and let it hold for those drawn. Raises CannotTry, CannotImport.

    The revision is kept beside those in force, never among them: whoever is outside notices nothing.
    """
    lock_imports()
    basic = BasicItem.objects.filter(key=item_key).first()
    if basic is None or basic.trials.filter(ended_at=None).exists():
        raise CannotTry(
            zh="目录中没有该事项，或该事项已有试点在运行。", en="There is no such item, or a pilot of it is running."
        )
    trial = Trial.objects.create(
        draw=draw,
        basic=basic,
        revision=_revision(basic, text, now),
        counties=list(counties),
        share=share,
        of_wording=of_wording,
        begun_at=now,
    )
    _renew()
    return trial


def _revision(basic: BasicItem, text: str, now: datetime) -> ItemRevision:
    item = read_text(text).catalogue.items[basic.key]
    written = canonical(item_document(item))
    known = ItemRevision.objects.filter(basic=basic, variant=ON_TRIAL).order_by("-number")
    if (same := known.filter(sha256=fingerprint(written)).first()) is not None:
        return same
    newest = known.first()
    return ItemRevision.objects.create(
        basic=basic,
        variant=ON_TRIAL,
        number=newest.number + 1 if newest else 1,
        document_text=written,
        sha256=fingerprint(written),
        valid_from=timezone.localdate(now),
        published_at=now,
    )


@transaction.atomic
def end_trial(*, trial_id: int, now: datetime) -> None:
    """Let the revision in force hold for everybody again; open cases keep theirs. Ending twice is harmless."""
    if Trial.objects.filter(pk=trial_id, ended_at=None).update(ended_at=now):
        _renew()


def _renew() -> None:
    CatalogueStamp.objects.update_or_create(id=1, defaults={"value": new_public_id()})
