"""A department's web service as a program of its own: REST with OAuth2, or an X-Road security server.

Run as ``python department.py PORT DATA.json``; POST /_mode sets how it behaves: well, slow, rubbish, flood, html, lost.
"""

import base64
import hashlib
import json
import sys
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jwt

DATA: dict[str, Any] = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
STATE: dict[str, Any] = {"mode": "well", "tokens": {}, "asked": []}
SLOW_SECONDS = 60
ROW = b'{"id_number": "0", "contract": "x"},'


class Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words: Any) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/_asked":
            return self.say(200, STATE["asked"])
        return self.behave("")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path == "/_mode":
            STATE["mode"] = json.loads(body)
            return self.say(200, {})
        if self.path == "/_forget":
            STATE["tokens"].clear()
            return self.say(200, {})
        if self.path == "/token":
            return self.token(parse_qs(body))
        return self.behave(body)

    def behave(self, body: str) -> None:
        STATE["asked"].append([self.command, self.path, body])
        mode = STATE["mode"]
        if mode == "slow":
            time.sleep(SLOW_SECONDS)
        if mode == "drip":
            return self.drip()
        if mode == "flood":
            return self.flood()
        if mode == "rubbish":
            return self.raw(200, b'{"records": [{"id_num', "application/json")
        if mode == "html":
            return self.raw(200, b"<html>Maintenance</html>", "text/html")
        if mode == "broken":
            return self.raw(500, b"Traceback", "text/plain")
        if self.path.startswith("/r1/"):
            return self.xroad(body)
        return self.rest(body)

    def rest(self, body: str) -> None:
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if DATA.get("client_id") and STATE["tokens"].get(bearer, 0) < time.time():
            return self.say(401, {"error": "invalid_token"})
        if self.path.startswith("/leases/"):
            row = DATA["records"].get(self.path.removeprefix("/leases/"))
            return self.say(200, {"data": row}) if row else self.say(404, {"error": "not found"})
        return self.answer(json.loads(body), {})

    def answer(self, asked: dict[str, Any], headers: dict[str, str]) -> None:
        known = {one: DATA["records"][one] for one in asked["ids"] if one in DATA["records"]}
        if STATE["mode"] == "changed":
            known = {one: {"renamed": "x"} for one in known}
        if STATE["mode"] == "stranger":
            known = {"11010519491231002X": dict.fromkeys(asked["fields"], "x")}
        if self.path.endswith("/seen"):
            present = {one: [name for name in asked["fields"] if row.get(name)] for one, row in known.items()}
            return self.say(200, present if STATE["mode"] != "changed" else [1], headers)
        rows = [
            {"id_number": one, **{n: row.get(n) for n in asked["fields"] if n in row}} for one, row in known.items()
        ]
        return self.say(200, {"records": rows}, headers)

    def xroad(self, body: str) -> None:
        message = self.headers.get("X-Road-Id") or str(uuid.uuid4())
        service = "/".join(self.path.split("/")[2:7])
        headers = {
            "X-Road-Client": self.headers.get("X-Road-Client", ""),
            "X-Road-Service": service,
            "X-Road-Id": "another" if STATE["mode"] == "mixed up" else message,
            "X-Road-Request-Id": str(uuid.uuid4()),
            "X-Road-Request-Hash": base64.b64encode(hashlib.sha512(body.encode()).digest()).decode(),
        }
        if self.headers.get("X-Road-Client") != DATA["client"]:
            kind = "Server.ServerProxy.AccessDenied"
            fault = {"type": kind, "message": "Request is not allowed", "detail": message}
            return self.say(500, fault, {"X-Road-Error": kind})
        if STATE["mode"] == "lost":
            kind = "Server.ServerProxy.ServiceFailed.HttpError"
            return self.say(500, {"type": kind, "message": "down", "detail": ""}, {"X-Road-Error": kind})
        if STATE["mode"] == "past the security server":
            headers.pop("X-Road-Request-Id")
        return self.answer(json.loads(body), headers)

    def token(self, form: dict[str, list[str]]) -> None:
        if STATE["mode"] == "slow":
            time.sleep(SLOW_SECONDS)
        if not self.may_have_token({key: values[0] for key, values in form.items()}):
            return self.say(401, {"error": "invalid_client"})
        token = str(uuid.uuid4())
        STATE["tokens"][token] = time.time() + 60
        STATE["asked"].append(["TOKEN", "/token", ""])
        return self.say(200, {"access_token": token, "token_type": "Bearer", "expires_in": 60})

    def may_have_token(self, form: dict[str, str]) -> bool:
        if form.get("grant_type") != "client_credentials" or form.get("client_id") != DATA.get("client_id"):
            return False
        if "public_key" not in DATA:
            return form.get("client_secret") == DATA["client_secret"]
        try:
            address = f"http://127.0.0.1:{sys.argv[1]}/token"
            claims = jwt.decode(form["client_assertion"], DATA["public_key"], algorithms=["ES256"], audience=address)
        except (jwt.PyJWTError, KeyError):
            return False
        return claims["iss"] == claims["sub"] == DATA["client_id"]

    def flood(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b'{"records": [')
        for _ in range(10_000):
            self.wfile.write(ROW * 1_000)

    def drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        for _ in range(600):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.1)

    def say(self, status: int, document: Any, headers: dict[str, str] | None = None) -> None:
        self.raw(status, json.dumps(document, ensure_ascii=False).encode(), "application/json", headers)

    def raw(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *words: Any) -> None:
        pass


Server(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
