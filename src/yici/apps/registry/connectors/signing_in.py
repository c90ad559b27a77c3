"""Signs in to REST services: OAuth2 client credentials, or a statement signed with our key (RFC 6749, 7523)."""

import threading
import time
import uuid
from typing import Any

import jwt

from yici.apps.registry.connectors.http import Line
from yici.apps.registry.connectors.protocol import Question, secret
from yici.apps.registry.connectors.settings import SignIn
from yici.rules.source_failures import CannotAsk, Failure
from yici.rules.words import Words

STATEMENT_LIVES_SECONDS = 60
TOKEN_LIVES_SECONDS = 300  # when the service does not say
EARLIER_SECONDS = 10  # a token is renewed a little before it ends: it still has to travel
_SIGNED = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Pass:
    """Our way in to one service; keeps the token until it ends or is refused. The token never leaves memory."""

    def __init__(self, name: str, settings: SignIn, line: Line) -> None:
        self._name, self._settings, self._line = name, settings, line
        self._token, self._ends_at = "", 0.0
        self._lock = threading.Lock()

    def headers(self, question: Question) -> dict[str, str]:
        """Return the header that lets us in. Raises CannotAsk."""
        if self._settings.kind == "none":
            return {}
        if self._settings.kind == "token":
            return {"Authorization": f"Bearer {secret(self._name, 'token')}"}
        # One asks for a new token, the others wait for it, no longer than their own time.
        if not self._lock.acquire(timeout=question.seconds_left):
            raise CannotAsk(Failure.TIMEOUT)
        try:
            if time.monotonic() >= self._ends_at:
                self._renew(question)
            return {"Authorization": f"Bearer {self._token}"}
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Ask for a new token next time: the service has refused this one, perhaps it was restarted."""
        self._ends_at = 0.0

    def _renew(self, question: Question) -> None:
        address = self._settings.token_address or ""
        answer = self._line.ask(question, "POST", address, form=self._form(address), headers={})
        token = answer.document.get("access_token") if isinstance(answer.document, dict) else None
        if answer.status in {400, 401, 403}:
            raise CannotAsk(Failure.NOT_LET_IN, Words("令牌服务拒绝了我们", "its token service refused us"))
        if answer.status != 200 or not isinstance(token, str) or not token.isprintable():
            raise CannotAsk(Failure.RUBBISH, Words("令牌服务的答复不对", "its token service answered nonsense"))
        self._token, self._ends_at = token, time.monotonic() + _life(answer.document) - EARLIER_SECONDS

    def _form(self, address: str) -> dict[str, str]:
        form = {"grant_type": "client_credentials", "client_id": self._settings.client_id}
        if self._settings.scope:
            form["scope"] = self._settings.scope
        if self._settings.kind == "client_credentials":
            return form | {"client_secret": secret(self._name, "secret")}
        return form | {"client_assertion_type": _SIGNED, "client_assertion": self._statement(address)}

    def _statement(self, address: str) -> str:
        key = secret(self._name, "key")
        now = int(time.time())
        claims = {
            "iss": self._settings.client_id,
            "sub": self._settings.client_id,
            "aud": self._settings.audience or address,
            "iat": now,
            "exp": now + STATEMENT_LIVES_SECONDS,
            "jti": str(uuid.uuid4()),
        }
        headers = {"kid": self._settings.key_id} if self._settings.key_id else None
        try:
            return jwt.encode(claims, key, algorithm=self._settings.algorithm, headers=headers)
        except (jwt.PyJWTError, ValueError, TypeError):
            raise CannotAsk(
                Failure.MISCONFIGURED,
                Words("签名密钥与算法不符", "the key does not fit the algorithm of the signature"),
            ) from None


def _life(document: Any) -> float:
    said = document.get("expires_in")
    is_sane = isinstance(said, int | float) and not isinstance(said, bool) and 0 < said < 86_400
    return float(said) if is_sane else TOKEN_LIVES_SECONDS
