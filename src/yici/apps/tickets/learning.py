"""The text model in the product: what it proposes for a text, what people corrected, training anew, and back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.tickets.meaning.messages import Message
from yici.apps.tickets.meaning.model import FEWEST_MESSAGES
from yici.apps.tickets.meaning.versions import Version, Versions, versions_in
from yici.apps.tickets.models import Classification, Example, Ticket
from yici.rules.people import Role
from yici.rules.ticket_categories import CATEGORIES, LEAVES
from yici.rules.tickets import CannotHandleTicket
from yici.rules.words import Words

TRAINING = "tickets.train"  # the worker's name for it
MOST_TICKETS = 20_000  # of the newest classified ones: what people say changes
_BY_NAME = {one.words.zh: one.key for one in LEAVES}


@dataclass(frozen=True, slots=True)
class Likely:
    """A proposed category with its probability; ``key`` is empty for one that is not in the tree of categories."""

    key: str
    words: Words
    probability: float


@dataclass(frozen=True, slots=True)
class Guess:
    """What the model says of a text. Only of a ``confident`` one the first is chosen beforehand, by nobody's hand."""

    top3: tuple[Likely, ...]
    confident: bool
    version: str
    precedents: tuple[str, ...] = ()

    @property
    def preselected(self) -> str:
        """Return the category to choose beforehand, empty below the threshold of its category."""
        return self.top3[0].key if self.confident and self.top3 else ""


def versions() -> Versions:
    """Return the versions of the model in the data folder."""
    return versions_in(Path(settings.DATA_DIR))


def guess(text: str) -> Guess | None:
    """Return what the current model says of a text; None where none has been trained, or nothing is said."""
    kept = versions()
    model = kept.current()
    if model is None or not text.strip():
        return None
    proposal = model.propose(text)
    nearest = tuple(one.id for one in model.nearest(text, 3))
    top3 = tuple(_likely(label, probability) for label, probability in proposal.top3)
    return Guess(top3, proposal.confident, str(kept.current_number()), nearest)


def _likely(label: str, probability: float) -> Likely:
    key = label if label in CATEGORIES else _BY_NAME.get(label, "")
    return Likely(key, CATEGORIES[key].words if key else Words(label, label), probability)


@dataclass(frozen=True, slots=True)
class Taught:
    """What a training would learn from: messages a category, those left out as too few, corrections among them."""

    messages: int
    categories: int
    too_few: tuple[Words, ...]
    corrections: int


def taught() -> Taught:
    """Return what the next training would learn from."""
    counts: dict[str, int] = {}
    for category in [*_categories_of_examples(), *_given().values()]:
        counts[category] = counts.get(category, 0) + 1
    few = tuple(_likely(key, 0).words for key, times in sorted(counts.items()) if times < FEWEST_MESSAGES)
    used = [times for times in counts.values() if times >= FEWEST_MESSAGES]
    return Taught(sum(used), len(used), few, corrections())


def _categories_of_examples() -> list[str]:
    return list(Example.objects.values_list("category", flat=True))


def corrections() -> int:
    """Return how many tickets people gave another category than the model had proposed."""
    rows = _by_people().exclude(proposed="").values_list("ticket_id", "category", "proposed").order_by("pk")
    newest = {ticket: category != proposed for ticket, category, proposed in rows}
    return sum(newest.values())


def _by_people() -> QuerySet[Classification]:
    return Classification.objects.filter(by__startswith="staff:", ticket__emptied_at=None, ticket__sealed=False)


def _given() -> dict[int, str]:
    """Return the category people gave each of the newest tickets, the last word counting; never of a sealed report."""
    rows = _by_people().order_by("-pk").values_list("ticket_id", "category")[:MOST_TICKETS]
    return dict(reversed(list(rows)))


def _messages() -> Iterator[Message]:
    for example in Example.objects.order_by("pk").iterator(chunk_size=1000):
        yield Message(example.external_id, example.subject, example.detail, label=example.category)
    given = _given()
    for ticket in Ticket.objects.filter(pk__in=given).only("pk", "reference", "subject", "detail").order_by("pk"):
        yield Message(ticket.reference, ticket.subject, ticket.detail, label=given[ticket.pk])


def retrain(*, by: str, now: datetime) -> Version:
    """Train on all examples and on every category people gave, evaluate, and make the version current.

    A category with fewer than five messages waits. Raises model.CannotTrain.
    """
    rows = list(_messages())
    counts: dict[str, int] = {}
    for one in rows:
        counts[one.label] = counts.get(one.label, 0) + 1
    made = versions().retrain([one for one in rows if counts[one.label] >= FEWEST_MESSAGES], now=now)
    facts = {"messages": made.messages, "macro_f1": made.evaluation["macro_f1"]}
    journal.record("ticket.model_trained", subject=f"model:{made.number}", by=by, now=now, facts=facts)
    return made


def may_train(viewer: Viewer) -> bool:
    """Whether somebody may train and take back the one model of the installation: the hotline of the whole province."""
    return viewer.has_role(Role.HOTLINE, Role.ADMIN) and (viewer.region_path or "").count("/") == 1


def _check_may(by: Viewer) -> None:
    if not may_train(by):
        raise CannotHandleTicket(
            zh="文本模型由省级热线统一训练和退回。请联系省级热线。",
            en="The hotline of the province trains the text model and takes it back. Ask it to.",
        )


@transaction.atomic
def ask_retrain(*, by: Viewer, now: datetime) -> None:
    """Let the worker train anew from all corrections; asking again while it runs is the same training."""
    _check_may(by)
    if is_training():
        return
    journal.record("ticket.model_asked", subject="model:next", by=by.label, now=now)
    app.configure_task(TRAINING, allow_unknown=True).defer(by=by.label)


def is_training() -> bool:
    """Whether a training waits for the worker or is under way."""
    return ProcrastinateJob.objects.filter(task_name=TRAINING, status__in=["todo", "doing"]).exists()


@transaction.atomic
def roll_back(*, number: int, by: Viewer, now: datetime) -> None:
    """Make an earlier version current again. Raises CannotUseVersion and CannotHandleTicket."""
    _check_may(by)
    versions().roll_back(number)
    journal.record("ticket.model_rolled_back", subject=f"model:{number}", by=by.label, now=now)
