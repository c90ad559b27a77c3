"""What may be seen of proposals and what is done with them: taken up as an amendment, or closed with a reason."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yici.apps.catalogue import queries as catalogue
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places.months import bounds, earlier
from yici.apps.reform import actions
from yici.apps.reform.critical_paths import CriticalPath, critical_paths
from yici.apps.reform.left_questions import LeftQuestion, left_questions
from yici.apps.reform.models import Amendment, Proposal, SuggestedChange
from yici.apps.reform.naming import Names
from yici.apps.reform.replaying import ReplayView, replay_view
from yici.apps.reform.rights import is_office, reach_of
from yici.apps.reform.said import Exemplary, Said, comments, exemplary
from yici.apps.reform.take_back import TakenBack, taken_back
from yici.apps.registry.models import Gap
from yici.rules.amendments import CannotAmend
from yici.rules.burden import Component
from yici.rules.gaps import CAUSE_WORDS
from yici.rules.grounds import Ground, grounds_of
from yici.rules.items import Item, as_event
from yici.rules.plans import Availability
from yici.rules.proof import Verdict, VerdictKind, prove
from yici.rules.signals import SignalKind
from yici.rules.suggestions import SuggestionKind
from yici.rules.words import Words

NoSuchProposal = (Proposal.DoesNotExist, SuggestedChange.DoesNotExist)
MOST_SHOWN, MOST_GAPS = 200, 20
LONGEST = 1_000
GAP_MONTHS = 12


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One proposal in the list."""

    row: Proposal
    kind: SignalKind
    name: Words
    regions: tuple[Words, ...]
    events: int
    expected: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One county beside expectation: ``rate`` and its interval are relative (1 is as expected) and shrunk."""

    region: Words
    events: int
    of: int
    expected: float
    limit: float
    rate: float
    lower: float
    upper: float
    stands_out: bool


@dataclass(frozen=True, slots=True)
class GapLine:
    """A datum that could not be fetched for the item, why, and how often in a year."""

    datum: Words
    cause: Words
    count: int


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A suggested change as it is shown: proved, weighed and replayed."""

    row: SuggestedChange
    kind: Words
    words: Words
    verdict: Words
    gains: tuple[tuple[Words, Words], ...]
    replay: ReplayView | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is known of a proposal. ``verdict`` is None when the item is in the catalogue no longer."""

    line: ProposalLine
    figures: tuple[Figure, ...]
    tickets: tuple[Exemplary, ...]
    comments: tuple[Said, ...]
    gaps: tuple[GapLine, ...]
    grounds: tuple[Ground, ...]
    verdict: Verdict | None
    suggestions: tuple[SuggestionView, ...]
    paths: tuple[CriticalPath, ...]
    questions: tuple[LeftQuestion, ...]
    taken_back: tuple[TakenBack, ...]


def proposals(viewer: Viewer) -> list[ProposalLine]:
    """Return the proposals of the viewer's region, open ones first; a department's head sees those of its items."""
    names = Names()
    return [_line(row, names) for row in Proposal.objects.all()[:MOST_SHOWN] if _may_see(viewer, row)]


def dossier(viewer: Viewer, public_id: UUID) -> Dossier:
    """Return a proposal with its dossier. Raises Proposal.DoesNotExist for what is not the viewer's."""
    row, names = _own(viewer, public_id), Names()
    item = catalogue.catalogue_for("").items.get(row.item_key)
    return Dossier(
        line=_line(row, names),
        figures=tuple(_figure(one, row.regions, names) for one in row.figures),
        tickets=tuple(exemplary(row)),
        comments=comments(row),
        gaps=tuple(_gaps(row)),
        grounds=tuple(grounds_of(item)) if item else (),
        verdict=prove(as_event(item), catalogue.catalogue_for("")) if item else None,
        suggestions=tuple(_suggestions(item, names)) if item else (),
        paths=critical_paths(row.item_key, row.month, row.regions),
        questions=left_questions(row.item_key, row.month, row.regions),
        taken_back=tuple(taken_back(viewer, row.month, row.item_key)),
    )


