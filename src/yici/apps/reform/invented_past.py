"""Years of finished cases as rows: what measuring, judging and drawing need in numbers no simulation of lives reaches.

Every row is one a life would have left: application, case, step, visit, gap, dispute, ticket, comment, review. The
database makes them itself, in parts, so that ten millions take minutes and no memory. Words are one locked value each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from yici.apps.cases.models import Application, Case, Evidence, Step
from yici.apps.catalogue.models import BasicItem, Implementation
from yici.apps.halls.simulated_people import MARK, invented
from yici.apps.halls.visit_models import ExtraDemand, ServedVisit, VisitTouch
from yici.apps.journal import actions as journal
from yici.apps.people.encryption import keyring
from yici.apps.people.models import Staff
from yici.apps.places.models import Hall, Region
from yici.apps.planning.models import QuestionTally
from yici.apps.reform.invented_rows import INVENTED_AMENDMENTS, OPEN_FOR_COMMENTS, ROWS
from yici.apps.reform.models import Amendment, Comment
from yici.apps.registry.models import CorrectionSignal, Dataset, Gap
from yici.apps.reviews.models import Review
from yici.apps.tickets.models import Ticket
from yici.rules.refusals import Refusal
from yici.rules.simulated_years import Planted, Slot, slots_of

BY = "system:simulation"
PART = 200_000  # cases made at a time
PEOPLE = 200
PLACES = 100_000  # the fineness with which cases are shared among implementations
_MODELS: tuple[type[models.Model], ...] = (
    Application, Case, Step, Evidence, ServedVisit, VisitTouch, ExtraDemand, CorrectionSignal, Gap, Ticket, Comment,
    Review, QuestionTally,
)  # fmt: skip
# What the parts of a past have in common is added up.
_ADDED_UP = {
    "QuestionTally": """ON CONFLICT (month, event_key, item_key, question_key, region_code) DO UPDATE
