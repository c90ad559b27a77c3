"""Registers the domain with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "yici.apps.cases"
