"""Who is asked about a topic: whoever can change its law, or nobody, where it can be dropped on the spot."""

from dataclasses import dataclass
from uuid import UUID

from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.apps.referrals.origins import Origin, origin_of_topic
from yici.apps.referrals.rights import seats_up_from
from yici.apps.topics.queries import topic_of
from yici.rules.referrals import KINDS_FOR, Addressee, Body, ReferralKind, Seat, addressee_of, may_drop_it_here
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class Way:
    """What a topic puts before whom. ``dropped_by``: who may take it away without asking, None where nobody may."""

    origin: Origin
    to: Addressee
    kinds: tuple[ReferralKind, ...]
    dropped_by: Words | None


def way_of_topic(viewer: Viewer, topic_id: UUID) -> Way | None:
    """Return who is asked about a topic; None where its voices name no item, so that no law is known.

    Raises CannotSeeTopic for what is not in the viewer's jurisdiction.
    """
    origin = origin_of_topic(topic_of(viewer, topic_id))
    if origin.item_key not in catalogue.catalogue_for("").items:
        return None
    region = Region.objects.select_related("parent__parent__parent").get(code=origin.region_code)
    seats = seats_of(region)
    to = addressee_of(origin.basis, seats)
    return Way(origin, to, KINDS_FOR[to.body], _dropped_by(origin, to, seats[0]))


def _dropped_by(origin: Origin, to: Addressee, here: Seat) -> Words | None:
    if not may_drop_it_here(to, here):
        return None
    return origin.department if to.body is Body.DEPARTMENT else to.words


def seats_of(region: Region) -> list[Seat]:
    """Return the places with a government and a congress from a region up to the province, the narrowest first."""
    return [Seat(one.code, Words(one.name, one.name_en)) for one in seats_up_from(region)]
