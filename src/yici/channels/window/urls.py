"""Addresses of the one window; what a person asks the window stands with the portal."""

from django.urls import path

from yici.channels.window import guardians, printing, serving_urls, views
from yici.channels.window.queue import queue_urls

app_name = "window"
urlpatterns = [
    *queue_urls,
    path("printing", printing.failed, name="printing"),
    path("printing/<uuid:public_id>/again", printing.again, name="print_again"),
    path("guardians", guardians.guardians, name="guardians"),
    path("needs", views.needs, name="needs"),
    path("needs/<uuid:public_id>", views.need, name="need"),
    path("needs/<uuid:public_id>/<slug:name>", views.act, name="act"),
    *serving_urls.urlpatterns,
]