SET asked = planning_questiontally.asked + excluded.asked, passed = planning_questiontally.passed + excluded.passed"""
}


class CannotInvent(Refusal):
    """There is nothing to invent a past of: no catalogue, no hall, no dataset."""


@dataclass(frozen=True, slots=True)
class Invented:
    """What was made, and the problems that were planted from ``planted_from`` on."""

    cases: int
    since: date
    months: int
    planted_from: date
    planted: tuple[Planted, ...]


@transaction.atomic
def invent_past(
    *, cases: int, seed: int, since: date, months: int = 12, problems: bool = True, now: datetime
) -> Invented:
    """Make finished cases over some months from the first of ``since``; problems are planted in the second half.

    The same seed on the same catalogue makes the same past. Raises CannotInvent.
    """
    first = since.replace(day=1)
    chance = Random(seed)
    slots, planted = slots_of(_implementations(chance), problems=problems)
    if not slots:
        raise _nothing()
    planted_from = _month_after(first, months // 2)
    terms = _terms(first, months, planted_from) | _people(chance, first, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [seed % 1_000_003 / 1_000_003])
        _analyse(cursor, Implementation, BasicItem, Region)
        _share_out(cursor, slots)
        _open_amendments(cursor, terms)
        for begin in range(0, cases, PART):
            _make_part(cursor, {**terms, "begin": begin, "count": min(PART, cases - begin), "cases": cases})
        cursor.execute("DROP TABLE invented_place, invented_amendment")
        _analyse(cursor, *_MODELS)
    facts = {"cases": cases, "seed": seed, "since": f"{first}", "planted": len(planted)}
    journal.record("reform.past_invented", subject=f"past:{seed}", by=BY, now=now, facts=facts)
    return Invented(cases, first, months, planted_from, tuple(planted))


def _implementations(chance: Random) -> list[tuple[int, str, str]]:
    rows = Implementation.objects.filter(active=True).order_by("code31")
    known: list[tuple[int, str, str]] = list(rows.values_list("pk", "basic__key", "region__code"))
    chance.shuffle(known)
    return known


def _month_after(first: date, months: int) -> date:
    years, place = divmod(first.month - 1 + months, 12)
    return date(first.year + years, place + 1, 1)


def _terms(first: date, months: int, planted_from: date) -> dict[str, Any]:
    days = (_month_after(first, months) - first).days
    return {"first": first, "days": days, "planted_from": planted_from}


def _people(chance: Random, first: date, now: datetime) -> dict[str, Any]:
    """Return whom the rows name: invented people, one clerk, one hall, one shared field."""
    hall, dataset = Hall.objects.order_by("pk").first(), Dataset.objects.order_by("key").first()
    clerk = Staff.objects.filter(roles__contains=["window"]).order_by("pk").first()
    if hall is None or dataset is None or clerk is None:
        raise _nothing()
    regions = list(Implementation.objects.order_by("code31").values_list("region__code", flat=True)[:PEOPLE])
    parties = [invented(chance, chance.choice(regions), now).pk for _ in range(PEOPLE)]
    held = {"parties": parties, "people": PEOPLE, "clerk": clerk.pk, "hall": hall.pk, "dataset": dataset.key}
    return {**held, "field": "number", "now": now, **_words()}


def _words() -> dict[str, str]:
    """Return the locked words: one value each, since to lock millions of them measures nothing."""
    places = {"facts": ("cases_application.facts_text", "{}"), "subject": ("tickets_ticket.subject", MARK)}
    places["detail"] = ("tickets_ticket.detail", MARK)
    return {name: keyring().lock(text, place) for name, (place, text) in places.items()}


def _nothing() -> CannotInvent:
    return CannotInvent(
        zh="没有可模拟的目录、大厅或数据集，请先载入演示数据或目录。",
        en="There is no catalogue, hall or dataset to invent a past of. Load the demonstration or a catalogue first.",
    )


def _analyse(cursor: Any, *of: type[models.Model]) -> None:
    """Let the planner know of many new rows at once: what counts them next would search as if there were none."""
    cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in of)}")


def _share_out(cursor: Any, slots: list[Slot]) -> None:
    """Give each implementation its places among a hundred thousand; a case draws one."""
    cursor.execute(
        "CREATE TEMP TABLE invented_slot (begin int, until int, implementation bigint, usual float8[], later float8[])"
    )
    reached = 0.0
    with cursor.copy("COPY invented_slot FROM STDIN") as copy:
        for slot in slots:
            begin, reached = round(reached * PLACES), reached + slot.share
            copy.write_row((begin, round(reached * PLACES), slot.implementation, list(slot.usual), list(slot.later)))
    cursor.execute(
        "CREATE TEMP TABLE invented_place AS "
        "SELECT generate_series(begin, until - 1) AS place, implementation, usual, later FROM invented_slot"
    )
    cursor.execute("DROP TABLE invented_slot")
    cursor.execute("CREATE INDEX ON invented_place (place)")
    cursor.execute("ANALYZE invented_place")


def _open_amendments(cursor: Any, terms: Mapping[str, Any]) -> None:
    """Open an amendment of each item for comments; the gate has them begin as drafts."""
    _insert(cursor, Amendment, ROWS["Amendment"], terms)
    cursor.execute(INVENTED_AMENDMENTS)
    cursor.execute(OPEN_FOR_COMMENTS, terms)


def _make_part(cursor: Any, terms: Mapping[str, Any]) -> None:
    cursor.execute(ROWS["past"], terms)
    for model in _MODELS:
        _insert(cursor, model, ROWS[model.__name__], terms)
    cursor.execute("DROP TABLE invented_past")


def _insert(cursor: Any, model: type[models.Model], source: str, terms: Mapping[str, Any]) -> None:
    """Insert the rows of ``source``, whose columns are named as the model's; what it leaves out has its default."""
    cursor.execute(f"SELECT * FROM ({source}) s LIMIT 0", terms)
    given = [column.name for column in cursor.description]
    left = [field for field in model._meta.concrete_fields if field.column not in given and not field.primary_key]
    columns = ", ".join(f'"{name}"' for name in [*given, *(str(field.column) for field in left)])
    defaults = {f"default_{field.name}": _default(field) for field in left}
    values = "".join(f", %(default_{field.name})s::{field.db_type(connection)}" for field in left)
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({columns}) SELECT s.*{values} FROM ({source}) s "
        f"{_ADDED_UP.get(model.__name__, '')}",
        {**terms, **defaults},
    )


def _default(field: "models.Field[Any, Any]") -> object:
    value = field.get_default()
    if field.has_default() and isinstance(value, UUID):
        raise AssertionError(f"{field}: an identity is not one value for all rows")
    return field.get_db_prep_save(value, connection)
