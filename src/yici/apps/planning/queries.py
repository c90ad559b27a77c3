"""What may be seen of a need before it is submitted: the plan, the draft, the shared form."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from yici.apps.catalogue import queries as catalogue_queries
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.planning.compiled import compiled_event
from yici.apps.planning.models import Draft
from yici.apps.planning.proofs import sharpened
from yici.apps.registry import queries as registry
from yici.rules import drawn_units
from yici.rules.items import Assurance, Catalogue, Element, Item, LifeEvent, WayKind
from yici.rules.planner import CompiledEvent, Holdings
from yici.rules.plans import Availability, Evidence, EvidenceStatus, Plan
from yici.rules.words import Words

NoSuchDraft = Draft.DoesNotExist


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as its owner sees it."""

    public_id: UUID
    event: LifeEvent
    region_code: str
    region_name: Words
    answers: dict[str, object]
    fields: dict[str, str]
    disputes: dict[str, str]
    choices: dict[str, str]
    version: int
    saved_at: datetime
    is_claimed: bool
    application_id: UUID | None
    unit: str = ""  # whom a trial's draw takes it for (rules.drawn_units)


def draft(viewer: Viewer, public_id: UUID, *, browser: str) -> DraftView:
    """Return a draft of this person, or of this browser while nobody has claimed it. Raises Draft.DoesNotExist."""
    return draft_view(own_drafts(viewer, browser).select_related("region").get(public_id=public_id))


def drafts_of(viewer: Viewer) -> list[DraftView]:
    """Return the person's unfinished drafts, last saved first."""
    rows = own_drafts(viewer, "").filter(submitted_at=None).select_related("region").order_by("-saved_at")[:50]
    return [draft_view(row) for row in rows if _event_exists(row)] if viewer.party_id else []


def own_drafts(viewer: Viewer, browser: str) -> QuerySet[Draft]:
    """Return the rows this viewer may see: his own as whom he acts now, or an unclaimed one of his browser."""
    mine = Q(party_id=viewer.party_id, represented_id=viewer.acting_for_id) if viewer.party_id else Q(pk=None)
    unclaimed = Q(party=None, browser=browser) if browser else Q(pk=None)
    return Draft.objects.filter(mine | unclaimed)


def locked_draft(viewer: Viewer, browser: str, public_id: UUID) -> Draft:
    """Return a draft of the viewer with its place, locked until the transaction ends. Raises NoSuchDraft."""
    return own_drafts(viewer, browser).select_related("region").select_for_update(of=("self",)).get(public_id=public_id)


def _event_exists(row: Draft) -> bool:
    return catalogue_queries.find_event(row.event_key, row.region.code) is not None


def draft_view(row: Draft) -> DraftView:
    """Return a draft as a value."""
    return DraftView(
        public_id=row.public_id,
        event=catalogue_queries.event(row.event_key, row.region.code, unit=unit_of(row)),
        region_code=row.region.code,
        region_name=Words(row.region.name, row.region.name_en),
        answers=json.loads(row.answers_text),
        fields=json.loads(row.fields_text),
        disputes=json.loads(row.disputes_text),
        choices=dict(row.choices),
        version=row.version,
        saved_at=row.saved_at,
        is_claimed=row.party_id is not None,
        application_id=row.application_id,
        unit=unit_of(row),
    )


def unit_of(row: Draft) -> str:
    """Return by what a draft is drawn into trials: the one acted for, else the person; and the browser it began in."""
    return drawn_units.unit_of(str(row.represented_id or row.party_id or ""), row.drawn_as)


def typical_holdings(catalogue: Catalogue, region_code: str) -> Holdings:
    """Return what the government can usually see in a place, before it knows who asks.

    A dataset counts as available where its link is open; a licence as in hand; the account as real-name. The page
    says so, and asks the person to sign in for certainty.
    """
    path = places.region_path(region_code)
    shut = {
        f"{dataset.key}.{name}": Availability.NOT_SHARED
        for dataset in catalogue.datasets.values()
        for name in dataset.fields
        if dataset.sharing == "not_shared" or set(dataset.not_shared_in) & set(path)
    }
    return {"*": Availability.AVAILABLE, "assurance": Assurance.REAL_NAME, **shut}


