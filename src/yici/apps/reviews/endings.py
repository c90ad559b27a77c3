"""What goes when the time of a review is over: every word and name; grade, moments and what was done stay."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from yici.apps.reviews.models import Happening, Invitation, Review

PARTS_OF_A_REVIEW: tuple[type[Model], ...] = (Happening,)


def empty_reviews(keys: Sequence[Any], now: datetime) -> None:
    """Take the personal content out of reviews; the figures still count them."""
    Happening.objects.filter(review_id__in=keys).update(by_name="", note="")
    Review.objects.filter(pk__in=keys).update(
        text="", contact_name="", contact_phone="", excerpt="", party=None, named=False, emptied_at=now
    )


def delete_invitations(keys: Sequence[Any], now: datetime) -> None:
    """Delete links long over."""
    Invitation.objects.filter(pk__in=keys).delete()
