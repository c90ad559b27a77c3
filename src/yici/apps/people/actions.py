"""What may be done about people: record a party, open an account, appoint staff, give and end a mandate."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from yici.apps.journal import actions as journal
from yici.apps.people.encryption import search_hash, search_hashes
from yici.apps.people.facts import PartyFacts, check_registration, password_fault
from yici.apps.people.models import Account, Mandate, Party, Relation, Staff
from yici.apps.places.models import Hall, Organisation, Region
from yici.rules.codes import parse_credit_code, parse_resident_id
from yici.rules.codes.refusals import typed
from yici.rules.items import Assurance
from yici.rules.people import IdKind, RelationKind, Role
from yici.rules.refusals import Refusal

# Names of the two columns as encryption and search know them; changing one would lose every stored hash.
ID_PLACE = "people_party.id_number"
NAME_PLACE = "people_party.name"


class CannotRecordParty(Refusal):
    """A party cannot be recorded as given."""


class CannotOpenAccount(Refusal):
    """An account cannot be opened with this login, password or level."""


class CannotGiveMandate(Refusal):
    """A mandate cannot be given or ended like this."""


class CannotAppoint(Refusal):
    """Nobody can be appointed to this post like this."""


@transaction.atomic
def record_party(*, facts: PartyFacts, by: str, now: datetime) -> Party:
    """Return the party with this number, recorded if it is new. An existing one is not changed.

    Raises CannotReadCode for a wrong number, and CannotRecordParty when the number belongs to another name.
    """
    number, born_on, sex = _checked_number(facts, now.date())
    _one_at_a_time(number)
    known = verified_party(number)
    if known is not None:
        return _same_person(known, facts.name)
    return _new_party(facts, (number, born_on, sex), verified=True, by=by, now=now)


def _one_at_a_time(number: str) -> None:
    """Let one transaction at a time record a number: while keys change, its hash is not the same for everybody."""
    with connection.cursor() as cursor:
        oldest = search_hashes(number, ID_PLACE)[-1]
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [oldest])


def verified_party(number: str) -> Party | None:
    """Return the party known to have this document number, or None."""
    return Party.objects.filter(id_hash__in=search_hashes(number, ID_PLACE), verified=True).first()


def _new_party(
    facts: PartyFacts, checked: tuple[str, date | None, str | None], *, verified: bool, by: str, now: datetime
) -> Party:
    number, born_on, sex = checked
    party = Party.objects.create(
        verified=verified,
        kind=facts.kind,
        name=facts.name.strip(),
        name_hash=search_hash(facts.name.strip(), NAME_PLACE),
        id_kind=facts.id_kind,
        id_number=number,
        id_hash=search_hash(number, ID_PLACE),
        region=Region.objects.at(facts.region_code) if facts.region_code else None,
        phone=facts.phone,
        born_on=born_on,
        sex=sex,
    )
    facts_kept = {"kind": facts.kind, "verified": verified}
    journal.record("people.party_recorded", subject=str(party), by=by or str(party), now=now, facts=facts_kept)
    return party


def _checked_number(facts: PartyFacts, today: date) -> tuple[str, date | None, str | None]:
    if facts.id_kind is IdKind.RESIDENT_ID:
        resident = parse_resident_id(facts.id_number, today=today)
        return resident.text, resident.born, resident.sex
    if facts.id_kind is IdKind.BUSINESS_LICENCE:
        return parse_credit_code(facts.id_number).text, None, None
    return typed(facts.id_number), facts.born_on, facts.sex


def _same_person(known: Party, name: str) -> Party:
    if known.name != name.strip():
        raise CannotRecordParty(
            zh="该证件号码已登记在另一个姓名下。请核对姓名和号码；若已改名，请先到公安机关办理变更。",
            en="This number is already recorded under another name. Check both; after a change of name, "
            "have it changed in the household register first.",
        )
    return known


@transaction.atomic
def open_account(
    *,
    login: str,
    password: str,
    by: str,
    now: datetime,
    party_id: int | None = None,
    staff_id: int | None = None,
    assurance: Assurance = Assurance.REGISTERED,
) -> Account:
    """Open an account with a password. Raises CannotOpenAccount for a login in use or a weak password."""
    if Account.objects.filter(login=login).exists():
        raise CannotOpenAccount(
            zh=f"账号名“{login}”已被使用。请换一个，或用它登录。",
            en=f"The login '{login}' is taken. Choose another, or sign in with it.",
        )
    if (weak := password_fault(password)) is not None:
        raise CannotOpenAccount(zh=weak.zh, en=weak.en)
    _check_identified(party_id, assurance)
    account = Account.objects.create_user(login, password, party_id=party_id, staff_id=staff_id, assurance=assurance)
    journal.record("people.account_opened", subject=str(account), by=by, now=now, facts={"assurance": assurance})
    return account


@transaction.atomic
def record_claim(*, facts: PartyFacts, now: datetime) -> Party:
    """Record what somebody says of himself: an unverified party of its own, apart from the verified one."""
    return _new_party(facts, _checked_number(facts, now.date()), verified=False, by="", now=now)


def _check_identified(party_id: int | None, assurance: Assurance) -> None:
    """An account sees a verified party's records only after its person was identified, and the other way round."""
    party = Party.objects.filter(pk=party_id or 0).first()
    if party is not None and party.verified != (assurance in {Assurance.REAL_NAME, Assurance.SIGNED}):
        raise CannotOpenAccount(
            zh="认证等级与身份核验不符：核验过的人使用实名账号，未核验的人先注册、再到窗口实名。",
            en="The level does not fit: identified persons have real-name accounts; others register first and are "
            "then identified at a window.",
        )


