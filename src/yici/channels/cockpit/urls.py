"""Addresses of the cockpit."""

from django.urls import path

from yici.channels.cockpit import exports, views

app_name = "cockpit"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("map.csv", exports.table, name="table"),
    path("map.svg", exports.drawing, name="drawing"),
    path("counties/<str:region>", views.county, name="county"),
    path("counties/<str:region>/list", views.behind, name="behind"),
]
