"""Addresses of the cockpit."""

from django.urls import path

from yici.channels.cockpit import channel_pages, curves, exports, topics, views, ways

app_name = "cockpit"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("map.csv", exports.table, name="table"),
    path("map.svg", exports.drawing, name="drawing"),
    path("curves", curves.page, name="curves"),
    path("curves.csv", curves.table, name="curves_table"),
    path("curves.svg", curves.drawing, name="curves_drawing"),
    path("funnel", ways.funnel, name="funnel"),
    path("funnel.csv", ways.funnel_table, name="funnel_table"),
    path("flow", ways.flow, name="flow"),
    path("flow.csv", ways.flow_table, name="flow_table"),
    path("flow.svg", ways.flow_drawing, name="flow_drawing"),
    path("channels", channel_pages.page, name="channels"),
    path("channels.csv", channel_pages.table, name="channels_table"),
    path("topics", topics.listed, name="topics"),
    path("topics/<uuid:public_id>", topics.one, name="topic"),
    path("counties/<str:region>", views.county, name="county"),
    path("counties/<str:region>/list", views.behind, name="behind"),
]
