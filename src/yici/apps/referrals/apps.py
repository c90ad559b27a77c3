"""Registers the domain with Django."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "yici.apps.referrals"
