"""Topics of a file of messages: the matters a sweep would find, each judged in its loudest weeks by the same rule."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yici.apps.tickets.meaning.messages import Message
from yici.apps.tickets.meaning.place_names import divisions
from yici.apps.tickets.meaning.topics import Matter, matters_of
from yici.apps.topics.reading import TEXT_WEEKS
from yici.apps.topics.weeks import HISTORY_WEEKS, WEEK, weeks_until
from yici.rules.topic_kinds import FEWEST_VOICES
from yici.rules.topics import FALSE_SHARE, Expectation, Group, expectations, topics

SAMPLES = 3
MOST = 10
_FEWEST_SHOWN = 2  # people in two weeks: one person alone surprises nobody


@dataclass(frozen=True, slots=True)
class Loudest:
    """The week in which a matter was most surprising: people in it and in the week before, and what was expected."""

    week: date
    voices: int
    before: int
    expected: Expectation
    chance: float


@dataclass(frozen=True, slots=True)
class FileTopic:
    """A matter of a file with its loudest week; ``found``: a sweep of some week would have opened a topic.

    ``regions`` are the divisions its messages name, the most frequent first; ``samples`` subjects from its beginning,
    its middle and its end.
    """

    matter: Matter
    loudest: Loudest
    found: bool
    regions: tuple[str, ...]
    samples: tuple[str, ...]


def topics_in(messages: Sequence[Message], *, most: int = MOST, false_share: float = FALSE_SHARE) -> list[FileTopic]:
    """Return the topics of a file, the most surprising first; messages without a time are not judged.

    The file is taken for one region. Raises CannotFindTopics for a share that is none.
    """
    by_id = {one.id: one for one in messages if one.time is not None}
    matters = matters_of([*by_id.values()])
    weeks = _Weeks([[by_id[key] for key in one.ids] for one in matters])
    loudest, found = weeks.judged(false_share)
    ranked = sorted(loudest, key=lambda place: (loudest[place].chance, place))[:most]
    return [
        _topic(matters[place], [by_id[key] for key in matters[place].ids], loudest[place], found=place in found)
        for place in ranked
    ]


class _Weeks:
    """The matters week by week, as the sweeps of a year would have seen them."""

    def __init__(self, matters: Sequence[Sequence[Message]]) -> None:
        self._counts = [_counted(one) for one in matters]
        self._first = min((min(one) for one in self._counts), default=None)
        self._last = max((max(one) for one in self._counts), default=None)

    def judged(self, false_share: float) -> tuple[dict[int, Loudest], set[int]]:
        """Return each matter's loudest week, and the matters that a sweep would have found."""
        loudest: dict[int, Loudest] = {}
        found: set[int] = set()
        for week in self._all():
            groups = self._groups(week)
            for place, one in _surprises(groups, week):
                if place not in loudest or one.chance < loudest[place].chance:
                    loudest[place] = one
            if any(sum(group.weeks[-2:]) >= FEWEST_VOICES for group in groups):
                found |= {int(one.key) for one in topics(groups, false_share=false_share)}
        return loudest, found

    def _all(self) -> list[date]:
        return weeks_until(self._last, self._first) if self._first and self._last else []

    def _groups(self, week: date) -> list[Group]:
        """Return what was known by then; a new meaning is known for the weeks whose texts a sweep reads."""
        begun = max(self._first or week, week - WEEK * (HISTORY_WEEKS - 1))
        return [
            Group(f"{place}", f"{place}", "", tuple(counts.get(one, 0) for one in weeks_until(week, since)))
            for place, counts in enumerate(self._counts)
            if min(counts) <= week
            for since in [max(begun, min(counts) - WEEK * (TEXT_WEEKS - 1))]
        ]


def _counted(messages: Sequence[Message]) -> dict[date, int]:
    people: dict[date, set[str]] = defaultdict(set)
    for one in messages:
        if one.time is not None:
            people[_monday(one.time)].add(one.user or f"anonymous {one.id}")
    return {week: len(them) for week, them in people.items()}


def _monday(moment: datetime) -> date:
    """Return the Monday of a moment as the file has it: its times are local."""
    return moment.date() - timedelta(days=moment.weekday())


def _surprises(groups: Sequence[Group], week: date) -> Iterator[tuple[int, Loudest]]:
    for group, one in zip(groups, expectations(groups), strict=True):
        now, before = group.weeks[-1], sum(group.weeks[-2:-1])
        if now + before >= _FEWEST_SHOWN:
            yield int(group.key), Loudest(week, now, before, one, one.chance(now, before))


def _topic(matter: Matter, own: Sequence[Message], loudest: Loudest, *, found: bool) -> FileTopic:
    named = Counter(name for one in own for name in divisions(one.subject or one.text[:60]))
    ordered = sorted(own, key=lambda one: (one.time or datetime.min, one.id))
    places = sorted({0, len(ordered) // 2, len(ordered) - 1})[:SAMPLES]
    samples = tuple(ordered[place].subject or ordered[place].detail[:40] for place in places)
    return FileTopic(matter, loudest, found, tuple(name for name, _ in named.most_common(SAMPLES)), samples)
