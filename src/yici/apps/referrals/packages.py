"""The package for the centre: every item that national law keeps from zero visits, each with its blocking article."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import Viewer
from yici.apps.referrals.models import Referral
from yici.apps.referrals.rights import may_enter
from yici.apps.referrals.views import addressee_words
from yici.apps.reform.models import ExceptionItem
from yici.rules.clock_courses import local_day
from yici.rules.grounds import grounds_of
from yici.rules.items import Catalogue, Item, LegalBasis, WayKind
from yici.rules.levels import Level
from yici.rules.people import Role
from yici.rules.planner import presences_of
from yici.rules.referral_course import ReferralState, is_late
from yici.rules.referrals import Body
from yici.rules.words import Words

COLUMNS = (
    "item", "name", "name_en", "burden", "burden_en", "law", "article", "level", "ask", "docket", "state", "due_on",
    "source",
)  # fmt: skip
_CENTRAL = [one for one in Body if one.is_central]
_NATIONAL = (Level.ADMINISTRATIVE_REGULATION, Level.NATIONAL_LAW)
_TO = {
    Level.ADMINISTRATIVE_REGULATION: Body.STATE_COUNCIL.words,
    Level.NATIONAL_LAW: Body.NATIONAL_CONGRESS.words,
}


@dataclass(frozen=True, slots=True)
class Blocked:
    """One burden that stands on national law. ``asked``: who can change it; ``docket``: of a referral there is."""

    item_key: str
    item: Words
    burden: Words
    law: Words
    article: str
    level: Words
    asked: Words
    docket: str
    state: Words | None
    due_on: str
    late: bool
    source: Words

    def plain(self) -> tuple[str, ...]:
        """Return it as a row of the table, in the order of ``COLUMNS``."""
        state = self.state.zh if self.state else ""
        return (
            self.item_key, *self.item, *self.burden, self.law.zh, self.article, self.level.zh, self.asked.zh,
            self.docket, state, self.due_on, self.source.zh,
        )  # fmt: skip


def may_see_package(viewer: Viewer) -> bool:
    """Whether somebody works at what goes to the centre: the province's register, reform offices, liaisons."""
    return may_enter(viewer) and viewer.has_role(Role.UPWARD, Role.REFORM, Role.LIAISON)


def package(viewer: Viewer, *, now: datetime) -> list[Blocked]:
    """Return what the centre is asked to change: referrals, listed exceptions, then what the catalogue shows.

    Of the catalogue, only what makes somebody come: a presence, or an original that must be shown. Nothing for
    somebody who has no part in it.
    """
    if not may_see_package(viewer):
        return []
    whole = catalogue.catalogue_for("")
    rows = [*_referred(whole, now), *_excepted(whole), *_of_catalogue(whole)]
    found: dict[tuple[str, str, str], Blocked] = {}
    for one in rows:  # what was referred already is told once, with its docket number
        found.setdefault((one.item_key, one.law.zh, one.article), one)
    return list(found.values())


def _referred(whole: Catalogue, now: datetime) -> Iterator[Blocked]:
    rows = Referral.objects.filter(body__in=_CENTRAL).exclude(begun_on=None).exclude(state=ReferralState.CLOSED)
    for row in rows.select_related("seat").order_by("begun_on", "pk"):
        state = ReferralState(row.state)
        yield Blocked(
            item_key=row.item_key,
            item=_name(whole, row.item_key) or Words(row.title, row.title_en),
            burden=Words(row.title, row.title_en),
            law=Words(row.law, row.law_en or row.law),
            article=row.article,
            level=Level(row.level).words,
            asked=addressee_words(row),
            docket=row.docket,
            state=state.words,
            due_on=str(row.due_on or "") if state.awaits_answer else "",
            late=is_late(state, row.due_on, local_day(now)),
            source=Words("移送", "Referral"),
        )


def _excepted(whole: Catalogue) -> Iterator[Blocked]:
    rows = ExceptionItem.objects.select_related("reference").filter(reference__level__in=_NATIONAL)
    for row in rows.order_by("item_key"):
        law = row.reference
        name = _name(whole, row.item_key) or Words(row.item_key, row.item_key)
        basis = LegalBasis(law.title, law.article, Level(law.level), title_en=law.title_en)
        source = Words("例外事项目录（规定第四条）", "List of exceptions (art. 4)")
        yield _blocked(row.item_key, name, name, basis, source)


def _of_catalogue(whole: Catalogue) -> Iterator[Blocked]:
    source = Words("事项目录", "Catalogue")
    for item in sorted(whole.items.values(), key=lambda one: one.key):
        makes_come = _that_make_come(item)
        for one in grounds_of(item):
            if one.key in makes_come and one.basis.level in _NATIONAL:
                yield _blocked(item.key, item.name, one.burden, one.basis, source)


def _that_make_come(item: Item) -> frozenset[str]:
    """Return the presences, and the papers of which only the original will do."""
    originals = (one.key for one in item.requirements if {way.kind for way in one.ways} == {WayKind.ORIGINAL})
    return frozenset(originals) | {one.key for one in presences_of(item)}


def _blocked(key: str, item: Words, burden: Words, basis: LegalBasis, source: Words) -> Blocked:
    law, level = Words(basis.title, basis.title_en or basis.title), basis.level
    return Blocked(
        key, item, burden, law, basis.article, level.words, _TO[level], "", None, "", late=False, source=source
    )


def _name(whole: Catalogue, key: str) -> Words | None:
    found = whole.items.get(key)
    return found.name if found else None
