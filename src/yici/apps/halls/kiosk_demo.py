"""The demonstration's kiosk: in the hall of Wuxing, Huzhou, with the business licences it prints on the spot."""

from datetime import datetime
from pathlib import Path

import yaml
from django.db import transaction

from yici.apps.halls.kiosks import demo_device, hashed
from yici.apps.halls.models import Kiosk
from yici.apps.journal import actions as journal
from yici.apps.licences import actions as licences
from yici.apps.people.actions import verified_party
from yici.apps.people.demo_files import read_companies
from yici.apps.places import queries as places
from yici.apps.places.models import Hall
from yici.rules.kiosks import Printer

BY = "system:demo"


@transaction.atomic
def load(now: datetime, folder: Path) -> None:
    """Register and pair the kiosk and issue the licences of ``halls/kiosks.yaml``. Again is harmless."""
    content = yaml.safe_load((folder / "halls" / "kiosks.yaml").read_text(encoding="utf-8"))
    for entry in content["kiosks"]:
        _kiosk(entry, now)
    companies = read_companies(folder)
    for entry in content["licences"]:
        company = companies[entry["holder"]]
        holder = verified_party(company.number)
        assert holder is not None  # people are loaded before
        licences.issue(
            type_key=entry["type"],
            holder_id=holder.pk,
            holder_name=holder.name,
            rows=[("统一社会信用代码 USCC", company.number), *((row["label"], row["value"]) for row in entry["rows"])],
            organisation_id=places.organisation_for(entry["issuer"], entry["region"]).pk,
            case_reference=f"demo:{entry['holder']}",
            by=BY,
            now=now,
        )


def _kiosk(entry: dict[str, str], now: datetime) -> None:
    hall = Hall.objects.filter(region__code=entry["region"].ljust(12, "0")).order_by("pk").first()
    assert hall is not None  # places are loaded before
    printer = Printer("folder", "printed")  # of the data folder
    row, is_new = Kiosk.objects.get_or_create(
        hall=hall,
        name=entry["name"],
        defaults={
            "name_en": entry["name_en"],
            "printer_kind": printer.kind,
            "printer_target": printer.target,
            "registered_at": now,
            "demo": True,
        },
    )
    if is_new:
        row.device_hash, row.paired_at = hashed(demo_device(row.public_id)), now
        row.save(update_fields=["device_hash", "paired_at"])
        journal.record("kiosk.registered", subject=str(row), by=BY, now=now, facts={"hall": str(hall.public_id)})
