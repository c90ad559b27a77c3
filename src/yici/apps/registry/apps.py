"""Registers the domain with Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "yici.apps.registry"
