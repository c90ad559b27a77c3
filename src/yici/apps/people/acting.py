"""When one person may act for another: by a mandate that holds, or as parent or guardian."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from yici.apps.people.models import Mandate, Party, Relation
from yici.rules.people import PartyKind, RelationKind, may_act_as_relative
from yici.rules.refusals import Refusal


class CannotActFor(Refusal):
    """No mandate and no family relation lets this person act for that party on that day."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A party somebody may act for; ``ground`` is "mandate", "parent" or "guardian"."""

    party_id: int
    public_id: UUID
    name: str
    kind: PartyKind
    scope: str
    ground: str
    valid_to: date | None = None


def authorities_of(party: Party, on: date) -> Iterator[Authority]:
    """Yield everybody this person may act for on a local day: children and wards first, then mandates."""
    relations = Relation.objects.filter(of=party).exclude(kind=RelationKind.SPOUSE).select_related("to")
    for relation in relations.order_by("pk"):
        if may_act_as_relative(RelationKind(relation.kind), relation.to.born_on, on):
            yield _authority(relation.to, "all", relation.kind)
    in_time = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    # "all" before the narrow ones: of two mandates for one company the wider is used.
    mandates = Mandate.objects.filter(in_time, agent=party, ended_at__isnull=True).select_related("holder")
    for mandate in sorted(mandates, key=lambda one: (one.scope != "all", one.pk)):
        yield _authority(mandate.holder, mandate.scope, "mandate", mandate.valid_to)


def authority_of(party: Party, acting_for: UUID | str, on: date) -> Authority:
    """Return the authority to act for one party. Raises CannotActFor."""
    wanted = str(acting_for)
    found = next((one for one in authorities_of(party, on) if str(one.public_id) == wanted), None)
    if found is None:
        # The same sentence whether or not that party exists.
        raise CannotActFor(
            zh="您现在不能代办此人或此企业的事项：没有登记授权，或授权已到期、已终止。请选择“为本人办理”，或请对方重新授权。",
            en="You cannot act for this person or company now: there is no mandate, or it has ended. "
            "Choose 'for myself', or ask them for a new mandate.",
        )
    return found


def _authority(party: Party, scope: str, ground: str, valid_to: date | None = None) -> Authority:
    return Authority(party.pk, party.public_id, party.name, PartyKind(party.kind), scope, ground, valid_to)
