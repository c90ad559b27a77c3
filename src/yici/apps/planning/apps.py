"""Registers the domain with Django."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "yici.apps.planning"
