"""What makes the portal installable: its name card and the worker that keeps the verify page offline."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET


@require_GET
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """Return the name card that lets a phone install the portal."""
    card = {
        "name": "一次 · 浙里办事最多跑一次",
        "short_name": "一次",
        "start_url": "/",
        "display": "standalone",
        "lang": "zh-Hans",
        "background_color": "#ffffff",
        "theme_color": "#14559e",
        "icons": [{"src": static("look/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any maskable"}],
    }
    return HttpResponse(json.dumps(card, ensure_ascii=False), content_type="application/manifest+json")


@require_GET
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker; its version changes with the look."""
    keep = ["/verify/offline", static("look/yici.css"), static("look/yici.js"), static("look/verify.js")]
    context = {"keep": json.dumps(keep), "version": settings.VERSION}
    return render(request, "portal/sw.js", context, content_type="text/javascript")
