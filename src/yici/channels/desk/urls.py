"""Addresses of the department's desk."""

from django.urls import path

from yici.channels.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("batch", views.batch, name="batch"),
    path("steps/<uuid:step_id>", views.step, name="step"),
    path("steps/<uuid:step_id>/clock", views.clock, name="clock"),
    path("steps/<uuid:step_id>/papers/<uuid:attachment_id>", views.paper, name="paper"),
    path("steps/<uuid:step_id>/<slug:name>", views.act, name="act"),
]
