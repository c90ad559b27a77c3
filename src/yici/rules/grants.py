"""Grants: which item may read which fields of a dataset, for what, on which legal basis, and why it may not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yici.rules.words import Words

# 规定 art. 7: what can be taken from the public data platform is not asked of the applicant again.
ASK_ONCE_BASIS = "浙江省保障“最多跑一次”改革规定 第七条"


class GrantState(StrEnum):
    """Where a grant stands: requested, then approved or refused by the owner; an approved one may be revoked."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    REVOKED = "revoked"

    @property
    def words(self) -> Words:
        """Return the state as people read it."""
        return _STATES[self]


_STATES = {
    GrantState.REQUESTED: Words("待提供方审核", "Waiting for the owner"),
    GrantState.APPROVED: Words("已授权", "Granted"),
    GrantState.REFUSED: Words("不同意授权", "Refused"),
    GrantState.REVOKED: Words("已撤销", "Revoked"),
}


class Purpose(StrEnum):
    """What a look-up is for."""

    FILL_IN = "fill_in"
    EVIDENCE = "evidence"
    MANDATE = "mandate"

    @property
    def words(self) -> Words:
        """Return the purpose as the person reads it."""
        return _PURPOSES[self]


_PURPOSES = {
    Purpose.FILL_IN: Words("预填申请表，请本人确认", "Fill in the form for the person to confirm"),
    Purpose.MANDATE: Words("核对法定代表人，办理授权", "Check who heads the company before it gives a mandate"),
    Purpose.EVIDENCE: Words("代替本人提交材料", "Take the place of a paper the person would bring"),
}


def purpose_words(text: str) -> Words:
    """Return a known purpose in both languages, any other as it was written."""
    return Purpose(text).words if text in set(Purpose) else Words(text, text)


class Ground(StrEnum):
    """Why a field is not read; the order is how near the item was to a permission, the nearest last."""

    NO_TERMS = "no_terms"
    CASE_CLOSED = "case_closed"
    NOT_SHARED = "not_shared"
    NO_GRANT = "no_grant"
    OTHER_FIELDS = "other_fields"
    OTHER_REGION = "other_region"
    REFUSED = "refused"
    REVOKED = "revoked"
    WAITING = "waiting"

    @property
    def words(self) -> Words:
        """Return the ground as people read it."""
        return _GROUNDS[self]


