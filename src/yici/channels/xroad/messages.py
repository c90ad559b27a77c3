"""The envelope of X-Road's REST protocol: headers in and out, and its form of an error."""

import base64
import hashlib
import re
import uuid
from dataclasses import dataclass, field

import msgspec
from django.http import HttpRequest, HttpResponse

# Identifiers travel in headers of ours: nothing but what an identifier may be made of (PR-REST, section 4.1).
_IDENTIFIER = re.compile(r"[^\s/\x00-\x1f\x7f;\\%]{1,100}(/[^\s/\x00-\x1f\x7f;\\%]{1,100}){2,3}")
_MESSAGE = re.compile(r"[!-~]{1,100}")


@dataclass(slots=True)
class Envelope:
    """What surrounds one message: who asks whom, and its numbers."""

    client: str
    service: str
    message: str
    token: str = field(repr=False)
    hashed: str = ""
    request: str = field(default_factory=lambda: str(uuid.uuid4()))

    @classmethod
    def of(cls, request: HttpRequest, service: str) -> "Envelope":
        """Return the envelope of a request; what is no identifier is left empty, and refused later."""
        client = request.headers.get("X-Road-Client", "")
        message = request.headers.get("X-Road-Id", "")
        is_token = request.headers.get("Authorization", "").partition(" ")
        return cls(
            client=client if _IDENTIFIER.fullmatch(client) else "",
            service=service,
            message=message if _MESSAGE.fullmatch(message) else str(uuid.uuid4()),
            token=is_token[2] if is_token[0] == "Bearer" else "",
            hashed=base64.b64encode(hashlib.sha512(request.body).digest()).decode(),
        )

    def answer(self, document: object, status: int = 200) -> HttpResponse:
        """Return a JSON answer in its envelope."""
        response = HttpResponse(msgspec.json.encode(document), content_type="application/json", status=status)
        response["Cache-Control"] = "private, no-store"
        headers = {"Id": self.message, "Request-Id": self.request, "Request-Hash": self.hashed}
        headers |= {"Client": self.client, "Service": self.service}
        for name, value in headers.items():
            if value.isascii() and value:
                response[f"X-Road-{name}"] = value
        return response

    def error(self, status: int, kind: str, sentence: str) -> HttpResponse:
        """Return an error as X-Road writes it; ``detail`` is the number under which we find it again."""
        response = self.answer({"type": kind, "message": sentence, "detail": self.request}, status)
        response["X-Road-Error"] = kind
        return response
