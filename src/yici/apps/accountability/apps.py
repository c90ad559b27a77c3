"""Registers the domain with Django."""

from django.apps import AppConfig


class AccountabilityConfig(AppConfig):
    name = "yici.apps.accountability"
