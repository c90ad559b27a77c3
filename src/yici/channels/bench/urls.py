"""Addresses of the reform bench."""

from django.urls import path

from yici.channels.bench import contests, editing, exemptions, histories, pilots, signals, views

app_name = "bench"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("proposals", signals.listed, name="proposals"),
    path("proposals/<uuid:public_id>", signals.one, name="proposal"),
    path("taken-back", signals.taken_back, name="taken_back"),
    path("data-debt", signals.data_debt, name="data_debt"),
    path("histories", histories.listed, name="histories"),
    path("histories/columns", histories.columns, name="history_columns"),
    path("histories/<uuid:public_id>", histories.one, name="history"),
    path("histories/<uuid:public_id>/remove", histories.remove, name="remove_history"),
    path("pilots", pilots.listed, name="pilots"),
    path("pilots/<uuid:public_id>", pilots.one, name="pilot"),
    path("pilots/<uuid:public_id>/<slug:name>", pilots.act, name="pilot_act"),
    path("law", views.law, name="law"),
    path("contests", contests.waiting, name="contests"),
    path("exemptions", exemptions.waiting, name="exemptions"),
    path("exemptions/<uuid:public_id>", exemptions.decide, name="decide_exemption"),
    path("contests/<uuid:public_id>", contests.decide, name="decide_contest"),
    path("items/<slug:key>", editing.new, name="new"),
    path("<uuid:public_id>", views.gate, name="gate"),
    path("<uuid:public_id>/edit", editing.edit, name="edit"),
    path("<uuid:public_id>/<slug:name>", views.act, name="act"),
]