@transaction.atomic
def register(*, login: str, password: str, name: str, id_number: str, phone: str, now: datetime) -> Account:
    """Open an account for somebody who says who he is: registered, not real-name, and without any records.

    Raises CannotReadForm with a sentence for each field, and CannotOpenAccount for a login in use.
    """
    facts = PartyFacts(name=name, id_number=id_number, phone=phone)
    check_registration(login=login, password=password, facts=facts, today=now.date())
    party = record_claim(facts=facts, now=now)
    return open_account(login=login, password=password, party_id=party.pk, by=str(party), now=now)


@transaction.atomic
def confirm_identity(*, account_id: int, assurance: Assurance, by: str, now: datetime) -> None:
    """Make an account real-name (or signed) after its person was identified.

    The account moves to the verified party of the same number and name; if there is none, its own becomes verified.
    Raises CannotRecordParty when the number belongs to another name.
    """
    account = Account.objects.select_for_update(of=("self",)).select_related("party").get(pk=account_id)
    own = account.party
    if own is None:
        raise CannotOpenAccount(
            zh="该账号没有登记个人信息，不能实名。请先填写姓名和证件号码。",
            en="This account names no person, so it cannot become real-name. Give name and document number first.",
        )
    known = verified_party(own.id_number)
    if known is None:
        own.verified = True
        own.save(update_fields=["verified"])
    account.party = own if known is None else _same_person(known, own.name)
    account.assurance = assurance
    account.save(update_fields=["party", "assurance"])
    journal.record("people.assurance_raised", subject=str(account), by=by, now=now, facts={"assurance": assurance})


@transaction.atomic
def appoint_staff(
    *,
    name: str,
    organisation_id: int,
    post: str,
    roles: Iterable[Role],
    by: str,
    now: datetime,
    region_code: str | None = None,
    hall_id: int | None = None,
) -> Staff:
    """Appoint somebody; the jurisdiction is the organisation's region unless a narrower one is given.

    Raises CannotAppoint when the jurisdiction or the hall lies outside the organisation's region.
    """
    organisation = Organisation.objects.select_related("region").get(pk=organisation_id)
    region = Region.objects.at(region_code) if region_code else organisation.region
    hall = Hall.objects.select_related("region").get(pk=hall_id) if hall_id else None
    if not organisation.region.contains(region) or (hall and not organisation.region.contains(hall.region)):
        raise CannotAppoint(
            zh=f"管辖区域或大厅不在{organisation.name}所在区划内。请选择本区划内的区域和大厅。",
            en=f"The jurisdiction or the hall lies outside the region of {organisation.name_en}. Choose within it.",
        )
    staff = Staff.objects.create(
        name=name, organisation=organisation, post=post, roles=[*roles], region=region, hall=hall
    )
    facts = {"organisation": str(organisation.public_id), "post": post}
    journal.record("people.staff_appointed", subject=str(staff), by=by, now=now, facts=facts)
    return staff


@transaction.atomic
def give_mandate(
    *,
    holder_id: int,
    agent_id: int,
    valid_from: date,
    by: str,
    now: datetime,
    scope: str = "all",
    valid_to: date | None = None,
) -> Mandate:
    """Record that a party lets another act for it, agreed by both before. What begins in the portal is offered first.

    Raises CannotGiveMandate for days in the wrong order or oneself.
    """
    if holder_id == agent_id or (valid_to is not None and valid_to < valid_from):
        raise CannotGiveMandate(
            zh="授权的双方应是不同的人，截止日不能早于起始日。请修改后再提交。",
            en="A mandate is between two different parties and cannot end before it begins. Change it and try again.",
        )
    mandate = Mandate.objects.create(
        holder_id=holder_id,
        agent_id=agent_id,
        scope=scope,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by=by,
        granted_at=now,
        accepted_at=now,
    )
    facts = {"mandate": mandate.pk, "agent": str(mandate.agent), "scope": scope}
    journal.record("people.mandate_given", subject=str(mandate.holder), by=by, now=now, facts=facts)
    return mandate


@transaction.atomic
def end_mandate(*, mandate_id: int, by: str, now: datetime) -> None:
    """End a mandate from now on. Raises CannotGiveMandate if it has ended already."""
    mandate = Mandate.objects.select_for_update().get(pk=mandate_id)
    if mandate.ended_at is not None:
        raise CannotGiveMandate(
            zh="该授权已经终止，无需再次操作。", en="This mandate has ended already; nothing to do."
        )
    mandate.ended_at, mandate.ended_by = now, by
    mandate.save(update_fields=["ended_at", "ended_by"])
    facts = {"mandate": mandate.pk, "agent": str(mandate.agent)}
    journal.record("people.mandate_ended", subject=str(mandate.holder), by=by, now=now, facts=facts)


@transaction.atomic
def relate(*, kind: RelationKind, of_id: int, to_id: int, by: str, now: datetime) -> None:
    """Record a family relation; marriage holds both ways. Again is harmless."""
    pairs = [(of_id, to_id), (to_id, of_id)] if kind is RelationKind.SPOUSE else [(of_id, to_id)]
    for of, to in pairs:
        _, is_new = Relation.objects.get_or_create(kind=kind, of_id=of, to_id=to)
        if is_new:
            subject = str(Party.objects.get(pk=to))
            journal.record("people.related", subject=subject, by=by, now=now, facts={"kind": kind})


@transaction.atomic
def look_up_party(*, id_number: str, name: str, by: str, now: datetime) -> UUID | None:
    """Find somebody at a window by document number and name; both must fit. Returns the public id, or None.

    Every look is in the journal of the person who was found. A wrong name finds nobody: numbers can be guessed.
    """
    found = verified_party(typed(id_number))
    if found is None or found.name != name.strip():
        return None
    journal.record("people.party_looked_up", subject=str(found), by=by, now=now)
    return found.public_id
