"""Finds the lighter choices a person has, and the visits each would leave."""

from collections.abc import Iterable, Sequence

from yici.rules.items import Assurance, Way, WayKind
from yici.rules.planner.deciding import Reckoning
from yici.rules.planner.parts import union
from yici.rules.planner.sentences import option_sentence, sign_in_sentence
from yici.rules.planner.tables import ASSURANCES, Act, Asked, Tables
from yici.rules.planner.visits import Visits, least_visits
from yici.rules.plans import UNMET, Option


def options_of(tables: Tables, reckoning: Reckoning, visits: Visits, account: Assurance) -> tuple[Option, ...]:
    """Return what the person may do instead of coming or of bringing a paper, papers first."""
    if not visits:
        return ()
    return (*_lighter_ways(tables, reckoning), *_signing_in(tables, reckoning, len(visits), account))


def _lighter_ways(tables: Tables, reckoning: Reckoning) -> Iterable[Option]:
    shown: dict[int, list[Asked]] = {}
    for asked, chosen in zip(tables.asked, reckoning.ways, strict=True):
        if asked.act and chosen == asked.last:
            shown.setdefault(asked.act, []).append(asked)
    for act, papers in shown.items():
        # One paper can stand for several requirements: a choice helps when each of them offers it.
        for way in _offered_by_all(papers):
            visits = _visits_without(tables, reckoning, act)
            first = papers[0].requirement
            sentence = option_sentence(first.name, way.kind, visits)
            yield Option(first.key, way, visits, sentence, proves=first.proves)


def _offered_by_all(papers: Sequence[Asked]) -> list[Way]:
    if any(asked.last == UNMET for asked in papers):
        return []
    kinds = [{asked.requirement.ways[at].kind for at in asked.lighter} for asked in papers]
    everywhere = set.intersection(*kinds)
    offered: dict[WayKind, Way] = {}
    for at in papers[0].lighter:
        way = papers[0].requirement.ways[at]
        if way.kind in everywhere:
            offered.setdefault(way.kind, way)
    return list(offered.values())


def _signing_in(tables: Tables, reckoning: Reckoning, visits: int, account: Assurance) -> Iterable[Option]:
    removed = 0
    for level in ASSURANCES[ASSURANCES.index(account) + 1 :]:
        spared = [act for act in tables.acts if act.act and act.bit & tables.waived[level] & reckoning.applying]
        acts = union([act.act for act in spared])
        if acts & ~removed:
            removed = acts
            left = _visits_without(tables, reckoning, acts)
            if left < visits:
                visits = left
                yield _sign_in(spared[0], level, left)


def _sign_in(act: Act, level: Assurance, visits: int) -> Option:
    presence = act.presence
    sentence = sign_in_sentence(presence.name, level, visits)
    return Option(presence.key, Way(WayKind.DATA, "assurance"), visits, sentence, assurance=level)


def _visits_without(tables: Tables, reckoning: Reckoning, acts: int) -> int:
    return len(least_visits(reckoning.acts & ~acts, tables.places, reckoning.order))