@transaction.atomic
def take_up(*, proposal_id: UUID, suggestion_id: UUID, by: Viewer, now: datetime) -> Amendment:
    """Turn a suggested change into a draft amendment. Raises CannotAmend when the item has changed since."""
    row = _locked(by, proposal_id)
    suggestion = SuggestedChange.objects.get(public_id=suggestion_id, item_key=row.item_key)
    if suggestion.base_text != catalogue.text_of(row.item_key):
        raise CannotAmend(
            zh="事项在此期间有改动，建议已经过时。请等待重新计算。",
            en="The item has changed since, and the suggestion is out of date. It is worked out anew every night.",
        )
    reason = f"信号“{SignalKind(row.kind).words.zh}”（{row.month:%Y-%m}）：{suggestion.words}"
    made = actions.propose(item_key=row.item_key, text=suggestion.text, reason=reason, by=by, now=now)
    row.amendment = made
    row.save(update_fields=["amendment"])
    journal.record("reform.proposal_taken_up", subject=str(row), by=by.label, now=now)
    return made


@transaction.atomic
def close(*, proposal_id: UUID, answer: str, by: Viewer, now: datetime) -> None:
    """Close a proposal with what was done or why nothing is. Raises CannotAmend without a reason."""
    row, said = _locked(by, proposal_id), answer.strip()
    if not said or len(said) > LONGEST:
        raise CannotAmend(
            zh=f"请写明怎样处理或为何不改，不超过 {LONGEST} 字。",
            en=f"Say what was done or why nothing is, in at most {LONGEST} characters.",
        )
    row.closed_at, row.closed_by, row.answer = now, by.label, said
    row.save(update_fields=["closed_at", "closed_by", "answer"])
    journal.record("reform.proposal_closed", subject=str(row), by=by.label, now=now)


def _locked(by: Viewer, proposal_id: UUID) -> Proposal:
    row = _own(by, proposal_id)
    row = Proposal.objects.select_for_update().get(pk=row.pk)
    if row.closed_at is not None:
        raise CannotAmend(zh="提案已经办结。", en="The proposal is closed already.")
    return row


def _own(viewer: Viewer, public_id: UUID) -> Proposal:
    row = Proposal.objects.get(public_id=public_id)
    if not _may_see(viewer, row):
        raise Proposal.DoesNotExist
    return row


def _may_see(viewer: Viewer, row: Proposal) -> bool:
    own = is_office(viewer) or viewer.organisation_kind == row.organisation_kind
    return own and any(code.startswith(reach_of(viewer)) for code in row.regions)


def _line(row: Proposal, names: Names) -> ProposalLine:
    out = [one for one in row.figures if one["region"] in row.regions]
    regions = tuple(names.region(code) for code in row.regions)
    events, expected = sum(one["events"] for one in out), sum(one["expected"] for one in out)
    return ProposalLine(row, SignalKind(row.kind), Words(row.name, row.name_en), regions, events, round(expected, 1))


def _figure(one: dict[str, float], out: list[str], names: Names) -> Figure:
    code = str(one["region"])
    return Figure(
        region=names.region(code),
        events=int(one["events"]),
        of=int(one["of"]),
        expected=one["expected"],
        limit=one["limit"],
        rate=one["rate"],
        lower=one["lower"],
        upper=one["upper"],
        stands_out=code in out,
    )


def _gaps(row: Proposal) -> list[GapLine]:
    since, until = bounds(earlier(row.month, GAP_MONTHS - 1))[0], bounds(row.month)[1]
    found = Gap.objects.filter(item=row.item_key, recorded_at__gte=since, recorded_at__lt=until)
    counts = Counter(found.values_list("dataset", "field", "cause").iterator())
    datasets = catalogue.catalogue_for("").datasets
    lines = []
    for (key, field, cause), count in counts.most_common(MOST_GAPS):
        dataset = datasets.get(str(key))
        whole = dataset.name if dataset else Words(str(key), str(key))
        part = dataset.fields.get(field, Words(field, field)) if dataset else Words(field, field)
        words = CAUSE_WORDS[Availability(cause)]
        lines.append(GapLine(Words(f"{whole.zh}·{part.zh}", f"{whole.en}, {part.en}"), words, count))
    return lines


def _suggestions(item: Item, names: Names) -> list[SuggestionView]:
    base = catalogue.text_of(item.key)
    return [
        SuggestionView(
            row=row,
            kind=SuggestionKind(row.kind).words,
            words=Words(row.words, row.words_en),
            verdict=VerdictKind(row.verdict).words,
            gains=tuple(
                (Component(one["component"]).words, Words(one["sentence"]["zh"], one["sentence"]["en"]))
                for one in row.gains
            ),
            replay=replay_view(row, item, names),
        )
        for row in SuggestedChange.objects.filter(item_key=item.key, base_text=base)
    ]
