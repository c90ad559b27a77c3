"""Sign in with the identity provider: there with a proof key, back with a code; also to raise the level, or to join."""

import time
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_GET, require_POST
from mozilla_django_oidc.utils import add_state_and_verifier_and_nonce_to_session, generate_code_challenge

from yici.apps.people import identities, provider_answers, provider_refusals
from yici.apps.people import provider as providers
from yici.apps.people.provider import Handshake, Provider
from yici.apps.people.provider_answers import Identity
from yici.apps.people.provider_refusals import CannotSignIn
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.entering import enter, go_on, safe, target_of
from yici.channels.portal.guards import to_level, with_account
from yici.rules.assurance import is_at_least
from yici.rules.items import Assurance
from yici.rules.refusals import Refusal

STATES = "oidc_states"  # the library's name in the session
_WAITED_SECONDS = 600


def _provider() -> Provider:
    """Return the provider; a site without one has none of these pages."""
    one = providers.provider()
    if one is None:
        raise Http404
    return one


def _callback() -> str:
    return settings.SITE_ADDRESS + reverse("portal:provider_back")


@require_GET
def begin(request: ViewerRequest) -> HttpResponse:
    """Send the browser to the provider; ``level`` asks for a level, ``next`` is where it comes back to."""
    one, asked = _provider(), request.GET.get("level", "")
    wanted = Assurance(asked) if asked in set(Assurance) else Assurance.REAL_NAME
    return _away(request, one, wanted, "sign_in")


@require_POST
@with_account
def join(request: ViewerRequest) -> HttpResponse:
    """Begin to join the provider with the account that is signed in: he proves both."""
    return _away(request, _provider(), Assurance.REAL_NAME, "join")


def _away(request: HttpRequest, one: Provider, wanted: Assurance, purpose: str) -> HttpResponse:
    handshake = Handshake(get_random_string(43), get_random_string(43), get_random_string(64))
    challenge = generate_code_challenge(handshake.verifier, "S256")
    try:
        address = providers.way_to_sign_in(one, handshake, challenge, _callback(), wanted)
    except CannotSignIn as refusal:
        return _refused(request, refusal, target_of(request))
    params = {"nonce": handshake.nonce, "code_challenge": challenge}
    add_state_and_verifier_and_nonce_to_session(request, handshake.state, params, handshake.verifier)
    note = {"next": target_of(request), "purpose": purpose, "wanted": wanted.value}
    request.session[STATES][handshake.state].update(note)
    request.session.modified = True
    return redirect(address)


def _refused(request: HttpRequest, refusal: Refusal, target: str) -> HttpResponse:
    context = {"next": target, "login": "", "message": refusal.text(language()), "provider": providers.provider()}
    return render(request, "portal/sign_in.html", context, status=422)


@require_GET
def back(request: ViewerRequest) -> HttpResponse:
    """Take the provider's answer: each is waited for by one browser, for ten minutes, once."""
    one = _provider()
    waiting = _taken(request)
    if waiting is None or not request.GET.get("code"):
        why = provider_refusals.stale() if waiting is None else provider_refusals.denied(request.GET.get("error", ""))
        return _refused(request, why, (waiting or {}).get("next", ""))
    handshake = Handshake(request.GET["state"], waiting["nonce"], waiting["code_verifier"])
    try:
        identity = provider_answers.read_answer(one, handshake, request.GET["code"], _callback())
        return _entered(request, identity, waiting)
    except Refusal as refusal:
        return _refused(request, refusal, waiting.get("next", ""))


def _taken(request: HttpRequest) -> dict[str, Any] | None:
    """Take what was kept for this answer out of the session, or None when we do not wait for it."""
    states = request.session.get(STATES)
    state = request.GET.get("state", "")
    if not isinstance(states, dict) or state not in states:
        return None
    waiting: dict[str, Any] = states.pop(state)
    # Saved before the provider is asked: the same answer sent twice at once finds nothing.
    request.session.modified = True
    request.session.save()
    return waiting if time.time() - waiting["added_on"] < _WAITED_SECONDS else None


def _entered(request: ViewerRequest, identity: Identity, waiting: dict[str, Any]) -> HttpResponse:
    now, own = timezone.now(), request.viewer.account_id
    if waiting.get("purpose") == "join":
        if own is None:
            raise provider_refusals.stale()
        account = identities.join(account_id=own, identity=identity, now=now)
    else:
        account = identities.account_for(identity=identity, now=now)
    acting_for = request.session.get("acting_for") if own == account.pk else None
    kept = {"id_token": identity.id_token, **({"acting_for": acting_for} if acting_for else {})}
    enter(request, account, way="provider", level=identity.level, kept=kept)
    target = safe(request, waiting.get("next", ""))
    wanted = Assurance(waiting.get("wanted", Assurance.NONE))
    if wanted is Assurance.SIGNED and not is_at_least(identity.level, wanted):
        return to_level(request, wanted, back=target)
    return go_on(request, account, target)
