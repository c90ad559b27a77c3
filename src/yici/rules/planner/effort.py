"""Counts what a need cost a person before, item by item at each department's own counter, and what it costs now."""

from yici.rules.planner.deciding import Reckoning
from yici.rules.planner.tables import Tables
from yici.rules.planner.visits import Visits
from yici.rules.plans import Effort


def effort_before(tables: Tables, reckoning: Reckoning) -> Effort:
    """Return the effort of the same need without the reform.

    For each applying item separately, at the counter of its own department:

    - visits: one to apply, one for each presence in between, one to fetch the result; the last falls away when the
      item is done on the spot (即办, or no step takes a day) and no presence to collect is declared;
    - papers: each applicable requirement that is not optional and not merely a field of the form, again for each item;
    - days: the law's working days of its longest chain of steps, one item after the other;
    - organisations: the different departments in charge; applications: the items; fee: all fees.
    """
    visits = papers = days = organisations = applications = fee = 0
    for entry, timing in zip(tables.entries, reckoning.calendar.timings, strict=True):
        if timing is not None:
            applying = reckoning.present
            on_the_spot = entry.item.immediate or not timing.total
            fetched = not on_the_spot or bool(applying & entry.collects)
            visits += 1 + (applying & entry.reviews).bit_count() + fetched
            papers += (applying & entry.papers).bit_count()
            days += timing.statutory
            organisations |= entry.organisation
            applications += 1
            fee += entry.item.fee.amount_fen
    return Effort(visits, papers, days, organisations.bit_count(), applications, fee)


def effort_now(reckoning: Reckoning, visits: Visits, before: Effort) -> Effort:
    """Return the effort of the plan: papers brought or uploaded, and the places the person still has to go to."""
    places = {place for place, _ in visits}
    return Effort(
        visits=len(visits),
        papers=reckoning.papers.bit_count(),
        days=reckoning.calendar.days,
        organisations=len(places),
        applications=min(before.applications, 1),
        fee_fen=before.fee_fen,
    )
