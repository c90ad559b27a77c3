"""Finds the lighter choices a person has, and the visits each would leave."""

from collections.abc import Iterable

from yici.rules.items import Assurance, Way, WayKind
from yici.rules.planner.deciding import Reckoning
from yici.rules.planner.layout import ASSURANCES
from yici.rules.planner.parts import union
from yici.rules.planner.rows import Rows
from yici.rules.planner.sentences import option_sentence, sign_in_sentence
from yici.rules.planner.tables import Act, Tables
from yici.rules.planner.visits import Visits, least_visits
from yici.rules.plans import Option


def options_of(rows: Rows, reckoning: Reckoning, visits: Visits, account: Assurance) -> tuple[Option, ...]:
    """Return what the person may do instead of coming or of bringing a paper, papers first."""
    return (*_lighter_ways(rows, reckoning, len(visits)), *_signing_in(rows, reckoning, len(visits), account))


def _lighter_ways(rows: Rows, reckoning: Reckoning, planned: int) -> Iterable[Option]:
    shown: dict[int, list[int]] = {}
    for place in reckoning.shown:
        shown.setdefault(rows.tables.asked[place].act, []).append(place)
    for act, papers in shown.items():
        ways = rows.line(("offered", *papers), _offered_by_all, rows.tables, papers)
        if ways:
            visits = _visits_without(rows.tables, reckoning, planned, act)
            for way in ways:
                yield rows.line(("option", papers[0], way, visits), _option, rows.tables, papers[0], way, visits)


def _offered_by_all(tables: Tables, papers: list[int]) -> tuple[Way, ...]:
    """Return one way of each kind; one paper may stand for several requirements, and then all must offer it."""
    asked = [tables.asked[place] for place in papers]
    everywhere = set.intersection(*({one.requirement.ways[at].kind for at in one.lighter} for one in asked))
    offered: dict[WayKind, Way] = {}
    for at in asked[0].lighter:
        way = asked[0].requirement.ways[at]
        if way.kind in everywhere:
            offered.setdefault(way.kind, way)
    return tuple(offered.values())


def _option(tables: Tables, place: int, way: Way, visits: int) -> Option:
    requirement = tables.asked[place].requirement
    sentence = option_sentence(requirement.name, way.kind, visits)
    return Option(requirement.key, way, visits, sentence, proves=requirement.proves)


def _signing_in(rows: Rows, reckoning: Reckoning, visits: int, account: Assurance) -> Iterable[Option]:
    for level in ASSURANCES[ASSURANCES.index(account) + 1 :]:
        sparing = rows.tables.waived[level] & reckoning.applying
        spared = [act for act in rows.visited if act.bit & sparing] if sparing else []
        if spared:
            left = _visits_without(rows.tables, reckoning, visits, union([act.act for act in spared]))
            if left < visits:
                visits = left
                yield rows.line(("sign in", spared[0].bit, level, left), _sign_in, spared[0], level, left)


def _sign_in(act: Act, level: Assurance, visits: int) -> Option:
    presence = act.presence
    sentence = sign_in_sentence(presence.name, level, visits)
    return Option(presence.key, Way(WayKind.DATA, "assurance"), visits, sentence, assurance=level)


def _visits_without(tables: Tables, reckoning: Reckoning, planned: int, acts: int) -> int:
    left = reckoning.acts & ~acts
    if planned < 2:
        return min(planned, left)  # what fits one visit still does, unless nothing is left of it
    return len(least_visits(left, tables.places, reckoning.order))
