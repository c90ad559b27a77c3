"""The county's SMS gateway: one signed request a message, taken once however often it is sent.

Operators differ; what they have in common is behind one small contract: POST of JSON ``{"id", "to", "text"}``, signed
with a shared secret. Any 2xx takes the message; 4xx refuses it for good; all else is tried again.
"""

import hashlib
import hmac
from dataclasses import dataclass

import httpx
import msgspec

from yici.rules.refusals import Refusal

PATIENCE = 10  # seconds
_AGAIN = frozenset({408, 425, 429})  # a gateway that is busy has not refused the message


class CannotReachGateway(Refusal):
    """A gateway that does not answer, or is busy; the message is sent again in the next round."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where the gateway is, and the secret both sides know."""

    address: str
    secret: str

    def __repr__(self) -> str:
        return f"Gateway({self.address})"  # never the secret


def signature(secret: str, sent_at: int, body: bytes) -> str:
    """Return the HMAC-SHA256, in hexadecimal, of the second it was sent, a point, and the body.

    >>> signature("known to both", 1543622400, b"{}")[:16]
    '0550279053e5da51'
    """
    return hmac.new(secret.encode(), b"%d." % sent_at + body, hashlib.sha256).hexdigest()


def hand_over(gateway: Gateway, *, key: str, to: str, text: str, sent_at: int) -> bool:
    """Give one message to the gateway; return whether it took it. ``sent_at`` in seconds since 1970.

    Raises CannotReachGateway where it may take it later.
    """
    body = msgspec.json.encode({"id": key, "to": to, "text": text})
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "X-Yici-Time": str(sent_at),
        "X-Yici-Signature": signature(gateway.secret, sent_at, body),
    }
    try:
        answer = httpx.post(gateway.address, content=body, headers=headers, timeout=PATIENCE, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _unreachable() from error
    if answer.status_code >= 500 or answer.status_code in _AGAIN or answer.is_redirect:
        raise _unreachable()
    return answer.is_success


def _unreachable() -> CannotReachGateway:
    return CannotReachGateway(
        zh="短信网关没有应答，稍后再发。", en="The SMS gateway does not answer; the message is sent again later."
    )