_GROUNDS = {
    Ground.NO_TERMS: Words("没有说明用途、依据、事项或办件", "Purpose, legal basis, item or case was not given"),
    Ground.CASE_CLOSED: Words("办件已办结或申请已提交", "The case is closed, or the draft is submitted already"),
    Ground.NOT_SHARED: Words("该数据依法不予共享", "The data are not shared, by law"),
    Ground.NO_GRANT: Words("该事项没有取得授权", "The item has no grant"),
    Ground.OTHER_FIELDS: Words("超出授权的数据项范围", "The field is outside the grant"),
    Ground.OTHER_REGION: Words("授权不适用于该地区", "The grant does not hold in this region"),
    Ground.REFUSED: Words("提供方不同意授权", "The owner refused the grant"),
    Ground.REVOKED: Words("授权已撤销", "The grant was revoked"),
    Ground.WAITING: Words("授权尚待提供方审核", "The grant still waits for the owner"),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """An item's use of some fields of a dataset in a region and all regions in it.

    ``region`` is a code of 12 digits; ``since`` the local day of approval, ``until`` that of revocation: from that day
    on nothing is read.
    """

    key: str
    item: str
    dataset: str
    fields: frozenset[str]
    region: str
    state: GrantState
    since: date | None = None
    until: date | None = None

    def ground_against(self, region_path: frozenset[str], field: str, on: date) -> Ground | None:
        """Return why this grant does not let a field be read in a region on a day, or None if it does."""
        if field not in self.fields:
            return Ground.OTHER_FIELDS
        if self.region not in region_path:
            return Ground.OTHER_REGION
        if self.state in _CLOSED:
            return _CLOSED[self.state]
        in_force = self.since is not None and self.since <= on and (self.until is None or on < self.until)
        return None if in_force else Ground.WAITING


_CLOSED = {
    GrantState.REQUESTED: Ground.WAITING,
    GrantState.REFUSED: Ground.REFUSED,
    GrantState.REVOKED: Ground.REVOKED,
}


@dataclass(frozen=True, slots=True)
class Permit:
    """The fields may be read; ``grants`` says under which grant each of them."""

    grants: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing may be read, and why: the ground of the field that was furthest from a permission."""

    reason: Ground


def permission(
    grants: Iterable[Grant],
    item: str,
    region_path: Iterable[str],
    dataset: str,
    fields: Iterable[str],
    *,
    case_is_open: bool,
    on: date,
) -> Permit | Refused:
    """Return whether an item may read all these fields of a dataset for a case in a region on a day.

    All or nothing: ask field by field to learn which part is permitted. A closed case reads nothing, whatever was
    granted (规定 art. 39: not for what is no duty).

    >>> day = date(2018, 3, 5)
    >>> held = Grant("g1", "newborn", "marriages", frozenset({"spouse"}), "330000", GrantState.APPROVED, day)
    >>> permission([held], "newborn", ["330000"], "marriages", ["spouse"], case_is_open=True, on=day)
    Permit(grants={'spouse': 'g1'})
    >>> permission([held], "newborn", ["330000"], "marriages", ["spouse"], case_is_open=False, on=day)
    Refused(reason=<Ground.CASE_CLOSED: 'case_closed'>)
    """
    if not case_is_open:
        return Refused(Ground.CASE_CLOSED)
    path = frozenset(region_path)
    mine = [one for one in grants if one.item == item and one.dataset == dataset]
    found = {field: _of_field(mine, path, field, on) for field in fields}
    refused = [answer for answer in found.values() if isinstance(answer, Ground)]
    if refused:
        return Refused(min(refused, key=_nearness))
    return Permit({field: str(key) for field, key in found.items()})


def _of_field(mine: list[Grant], path: frozenset[str], field: str, on: date) -> str | Ground:
    nearest = Ground.NO_GRANT
    for grant in mine:
        ground = grant.ground_against(path, field, on)
        if ground is None:
            return grant.key
        nearest = max(nearest, ground, key=_nearness)
    return nearest


_NEARNESS = {ground: place for place, ground in enumerate(Ground)}


def _nearness(ground: Ground) -> int:
    return _NEARNESS[ground]


@dataclass(frozen=True, slots=True)
class Sorting:
    """A look-up sorted field by field: ``permitted`` to the key of its grant, ``refused`` to the ground."""

    permitted: Mapping[str, str]
    refused: Mapping[str, Ground]


def sort_fields(
    grants: Iterable[Grant],
    items: Iterable[str],
    region_path: Iterable[str],
    dataset: str,
    fields: Iterable[str],
    *,
    case_is_open: bool,
    on: date,
) -> Sorting:
    """Return which fields may be read for any of the items that ask together, and why the others may not.

    A field of the shared form is asked once for several items: the grant of one of them is enough to read it.
    """
    held, path, asking = list(grants), frozenset(region_path), list(items)
    permitted: dict[str, str] = {}
    refused: dict[str, Ground] = {}
    for field in fields:
        answers = [permission(held, item, path, dataset, [field], case_is_open=case_is_open, on=on) for item in asking]
        permit = next((one for one in answers if isinstance(one, Permit)), None)
        if permit:
            permitted |= permit.grants
        else:
            grounds = [one.reason for one in answers if isinstance(one, Refused)]
            refused[field] = max(grounds, key=_nearness, default=Ground.NO_TERMS)
    return Sorting(permitted, refused)


def is_granted_to_all(
    grants: Iterable[Grant], items: Iterable[str], region_path: Iterable[str], dataset: str, field: str, *, on: date
) -> bool:
    """Whether planning may count on a field: every item of the need that asks for it may read it, and one does ask.

    Stricter than reading: a plan speaks for all items of a need at once, and must not promise to one of them what only
    another one is granted. ``grants``: those whose item still asks for the fields.
    """
    held, path = list(grants), frozenset(region_path)
    wanted = set(items)
    asking = {one.item for one in held if one.item in wanted and one.dataset == dataset and field in one.fields}
    return bool(asking) and all(
        isinstance(permission(held, item, path, dataset, [field], case_is_open=True, on=on), Permit) for item in asking
    )
