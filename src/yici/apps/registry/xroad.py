"""Our side as an X-Road provider: which members may ask what, and what they are told; every look-up in the journal."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from django.db import transaction
from django.utils import timezone
from msgspec import Meta, Struct

from yici.apps.journal import actions as journal
from yici.apps.people.actions import verified_party
from yici.apps.registry import live_sources, live_states, sources
from yici.apps.registry.connectors.settings import CannotConnect, XRoadId, converted
from yici.apps.registry.models import Dataset, Record, XRoadMember
from yici.apps.registry.source_acts import read_document
from yici.apps.registry.sources import SourceAnswer
from yici.rules.datasets import Sharing
from yici.rules.refusals import Refusal
from yici.rules.sharing import RecordStatus
from yici.rules.words import Words

MOST_IDS = 100
HERE = ("330000000000", "330000")  # a member asks the province, not one county of it


class CannotServe(Refusal):
    """The member is not let in, or not to this; ``kind`` is X-Road's type of the error."""

    def __init__(self, kind: str, *, zh: str, en: str) -> None:
        super().__init__(zh=zh, en=en)
        self.kind = kind


class _Name(Struct, frozen=True, forbid_unknown_fields=True):
    zh: Annotated[str, Meta(min_length=1, max_length=120)]
    en: Annotated[str, Meta(min_length=1, max_length=200)]


class _Allowed(Struct, frozen=True, forbid_unknown_fields=True):
    fields: Annotated[list[str], Meta(min_length=1)]
    purpose: Annotated[str, Meta(min_length=4, max_length=300)]
    basis: Annotated[str, Meta(min_length=4, max_length=300)]


