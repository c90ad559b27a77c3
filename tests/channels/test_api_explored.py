"""The public interface as its description has it: schemathesis sends what is allowed and what is not."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings as configured
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import positive_data_acceptance

from tests.apps.catalogue_files import write_catalogue
from tests.apps.factories import OrganisationFactory, region
from tests.apps.test_scorecards import LATE, MARCH
from tests.flush import emptied_although_append_only
from yici.apps.accountability.models import MonthTally
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.licences.keys import ensure_seal, seal_folder

__all__ = ["emptied_although_append_only"]
EXAMPLES = 8


@pytest.fixture
def place(transactional_db: None, tmp_path: Path) -> None:
    """A county with a catalogue and a figure, so that not everything is merely absent."""
    ensure_seal(seal_folder(configured.DATA_DIR), now=LATE)
    region("330122")
    region("330500")
    import_catalogue(path=write_catalogue(tmp_path), by="system:test", now=LATE)
    for measure, of in (("promised_time", 25), ("zero_visit", 4)):
        office = OrganisationFactory(kind="ecology" if of > 9 else "health", code="330122")
        MonthTally.objects.create(measure=measure, organisation=office, month=MARCH, good=of, of=of, counted_at=LATE)


SIGNED_IN = ("/applications", "/cases/{id}", "/lookups")


def public(described: Any) -> Iterator[Any]:
    """Yield what may be asked without signing in."""
    for found in described.get_all_operations():
        operation = found.ok()
        if operation.path not in SIGNED_IN:
            yield operation


def answers(operation: Any) -> list[int]:
    """Every answer must be described and no fault; that a value is of the right shape does not make it known here."""
    statuses = []

    @given(case=operation.as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=[*HealthCheck])
    def check(case: Any) -> None:
        statuses.append(case.call_and_validate(excluded_checks=[positive_data_acceptance]).status_code)

    check()
    return statuses


@pytest.mark.usefixtures("place")
def test_whatever_is_sent_the_answer_is_as_described(live_server: Any) -> None:
    described = schemathesis.openapi.from_url(f"{live_server.url}/api/v1/openapi.json")
    tried: Counter[str] = Counter()
    for operation in public(described):
        for status in answers(operation):
            tried[f"{operation.label} {status}"] += 1
    for label in ("GET /measures 200", "GET /items 200", "GET /events 200", "GET /datasets 200"):
        assert tried[label], label
    untried = {one.label for one in public(described)} - {label.rsplit(" ", 1)[0] for label in tried}
    assert untried == set()
    assert not [label for label in tried if label.rsplit(" ", 1)[1].startswith("5")]
