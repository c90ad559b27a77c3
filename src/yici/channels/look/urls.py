"""Addresses of the switches that stand on every page."""

from django.urls import path

from yici.channels.look import views

app_name = "look"
urlpatterns = [
    path("language", views.switch_language, name="language"),
    path("elder", views.switch_elder, name="elder"),
]
