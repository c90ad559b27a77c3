"""Registers the domain with Django."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "yici.apps.privacy"
