"""Open data for people and machines: the page of datasets, the two catalogues, the files of each month."""

from datetime import date

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import parse_header_parameters
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from yici.apps.accountability.open_datasets import DATASETS
from yici.apps.accountability.open_publishing import edition, editions, path_of
from yici.apps.catalogue import queries as items
from yici.apps.places.months import CannotReadMonth, month_named
from yici.channels.look.middleware import ViewerRequest
from yici.channels.public import cpsv, dcat
from yici.channels.public.linked_words import Node
from yici.rules.codes import ZHEJIANG
from yici.rules.disclosure import FEWEST

JSON_LD, TURTLE = "application/ld+json", "text/turtle"
_MEDIA = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


def site() -> str:
    """Return the address of this site without a slash: names in the catalogues stay the same whoever asks."""
    return settings.SITE_ADDRESS.rstrip("/")


@require_safe
def datasets(request: ViewerRequest) -> HttpResponse:
    """List the datasets with what their columns mean, and the files of each month."""
    context = {"datasets": DATASETS.values(), "editions": editions(), "minimum": FEWEST}
    return render(request, "public/open_data.html", context)


@require_safe
def catalogue(request: ViewerRequest) -> HttpResponse:
    """Give the catalogue in the form that is asked for: Turtle, or else JSON-LD."""
    accepted = [parse_header_parameters(part)[0] for part in request.headers.get("Accept", "").split(",")]
    answer = catalogue_turtle(request) if TURTLE in accepted else catalogue_json(request)
    answer["Vary"] = "Accept"
    return answer


@require_safe
def catalogue_json(request: ViewerRequest) -> HttpResponse:
    """Give the catalogue (DCAT-AP 3) as JSON-LD."""
    return _linked(dcat.catalogue(site(), editions()))


@require_safe
def catalogue_turtle(request: ViewerRequest) -> HttpResponse:
    """Give the same as Turtle."""
    return HttpResponse(dcat.as_turtle(dcat.catalogue(site(), editions())), content_type=f"{TURTLE}; charset=utf-8")


@require_safe
@cache_control(max_age=3600)
def services(request: ViewerRequest) -> HttpResponse:
    """Give every item and life event (CPSV-AP 3.2) as JSON-LD."""
    return _linked(cpsv.services(site(), items.catalogue_for(ZHEJIANG.text)))


@require_safe
@cache_control(max_age=3600)
def service(request: ViewerRequest, key: str) -> HttpResponse:
    """Give one item with all it refers to."""
    known = items.catalogue_for(ZHEJIANG.text)
    if key not in known.items:
        raise Http404
    return _linked(cpsv.service(site(), known, known.items[key]))


def _linked(document: Node) -> HttpResponse:
    shape = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(document, content_type=JSON_LD, json_dumps_params=shape)


@require_safe
def schema(request: ViewerRequest, dataset: str) -> HttpResponse:
    """Give what the columns of a dataset mean (CSV on the Web)."""
    if dataset not in DATASETS:
        raise Http404
    document = dcat.table_schema(site(), DATASETS[dataset])
    shape = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(document, content_type="application/csvm+json", json_dumps_params=shape)


@require_safe
def download(request: ViewerRequest, month: str, name: str) -> FileResponse:
    """Give one file of a month as it was published, with its checksum as the entity tag."""
    published = edition(_month(month))
    file = next((one for one in published.files if one.name == name), None) if published else None
    if published is None or file is None:
        raise Http404
    opened = path_of(published.month, file).open("rb")
    answer = FileResponse(opened, content_type=_MEDIA[file.format], as_attachment=True, filename=f"{month}-{name}")
    answer["ETag"] = f'"{file.sha256}"'
    return answer


def _month(text: str) -> date:
    try:
        return month_named(text)
    except CannotReadMonth as missing:
        raise Http404 from missing
