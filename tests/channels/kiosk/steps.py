"""What people and devices do in the tests of the kiosk: pair, lay a card, read a page, apply."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone

from yici.apps.halls import kiosks
from yici.apps.people.models import Party
from yici.apps.planning.models import Draft

WUXING, TONGLU = "330502", "330122"


def pair(client: Client, folder: Path, name: str = "1号终端") -> None:
    """Make this client a paired kiosk of Wuxing that prints into a folder."""
    _, secret = kiosks.register(
        hall=WUXING, name=name, name_en="Kiosk", printer=f"folder:{folder}", by="system:test", now=timezone.now()
    )
    assert client.post(f"/kiosk/pair/{secret}").status_code == 302


def lay_card(kiosk: Client, person: Party) -> None:
    assert kiosk.post("/kiosk/card", {"card": person.id_number}).headers["Location"] == "/kiosk/mine"


def page(client: Client, path: str, **sent: Any) -> str:
    answer = client.get(path, sent)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def submitted(session: Client, person: Party) -> UUID:
    """Apply for the search of homes, from its tile to the confirmation; returns the application."""
    draft = session.post("/kiosk/needs/real_estate_search/start").headers["Location"].removesuffix("/ask")
    assert session.get(f"{draft}/ask").headers["Location"] == f"{draft}/plan"
    assert '<div class="n" aria-hidden="true">0</div>' in page(session, f"{draft}/plan")
    fields = {
        "applicant_name": person.name,
        "applicant_id": person.id_number,
        "spouse_name": "示例",
        "spouse_id": "11010519491231002X",
        "applicant_phone": "13900000000",
        "version": str(Draft.objects.get().version),
    }
    assert session.post(f"{draft}/form", fields).headers["Location"] == f"{draft}/check"
    shown = page(session, f"{draft}/check")
    assert person.id_number not in shown
    assert "11010519491231002X" not in shown
    done = session.post(f"{draft}/check", {"seen_visits": "0"}).headers["Location"]
    return UUID(done.rsplit("/", 1)[1])
