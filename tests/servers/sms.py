"""An SMS gateway as an operator runs one: it checks the signature, takes each id once, and can be told to misbehave."""

import hashlib
import hmac
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class SmsServer:
    """``taken`` holds what would have gone to the phones; ``answers`` is the status it gives instead of 200."""

    def __init__(self, secret: str) -> None:
        self.secret, self.taken, self.answers = secret, dict[str, dict[str, str]](), 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(outer.take(body, self.headers))
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/messages"

    def take(self, body: bytes, headers: Any) -> int:
        signed = hmac.new(self.secret.encode(), headers["X-Yici-Time"].encode() + b"." + body, hashlib.sha256)
        if not hmac.compare_digest(signed.hexdigest(), headers["X-Yici-Signature"]):
            return 401
        if self.answers == 200:
            said = json.loads(body)
            self.taken[said["id"]] = said
        return self.answers

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
