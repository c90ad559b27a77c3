"""Shows in the demo what people ask about their data, and a look in an emergency; invented, like everybody there."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from yici.apps.people.models import Account
from yici.apps.people.viewers import viewer_of
from yici.apps.privacy import actions, emergency
from yici.apps.privacy.models import EmergencyLook, PersonalClaim
from yici.rules.personal_rights import Right

ASKS, LOOKED_AT, LOOKS = "hanli", "dongkang", "public_security.330106.decider"
WISH = "【演示】联系电话已换成新号码，请更正。"
REASON = "【演示】药店后巷起火，需要联系负责人到场。"


@transaction.atomic
def load(now: datetime, folder: Path) -> None:
    """Load one claim and one look; people and calendar are loaded before. Again is harmless."""
    if not PersonalClaim.objects.exists():
        actions.ask(right=Right.CORRECTION, wish=WISH, by=viewer_of(Account.objects.get(login=ASKS)), now=now)
    if not EmergencyLook.objects.exists():
        party = Account.objects.select_related("party").get(login=LOOKED_AT).party
        assert party is not None  # a person of the demo
        by = viewer_of(Account.objects.get(login=LOOKS))
        number, name = party.id_number, party.name
        key = emergency.ask_to_look(id_number=number, name=name, reference="", reason=REASON, by=by, now=now)
        emergency.look(by=by, look_id=key, application_id=None, now=now)
