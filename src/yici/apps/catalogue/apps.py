"""Registers the domain with Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "yici.apps.catalogue"
