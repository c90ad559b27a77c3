"""What a program may ask about shared data: the public list of datasets, and who looked at one's own."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone

from yici.apps.registry import queries
from yici.channels.api.affairs import signed_in_person
from yici.channels.api.needs import page_size, words
from yici.channels.api.problems import Problem, answer, endpoint
from yici.channels.look.middleware import ViewerRequest


@endpoint("GET")
def datasets(request: ViewerRequest) -> HttpResponse:
    """List the datasets with fields, owner, sharing class and its ground, rhythm and quality, in the order of keys."""
    limit, after = page_size(request), request.GET.get("after", "")
    found = sorted(queries.public_datasets(today=timezone.localdate()), key=lambda one: one.key)
    later = [one for one in found if one.key > after]
    shown = later[:limit]
    following = urlencode({"limit": limit, "after": shown[-1].key}) if len(later) > limit else ""
    return answer(
        {
            "datasets": [_dataset(one) for one in shown],
            "next": f"/api/v1/datasets?{following}" if following else None,
        }
    )


def _dataset(one: queries.DatasetLine) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": words(one.name),
        "owner": one.owner_kind,
        "owner_name": words(one.owner),
        "level": one.level,
        "sharing": one.sharing,
        "ground": one.ground,
        "fields": {key: words(name) for key, name in one.fields.items()},
        "not_shared_in": [words(place) for place in one.not_shared_in],
        "rhythm": one.rhythm,
        "items_reading": one.items_reading,
        "quality": {
            "days": queries.QUALITY_DAYS,
            "found": one.quality.found,
            "not_found": one.quality.not_found,
            "refused": one.quality.refused,
            "disputes": one.quality.disputes,
        },
    }


@endpoint("GET")
def lookups(request: ViewerRequest) -> HttpResponse:
    """List who looked at the data of the person signed in, newest first, refused look-ups included."""
    signed_in_person(request)
    page = queries.look_ups_of(request.viewer, before=_before(request), limit=page_size(request))
    older = urlencode({"limit": page_size(request), "before": page.older}) if page.older else ""
    return answer(
        {"lookups": [_look_up(one) for one in page.rows], "next": f"/api/v1/lookups?{older}" if older else None}
    )


def _before(request: ViewerRequest) -> int | None:
    text = request.GET.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Problem(422, "invalid", "`before` is the mark that the page before gave; take it as it is.")
    return int(text)


def _look_up(one: queries.LookUp) -> dict[str, Any]:
    return {
        "number": one.number,
        "looked_up_at": one.looked_up_at,
        "dataset": one.dataset_key,
        "dataset_name": words(one.dataset),
        "fields": [words(name) for name in one.fields],
        "office": words(one.office),
        "purpose": words(one.purpose),
        "items": [words(name) for name in one.items],
        "legal_basis": one.basis,
        "grants": list(one.grants),
        "case": one.case_reference,
        "by_oneself": one.is_by_oneself,
        "found": one.was_found,
        "refused": words(one.refused) if one.refused else None,
        "answer": one.question.answer if one.question and one.question.answered_at else None,
    }
