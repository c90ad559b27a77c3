"""Shows everybody which data government shares, how good they are, and which service may read what, for what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yici.apps.registry import queries
from yici.rules.datasets import Sharing
from yici.rules.grants import GrantState


@require_GET
def datasets(request: HttpRequest) -> HttpResponse:
    """List the datasets by owner: fields, sharing class with its ground, rhythm, quality."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found = [one for one in queries.public_datasets(today=timezone.localdate()) if _matches(one, text)]
    context = {"datasets": found, "text": text, "classes": _classes(), "rhythms": _rhythms(), "levels": _levels()}
    return render(request, "public/datasets.html", context)


def _matches(one: queries.DatasetLine, text: str) -> bool:
    said = (one.key, *one.name, *one.owner, *(word for names in one.fields.values() for word in names))
    return not text or any(text.casefold() in word.casefold() for word in said)


def _classes() -> dict[str, str]:
    return {
        Sharing.UNCONDITIONAL: _("Shared without conditions"),
        Sharing.CONDITIONAL: _("Shared when the owner agrees"),
        Sharing.NOT_SHARED: _("Not shared"),
    }


def _rhythms() -> dict[str, str]:
    return {
        "realtime": _("at once"),
        "daily": _("every day"),
        "weekly": _("every week"),
        "monthly": _("every month"),
        "quarterly": _("every quarter"),
        "yearly": _("every year"),
    }


def _levels() -> dict[str, str]:
    return {"nation": _("nation"), "province": _("province"), "city": _("city"), "county": _("county")}


@require_GET
def grants(request: HttpRequest) -> HttpResponse:
    """List which item may read which data, for what and on which law, refused and revoked ones too."""
    before = request.GET.get("before", "")
    chosen = {name: request.GET.get(name, "").replace("\x00", "")[:80] for name in ("dataset", "item", "state")}
    page = queries.public_grants(
        **chosen,
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None,
        today=timezone.localdate(),
    )
    states = [(one.value, one.words) for one in GrantState]
    context = {"page": page, "chosen": chosen, "states": states, "datasets": queries.datasets()}
    return render(request, "public/grants.html", context)
