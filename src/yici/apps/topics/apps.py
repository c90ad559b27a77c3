"""Registers the domain with Django."""

from django.apps import AppConfig


class TopicsConfig(AppConfig):
    name = "yici.apps.topics"
