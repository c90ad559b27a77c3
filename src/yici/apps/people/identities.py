"""Which account a confirmed identity opens: by issuer and subject alone; others are joined by signing in with both."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from yici.apps.journal import actions as journal
from yici.apps.people.actions import ID_PLACE, record_party
from yici.apps.people.encryption import search_hash, search_hashes
from yici.apps.people.facts import PartyFacts
from yici.apps.people.models import Account, Party, ProviderIdentity
from yici.apps.people.provider_answers import Identity
from yici.apps.people.provider_refusals import CannotSignIn
from yici.rules.assurance import is_identified
from yici.rules.codes.refusals import typed
from yici.rules.items import Assurance

SUBJECT_PLACE = "people_provideridentity.subject"


@dataclass(frozen=True, slots=True)
class WayToSignIn:
    """One way into an account, as its person reads it."""

    issuer: str
    joined_at: datetime


def ways_of(account_id: int) -> list[WayToSignIn]:
    """Return the identities joined with an account, oldest first."""
    rows = ProviderIdentity.objects.filter(account_id=account_id).order_by("joined_at")
    return [WayToSignIn(row.issuer, row.joined_at) for row in rows]


def has_password(account_id: int) -> bool:
    """Whether an account can be signed in to with a password."""
    found = Account.objects.filter(pk=account_id).first()
    return found is not None and found.has_usable_password()


def _known(identity: Identity) -> ProviderIdentity | None:
    hashes = search_hashes(identity.subject, SUBJECT_PLACE)
    rows = ProviderIdentity.objects.filter(issuer=identity.issuer, subject_hash__in=hashes)
    return rows.select_related("account__party").select_for_update(of=("self",)).first()


@transaction.atomic
def account_for(*, identity: Identity, now: datetime) -> Account:
    """Return the account of an identity, opened on its first sign-in. Raises CannotSignIn.

    A person identified for the first time now moves to the verified party of the number; the level itself belongs to
    the session, so the account keeps no more than "real-name".
    """
    known = _known(identity)
    if known is None:
        return _opened(identity, now)
    if not known.account.is_active:
        raise CannotSignIn(
            zh="这个账号已停用。请携带身份证到任一综合窗口办理。",
            en="This account is closed. Bring your identity card to any integrated window.",
        )
    _identify(known.account, identity, now)
    return known.account


def _opened(identity: Identity, now: datetime) -> Account:
    # The login is for us alone: the person signs in at the provider.
    account = Account.objects.create_user(f"idp-{uuid4().hex}", None, assurance=Assurance.REGISTERED)
    journal.record("people.account_opened", subject=str(account), by=str(account), now=now, facts={"way": "provider"})
    _identify(account, identity, now)
    _join(account, identity, now)
    return account


def _identify(account: Account, identity: Identity, now: datetime) -> None:
    """Tie an account to the person the provider names, if it says number and name and is sure enough."""
    if account.staff_id is not None or not is_identified(identity.level):
        return
    if not (identity.id_number and identity.name):
        return
    party = _party(identity, str(account), now)
    if account.party is not None and account.party.verified and account.party_id != party.pk:
        raise _somebody_else()
    if account.party is not None and not account.party.verified and not _same_claim(account.party, identity):
        raise _somebody_else()
    if account.party_id == party.pk and is_identified(Assurance(account.assurance)):
        return
    account.party, account.assurance = party, Assurance.REAL_NAME
    account.save(update_fields=["party", "assurance"])
    facts = {"assurance": Assurance.REAL_NAME, "way": "provider"}
    journal.record("people.assurance_raised", subject=str(account), by=str(account), now=now, facts=facts)


def _same_claim(own: Party, identity: Identity) -> bool:
    return own.id_hash in search_hashes(typed(identity.id_number), ID_PLACE) and own.name == identity.name


def _party(identity: Identity, by: str, now: datetime) -> Party:
    return record_party(facts=PartyFacts(name=identity.name, id_number=identity.id_number), by=by, now=now)


def _somebody_else() -> CannotSignIn:
    return CannotSignIn(
        zh="统一身份认证确认的人与这个账号登记的不是同一个人，没有关联。请退出后分别登录；资料有误请到窗口更正。",
        en="The person the identity service names is not the one of this account; nothing was joined. Sign out and use "
        "each on its own; if the data are wrong, have them corrected at a window.",
    )


def _join(account: Account, identity: Identity, now: datetime) -> None:
    ProviderIdentity.objects.create(
        account=account,
        issuer=identity.issuer,
        subject=identity.subject,
        subject_hash=search_hash(identity.subject, SUBJECT_PLACE),
        joined_at=now,
    )
    facts = {"issuer": identity.issuer}
    journal.record("people.identity_joined", subject=str(account), by=str(account), now=now, facts=facts)


@transaction.atomic
def join(*, account_id: int, identity: Identity, now: datetime) -> Account:
    """Join an identity with the account that is signed in: both have just been proved by the same browser.

    Raises CannotSignIn when they are different people, or when the provider does not say who it is. An account that
    the provider alone opened before for the same person is closed: it owns nothing, everything belongs to the party.
    """
    account = Account.objects.select_for_update(of=("self",)).select_related("party").get(pk=account_id)
    if account.staff_id is None and not (is_identified(identity.level) and identity.id_number and identity.name):
        raise CannotSignIn(
            zh="统一身份认证没有确认您的实名，不能关联。请先在那里完成实名认证。",
            en="The identity service has not confirmed who you are, so nothing was joined. Have your identity "
            "confirmed there first.",
        )
    _identify(account, identity, now)
    known = _known(identity)
    if known is None:
        _join(account, identity, now)
    elif known.account_id != account.pk:
        _take_over(known, account, now)
    return account


def _take_over(known: ProviderIdentity, account: Account, now: datetime) -> None:
    other = known.account
    if account.party_id is None or other.party_id != account.party_id or other.has_usable_password():
        raise _somebody_else()
    other.is_active = False
    other.save(update_fields=["is_active"])
    other.sessions.all().delete()
    known.account = account
    known.save(update_fields=["account"])
    facts = {"issuer": known.issuer, "closed": str(other)}
    journal.record("people.identity_joined", subject=str(account), by=str(account), now=now, facts=facts)
