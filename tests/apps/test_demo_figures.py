"""The demonstration's figures are there to look at wherever a month is read: cards, open figures, the map."""

from datetime import date

import pytest

from yici.apps.accountability import queries
from yici.apps.accountability.card_counting import SPANS, without_cards
from yici.apps.accountability.demo import KINDS, MONTHS
from yici.apps.accountability.statistics import county_statistics

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_demonstration")]
PROVINCE, TONGLU = "330000000000", "330122000000"


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("kind", ["", *KINDS])
def test_every_card_is_kept_and_most_have_points(kind: str, span: int) -> None:
    kept, count = queries.page_of_cards(
        month=MONTHS[-1], region_code=PROVINCE, kind=kind, span=span, start=0, size=1_000
    )
    assert count == len(kept) >= 80
    assert sum(one.score.total is not None for one in kept) > count / 2
    assert without_cards() == []


def test_a_county_has_its_published_figures() -> None:
    found = county_statistics(TONGLU, date(2018, 6, 1))
    assert found.cases
    assert all(figure.value is not None for _, figure in found.figures)
