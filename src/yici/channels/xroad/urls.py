"""Addresses of our X-Road services: /r1/<instance>/<class>/<member>/<subsystem>/<service>/…"""

from django.urls import path

from yici.channels.xroad import views

app_name = "xroad"
urlpatterns = [
    path("<path:rest>", views.serve, name="serve"),
    path("", views.serve),
]
