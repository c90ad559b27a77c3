"""Reads the identity provider's signed answer: whom it confirms, and how surely.

Of mozilla-django-oidc it uses the exchange of the code and the choice of the key. The checks of issuer, audience and
time, which that library leaves out, are here; so is how an account is found (never by e-mail).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
import requests
from django.core.exceptions import SuspiciousOperation
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from yici.apps.people.provider import ALGORITHMS, PATIENCE_SECONDS, Handshake, Provider, discovered
from yici.apps.people.provider_refusals import code_refused, foreign_answer, not_answering, wrong_time
from yici.rules.assurance import level_of
from yici.rules.items import Assurance

LEEWAY_SECONDS = 60  # how far two clocks may differ


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider has confirmed, and how surely. Number and name are there only if it says them."""

    issuer: str
    subject: str = field(repr=False)
    level: Assurance
    id_number: str = field(repr=False)
    name: str = field(repr=False)
    id_token: str = field(repr=False)


def read_answer(one: Provider, handshake: Handshake, code: str, back: str) -> Identity:
    """Exchange the code for the provider's signed answer and return whom it names. Raises CannotSignIn."""
    exchange = _Exchange(one, discovered(one))
    tokens = exchange.tokens(code, handshake.verifier, back)
    claims = exchange.claims(str(tokens.get("id_token", "")), handshake.nonce)
    return Identity(
        issuer=one.issuer,
        subject=str(claims["sub"]),
        level=level_of(claims.get("acr"), one.levels),
        id_number=_text(claims, one.claims.get("id_number", "")),
        name=_text(claims, one.claims.get("name", "")),
        id_token=str(tokens["id_token"]),
    )


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""


class _Exchange(OIDCAuthenticationBackend):  # type: ignore[misc]  # the library has no types
    """The library's token request and choice of key, wired from what the provider publishes."""

    def __init__(self, one: Provider, published: Mapping[str, Any]) -> None:
        self._one = one
        self._wired = {
            "OIDC_OP_TOKEN_ENDPOINT": published["token_endpoint"],
            "OIDC_OP_USER_ENDPOINT": published.get("userinfo_endpoint", ""),
            "OIDC_OP_JWKS_ENDPOINT": published["jwks_uri"],
            "OIDC_RP_CLIENT_ID": one.client_id,
            "OIDC_RP_CLIENT_SECRET": one.client_secret,
            "OIDC_RP_SIGN_ALGO": ALGORITHMS[0],
            "OIDC_TOKEN_USE_BASIC_AUTH": True,
            "OIDC_TIMEOUT": PATIENCE_SECONDS,
        }
        super().__init__()

    def get_settings(self, attr: str, *args: Any) -> Any:
        return self._wired.get(attr, *args)

    def tokens(self, code: str, verifier: str, back: str) -> dict[str, Any]:
        sent = {
            "client_id": self._one.client_id,
            "client_secret": self._one.client_secret,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        try:
            answer = self.get_token(sent)
        except requests.HTTPError as refused:
            # Its text may hold personal values: it goes nowhere.
            raise code_refused() from refused
        except (requests.RequestException, ValueError) as error:
            raise not_answering() from error
        return dict(answer)

    def claims(self, token: str, nonce: str) -> dict[str, Any]:
        try:
            algorithm = jwt.get_unverified_header(token)["alg"]
            if algorithm not in ALGORITHMS:
                raise foreign_answer()
            found: dict[str, Any] = jwt.decode(
                token,
                self.retrieve_matching_jwk(token).key,
                algorithms=[algorithm],
                audience=self._one.client_id,
                issuer=self._one.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as error:
            raise wrong_time() from error
        except (jwt.PyJWTError, SuspiciousOperation, KeyError, ValueError) as error:
            raise foreign_answer() from error
        except requests.RequestException as error:
            raise not_answering() from error
        if found.get("nonce") != nonce or found.get("azp", self._one.client_id) != self._one.client_id:
            raise foreign_answer()
        return found
