"""Registers the domain with Django."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "yici.apps.reviews"
