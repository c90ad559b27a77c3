"""A season of invented cases in the whole province: what was planted is found, month after month, and nothing else."""

import json
from datetime import UTC, date, datetime

import pytest

from yici.apps.cases.models import Application, Case
from yici.apps.catalogue.queries import catalogue_for
from yici.apps.journal.models import Entry
from yici.apps.reform.invented_past import Invented, invent_past
from yici.apps.reform.models import Proposal
from yici.apps.reform.naming import Names
from yici.apps.reform.replaying import replay_view
from yici.apps.reform.signals import count_signals, judge_month
from yici.apps.reform.suggesting import suggest
from yici.channels.cli import replay as command
from yici.rules.signals import SignalKind
from yici.rules.suggestions import SuggestionKind

SINCE, LATER = date(2018, 6, 1), datetime(2018, 10, 1, 2, 0, tzinfo=UTC)
JULY = date(2018, 7, 1)
CASES = 51_000  # in three months: as dense as 200,000 in a year


def past(seed: int, *, problems: bool = True, cases: int = CASES) -> Invented:
    return invent_past(cases=cases, seed=seed, since=SINCE, months=3, problems=problems, now=LATER)


def found_in(month: date) -> set[tuple[str, str, str]]:
    count_signals(month, now=LATER)
    found = judge_month(month, now=LATER).found
    return {(one.kind.value, one.trigger.cell.item, one.trigger.cell.region) for one in found}


class TestAPast:
    def test_planted_problems_are_found_and_no_place_without_one(self) -> None:
        made = past(1)
        planted = {(one.kind.value, one.item, one.region[:6] + "000000") for one in made.planted}
        assert {kind for kind, _, _ in planted} == {kind.value for kind in SignalKind}
        assert made.planted_from == JULY

        found = found_in(JULY) | found_in(date(2018, 8, 1))

        assert planted <= found
        cells = {(item, region) for _, item, region in planted}
        assert {(item, region) for _, item, region in found} <= cells
        assert set(Proposal.objects.values_list("item_key", flat=True)) <= {item for item, _ in cells}

    def test_without_problems_nothing_is_found(self) -> None:
        made = past(2, problems=False)

        assert made.planted == ()
        assert found_in(JULY) == set()

    def test_the_same_seed_makes_the_same_past(self) -> None:
        drawn = []
        for _ in range(2):
            last = Application.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            past(3, cases=500)
            rows = Case.objects.filter(application_id__gt=last).order_by("pk")
            drawn.append(list(rows.values_list("item_key", "application__submitted_at", "corrections", "state")))
        assert len(drawn[0]) == 500
        assert drawn[0] == drawn[1]

    def test_what_is_suggested_is_replayed_on_it_and_says_what_is_not_known(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        past(6, cases=2_000)
        own = Application.objects.filter(cases__item_key="water_transfer").count()
        made = next(one for one in suggest("water_transfer", now=LATER) if one.kind == SuggestionKind.DROP)

        assert command.run(command.parser("yici replay").parse_args([str(made.public_id), "--json"])) == 0

        document = json.loads(capsys.readouterr().out)
        assert document["cases"] >= 2_000
        assert document["worse"] == 0
        assert sum(one["cases"] for one in document["by_region"]) == document["cases"]
        # Invented people answered nothing: who would have come is a range, and it is less with the change.
        before, after = document["before"], document["after"]
        assert before["visits_at_least"] == after["visits_at_least"]
        assert before["visits_at_most"] - after["visits_at_most"] == own
        seen = replay_view(made, catalogue_for("").items["water_transfer"], Names())
        assert seen is not None
        assert (seen.cases, seen.worse, seen.is_certain) == (own, 0, False)

    def test_leaves_one_line_in_the_journal_and_nothing_open(self) -> None:
        past(4, cases=300)

        assert Entry.objects.filter(kind="reform.past_invented").count() == 1
        invented = Case.objects.filter(code__startswith="SIM")
        assert invented.count() == 300
        assert not invented.filter(closed_at=None).exists()
        assert not invented.filter(steps__finished_at=None).exists()


@pytest.mark.parametrize("month", [6, 7])
def test_cases_are_received_on_working_weekdays_of_every_month(month: int) -> None:
    past(5, cases=400)
    moments = Application.objects.filter(reference__startswith="SIM", submitted_at__month=month)
    assert moments.exists()
    assert not moments.filter(submitted_at__iso_week_day__in=[6, 7]).exists()
