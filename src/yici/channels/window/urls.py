"""Addresses of the one window; what a person asks the window stands with the portal."""

from django.urls import path

from yici.channels.window import views

app_name = "window"
urlpatterns = [
    path("needs", views.needs, name="needs"),
    path("needs/<uuid:public_id>", views.need, name="need"),
    path("needs/<uuid:public_id>/<slug:name>", views.act, name="act"),
]
