"""The identity provider (OpenID Connect): what it publishes about itself, and where its pages are.

What its signed answer says is read in ``provider_answers``.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from django.conf import settings

from yici.apps.people.provider_refusals import CannotSignIn, foreign_answer, not_answering
from yici.rules.assurance import CannotReadLevels, acr_values, is_identified, read_levels
from yici.rules.items import Assurance
from yici.rules.words import Words

ALGORITHMS = ("RS256", "ES256")
PATIENCE_SECONDS = 5.0
_REMEMBERED_SECONDS = 600.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


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
        raise not_answering() from error
    _check_published(one, document)
    with _lock:
        _known[one.issuer] = (time.monotonic() + _REMEMBERED_SECONDS, document)
    return document


def _check_published(one: Provider, document: Mapping[str, Any]) -> None:
    """A document of another issuer, or with addresses that travel in the open, is not believed."""
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if document.get("issuer") != one.issuer or not all(_is_safe(document.get(key)) for key in wanted):
        raise foreign_answer()


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


def forget_published() -> None:
    """Ask the provider again next time: after its configuration changed."""
    with _lock:
        _known.clear()
