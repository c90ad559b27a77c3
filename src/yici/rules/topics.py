"""Finds what suddenly concerns many people: weeks of voices beside what the past and the peers let expect.

A *group* is voices of one meaning (an item, a requirement of it, or texts that say the same) in one region. What is
expected of its last week is a gamma-Poisson mean of its own past and of the share the same meaning has elsewhere
(D. Clayton and J. Kaldor 1987), more or less as the whole region is louder or quieter that week. The chance of so many
voices is the tail of the negative binomial: weeks differ by more than chance, by a dispersion that is estimated from
past weeks alone. Of all groups of a sweep the false-discovery rate is held (Y. Benjamini and Y. Hochberg 1995).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10
from typing import NamedTuple

from scipy.stats import nbinom

from yici.rules.refusals import Refusal
from yici.rules.signals.discovery import discoveries
from yici.rules.signals.funnel import can_tell_dispersion, careful_dispersion, dispersion_of
from yici.rules.topic_kinds import FEWEST_VOICES, TWO, TopicKind, came_back, season_of
from yici.rules.words import Words

FALSE_SHARE = 0.05  # of all topics of a sweep at most this share is false; where nothing is, the chance of any
PAST_WEEKS = 52
LEAST_EXPECTED = 0.5  # voices a week; below it nobody knows a meaning well enough to be surprised by two of them
_PRIOR_WEEKS = 4.0  # the peers' share counts as much as four own weeks
_VOLUME_VOICES = 20.0  # a region's loudness is believed half when it rests on so many voices
_LOUDEST = 1.5
_POOLED_WEEKS = 12
_SEASON_EXPLAINS = 0.05
_BAND = 0.95
_UNTOLD_SPREAD = 1.0  # weeks as uneven as those of an exponential: the most that is believed where the past cannot tell
_LEAST_CHANCE = 1e-300
_ONE_IN_A_MILLION = 1e-6


class CannotFindTopics(Refusal):
    """Counts that are none, or a share that is none."""


@dataclass(frozen=True, slots=True)
class Group:
    """Voices of one meaning (``family``, the same in every region) in one region, week by week.

    ``weeks``: distinct people each week, the oldest first, the judged one last; only weeks in which the meaning was
    known, so that a new meaning is not taken for one that was silent.
    """

    key: str
    family: str
    region: str
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What to expect of a group's week: the mean, how many voices it rests on, and the spread between weeks.

    ``own`` is its own weekly mean, ``peers`` what the share elsewhere would give, ``volume`` how much louder than
    usual the region is in the judged week.
    """

    weekly: float
    shape: float
    dispersion: float
    own: float
    peers: float
    volume: float

    @property
    def size(self) -> float:
        """The size of the negative binomial: few voices known and uneven weeks both make it wide."""
        return 1 / (self.dispersion + 1 / self.shape)

    @property
    def upper(self) -> float:
        """Return up to how many voices a week chance explains (95 of 100)."""
        return float(nbinom.ppf(_BAND, self.size, self.size / (self.size + self.weekly)))

    def chance(self, last: int, before: int) -> float:
        """Return the chance of so many voices or more in the last week or in the last two, if nothing is new.

        Two looks at it, so the smaller chance counts twice.
        """
        now = self.weekly * self.volume
        looks = (_tail(last, now, self.size), _tail(last + before, now + self.weekly, self.size))
        return min(1.0, len(looks) * min(looks))


def _tail(count: int, mean: float, size: float) -> float:
    return float(nbinom.sf(count - 1, size, size / (size + mean)))


@dataclass(frozen=True, slots=True)
class Finding:
    """One group that is more than expected. ``surprise``: tens by which it is unlikely (3: one in a thousand)."""

    key: str
    kind: TopicKind
    voices: int
    before: int
    expected: Expectation
    chance: float
    season: float | None  # weekly mean of the same weeks of last year, None when they are not known

    @property
    def surprise(self) -> float:
        """Return the surprise, in powers of ten."""
        return surprise_of(self.chance)

    @property
    def words(self) -> Words:
        """Return why it was found, in a sentence with its figures."""
        one, limit, odds = self.expected, f"{self.expected.upper:.0f}", odds_of(self.chance)
        zh = f"本周{self.voices}人，上周{self.before}人；预期每周{one.weekly:.1f}人"
        zh += f"（自身以往{one.own:.1f}，按各地占比{one.peers:.1f}），偶然最多解释{limit}人。{odds.zh}。"
        en = (
            f"{self.voices} people this week, {self.before} the week before; expected {one.weekly:.1f} a week "
            f"(own past {one.own:.1f}, by the share elsewhere {one.peers:.1f}), "
            f"chance explains up to {limit}. {odds.en}. "
        )
        return Words(zh + self.kind.meaning.zh, en + self.kind.meaning.en)


def surprise_of(chance: float) -> float:
    """Return a chance in powers of ten.

    >>> surprise_of(0.001)
    3.0
    """
    return -log10(max(chance, _LEAST_CHANCE))


def odds_of(chance: float) -> Words:
    """Return a chance as people say it, in two digits.

    >>> odds_of(0.000127).en, odds_of(1e-9).en
    ('Its chance is about one in 7,900', 'Its chance is less than one in a million')
    """
    if chance < _ONE_IN_A_MILLION:
        return Words("偶然出现的可能不到百万分之一", "Its chance is less than one in a million")
    times = float(f"{1 / chance:.1e}")
    return Words(f"偶然出现的可能约为{times:,.0f}分之一", f"Its chance is about one in {times:,.0f}")


