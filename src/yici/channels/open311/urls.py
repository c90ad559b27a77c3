"""Addresses of GeoReport v2; the form of the answer is the ending of the address."""

from django.urls import path, register_converter

from yici.channels.open311 import views


class Form:
    """json or xml, and nothing else."""

    regex = "json|xml"

    def to_python(self, value: str) -> str:
        """Return the form as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return the form as it stands."""
        return value


register_converter(Form, "form")
app_name = "open311"
urlpatterns = [
    path("discovery.<form:form>", views.discovery, name="discovery"),
    path("v2/openapi.json", views.description, name="description"),
    path("v2/discovery.<form:form>", views.discovery),
    path("v2/services.<form:form>", views.services, name="services"),
    path("v2/services/<str:code>.<form:form>", views.definition, name="definition"),
    path("v2/requests.<form:form>", views.requests, name="requests"),
    path("v2/requests/<str:reference>.<form:form>", views.request_of, name="request"),
    path("v2/tokens/<str:token>.<form:form>", views.token, name="token"),
]
