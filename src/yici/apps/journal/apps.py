"""Registers the domain with Django."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "yici.apps.journal"
