"""Registers the domain with Django."""

from django.apps import AppConfig


class LicencesConfig(AppConfig):
    name = "yici.apps.licences"
