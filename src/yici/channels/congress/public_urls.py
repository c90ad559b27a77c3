"""The address where everybody reads what was referred."""

from django.urls import path

from yici.channels.congress import public_pages

app_name = "referrals"
urlpatterns = [path("referrals", public_pages.referrals, name="list")]
