"""Registers the domain with Django."""

from django.apps import AppConfig


class ReformConfig(AppConfig):
    name = "yici.apps.reform"
