"""Talks to the identity provider (OpenID Connect): where its pages are, and what its signed answer says.

Of mozilla-django-oidc it uses the exchange of the code and the choice of the key. The checks of issuer, audience and
time, which that library leaves out, are here; so is how an account is found (never by e-mail).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import jwt
import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from yici.rules.assurance import CannotReadLevels, acr_values, is_identified, level_of, read_levels
from yici.rules.items import Assurance
from yici.rules.refusals import Refusal
from yici.rules.words import Words

ALGORITHMS = ("RS256", "ES256")
LEEWAY_SECONDS = 60  # how far two clocks may differ
PATIENCE_SECONDS = 5.0
_REMEMBERED_SECONDS = 600.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class CannotSignIn(Refusal):
    """The provider did not confirm who this is; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The identity provider of this site as the environment names it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: Words
    scopes: str
    levels: Mapping[str, Assurance]
    claims: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider has confirmed, and how surely. Number and name are there only if it says them."""

    issuer: str
    subject: str = field(repr=False)
    level: Assurance
    id_number: str = field(repr=False)
    name: str = field(repr=False)
    id_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Handshake:
    """What must come back unchanged from the provider, kept in the sealed session meanwhile."""

    state: str
    nonce: str
    verifier: str = field(repr=False)


def provider() -> Provider | None:
    """Return the provider, or None when this site has none."""
    if not (settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID and settings.OIDC_CLIENT_SECRET):
        return None
    zh, _, en = settings.OIDC_NAME.partition("|")
    return Provider(
        issuer=settings.OIDC_ISSUER,
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        name=Words(zh, en or zh),
        scopes=settings.OIDC_SCOPES,
        levels=_levels(),
        claims=dict(part.partition("=")[::2] for part in settings.OIDC_CLAIMS.split()),
    )


def _levels() -> dict[str, Assurance]:
    """Return the list of levels; a malformed one identifies nobody, and `yici check` says so."""
    try:
        return read_levels(settings.OIDC_LEVELS)
    except CannotReadLevels:
        return {}


_known: dict[str, tuple[float, dict[str, Any]]] = {}
_lock = Lock()


def discovered(one: Provider) -> dict[str, Any]:
    """Return what the provider publishes about itself, remembered for ten minutes. Raises CannotSignIn."""
    with _lock:
        until, document = _known.get(one.issuer, (0.0, {}))
    if time.monotonic() < until:
        return document
    address = f"{one.issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        answer = httpx.get(address, timeout=PATIENCE_SECONDS, trust_env=not _is_near(address))
        answer.raise_for_status()
        document = dict(answer.json())
    except (httpx.HTTPError, ValueError, TypeError) as error:
        raise _not_answering() from error
    _check_published(one, document)
    with _lock:
        _known[one.issuer] = (time.monotonic() + _REMEMBERED_SECONDS, document)
    return document


def _check_published(one: Provider, document: Mapping[str, Any]) -> None:
    """A document of another issuer, or with addresses that travel in the open, is not believed."""
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if document.get("issuer") != one.issuer or not all(_is_safe(document.get(key)) for key in wanted):
        raise _foreign_answer()


def provider_faults(one: Provider) -> list[Words]:
    """Return what does not fit at the provider, or in what the environment says of it.

    Raises CannotSignIn when it cannot be asked, CannotReadLevels for a malformed list.
    """
    read_levels(settings.OIDC_LEVELS)
    published = discovered(one)
    faults = []
    if "S256" not in published.get("code_challenge_methods_supported", ["S256"]):
        faults.append(Words("身份认证不支持 PKCE S256。", "The identity provider does not support PKCE with S256."))
    if not set(ALGORITHMS) & set(published.get("id_token_signing_alg_values_supported", ALGORITHMS)):
        faults.append(
            Words("身份认证不用 RS256 或 ES256 签名。", "The identity provider signs with neither RS256 nor ES256.")
        )
    if not {"id_number", "name"} <= set(one.claims):
        faults.append(
            Words(
                "YICI_OIDC_CLAIMS 须写明 id_number 和 name。",
                "YICI_OIDC_CLAIMS must say where id_number and name stand.",
            )
        )
    if not any(is_identified(level) for level in one.levels.values()):
        faults.append(
            Words(
                "YICI_OIDC_LEVELS 中没有 real_name 或 signed：经身份认证登录的人都看不到自己的信息。",
                "YICI_OIDC_LEVELS names neither real_name nor signed: nobody who comes through the provider sees his "
                "records.",
            )
        )
    return faults


def _is_near(address: str) -> bool:
    return urlsplit(address).hostname in _LOOPBACK


def _is_safe(address: object) -> bool:
    return isinstance(address, str) and (address.startswith("https://") or _is_near(address))


def way_to_sign_in(one: Provider, handshake: Handshake, challenge: str, back: str, wanted: Assurance) -> str:
    """Return the provider's address to send the browser to; ``back`` is our callback. Raises CannotSignIn."""
    query = {
        "response_type": "code",
        "client_id": one.client_id,
        "redirect_uri": back,
        "scope": one.scopes,
        "state": handshake.state,
        "nonce": handshake.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if asked := acr_values(wanted, one.levels):
        query["acr_values"] = " ".join(asked)
    return _joined(str(discovered(one)["authorization_endpoint"]), query)


def way_to_sign_out(one: Provider, id_token: str, back: str) -> str | None:
    """Return the provider's address that ends its own session too, or None when it has none."""
    try:
        address = discovered(one).get("end_session_endpoint")
    except CannotSignIn:
        return None
    if not _is_safe(address):
        return None
    query = {"id_token_hint": id_token, "client_id": one.client_id, "post_logout_redirect_uri": back}
    return _joined(str(address), query)


def _joined(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(query)}"


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
            raise _code_refused() from refused
        except (requests.RequestException, ValueError) as error:
            raise _not_answering() from error
        return dict(answer)

    def claims(self, token: str, nonce: str) -> dict[str, Any]:
        try:
            algorithm = jwt.get_unverified_header(token)["alg"]
            if algorithm not in ALGORITHMS:
                raise _foreign_answer()
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
            raise _wrong_time() from error
        except (jwt.PyJWTError, SuspiciousOperation, KeyError, ValueError) as error:
            raise _foreign_answer() from error
        except requests.RequestException as error:
            raise _not_answering() from error
        if found.get("nonce") != nonce or found.get("azp", self._one.client_id) != self._one.client_id:
            raise _foreign_answer()
        return found


def _not_answering() -> CannotSignIn:
    return CannotSignIn(
        zh="统一身份认证现在没有应答。请过几分钟再试，或用账号和密码登录。",
        en="The identity service does not answer now. Try again in a few minutes, or sign in with account and "
        "password.",
    )


def _foreign_answer() -> CannotSignIn:
    return CannotSignIn(
        zh="身份认证的答复不是发给本平台的，或内容不可信，没有登录。请从登录页重新开始；若再次出现，请致电12345。",
        en="The answer of the identity service was not meant for this site or cannot be trusted; you are not signed "
        "in. Start again from the sign-in page; if it happens again, call 12345.",
    )


def _wrong_time() -> CannotSignIn:
    return CannotSignIn(
        zh="身份认证的答复已经过期，或双方时钟不一致，没有登录。请重新登录；若再次出现，请致电12345。",
        en="The answer of the identity service is out of date, or the clocks disagree; you are not signed in. Sign in "
        "again; if it happens again, call 12345.",
    )


def _code_refused() -> CannotSignIn:
    return CannotSignIn(
        zh="这次登录已经用过或已经失效。请从登录页重新开始。",
        en="This sign-in was used already or is no longer valid. Start again from the sign-in page.",
    )


def denied(error: str) -> CannotSignIn:
    """Return the sentence for an answer without a code; ``error`` is the provider's word for it (RFC 6749 4.1.2.1)."""
    if error == "access_denied":
        return CannotSignIn(
            zh="您在身份认证页面选择了不同意，没有登录。可以重新登录，或用账号和密码登录。",
            en="You declined on the page of the identity service; you are not signed in. Sign in again, or use account "
            "and password.",
        )
    return CannotSignIn(
        zh="统一身份认证没有完成这次登录。请重新登录，或用账号和密码登录。",
        en="The identity service did not finish this sign-in. Try again, or sign in with account and password.",
    )


def stale() -> CannotSignIn:
    """Return the sentence for an answer we do not wait for: begun in another browser, too long ago, or used."""
    return CannotSignIn(
        zh="这次登录不是从这个浏览器开始的，或者时间太久了，没有登录。请从登录页重新开始。",
        en="This sign-in was not begun in this browser, or too long ago; you are not signed in. Start again from the "
        "sign-in page.",
    )


def forget_published() -> None:
    """Ask the provider again next time: after its configuration changed."""
    with _lock:
        _known.clear()
