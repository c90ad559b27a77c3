"""Registers the domain with Django."""

from django.apps import AppConfig


class HallsConfig(AppConfig):
    name = "yici.apps.halls"
