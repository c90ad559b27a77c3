"""Addresses of the congress desk."""

from django.urls import path

from yici.channels.congress import papers, station_pages, topic_pages, views

app_name = "congress"
urlpatterns = [
    path("", views.register, name="register"),
    path("stations", station_pages.listed, name="stations"),
    path("stations/<uuid:public_id>", station_pages.one, name="submission"),
    path("package", papers.package, name="package"),
    path("package.csv", papers.package_table, name="package_table"),
    path("report", papers.report, name="report"),
    path("proposals/<uuid:public_id>", views.refer, name="refer"),
    path("topics/<uuid:public_id>", topic_pages.refer, name="refer_topic"),
    path("<uuid:public_id>", views.one, name="referral"),
    path("<uuid:public_id>/<slug:name>", views.act, name="act"),
]
