"""Gives the description of the interface (OpenAPI 3.1), kept by hand and tested against the addresses."""

from pathlib import Path

from django.http import HttpResponse
from django.views.decorators.cache import cache_control

from yici.channels.api.problems import JSON, endpoint
from yici.channels.look.middleware import ViewerRequest

DOCUMENT = Path(__file__).with_name("openapi.json").read_bytes()


@cache_control(max_age=3600)
@endpoint("GET")
def document(request: ViewerRequest) -> HttpResponse:
    """Return the description."""
    return HttpResponse(DOCUMENT, content_type=JSON)
