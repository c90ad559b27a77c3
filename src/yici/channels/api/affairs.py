"""A person's own affairs by program: submit a draft, follow applications and cases."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt

from yici.apps.cases import actions as cases
from yici.apps.cases import queries
from yici.apps.cases.views import CaseView
from yici.apps.planning import queries as plans
from yici.channels.api.needs import words
from yici.channels.api.problems import Problem, answer, endpoint, read, refused
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.visitors import browser_of
from yici.rules.forms import CannotReadForm
from yici.rules.refusals import Refusal


class DraftSent(msgspec.Struct, forbid_unknown_fields=True):
    """A draft to submit; ``seen_visits`` is the number of visits the person was shown."""

    draft: UUID
    seen_visits: int | None = None


class _OwnSite(CsrfViewMiddleware):
    """Django's check that the person's own page asks, answered with its reason instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


# Exempt from the middleware only because the same check follows below, with a problem document for an answer.
@csrf_exempt
@endpoint("GET", "POST")
def applications(request: ViewerRequest) -> HttpResponse:
    """List the person's applications, newest first; or submit a draft."""
    signed_in_person(request)
    if request.method == "POST":
        return _submit(request)
    page = queries.applications_of(request.viewer, before=_before(request))
    older = f"/api/v1/applications?{urlencode({'before': page.older})}" if page.older else None
    return answer({"applications": [_application(row) for row in page.rows], "next": older})


def signed_in_person(request: ViewerRequest) -> None:
    """Let nobody on who has not signed in with a personal account. Raises Problem."""
    if request.viewer.party_id is None:
        raise Problem(401, "sign-in", "Sign in on the portal with a personal account; its session counts here too.")


def _before(request: ViewerRequest) -> str:
    text = request.GET.get("before", "")
    if text and not _is_moment(text):
        raise Problem(422, "invalid", "`before` is the mark that the page before gave; take it as it is.")
    return text


def _is_moment(text: str) -> bool:
    try:
        found = parse_datetime(text)
    except ValueError:
        return False
    return found is not None and found.tzinfo is not None


def _application(row: queries.ApplicationLine) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "reference": row.reference,
        "name": words(row.event_name),
        "region": words(row.region_name),
        "submitted_at": row.submitted_at,
        "mode": row.mode,
        "promised_visits": row.promised_visits,
        "state": words(row.state_words),
    }


def _submit(request: ViewerRequest) -> HttpResponse:
    if reason := _from_elsewhere(request):
        raise Problem(403, "forgery", f"Send the token of the cookie in the header X-CSRFToken: {reason}")
    key = request.headers.get("Idempotency-Key", "").strip()
    if not (1 <= len(key) <= 64 and key.isascii() and key.isprintable()):
        raise Problem(400, "key-missing", "Send Idempotency-Key: 1 to 64 signs, the same when you try again.")
    sent = read(request, DraftSent)
    application = _submitted(request, sent, key, timezone.now())
    if plans.draft(request.viewer, sent.draft, browser=browser_of(request)).application_id != application:
        raise Problem(422, "key-reused", "This key belongs to another draft. Take a new key for each submission.")
    response = answer({"id": application}, status=201)
    response["Location"] = f"/applications/{application}"
    return response


def _from_elsewhere(request: HttpRequest) -> str:
    check = _OwnSite(lambda _request: HttpResponse())
    check.process_request(request)
    return str(check.process_view(request, _refusing, (), {}) or "")


def _refusing(request: HttpRequest) -> HttpResponse:
    """Stand for a view that is not exempt from the check."""
    return HttpResponse()


def _submitted(request: ViewerRequest, sent: DraftSent, key: str, now: datetime) -> UUID:
    try:
        return cases.submit(
            by=request.viewer,
            browser=browser_of(request),
            draft_id=sent.draft,
            seen_visits=sent.seen_visits,
            idempotency_key=f"api:{request.viewer.party_public_id}:{key}",
            channel="api",
            now=now,
        )
    except plans.NoSuchDraft as missing:
        raise Problem(404, "not-found", "There is no such draft of yours.") from missing
    except CannotReadForm:
        raise
    except Refusal as refusal:
        raise refused(refusal, 409, "refused") from refusal


@endpoint("GET")
def case(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Return one case of the person: where it stands, until when, every step."""
    signed_in_person(request)
    try:
        owner = queries.application_of_case(request.viewer, public_id)
        whole = queries.application(request.viewer, owner, now=timezone.now())
    except queries.NoSuchApplication as missing:
        raise Problem(404, "not-found", "There is no such case of yours.") from missing
    found = next(one for one in whole.cases if one.public_id == public_id)
    return answer({"application": owner, **_case(found)})


def _case(view: CaseView) -> dict[str, Any]:
    return {
        "id": view.public_id,
        "code": view.code,
        "item": view.item_key,
        "name": words(view.name),
        "organisation": words(view.organisation),
        "state": view.state,
        "state_words": words(view.state_words),
        "deadline_words": words(view.chip.words),
        "accepted_at": view.accepted_at,
        "due_on": view.due_on,
        "statutory_due_on": view.statutory_due_on,
        "closed_at": view.closed_at,
        "outcome": view.outcome or None,
        "decision_reason": view.decision_reason,
        "steps": [
            {
                "name": words(step.name),
                "organisation": words(step.organisation),
                "state": step.state,
                "state_words": words(step.state_words),
                "finished_at": step.finished_at,
            }
            for step in view.steps
        ],
        "licences": [{"id": licence, "name": words(name)} for licence, name in view.licences],
    }
