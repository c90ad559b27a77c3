"""What may be done with a need before it is submitted: start, answer, fill in, claim, discard."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yici.apps.catalogue import queries as catalogue_queries
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import CannotActFor, Viewer
from yici.apps.places.models import Region
from yici.apps.planning import queries, sheets
from yici.apps.planning.models import Draft
from yici.apps.registry import actions as registry
from yici.apps.registry.disputes import Claim, open_claims
from yici.apps.registry.queries import availability
from yici.rules.drawn_units import browser_unit
from yici.rules.forms import read_form, read_value
from yici.rules.grants import ASK_ONCE_BASIS, Purpose
from yici.rules.items import Element, Requirement, WayKind
from yici.rules.plans import Availability, Plan
from yici.rules.refusals import Refusal

# One person does not need more; a script that opens drafts without end is stopped here.
MOST_OPEN_DRAFTS = 30
_CLOSED = {Availability.NOT_SHARED, Availability.NEEDS_GRANT}


class CannotDraft(Refusal):
    """This need cannot be drafted like that."""


class CannotSaveDraft(Refusal):
    """The draft was changed elsewhere in the meantime, or is submitted already."""


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A field the government already holds: shown to confirm or to dispute, never taken from the browser."""

    element: Element
    value: str
    claim: Claim | None = None  # the person's own word while the owner checks it: it counts (规定 art.7)

    @property
    def counting_value(self) -> str:
        """Return the value that counts: the person's own while he disputes the register."""
        return self.claim.value if self.claim else self.value


@transaction.atomic
def start_draft(
    *,
    by: Viewer,
    browser: str,
    event_key: str,
    region_code: str,
    now: datetime,
    answers: Mapping[str, str] | None = None,
    reads: bool = True,
) -> UUID:
    """Begin a draft at a place, with answers that came along (a QR code on a wall carries some).

    ``reads``: whether the person reads the pages; at a window the clerk does, and no trial of wording counts it.
    Raises CannotDraft for an unknown need or when too many are open, and Refusal for an answer that cannot be read.
    """
    if catalogue_queries.find_event(event_key, region_code) is None:
        raise CannotDraft(
            zh="这里没有这件事。请回到首页换个说法搜索。",
            en="There is no such need here. Search again from the home page.",
        )
    check_scope(by, event_key)
    if queries.own_drafts(by, browser).filter(submitted_at=None).count() >= MOST_OPEN_DRAFTS:
        raise CannotDraft(
            zh=f"您已有 {MOST_OPEN_DRAFTS} 份未提交的草稿，请先提交或删除几份。",
            en=f"You have {MOST_OPEN_DRAFTS} open drafts. Submit or delete some first.",
        )
    draft = Draft.objects.create(
        browser="" if by.party_id else browser,
        party_id=by.party_id,
        represented_id=by.acting_for_id,
        event_key=event_key,
        region=Region.objects.at(region_code),
        created_at=now,
        saved_at=now,
        drawn_as=_drawn_as(by, browser) if reads else "",
    )
    if reads:
        sheets.begin(draft, now=now)
    for key, typed in (answers or {}).items():
        answer(by=by, browser=browser, public_id=draft.public_id, key=key, typed=typed, now=now)
    journal.record("draft.started", subject=str(draft.public_id), by=by.label, now=now, facts={"event": event_key})
    return draft.public_id


def _drawn_as(by: Viewer, browser: str) -> str:
    """Return the browser by which trials of wording draw a draft; a person keeps the one of his earliest draft.

    Whoever began a need before the sign-in reads the same words in the next one, signed in or not.
    """
    if not by.party_id:
        return browser_unit(browser)
    known = queries.own_drafts(by, "").exclude(drawn_as="").order_by("created_at").values_list("drawn_as", flat=True)
    return known.first() or ""


def check_scope(by: Viewer, event_key: str) -> None:
    """Raise CannotActFor unless the mandate in use covers this need, or the person acts for himself."""
    if not by.may_act_in(event_key):
        raise CannotActFor(
            zh="您的授权不包括这件事。请对方重新授权，或在“代办”中改为本人办理。",
            en="Your mandate does not cover this need. Ask for a wider one, or choose to act for yourself.",
        )


def _open_draft(by: Viewer, browser: str, public_id: UUID) -> Draft:
    row: Draft = (
        queries.own_drafts(by, browser)
        .select_for_update(of=("self",))
        .select_related("region")
        .get(public_id=public_id)
    )
    if row.submitted_at:
        raise CannotSaveDraft(
            zh="这份申请已经提交，不能再改。要补充内容，请到“我的办件”留言。",
            en="This application is submitted and cannot be changed here. Write a message under My applications.",
        )
    return row


def _save(row: Draft, now: datetime) -> int:
    sheets.worked(row, now=now)
    row.version += 1
    row.saved_at = now
    row.save()
    return row.version


@transaction.atomic
def answer(*, by: Viewer, browser: str, public_id: UUID, key: str, typed: str, now: datetime) -> None:
    """Keep the answer to one question of the situation. Raises Refusal when it cannot be read."""
    row = _open_draft(by, browser, public_id)
    question = queries.element(queries.draft_view(row), key)
    if question is None:
        raise CannotDraft(zh="这个问题不属于这件事。", en="This question does not belong to this need.")
    row.answers_text = json.dumps(
        {**json.loads(row.answers_text), key: read_value(question, typed)}, ensure_ascii=False
    )
    _save(row, now)


@transaction.atomic
def take_back(*, by: Viewer, browser: str, public_id: UUID, key: str, now: datetime) -> None:
    """Forget the answer to one question and to those asked after it, so that they are asked again."""
    row = _open_draft(by, browser, public_id)
    kept: dict[str, object] = {}
    for name, value in json.loads(row.answers_text).items():
        if name == key:
            break
        kept[name] = value
    row.answers_text = json.dumps(kept, ensure_ascii=False)
    _save(row, now)