def holdings_of(viewer: Viewer, event: CompiledEvent, region_code: str) -> Holdings:
    """Return what the government can see of this person, for what this event needs: one query, no content."""
    known = registry.availability(
        party_id=viewer.subject_id or 0, region_code=region_code, wanted=event.wanted, items=event_items(event)
    )
    return {"*": Availability.MISSING, "assurance": viewer.assurance, **known}


def event_items(event: CompiledEvent) -> tuple[str, ...]:
    """Return the items of an event: look-ups are made on their behalf, under their grants."""
    return tuple(dict.fromkeys(member.item for member in event.event.members))


def usual_holdings(catalogue: Catalogue, event: CompiledEvent, region_code: str) -> Holdings:
    """Return what is usually available there, less what the items of this event hold no grant for: one query."""
    known = registry.availability(party_id=None, region_code=region_code, wanted=event.wanted, items=event_items(event))
    closed = {key: state for key, state in known.items() if state is Availability.NEEDS_GRANT}
    return {**typical_holdings(catalogue, region_code), **closed}


def plan_for(
    viewer: Viewer,
    event_key: str,
    region_code: str,
    *,
    answers: Mapping[str, object],
    choices: Mapping[str, str] | None = None,
    unit: str | None = None,
) -> Plan:
    """Return the plan of a need at a place for this person; for a stranger, with what is usually available there.

    ``unit``: whom a trial's draw takes it for, the viewer unless said otherwise.
    """
    drawn = str(viewer.subject_id or "") if unit is None else unit
    catalogue = catalogue_queries.catalogue_for(region_code, unit=drawn)
    compiled = compiled_event(catalogue, event_key, choices or {})
    holdings = (
        holdings_of(viewer, compiled, region_code)
        if viewer.party_id
        else usual_holdings(catalogue, compiled, region_code)
    )
    here = places.region(region_code)
    plan = compiled.plan(answers, holdings, region=region_code, place=Words(here.name, here.name_en))
    return sharpened(plan, catalogue)


def plan_of(viewer: Viewer, view: DraftView) -> Plan:
    """Return the plan of a draft as things stand now."""
    return plan_for(
        viewer, view.event.key, view.region_code, answers=view.answers, choices=view.choices, unit=view.unit
    )


def element(view: DraftView, key: str) -> Element | None:
    """Return a question of the draft's event or of one of its items."""
    catalogue = catalogue_queries.catalogue_for(view.region_code, unit=view.unit)
    everything = (*view.event.questions, *(q for item in items_of(view.event, catalogue) for q in item.questions))
    return _in_own_words(one for one in everything if one.key == key)


def _in_own_words(several: Iterable[Element]) -> Element | None:
    """Return one element of those of a key: where an item asks in words of its own, these and not the shared ones."""
    found = list(several)
    if len(found) < 2:
        return found[0] if found else None
    shared = catalogue_queries.elements().get(found[0].key)
    return next((one for one in found if one != shared), found[0])


def items_of(event: LifeEvent, catalogue: Catalogue) -> tuple[Item, ...]:
    """Return the items of an event, in its order."""
    return tuple(catalogue.items[member.item] for member in event.members)


def form_elements(view: DraftView, plan: Plan) -> tuple[Element, ...]:
    """Return the fields of the shared form: each fact of the applying items once, in the order of the items.

    What a question of the situation has already answered is not asked again.
    """
    catalogue = catalogue_queries.catalogue_for(view.region_code, unit=view.unit)
    applying = [catalogue.items[planned.item] for planned in plan.items]
    several: dict[str, list[Element]] = {}
    for item in applying:
        for one in item.fields:
            several.setdefault(one.key, []).append(one)
    wanted = {key: own for key, found in several.items() if (own := _in_own_words(found))}
    wanted |= {one.key: one for one in _form_ways(applying, plan) if one.key not in wanted}
    return tuple(one for one in wanted.values() if one.key not in view.answers)


def _form_ways(items: list[Item], plan: Plan) -> list[Element]:
    """Return elements that a requirement is satisfied by in the form."""
    used = {way.target for row in plan.evidence if (way := row.way) and way.kind is WayKind.FORM}
    return [one for item in items for one in (*item.fields, *item.questions) if one.key in used]


def uploads_wanted(view: DraftView, plan: Plan) -> list[Evidence]:
    """Return the papers of the plan that the person photographs or uploads, each once."""
    return [row for row in plan.evidence if row.status is EvidenceStatus.UPLOAD and row.same_as is None]
