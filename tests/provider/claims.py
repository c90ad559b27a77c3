"""What the provider of the tests says of its people, as ``people.json`` has it."""

import json
from typing import Any

from django.conf import settings
from oauth2_provider.oauth2_validators import OAuth2Validator

_asked: dict[int, list[str]] = {}


class AskedLevels:
    """Remembers which levels the site asked for: the toolkit leaves ``acr_values`` to the provider who uses it."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        if request.path == "/o/authorize/" and request.method == "GET" and request.user.is_authenticated:
            _asked[request.user.pk] = request.GET.get("acr_values", "").split()
        return self.get_response(request)


class Claims(OAuth2Validator):  # type: ignore[misc]
    """Says of each person what ``people.json`` says; ``faults`` falsify the answer, as a broken provider would."""

    oidc_claim_scope = None

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        person = _person(request)
        reachable = person["levels"]
        asked = [acr for acr in _asked.get(request.user.pk, []) if acr in reachable]
        acr = asked[0] if asked else reachable[0]
        return {**person["claims"], "acr": acr, "sub": person.get("sub", request.user.username)}

    def get_id_token_dictionary(self, token: Any, token_handler: Any, request: Any) -> Any:
        claims, expires = super().get_id_token_dictionary(token, token_handler, request)
        for name, value in _person(request).get("faults", {}).items():
            claims[name] = value
        return claims, expires


def _person(request: Any) -> dict[str, Any]:
    people = json.loads((settings.FOLDER / "people.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = people[request.user.username]
    return found