def topics(groups: Sequence[Group], *, false_share: float = FALSE_SHARE) -> list[Finding]:
    """Return the groups that are more than expected in their last week, the most surprising first.

    Raises CannotFindTopics.
    """
    _check(groups, false_share)
    expected = expectations(groups)
    chances = [one.chance(*_last_two(group)) for group, one in zip(groups, expected, strict=True)]
    found = [
        _finding(groups[place], expected[place], chances[place])
        for place in discoveries(chances, false_share)
        if sum(_last_two(groups[place])) >= FEWEST_VOICES
    ]
    return sorted(found, key=lambda one: (one.chance, one.key))


def _check(groups: Sequence[Group], false_share: float) -> None:
    wrong = any(not one.weeks or min(one.weeks) < 0 for one in groups) or not 0 < false_share < 1
    if wrong or len({one.key for one in groups}) < len(groups):
        raise CannotFindTopics(
            zh="每组至少要有一周的计数，计数不能为负，组名不能重复，误报率应在 0 到 1 之间。",
            en="A group has a week at least, counts are not negative, keys are different, and the false share lies "
            "between 0 and 1.",
        )


def _last_two(group: Group) -> tuple[int, int]:
    return group.weeks[-1], group.weeks[-2] if len(group.weeks) > 1 else 0


def _past(group: Group) -> tuple[int, ...]:
    """Return the weeks that say what is usual: never the two that are judged."""
    return group.weeks[:-TWO][-PAST_WEEKS:]


def expectations(groups: Sequence[Group]) -> list[Expectation]:
    """Return what to expect of each group's last week, in the order given.

    A group's own last weeks never enter: whatever is said more is more surprise.
    """
    weekly, volumes = _weekly_by_family(groups), _Volumes(groups)
    rates = [_rate(one, weekly, volumes.usual) for one in groups]
    dispersion = _dispersion(groups, [rate.shape / rate.weeks for rate in rates])
    return [_expectation(one, rate, dispersion, volumes.factor(one)) for one, rate in zip(groups, rates, strict=True)]


def _mean(counts: Sequence[int]) -> float:
    return sum(counts) / len(counts) if counts else 0.0


def _weekly_by_family(groups: Iterable[Group]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in sorted(groups, key=lambda group: group.key):
        found[one.family][one.region] += _mean(_past(one))
    return found


class _Volumes:
    """How loud regions usually are, and how loud in the judged week."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self.usual: dict[str, float] = defaultdict(float)
        self.now: dict[str, int] = defaultdict(int)
        for one in sorted(groups, key=lambda group: group.key):
            self.usual[one.region] += _mean(_past(one))
            self.now[one.region] += one.weeks[-1]

    def factor(self, one: Group) -> float:
        """Return how much louder than usual the rest of the region is; the group itself is left out."""
        others = max(0.0, self.usual[one.region] - _mean(_past(one)))
        found = (self.now[one.region] - one.weeks[-1] + _VOLUME_VOICES) / (others + _VOLUME_VOICES)
        return min(_LOUDEST, max(1 / _LOUDEST, found))


class _Rate(NamedTuple):
    """Shape and weeks of the gamma mean of own past and peers, and what the peers alone would give."""

    shape: float
    weeks: float
    peers: float


def _rate(one: Group, weekly: dict[str, dict[str, float]], usual: dict[str, float]) -> _Rate:
    elsewhere = {region: mean for region, mean in weekly[one.family].items() if region != one.region}
    loud = sum(usual[region] for region in elsewhere)
    peers = sum(elsewhere.values()) / loud * usual[one.region] if loud else 0.0
    past = _past(one)
    return _Rate(sum(past) + _PRIOR_WEEKS * max(peers, LEAST_EXPECTED), len(past) + _PRIOR_WEEKS, peers)


def _expectation(one: Group, rate: _Rate, dispersion: float, volume: float) -> Expectation:
    mean = max(rate.shape / rate.weeks, LEAST_EXPECTED)
    return Expectation(mean, rate.shape, dispersion, _mean(_past(one)), rate.peers, volume)


def _dispersion(groups: Sequence[Group], rates: Sequence[float]) -> float:
    """Return by how much weeks differ beyond chance, of past weeks; cells are sorted so that order does not matter.

    A county with a complaint here and there cannot tell: its upper limit would let chance explain fifteen new voices.
    """
    cells = sorted(
        (rate, count) for one, rate in zip(groups, rates, strict=True) for count in _past(one)[-_POOLED_WEEKS:]
    )
    counts, expected = [count for _, count in cells], [rate for rate, _ in cells]
    careful = careful_dispersion(counts, expected)
    if can_tell_dispersion(expected):
        return careful
    return min(careful, max(_UNTOLD_SPREAD, dispersion_of(counts, expected)))


def _finding(group: Group, expected: Expectation, chance: float) -> Finding:
    last, before = _last_two(group)
    season = season_of(group.weeks)
    return Finding(group.key, _kind(group, expected, season), last, before, expected, chance, season)


def _kind(group: Group, expected: Expectation, season: float | None) -> TopicKind:
    if season is not None and _explains(season, group, expected):
        return TopicKind.SEASONAL
    if came_back(group.weeks):
        return TopicKind.RECURRING
    weeks = group.weeks[-3:]
    rises = len(weeks) == 3 and 0 < weeks[0] < weeks[1] < weeks[2] and weeks[1] > expected.weekly
    return TopicKind.GROWING if rises else TopicKind.HOT


def _explains(season: float, group: Group, expected: Expectation) -> bool:
    """Whether last year's weeks leave nothing surprising about this one."""
    if season <= expected.weekly:
        return False
    known = Expectation(season, 3 * season, expected.dispersion, expected.own, expected.peers, expected.volume)
    return known.chance(*_last_two(group)) >= _SEASON_EXPLAINS