class _Member(Struct, frozen=True, forbid_unknown_fields=True):
    name: _Name
    allowed: Annotated[dict[str, _Allowed], Meta(min_length=1)]
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A member that was let in."""

    client: str
    name: Words
    allowed: Mapping[str, Mapping[str, object]]

    @property
    def label(self) -> str:
        """What the journal writes as ``by``."""
        return f"xroad:{self.client}"[:160]


@transaction.atomic
def admit_members(*, path: Path, by: str, now: datetime) -> dict[str, str]:
    """Let members ask us as a file says, and return the new token of each: it is kept as a hash only.

    Raises CannotConnect for a file that cannot be read or names what is not shared.
    """
    members = converted(read_document(path, "members"), dict[XRoadId, _Member], "members")
    tokens = {client: secrets.token_urlsafe(32) for client in members}
    for client, member in members.items():
        for key, allowed in member.allowed.items():
            _check_shared(key, allowed.fields)
        XRoadMember.objects.update_or_create(client=client, defaults=_columns(member, tokens[client]))
    facts = {"members": sorted(members)}
    journal.record("registry.members_admitted", subject="registry", by=by, now=now, facts=facts)
    return tokens


def _columns(member: _Member, token: str) -> dict[str, object]:
    return {
        "name": member.name.zh,
        "name_en": member.name.en,
        "allowed": {
            key: {"fields": sorted(one.fields), "purpose": one.purpose, "basis": one.basis}
            for key, one in member.allowed.items()
        },
        "token_hash": _hashed(token),
        "valid_to": member.valid_to,
        "enabled": True,
    }


def _check_shared(key: str, fields: Collection[str]) -> None:
    dataset = Dataset.objects.filter(key=key).first()
    if dataset is None or not set(fields) <= set(dataset.fields):
        raise CannotConnect(
            zh=f"数据资源目录中没有“{key}”的这些字段。",
            en=f"The list of datasets does not have these fields of '{key}'.",
        )
    if dataset.sharing == Sharing.NOT_SHARED:
        raise CannotConnect(
            zh=f"“{dataset.name}”不予共享（{dataset.ground}），不能授权。",
            en=f"'{dataset.name_en}' is not shared ({dataset.ground}): nobody can be let in.",
        )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def member_of(client: str, token: str, *, now: datetime) -> Member:
    """Return the member that asks. Raises CannotServe for a stranger, the same sentence whatever was wrong."""
    row = XRoadMember.objects.filter(client=client, enabled=True).first()
    kept = row.token_hash if row else _hashed("nobody")
    fits = hmac.compare_digest(kept, _hashed(token))
    if row is None or not fits or (row.valid_to and row.valid_to < timezone.localdate(now)):
        raise CannotServe(
            "Server.ServerProxy.AccessDenied",
            zh="X-Road-Client 不是已接入的成员，或令牌不对、已过期。请与我们的数据管理部门联系。",
            en="X-Road-Client is no member we know, or its token is wrong or has ended. Ask our data office.",
        )
    return Member(row.client, Words(row.name, row.name_en), row.allowed)


def services() -> dict[str, Words]:
    """Return the datasets that can be asked for over X-Road at all."""
    rows = Dataset.objects.exclude(sharing=Sharing.NOT_SHARED).order_by("key")
    return {row.key: Words(row.name, row.name_en) for row in rows}


def fields_of(dataset: str) -> dict[str, Words]:
    """Return the fields of a dataset that is shared, {} for any other."""
    row = Dataset.objects.filter(key=dataset).exclude(sharing=Sharing.NOT_SHARED).first()
    return {name: Words(**words) for name, words in row.fields.items()} if row else {}


def look_up(
    *, member: Member, dataset: str, ids: Collection[str], fields: Collection[str], message: str, now: datetime
) -> dict[str, dict[str, object]]:
    """Return what is held about each number, within the member's grant; one journal line a known person.

    Raises CannotServe for what was not granted, and when the owner's own source does not answer: half an answer
    would look like nothing being there.
    """
    allowed = _allowed(member, dataset, fields)
    found: dict[str, dict[str, object]] = {}
    silent: Words | None = None
    for number in ids:
        party = verified_party(number)
        if party is None:
            continue
        answer, values = _held(party.pk, dataset, frozenset(fields), now)
        silent = silent or (answer.failure if answer else None)
        facts = {
            "dataset": dataset,
            "fields": sorted(fields),
            "purpose": allowed["purpose"],
            "basis": allowed["basis"],
            "case": f"xroad:{message}",
            "found": sorted(f"{dataset}.{name}" for name in values),
            **live_states.facts_of(answer),
        }
        journal.record("registry.looked_up", subject=str(party), by=member.label, now=now, facts=facts)
        if values:
            found[number] = values
    if silent is not None:
        raise CannotServe("Server.ServerProxy.ServiceFailed", zh=silent.zh, en=silent.en)
    return found


def _allowed(member: Member, dataset: str, fields: Collection[str]) -> Mapping[str, object]:
    granted = member.allowed.get(dataset)
    names = granted.get("fields") if granted else None
    # What was closed after the grant is closed: the law's ground stands above a list of ours.
    is_shared = bool(fields_of(dataset))
    if granted is None or not isinstance(names, list) or not is_shared or not set(fields) <= set(names):
        raise CannotServe(
            "Server.ServerProxy.AccessDenied",
            zh=f"没有授权贵方查询“{dataset}”的这些字段。请先申请。",
            en=f"You were not granted these fields of '{dataset}'. Apply for them first.",
        )
    return granted


def _held(
    party_id: int, dataset: str, fields: frozenset[str], now: datetime
) -> tuple[SourceAnswer | None, dict[str, object]]:
    record = Record.objects.filter(party_id=party_id, dataset__key=dataset).first()
    # What waits for its owner's confirmation is not passed on to others as the owner's word.
    is_good = record is not None and record.status == RecordStatus.AVAILABLE
    stored = {k: v for k, v in record.values.items() if k in fields} if record and is_good else {}
    party = live_sources.party_key(party_id)
    answer = sources.read(party=party, region_path=HERE, dataset=dataset, fields=fields, now=now) if party else None
    whole = live_states.content_over(stored, answer, is_pending=False)
    return answer, {name: value for name, value in whole.items() if value not in (None, "")}
