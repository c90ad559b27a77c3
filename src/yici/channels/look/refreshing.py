"""Lets a part of a page renew itself without flicker: nothing is sent while nothing has changed."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def stamp_of(view: object) -> str:
    """Return a short mark of what a part shows; the part asks again with it."""
    return hashlib.sha256(repr(view).encode()).hexdigest()[:12]


def renewed(request: HttpRequest, template: str, context: dict[str, object], view: object) -> HttpResponse:
    """Answer with the part, or with 204 when the browser shows this already: a reader is not told twice."""
    stamp = stamp_of(view)
    if request.GET.get("seen") == stamp:
        return HttpResponse(status=204)
    return render(request, template, {**context, "stamp": stamp})
