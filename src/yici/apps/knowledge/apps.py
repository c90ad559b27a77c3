"""Registers the domain with Django."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "yici.apps.knowledge"
