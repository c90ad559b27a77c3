"""Fills the demo with invented people, companies, mandates, staff and their accounts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from yici.apps.journal import actions as journal
from yici.apps.people import actions
from yici.apps.people.demo_files import DemoParty, read, read_companies, read_persons
from yici.apps.people.facts import PartyFacts
from yici.apps.people.models import Account, Mandate, Party, Staff
from yici.apps.places.models import Hall, Organisation, Region
from yici.rules.items import Assurance
from yici.rules.people import IdKind, RelationKind

BY = "system:demo"
# The same for every demo account, and printed by whoever loads the demo: nobody real signs in with it.
DEMO_PASSWORD = "yici-demo-2018"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = (
    "安邦博超晨诚达德峰刚光桂海涵浩和宏华慧佳建洁静俊凯康磊丽林玲龙敏明娜宁"
    "平琪倩强晴荣瑞珊思涛婷伟文霞晓欣秀旭雪雅妍燕瑶怡莹颖勇宇玉媛悦云泽哲珍志"
)


@transaction.atomic
def load(now: datetime, folder: Path) -> None:
    """Load people; ``folder`` holds ``people/*.yaml``. Places are loaded before. Again is harmless."""
    # One hash for all: hashing is slow on purpose, and these accounts share one public password anyway.
    password = make_password(DEMO_PASSWORD)
    persons, companies = read_persons(folder), read_companies(folder)
    parties = {key: _party(one, now) for key, one in [*persons.items(), *companies.items()]}
    _open(_personal_accounts(persons, parties, read(folder, "persons")["visitors"]), password)
    _relate(persons, parties, now)
    _mandates(read(folder, "companies"), parties, now)
    _staff(read(folder, "staff"), password, now)


def _party(one: DemoParty, now: datetime) -> Party:
    facts = PartyFacts(
        name=one.name,
        id_number=one.number,
        id_kind=one.id_kind,
        region_code=one.region_code,
        phone=one.entry.get("phone"),
        born_on=one.born_on if one.id_kind is IdKind.PASSPORT else None,
        sex=one.entry.get("sex") if one.id_kind is IdKind.PASSPORT else None,
    )
    if one.is_verified:
        return actions.record_party(facts=facts, by=BY, now=now)
    account = Account.objects.filter(login=one.entry["account"]["login"]).select_related("party").first()
    return account.party if account and account.party else actions.record_claim(facts=facts, now=now)


def _personal_accounts(
    persons: Mapping[str, DemoParty], parties: Mapping[str, Party], visitors: Iterable[Mapping[str, Any]]
) -> list[Account]:
    named = [(one.entry["account"], parties[key]) for key, one in persons.items() if "account" in one.entry]
    return [_account(entry, party=party) for entry, party in [*named, *((entry, None) for entry in visitors)]]


def _account(entry: Mapping[str, Any], *, party: Party | None = None, staff: Staff | None = None) -> Account:
    note = entry.get("note") or {"zh": "", "en": ""}
    return Account(
        login=entry["login"],
        party=party,
        staff=staff,
        assurance=Assurance(entry.get("assurance", Assurance.REGISTERED)),
        demo=True,
        demo_note=note["zh"],
        demo_note_en=note["en"],
    )


def _open(accounts: Iterable[Account], password: str) -> None:
    accounts = list(accounts)
    for account in accounts:
        account.password = password
    Account.objects.bulk_create(
        accounts, update_conflicts=True, unique_fields=["login"], update_fields=["demo_note", "demo_note_en"]
    )


def _relate(persons: Mapping[str, DemoParty], parties: Mapping[str, Party], now: datetime) -> None:
    for key, one in persons.items():
        own = parties[key].pk
        pairs = [(RelationKind.PARENT, parties[parent].pk, own) for parent in one.entry.get("parents", [])]
        pairs += [(RelationKind.GUARDIAN, own, parties[ward].pk) for ward in one.entry.get("guardian_of", [])]
        if "spouse" in one.entry:
            pairs.append((RelationKind.SPOUSE, own, parties[one.entry["spouse"]].pk))
        for kind, of, to in pairs:
            actions.relate(kind=kind, of_id=of, to_id=to, by=BY, now=now)


def _mandates(content: Mapping[str, Any], parties: Mapping[str, Party], now: datetime) -> None:
    given = [(key, mandate) for key, entry in content["companies"].items() for mandate in entry["mandates"]]
    given += [(mandate["holder"], mandate) for mandate in content["personal_mandates"]]
    for holder, entry in given:
        terms: dict[str, Any] = {"holder_id": parties[holder].pk, "agent_id": parties[entry["agent"]].pk}
        terms |= {"scope": entry.get("scope", "all"), "valid_from": entry["from"]}
        if Mandate.objects.filter(**terms).exists():
            continue
        if entry.get("offered"):
            Mandate.objects.create(**terms, valid_to=entry.get("to"), granted_by=BY, granted_at=now)
        else:
            actions.give_mandate(**terms, valid_to=entry.get("to"), by=BY, now=now)


def _staff(content: Mapping[str, Any], password: str, now: datetime) -> None:
    notes = {one["login"]: one["note"] for one in content["shown"]}
    known = set(Account.objects.filter(staff__isnull=False).values_list("login", flat=True))
    accounts = [
        account
        for account in [*_posts(content, notes), *_special(content["special"])]
        if account.login not in known and account.staff is not None
    ]
    Staff.objects.bulk_create(account.staff for account in accounts if account.staff is not None)
    _open(accounts, password)
    if accounts:
        facts = {"staff": len(accounts)}
        journal.record("people.staff_appointed", subject="staff:demo", by=BY, now=now, facts=facts)


def _posts(content: Mapping[str, Any], notes: Mapping[str, Any]) -> Iterable[Account]:
    halls = {hall.region_id: hall for hall in Hall.objects.all()}
    for organisation in _organisations(content["counties"]):
        for post, entry in content["posts"].items():
            login = f"{organisation.kind}.{short_code(organisation.region.code)}.{post}"
            hall = halls.get(organisation.region_id) if post == "window" else None
            staff = _member(organisation, post, entry["roles"], login, hall)
            yield _account({"login": login, "note": notes.get(login)}, staff=staff)


def _organisations(counties: Iterable[str]) -> Iterable[Organisation]:
    """Return the organisations of the province, of the cities above these counties, and of all in the counties."""
    chosen = Q(region__level=Region.PROVINCE)
    for code in counties:
        county = Region.objects.at(code)
        chosen |= Q(region__path__startswith=county.path) | Q(region_id=county.parent_id)
    return Organisation.objects.filter(chosen).select_related("region").order_by("region__code", "kind")


def short_code(code: str) -> str:
    """Return six digits for counties and above, nine for towns.

    >>> short_code("330122000000"), short_code("330122001000")
    ('330122', '330122001')
    """
    return code[:6] if code.endswith("000000") else code[:9]


def _special(entries: Iterable[Mapping[str, Any]]) -> Iterable[Account]:
    for entry in entries:
        code = Region.objects.at(entry["region"]).code
        body = Organisation.objects.select_related("region").get(kind=entry["organisation"], region__code=code)
        yield _account(entry, staff=_member(body, entry["post"], entry["roles"], entry["login"]))


def _member(organisation: Organisation, post: str, roles: list[str], login: str, hall: Hall | None = None) -> Staff:
    return Staff(
        name=invented_name(login),
        organisation=organisation,
        post=post,
        roles=roles,
        region=organisation.region,
        hall=hall,
    )


def invented_name(seed: str) -> str:
    """Return a name that is the same each time for the same login.

    >>> invented_name("admin") == invented_name("admin")
    True
    """
    number = sum(ord(letter) * 31**place for place, letter in enumerate(reversed(seed)))
    number, surname = divmod(number, len(_SURNAMES))
    number, first = divmod(number, len(_GIVEN))
    return _SURNAMES[surname] + _GIVEN[first] + _GIVEN[number % len(_GIVEN)]
