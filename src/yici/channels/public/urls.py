"""Addresses open to everybody: is this licence real, and what does government offer."""

from django.urls import path

from yici.channels.public import offers, verifying

app_name = "public"
urlpatterns = [
    path("verify", verifying.verify, name="verify"),
    path("verify/offline", verifying.offline, name="verify_offline"),
    path("verify/key", verifying.key, name="verify_key"),
    path("verify/<uuid:public_id>", verifying.verify_code, name="verify_code"),
    path("catalogue", offers.catalogue, name="catalogue"),
]
