"""Addresses of the department's desk."""

from django.urls import path

from yici.channels.desk import exemptions, privacy, scorecard, second_factors, views

app_name = "desk"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("batch", views.batch, name="batch"),
    path("second-factors", second_factors.resets, name="resets"),
    path("second-factors/<uuid:public_id>", second_factors.settle, name="settle_reset"),
    path("privacy", privacy.requests, name="privacy"),
    path("privacy/<uuid:public_id>", privacy.one_request, name="privacy_request"),
    path("privacy/holds", privacy.hold, name="holds"),
    path("emergency", privacy.emergency_looks, name="emergency"),
    path("emergency/review", privacy.review, name="emergency_review"),
    path("emergency/<uuid:public_id>", privacy.emergency_look, name="emergency_look"),
    path("emergency/<uuid:public_id>/approve", privacy.approve, name="emergency_approve"),
    path("scorecard", scorecard.own, name="scorecard"),
    path("scorecard/exemption", exemptions.ask, name="exemption"),
    path("steps/<uuid:step_id>", views.step, name="step"),
    path("steps/<uuid:step_id>/clock", views.clock, name="clock"),
    path("steps/<uuid:step_id>/papers/<uuid:attachment_id>", views.paper, name="paper"),
    path("steps/<uuid:step_id>/<slug:name>", views.act, name="act"),
]
