"""Registers the domain with Django."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "yici.apps.places"
