"""Which room answers which address."""

from django.urls import include, path

from yici.channels.public import health

handler400 = "yici.channels.look.views.bad_request"
handler403 = "yici.channels.look.views.not_allowed"
handler404 = "yici.channels.look.views.not_found"
handler500 = "yici.channels.look.views.broken"

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("", include("yici.channels.look.urls")),
    path("", include("yici.channels.public.urls")),
    path("desk/", include("yici.channels.desk.urls")),
    path("cockpit/", include("yici.channels.cockpit.urls")),
    path("congress/", include("yici.channels.congress.urls")),
    path("", include("yici.channels.congress.public_urls")),
    path("hotline/", include("yici.channels.hotline.urls")),
    path("kiosk/", include("yici.channels.kiosk.urls")),
    path("bench/", include("yici.channels.bench.urls")),
    path("", include("yici.channels.bench.public_urls")),
    path("steward/", include("yici.channels.steward.urls")),
    path("window/", include("yici.channels.window.urls")),
    path("open311/", include("yici.channels.open311.urls")),
    path("r1/", include("yici.channels.xroad.urls")),
    path("api/v1/", include("yici.channels.api.urls")),
    path("", include("yici.channels.portal.urls")),
]
