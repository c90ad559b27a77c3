"""Addresses where everybody reads what changes and comments on what is proposed."""

from django.urls import path

from yici.channels.bench import public_pages

app_name = "changes"
urlpatterns = [
    path("changes", public_pages.ledger, name="ledger"),
    path("changes.atom", public_pages.feed, name="feed"),
    path("changes/items/<slug:key>", public_pages.item, name="item"),
    path("changes/items/<slug:key>.atom", public_pages.item_feed, name="item_feed"),
    path("changes/<uuid:public_id>", public_pages.amendment, name="amendment"),
]
