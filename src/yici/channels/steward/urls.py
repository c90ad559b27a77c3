"""Addresses of the data stewards' room."""

from django.urls import path

from yici.channels.steward import views
from yici.channels.steward.grants import grant_urls
from yici.channels.steward.sources import source_urls

app_name = "steward"
urlpatterns = [
    *grant_urls,
    *source_urls,
    path("", views.overview, name="overview"),
    path("datasets", views.datasets, name="datasets"),
    path("datasets/<slug:key>", views.dataset, name="dataset"),
    path("write-backs", views.write_backs, name="write_backs"),
    path("write-backs/batch", views.confirm_many, name="confirm_many"),
    path("write-backs/<uuid:public_id>", views.write_back, name="write_back"),
    path("write-backs/<uuid:public_id>/evidence", views.evidence, name="evidence"),
    path("disputes", views.disputes, name="disputes"),
    path("disputes/<uuid:public_id>", views.dispute, name="dispute"),
    path("gaps", views.gaps, name="gaps"),
    path("gaps/list", views.gap_list, name="gap_list"),
]
