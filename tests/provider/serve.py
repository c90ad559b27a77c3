"""Runs the provider until it is stopped: tables, the site as its client, people, one web server on the loopback."""

import os
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django

PASSWORD = "provider password"


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: addresses hold codes."""


def main(port: int, people: list[str], backs: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.provider.settings"
    django.setup()
    from django.contrib.auth import get_user_model  # noqa: PLC0415 — after the settings are there
    from django.core.management import call_command  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
    from oauth2_provider.models import Application  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    for name in people:
        get_user_model().objects.create_user(name, password=PASSWORD)
    Application.objects.create(
        client_id="yici",
        client_secret="a secret of the tests",
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=backs,
        post_logout_redirect_uris=backs.replace("/sign-in/provider/back", "/signed-out"),
        algorithm="RS256",
    )
    server = make_server("127.0.0.1", port, get_wsgi_application(), server_class=Threaded, handler_class=Quiet)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2].split(","), sys.argv[3])
