"""Invented people for a simulation: real numbers of nobody, some data on record and some not."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

from yici.apps.people.actions import record_party
from yici.apps.people.facts import PartyFacts
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.apps.registry.models import Dataset, Record
from yici.rules.codes import make_resident_id
from yici.rules.items import Assurance, Element, ElementKind, Item, WayKind

BY = "system:simulation"
MARK = "（模拟）"  # stands in every invented name, so that nobody takes one for a person
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫", "明芳华丽伟静敏强磊洋勇艳杰娟涛"
HELD_SHARE = 0.8  # of the fields a need could fetch
OLDEST, YOUNGEST = 24_000, 7_500  # days of life on the day of the simulation


def invented(chance: Random, region_code: str, now: datetime) -> Party:
    """Return a new invented person of a county."""
    born = now.date() - timedelta(days=chance.randint(YOUNGEST, OLDEST))
    number = make_resident_id(region_code[:6], born, chance.randint(1, 998)).text
    name = chance.choice(SURNAMES) + chance.choice(GIVEN) + MARK
    facts = PartyFacts(name=name, id_number=number, region_code=region_code, phone="13900000000")
    return record_party(facts=facts, by=BY, now=now)


def as_viewer(party: Party) -> Viewer:
    """Return the person at his own phone."""
    return Viewer(
        label=str(party),
        party_id=party.pk,
        party_public_id=party.public_id,
        party_name=party.name,
        assurance=Assurance.SIGNED,
    )


def put_on_record(party: Party, items: Iterable[Item], chance: Random, now: datetime) -> None:
    """Give the registers most of what these items could fetch about the person, and leave out the rest."""
    wanted = sorted(
        {way.target for item in items for one in item.requirements for way in one.ways if way.kind is WayKind.DATA}
    )
    held: dict[str, dict[str, object]] = {}
    for target in wanted:
        dataset, _, field = target.partition(".")
        if chance.random() < HELD_SHARE:
            held.setdefault(dataset, {})[field] = f"示例{chance.randint(1000, 9999)}"
    known = set(Dataset.objects.filter(key__in=held).values_list("key", flat=True))
    rows = [
        Record(party=party, dataset_id=key, region=party.region, values=values, held=sorted(values), updated_at=now)
        for key, values in held.items()
        if key in known
    ]
    Record.objects.bulk_create(rows, ignore_conflicts=True)


def said(element: Element, chance: Random, today: date) -> str:
    """Return what somebody answers to a question or writes into a field."""
    if element.values:
        return chance.choice(element.values)[0]
    answers = {
        ElementKind.BOOL: chance.choice(["true", "false"]),
        ElementKind.INT: str(element.minimum or 1),
        ElementKind.FEN: str(element.minimum or 1),
        ElementKind.PHONE: "13900000000",
        ElementKind.DATE: today.isoformat(),
        ElementKind.ID_NUMBER: "11010519491231002X",
        ElementKind.USCC: "91350100M000100Y43",
        ElementKind.REGION: "330122000000",
        ElementKind.BANK_ACCOUNT: "6222020000000000000",
    }
    return answers.get(element.kind, "示例")
