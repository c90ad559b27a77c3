"""Addresses open to everybody: is this licence real, what does government offer, who is next in the hall."""

from django.urls import path

from yici.channels.public import halls, offers, open_data, reviews, scorecards, sharing, statistics, topics, verifying

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
    path("scorecards/exemptions", scorecards.exemptions, name="exemptions"),
    path("scorecards/formula.json", scorecards.formula, name="scorecard_formula"),
    path("scorecards/inputs/<slug:month>/<slug:kind>.csv", scorecards.inputs, name="scorecard_inputs"),
    path("scorecards/<uuid:public_id>/<slug:month>", scorecards.card, name="scorecard"),
    path("statistics", statistics.counties, name="statistics"),
    path("statistics/items", statistics.items, name="statistics_items"),
    path("statistics/items/<slug:key>", statistics.item, name="statistics_item"),
    path("statistics/halls", statistics.halls, name="statistics_halls"),
    path("statistics/halls/<uuid:hall_id>", statistics.hall, name="statistics_hall"),
    path("statistics/<str:region>", statistics.county, name="statistics_county"),
    path("topics", topics.topics, name="topics"),
    path("topics/feed.atom", topics.feed, name="topics_feed"),
    path("open-data/", open_data.datasets, name="open_data"),
    path("open-data/catalogue", open_data.catalogue, name="open_data_catalogue"),
    path("open-data/catalogue.jsonld", open_data.catalogue_json, name="open_data_jsonld"),
    path("open-data/catalogue.ttl", open_data.catalogue_turtle, name="open_data_turtle"),
    path("open-data/services.jsonld", open_data.services, name="open_data_services"),
    path("open-data/items/<slug:key>", open_data.service, name="open_data_service"),
    path("open-data/<slug:dataset>.schema.json", open_data.schema, name="open_data_schema"),
    path("open-data/<slug:month>/<str:name>", open_data.download, name="open_data_file"),
    path("datasets", sharing.datasets, name="datasets"),
    path("grants", sharing.grants, name="grants"),
    path("catalogue", offers.catalogue, name="catalogue"),
]
