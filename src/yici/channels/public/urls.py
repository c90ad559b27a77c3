"""Addresses open to everybody: is this licence real, what does government offer, who is next in the hall."""

from django.urls import path

from yici.channels.public import halls, offers, reviews, scorecards, sharing, statistics, topics, verifying

app_name = "public"
urlpatterns = [
    path("verify", verifying.verify, name="verify"),
    path("verify/offline", verifying.offline, name="verify_offline"),
    path("verify/key", verifying.key, name="verify_key"),
    path("verify/<uuid:public_id>", verifying.verify_code, name="verify_code"),
    path("hall/<uuid:hall_id>/ticket", halls.ticket, name="hall_ticket"),
    path("hall/<uuid:hall_id>/ticket/<str:code>", halls.taken, name="hall_ticket_taken"),
    path("hall/<uuid:hall_id>/screen", halls.screen, name="hall_screen"),
    path("hall/<uuid:hall_id>/screen/now", halls.screen_now, name="hall_screen_now"),
    path("reviews", reviews.reviews, name="reviews"),
    path("reviews/organisations/<uuid:public_id>", reviews.organisation, name="reviews_organisation"),
    path("reviews/halls/<uuid:hall_id>", reviews.hall, name="reviews_hall"),
    path("reviews/items/<slug:key>", reviews.item, name="reviews_item"),
    path("scorecards", scorecards.cards, name="scorecards"),
    path("scorecards/formula.json", scorecards.formula, name="scorecard_formula"),
    path("scorecards/inputs/<slug:month>/<slug:kind>.csv", scorecards.inputs, name="scorecard_inputs"),
    path("scorecards/<uuid:public_id>/<slug:month>", scorecards.card, name="scorecard"),
    path("statistics", statistics.counties, name="statistics"),
    path("statistics/<str:region>", statistics.county, name="statistics_county"),
    path("topics", topics.topics, name="topics"),
    path("topics/feed.atom", topics.feed, name="topics_feed"),
    path("datasets", sharing.datasets, name="datasets"),
    path("grants", sharing.grants, name="grants"),
    path("catalogue", offers.catalogue, name="catalogue"),
]
