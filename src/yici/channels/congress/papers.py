"""What goes out on paper: the package for the centre, as a page to print and as CSV, and the yearly report as PDF."""

import csv
from io import StringIO

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yici.apps.accountability.congress_pdf import draw
from yici.apps.accountability.congress_report import FIRST_YEAR, CannotReport, congress_report, may_report
from yici.apps.referrals import packages
from yici.channels.congress.guards import congress_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest


@require_GET
@congress_only
def package(request: ViewerRequest) -> HttpResponse:
    """Show what national law keeps from zero visits, each with its article, to print."""
    if not packages.may_see_package(request.viewer):
        raise Http404
    now = timezone.now()
    return render(request, "congress/package.html", {"rows": packages.package(request.viewer, now=now), "now": now})


@require_GET
@congress_only
def package_table(request: ViewerRequest) -> HttpResponse:
    """Give the same as CSV."""
    if not packages.may_see_package(request.viewer):
        raise Http404
    text, now = StringIO(), timezone.now()
    rows = (one.plain() for one in packages.package(request.viewer, now=now))
    csv.writer(text).writerows([packages.COLUMNS, *rows])
    # The mark at its beginning makes spreadsheets read the file as UTF-8.
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="package-{timezone.localdate(now)}.csv"'
    return answer


@require_GET
@congress_only
def report(request: ViewerRequest) -> HttpResponse:
    """Ask for the year of the report, or give it as PDF."""
    if not may_report(request.viewer):
        raise Http404
    today, sent, message = timezone.localdate(), request.GET.get("year", ""), ""
    if sent:
        try:
            return _pdf(request, int(sent) if sent.isascii() and sent.isdecimal() and len(sent) == 4 else 0)
        except CannotReport as refusal:
            message = refusal.text(language())
    years = range(today.year, FIRST_YEAR - 1, -1)
    context = {"years": years, "message": message}
    return render(request, "congress/report.html", context, status=409 if message else 200)


def _pdf(request: ViewerRequest, year: int) -> HttpResponse:
    code = request.viewer.region_code or ""
    found = congress_report(request.viewer, year, code, now=timezone.now())
    answer = HttpResponse(draw(found, demo=settings.DEMO), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="congress-{code[:6]}-{year}.pdf"'
    return answer