@transaction.atomic
def choose_way(*, by: Viewer, browser: str, public_id: UUID, proves: str, kind: str, now: datetime) -> None:
    """Remember that the person prefers a lighter way, e.g. a commitment in lieu of a paper (规定 art.14)."""
    row = _open_draft(by, browser, public_id)
    offered = {(one.proves, way.kind) for one in _requirements(row) for way in one.ways}
    if kind and (proves, WayKind(kind)) not in offered:
        raise CannotDraft(zh="这项材料没有这种办理方式。", en="This requirement does not offer that way.")
    choices = {name: way for name, way in row.choices.items() if name != proves}
    row.choices = {**choices, proves: kind} if kind else choices
    _save(row, now)


def _requirements(row: Draft) -> list[Requirement]:
    catalogue = catalogue_queries.catalogue_for(row.region.code, unit=queries.unit_of(row))
    event = catalogue_queries.event(row.event_key, row.region.code, unit=queries.unit_of(row))
    return [one for item in queries.items_of(event, catalogue) for one in item.requirements]


@transaction.atomic
def save_fields(
    *,
    by: Viewer,
    browser: str,
    public_id: UUID,
    version: int,
    fields: Mapping[str, str],
    disputes: Mapping[str, str],
    now: datetime,
) -> int:
    """Keep what was typed as it is, finished or not, and return the new version.

    Raises CannotSaveDraft when the draft was saved elsewhere since ``version``: nothing is overwritten unseen.
    """
    row = _open_draft(by, browser, public_id)
    if row.version != version:
        raise CannotSaveDraft(
            zh="这份草稿在另一个窗口改过，这里的内容没有保存。请刷新页面后再填。",
            en="This draft was changed in another window; what you typed here was not saved. Reload the page first.",
        )
    plan = queries.plan_of(by, queries.draft_view(row))
    wanted = {element.key for element in queries.form_elements(queries.draft_view(row), plan)}
    row.fields_text = json.dumps(_kept(row.fields_text, fields, wanted), ensure_ascii=False)
    row.disputes_text = json.dumps(_only(disputes, wanted), ensure_ascii=False)
    return _save(row, now)


def _only(typed: Mapping[str, str], wanted: set[str]) -> dict[str, str]:
    return {key: str(value)[:1000] for key, value in typed.items() if key in wanted}


def _kept(before: str, typed: Mapping[str, str], wanted: set[str]) -> dict[str, str]:
    return {**_only(json.loads(before), wanted), **_only(typed, wanted)}


@transaction.atomic
def claim_draft(*, by: Viewer, browser: str, public_id: UUID, now: datetime) -> None:
    """Make a draft begun before sign-in the person's own."""
    row = _open_draft(by, browser, public_id)
    if row.party_id is None and by.party_id:
        check_scope(by, row.event_key)
        row.party_id, row.represented_id, row.browser = by.party_id, by.acting_for_id, ""
        _save(row, now)
        journal.record("draft.claimed", subject=str(public_id), by=by.label, now=now)


@transaction.atomic
def discard_draft(*, by: Viewer, browser: str, public_id: UUID, now: datetime) -> None:
    """Delete a draft with everything typed into it."""
    _open_draft(by, browser, public_id).delete()
    journal.record("draft.discarded", subject=str(public_id), by=by.label, now=now)


def known_facts(*, by: Viewer, view: queries.DraftView, plan: Plan, now: datetime) -> dict[str, KnownFact]:
    """Fetch what the government already holds of the form's fields: a look-up with its purpose, in the journal.

    What no grant covers is not even asked for. A submitted draft gets nothing: the refusal is in the journal.
    """
    elements = queries.form_elements(view, plan)
    items = tuple(one.item for one in plan.items)
    wanted = _allowed_sources(by, view, elements, items)
    # Of a company whose mandate does not cover this need nothing is read.
    if not by.subject_id or not wanted or not by.may_act_in(view.event.key):
        return {}
    found = registry.fetch(
        party_id=by.subject_id,
        region_code=view.region_code,
        wanted=wanted,
        items=items,
        purpose=Purpose.FILL_IN,
        basis=ASK_ONCE_BASIS,
        case_reference=f"draft:{view.public_id}",
        case_is_open=view.application_id is None,
        by=by.label,
        now=now,
    ).content
    claims = open_claims(by.subject_id, wanted)
    return {
        one.key: KnownFact(one, str(found[one.source]), claims.get(one.source))
        for one in elements
        if one.source and one.source in found
    }


def _allowed_sources(
    by: Viewer, view: queries.DraftView, elements: Iterable[Element], items: tuple[str, ...]
) -> list[str]:
    sources = {element.source for element in elements if element.source}
    if not by.subject_id or not sources:
        return []
    known = availability(party_id=by.subject_id, region_code=view.region_code, wanted=sources, items=items)
    return sorted(key for key, state in known.items() if state not in _CLOSED)


def final_facts(
    view: queries.DraftView, elements: tuple[Element, ...], known: Mapping[str, KnownFact]
) -> dict[str, object]:
    """Return every fact of the application as it counts. Raises CannotReadForm.

    A known fact is what the register says, whatever the browser sent, unless the person disputes it, now or in an
    application before whose dispute is still open: then his own value prevails (规定 art.7).
    """
    typed = {key: fact.counting_value for key, fact in known.items()}
    typed |= {key: value for key, value in view.fields.items() if key not in known}
    typed |= {key: value for key, value in view.disputes.items() if key in known and value.strip()}
    return {**view.answers, **read_form(elements, typed)}
