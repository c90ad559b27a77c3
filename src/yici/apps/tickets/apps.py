"""Registers the domain with Django."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "yici.apps.tickets"
