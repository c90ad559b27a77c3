"""GeoReport v2: list services, file a request, list and follow requests.

Without a key everybody may read what was filed by this way and how it goes, without words and place: those are for the
platform that filed it.
"""

from collections.abc import Callable, Mapping
from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from yici.apps.tickets import platforms
from yici.apps.tickets.platforms import NotLetIn, RequestView
from yici.channels.open311 import asking, documents
from yici.channels.open311.asking import Wrong
from yici.channels.open311.openapi import described
from yici.rules.refusals import Refusal
from yici.rules.ticket_categories import CATEGORIES, LEAVES, Category

View = Callable[..., HttpResponse]
CHANGED = "2026-11-28T00:00:00+08:00"


def endpoint(*methods: str) -> Callable[[View], View]:
    """Let a program ask with these methods, and answer every refusal in the standard's form."""

    def wrap(view: View) -> View:
        @csrf_exempt  # programs ask here, with a key instead of a cookie
        @wraps(view)
        def answered(request: HttpRequest, form: str, **named: str) -> HttpResponse:
            if request.method not in methods:
                refused = documents.error(form, 405, "不支持这种方法。 This method is not supported here.")
                refused["Allow"] = ", ".join(methods)
                return refused
            try:
                return view(request, form, **named)
            except Wrong as wrong:
                return documents.error(form, wrong.status, wrong.sentence)
            except NotLetIn as refusal:
                return documents.error(form, 403, f"{refusal.text('zh')} {refusal.text('en')}")
            except Refusal as refusal:
                return documents.error(form, 400, f"{refusal.text('zh')} {refusal.text('en')}")
            except RequestDataTooBig:
                return documents.error(form, 400, "提交的内容太大。 What was sent is too large.")

        return answered

    return wrap


@endpoint("GET")
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Say where the endpoint is and which forms it speaks."""
    root = request.build_absolute_uri("/open311/v2")
    made = {
        "changeset": CHANGED,
        "contact": "12345",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": root,
                "changeset": CHANGED,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return documents.single(form, "discovery", made)


def description(request: HttpRequest) -> HttpResponse:
    """Describe the endpoint as OpenAPI."""
    return JsonResponse(described(), json_dumps_params={"ensure_ascii": False})


@endpoint("GET")
def services(request: HttpRequest, form: str) -> HttpResponse:
    """List what may be asked for; the same everywhere in the province."""
    asking.asked(asking.form_of(request), now=timezone.now())  # only its jurisdiction: an unknown one is a 404
    return documents.answer(form, "services", [_service(leaf) for leaf in LEAVES], of="service")


def _service(leaf: Category) -> dict[str, object]:
    branch = CATEGORIES[leaf.parent].words
    return {
        "service_code": leaf.key,
        "service_name": leaf.words.zh,
        "description": leaf.words.en,
        "metadata": False,
        "type": "realtime",
        "keywords": f"{leaf.words.zh},{leaf.words.en}",
        "group": branch.zh,
    }


@endpoint("GET")
def definition(request: HttpRequest, form: str, code: str) -> HttpResponse:
    """Say what more a service asks: nothing, the description says all."""
    return documents.single(form, "service_definition", {"service_code": asking.known_service(code), "attributes": []})


@endpoint("GET", "POST")
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """List requests, or file one."""
    sent = asking.form_of(request)
    if request.method == "POST":
        return _file(request, sent, form)
    caller = asking.caller_if_any(sent)
    found = platforms.requests(asking.asked(sent, now=timezone.now()), caller=caller)
    return documents.answer(form, "service_requests", [_request(row) for row in found], of="request")


def _file(request: HttpRequest, sent: Mapping[str, str], form: str) -> HttpResponse:
    caller = platforms.caller_of(sent.get("api_key", ""))
    made = platforms.file_request(
        caller=caller,
        service_code=asking.service_code(sent),
        voice=asking.voice(sent, caller),
        paper=asking.paper(request),
        key=request.headers.get("Idempotency-Key", "")[:60],
        now=timezone.now(),
    )
    due = f"{timezone.localtime(made.due_at):%Y-%m-%d %H:%M}"
    notice = f"诉求已登记，将于 {due} 前答复。 Filed; answered by {due}."
    row = {"service_request_id": made.reference, "service_notice": notice, "account_id": sent.get("account_id")}
    return documents.answer(form, "service_requests", [row], of="request")


@endpoint("GET")
def request_of(request: HttpRequest, form: str, reference: str) -> HttpResponse:
    """Follow one request by its reference."""
    sent = asking.form_of(request)
    caller = asking.caller_if_any(sent)
    one = asking.asked({"service_request_id": reference}, now=timezone.now())
    found = platforms.requests(one, caller=caller) if reference.isalnum() else []
    if not found:
        raise Wrong(404, "没有这个 service_request_id。", "service_request_id was not found.")
    return documents.answer(form, "service_requests", [_request(row) for row in found], of="request")


@endpoint("GET")
def token(request: HttpRequest, form: str, token: str) -> HttpResponse:
    """Say that there are no tokens: every service gives its reference at once."""
    raise Wrong(404, "没有这个 token：诉求编号当场给出。", "token was not found: references are given at once.")


def _request(row: RequestView) -> dict[str, object]:
    return {
        "service_request_id": row.reference,
        "status": "open" if row.is_open else "closed",
        "status_notes": row.answer or row.state.words.zh,
        "service_name": row.service.zh,
        "service_code": row.service_code,
        "description": row.detail or None,
        "agency_responsible": row.unit.zh or None,
        "service_notice": None,
        "requested_datetime": row.requested_at,
        "updated_datetime": row.updated_at,
        "expected_datetime": row.due_at,
        "address": row.address or row.region.zh,
        "address_id": None,
        "zipcode": None,
        "lat": row.latitude,
        "long": row.longitude,
        "media_url": None,
    }
