"""Tells the machines that watch us whether we live, whether we can work, and how much we use."""

import os
from ipaddress import ip_address

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, generate_latest

READY = Gauge("yici_ready", "1 when the database answers and its tables are up to date, 0 otherwise")
_BY_PROXY = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")


class _Tables:
    """Remembers that the tables are up to date: a running process never meets older ones again."""

    up_to_date = False


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer while the process lives; touches nothing else."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers and its tables are up to date, 503 with the reason otherwise."""
    trouble = _trouble()
    READY.set(0 if trouble else 1)
    status = {"status": trouble or "ready"}
    return JsonResponse(status, status=503 if trouble else 200)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures of this process as Prometheus reads them; to this machine only, unless YICI_METRICS=open."""
    if not (_comes_from_here(request) or os.environ.get("YICI_METRICS") == "open"):
        return HttpResponse("metrics are for this machine only; set YICI_METRICS=open to show them\n", status=403)
    READY.set(0 if _trouble() else 1)
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _trouble() -> str:
    """Return why no work can be done, "" when it can. Names no host: anybody may read this."""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _Tables.up_to_date:
            executor = MigrationExecutor(connection)
            _Tables.up_to_date = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return "the database does not answer"
    return "" if _Tables.up_to_date else "the tables are not up to date"


def _comes_from_here(request: HttpRequest) -> bool:
    """Whether a program of this machine asks; what a proxy on this machine passes on does not count."""
    if any(request.META.get(name) for name in _BY_PROXY):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
