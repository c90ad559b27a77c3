"""The demo catalogue is proved: its deliberate breaches are found, and the planner agrees."""

from pathlib import Path
from time import process_time

import pytest

from yici.apps.catalogue.bundles import Bundle
from yici.apps.catalogue.document_reading import dataset_from_document, event_from_document, item_from_document
from yici.apps.catalogue.importing import read_catalogue
from yici.rules.items import Catalogue, as_event
from yici.rules.planner import compile_event
from yici.rules.plans import Mode
from yici.rules.proof import Verdict, VerdictKind, prove_all
from yici.rules.proof.counterexamples import WORST
from yici.rules.words import Words

FOLDER = Path(__file__).parents[2] / "demo" / "catalogue"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    _, whole = read_catalogue(FOLDER, Bundle())
    elements = whole.element_documents()
    return Catalogue(
        items={key: item_from_document(entry.document, elements) for key, entry in whole.items.items()},
        events={key: event_from_document(entry.document, elements) for key, entry in whole.events.items()},
        datasets={key: dataset_from_document(key, entry.document) for key, entry in whole.datasets.items()},
        organisations={key: Words(**entry.document["name"]) for key, entry in whole.organisations.items()},
        licence_types={key: Words(**entry.document["name"]) for key, entry in whole.licence_types.items()},
    )


@pytest.fixture(scope="module")
def verdicts(catalogue: Catalogue) -> dict[str, Verdict]:
    return prove_all(catalogue)


class TestDemoCatalogue:
    def test_every_item_and_event_has_a_verdict(self, catalogue: Catalogue, verdicts: dict[str, Verdict]) -> None:
        assert len(verdicts) == len(catalogue.items) + len(catalogue.events)
        assert {verdict.verdict for verdict in verdicts.values()} == set(VerdictKind)

    def test_the_deliberate_breaches_are_found(self, verdicts: dict[str, Verdict]) -> None:
        breaches = {code for code, one in verdicts.items() if one.verdict is VerdictKind.BREACH}

        assert "330709010000" in breaches  # the first identity card: capture, twenty days, collection
        assert "330160501000" in breaches  # the tobacco licence: interview before, signature after

    def test_the_planner_confirms_every_counter_example(
        self, catalogue: Catalogue, verdicts: dict[str, Verdict]
    ) -> None:
        events = {item.code: as_event(item) for item in catalogue.items.values()} | dict(catalogue.events)

        for code, verdict in verdicts.items():
            if verdict.counterexample:
                plan = compile_event(events[code], catalogue).plan(verdict.counterexample.answers, WORST)
                assert plan.mode is Mode.BREACH, code
                assert plan.visits == verdict.counterexample.visits >= 2

    def test_what_nothing_can_be_promised_for_is_not_standardised(
        self, catalogue: Catalogue, verdicts: dict[str, Verdict]
    ) -> None:
        for item in catalogue.items.values():
            open_ended = verdicts[item.code].verdict is VerdictKind.NOT_PROVABLE
            assert open_ended is not item.standardised, item.key

    def test_no_condition_is_vain(self, verdicts: dict[str, Verdict]) -> None:
        vain = {"never-holds", "never-needed", "always-holds", "changes-nothing", "circle", "undecided"}

        found = [(one.rule, one.where) for verdict in verdicts.values() for one in verdict.findings]

        assert [one for one in found if one[0] in vain] == []

    def test_takes_seconds(self, catalogue: Catalogue) -> None:
        started = process_time()

        prove_all(catalogue)

        assert process_time() - started < 10  # the bound is 5 s on a machine of our own; here others work too
