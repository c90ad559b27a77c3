"""When one person may act for another: by a mandate that holds, or as parent or guardian."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from yici.apps.people.models import Mandate, Party, Relation
from yici.rules.people import (
    EVERYTHING,
    MandateStage,
    MandateTerms,
    PartyKind,
    RelationKind,
    may_act_as_relative,
    of_age_on,
)
from yici.rules.refusals import Refusal


class CannotActFor(Refusal):
    """No mandate and no family relation lets this person act for that party on that day."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A party somebody may act for; ``ground`` is "mandate", "parent" or "guardian"; ``valid_to`` its last day."""

    party_id: int
    public_id: UUID
    name: str
    kind: PartyKind
    scopes: frozenset[str]
    ground: str
    valid_to: date | None = None


def authorities_of(party: Party, on: date) -> Iterator[Authority]:
    """Yield everybody this person may act for on a local day: children and wards first, then mandates."""
    still = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    relations = Relation.objects.filter(still, of=party).exclude(kind=RelationKind.SPOUSE).select_related("to")
    for relation in relations.order_by("pk"):
        kind, by_court = RelationKind(relation.kind), relation.document is not None
        if may_act_as_relative(kind, relation.to.born_on, on, by_court=by_court):
            born = relation.to.born_on
            until = of_age_on(born) - timedelta(days=1) if born and not by_court else None
            yield _authority(relation.to, frozenset({EVERYTHING}), kind, until)
    in_time = (Q(valid_to__isnull=True) | Q(valid_to__gte=on)) & Q(valid_from__lte=on)
    mandates = Mandate.objects.filter(in_time, agent=party, ended_at__isnull=True, accepted_at__isnull=False)
    by_holder: dict[Party, list[Mandate]] = {}
    for mandate in mandates.select_related("holder").order_by("pk"):
        if terms_of(mandate).stage(on) is MandateStage.IN_FORCE:
            by_holder.setdefault(mandate.holder, []).append(mandate)
    for holder, given in by_holder.items():
        yield _mandated(holder, given)


def _mandated(holder: Party, given: list[Mandate]) -> Authority:
    """Return what several mandates of one holder allow together; it ends when the last of them does."""
    scopes = frozenset(one.scope for one in given)
    last_days = [one.valid_to for one in given if one.valid_to is not None]
    last = max(last_days) if len(last_days) == len(given) else None
    return _authority(holder, frozenset({EVERYTHING}) if EVERYTHING in scopes else scopes, "mandate", last)


def terms_of(mandate: Mandate) -> MandateTerms:
    """Return what a mandate says, as the rules read it."""
    return MandateTerms(
        scope=mandate.scope,
        valid_from=mandate.valid_from,
        valid_to=mandate.valid_to,
        is_accepted=mandate.accepted_at is not None,
        is_ended=mandate.ended_at is not None,
    )


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


def _authority(party: Party, scopes: frozenset[str], ground: str, valid_to: date | None = None) -> Authority:
    return Authority(party.pk, party.public_id, party.name, PartyKind(party.kind), scopes, ground, valid_to)
