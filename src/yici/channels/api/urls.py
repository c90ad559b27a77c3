"""Addresses of the first version of the interface for other programs."""

from django.urls import path

from yici.channels.api import affairs, measures, needs, openapi, sharing
from yici.channels.api.problems import not_here

app_name = "api"
urlpatterns = [
    path("openapi.json", openapi.document, name="openapi"),
    path("plans", needs.plans, name="plans"),
    path("events", needs.events, name="events"),
    path("items", needs.items, name="items"),
    path("items/<slug:key>", needs.item, name="item"),
    path("licences/verify", needs.verify, name="verify"),
    path("applications", affairs.applications, name="applications"),
    path("cases/<uuid:public_id>", affairs.case, name="case"),
    path("datasets", sharing.datasets, name="datasets"),
    path("measures", measures.measures, name="measures"),
    path("measures/<slug:key>", measures.measure, name="measure"),
    path("lookups", sharing.lookups, name="lookups"),
    path("<path:rest>", not_here),
]
