"""Past cases: what they lacked, and what a changed item would have meant for them."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from tests.apps.catalogue_files import CERTIFICATE, REGISTRATION, write_catalogue
from tests.apps.factories import PartyFactory, region
from yici.apps.cases import replays, situations
from yici.apps.cases.data_lacks import past_lacks
from yici.apps.cases.models import Application
from yici.apps.catalogue import actions, queries
from yici.apps.catalogue.held import Held, held
from yici.apps.catalogue.models import ItemRevision
from yici.apps.planning.compiled import compiled_event
from yici.apps.planning.queries import typical_holdings, usual_holdings
from yici.channels.cli import links, replay
from yici.rules.items import Catalogue
from yici.rules.planner import plan_document
from yici.rules.plans import Plan

COUNTIES = ("330122000000", "330502000000")
NOW = datetime(2018, 3, 5, 2, 0, tzinfo=UTC)
# Unmarried parents no longer come: instead everybody shows the certificate, whatever the register says,
# and the review takes no day.
CHANGED = REGISTRATION.replace('when: "!married"\n    basis', 'when: "!married && false"\n    basis').replace(
    "ways: [result_of certificate, licence birth_certificate, original births.number]", "ways: [original births.number]"
)
CHANGED = CHANGED.replace("promised_days: 1\n    statutory_days: 4", "promised_days: 0\n    statutory_days: 4")


@pytest.fixture
def catalogue(db: None, tmp_path: Path) -> None:
    for code in COUNTIES:
        region(code)
    actions.import_catalogue(path=write_catalogue(tmp_path / "stored"), by="system:test", now=NOW)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    path = tmp_path / "registration.yaml"
    path.write_text(CHANGED, encoding="utf-8")
    return path


def a_past_application(number: int, place: str, answers: dict[str, object], states: dict[str, str]) -> Application:
    """Write an application as submission leaves it: the facts, and the plan as it was shown."""
    here = queries.catalogue_for(place)
    event = compiled_event(here, "newborn", {})
    plan = event.plan(answers, {"*": "available", "assurance": "none", **states}, region=place)
    return Application.objects.create(
        reference=f"YC{number}",
        event_key="newborn",
        event_name="新生儿出生",
        event_name_en="A child is born",
        event_sha256="0" * 64,
        region=region(place),
        applicant=PartyFactory(),
        channel="web",
        submitted_at=NOW,
        submitted_by="system:test",
        mode=plan.mode,
        promised_visits=plan.visits,
        promised_days=plan.days,
        plan=plan_document(plan),
        facts_text=json.dumps({**answers, "child_name": "沈小满"}),
    )


MARRIED = {"married": True, "follows": "mother", "place": "hospital", "order": 1}
MISSING = {"births.number": "missing"}


class TestPastLacks:
    @pytest.fixture(autouse=True)
    def _cases(self, catalogue: None) -> None:
        a_past_application(1, COUNTIES[0], MARRIED, {})
        a_past_application(2, COUNTIES[0], MARRIED, MISSING)
        a_past_application(3, COUNTIES[1], MARRIED, MISSING)
        a_past_application(4, COUNTIES[0], {**MARRIED, "married": False}, MISSING)

    def test_counts_what_no_datum_can_spare_apart(self) -> None:
        found = past_lacks()

        assert (found.applications, found.visits, found.out_of_reach) == (3, 4, 2)  # the interview is later: twice
        assert found.lacks == {frozenset({frozenset({"births"})}): 2}

    def test_keeps_to_a_region(self) -> None:
        assert past_lacks(region_code="330502", by_field=True).lacks == {frozenset({frozenset({"births.number"})}): 1}

    def test_the_command_prints_one_document(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert links.run(links.parser("yici links").parse_args(["--k", "2", "--json"])) == 0

        document = json.loads(capsys.readouterr().out)
        assert (document["chosen"], document["visits_removed"], document["greedy_visits_removed"]) == (["births"], 2, 2)
        assert document["optimal"] is True
        assert document["visits_out_of_reach"] == 2


class TestExport:
    def test_takes_along_what_may_decide_and_nothing_else(self, catalogue: None, changed: Path, tmp_path: Path) -> None:
        a_past_application(1, COUNTIES[0], MARRIED, MISSING)
        path = tmp_path / "s.parquet"

        count = situations.export(path, deciding=replays.deciding_facts(replays.catalogue_with(str(changed))))

        assert count == 1
        ((_, event, place, answers, seen),) = duckdb.sql(f"SELECT * FROM '{path}'").fetchall()
        assert (event, place, json.loads(answers)) == ("newborn", COUNTIES[0], MARRIED)
        assert json.loads(seen) == {"births.number": "missing"}
        assert path.stat().st_mode & 0o077 == 0

    def test_counts_a_case_whose_facts_have_ended(self, catalogue: None, changed: Path, tmp_path: Path) -> None:
        row = a_past_application(1, COUNTIES[0], MARRIED, {})
        Application.objects.filter(pk=row.pk).update(emptied_at=NOW, facts_text="")
        proposed, path = replays.catalogue_with(str(changed)), tmp_path / "s.parquet"
        situations.export(path, deciding=replays.deciding_facts(proposed))

        document = replays.replay(path, proposed)

        after: Any = document["after"]
        assert document["cases"] == 1
        assert (after["visits_at_least"], after["visits_at_most"]) == (0, 1)


Told = tuple[str, str, dict[str, object], dict[str, str]]


def random_situations(count: int, seed: int) -> list[Told]:
    """Return invented situations; some leave answers or data unknown, as old cases do."""
    chance = Random(seed)
    choices = {"married": [True, False], "follows": ["mother", "father"], "place": ["hospital", "at_home"]}
    states = ["available", "missing"]
    made = []
    for _ in range(count):
        answers: dict[str, object] = {key: chance.choice(of) for key, of in choices.items() if chance.random() < 0.95}
        answers["order"] = chance.randint(1, 2)
        keys = ("births.number", "births.mother", "licence:birth_certificate")
        seen = {key: chance.choice(states) for key in keys if chance.random() < 0.8}
        made.append(("newborn", chance.choice(COUNTIES), answers, seen))
    return made


def written(path: Path, rows: list[Told]) -> Path:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE situations ({situations.COLUMNS})")
        situations.put(connection, [situations.row(*row) for row in rows])
        connection.execute(f"COPY situations TO '{path}' (FORMAT parquet)")
    return path


def one_by_one(rows: list[Told], proposed: Held) -> dict[str, Counter[str]]:
    """Plan every case with every reason, before and after: the slow way, with no fold, no memory and no shortcut."""
    sums: dict[str, Counter[str]] = {"before": Counter(), "after": Counter(), "all": Counter()}
    for event, place, answers, seen in rows:
        now, then = held(None).catalogue(place), proposed.catalogue(place)
        old = compiled_event(now, event, {})
        opened = {key: state for key, state in typical_holdings(then, place).items() if key not in old.wanted}
        usual = {**usual_holdings(now, old, place), **opened}
        plans = [_planned(one, event, answers, {**usual, **seen}) for one in (now, then)]
        for name, plan in zip(("before", "after"), plans, strict=True):
            sums[name].update(visits=plan.visits, papers=plan.after.papers, days=plan.days)
        costs = [(plan.visits, plan.after.papers, plan.days) for plan in plans]
        sums["all"]["worse"] += any(after > before for before, after in zip(*costs, strict=True))
        sums["all"]["better"] += any(after < before for before, after in zip(*costs, strict=True))
    return sums


def _planned(catalogue: Catalogue, event: str, answers: dict[str, object], holdings: dict[str, str]) -> Plan:
    compiled = compiled_event(catalogue, event, {})
    known = {key: value for key, value in answers.items() if key in compiled.facts}
    return compiled.plan(known, holdings)


class TestReplay:
    @pytest.fixture
    def proposed(self, catalogue: None, changed: Path) -> Held:
        return replays.catalogue_with(str(changed))

    def test_equals_planning_every_case(self, proposed: Held, tmp_path: Path) -> None:
        rows = random_situations(1500, seed=1)

        document: dict[str, Any] = replays.replay(written(tmp_path / "s.parquet", rows), proposed)

        slow = one_by_one(rows, proposed)
        for name in ("before", "after"):
            assert {key: document[name][key] for key in slow[name]} == slow[name]
        assert (document["worse"], document["better"]) == (slow["all"]["worse"], slow["all"]["better"])
        assert document["worse"] > 0
        assert document["better"] > 0
        assert document["cases"] == 1500
        assert document["distinct_situations"] < 900
        assert sum(one["cases"] for one in document["by_region"]) == 1500
        assert {one["region"] for one in document["by_region"]} == set(COUNTIES)

    def test_bounds_hold_whatever_the_unknown_facts_are(self, proposed: Held, tmp_path: Path) -> None:
        rows = random_situations(200, seed=2)
        complete = [
            (event, place, {**MARRIED, "married": False, **answers}, {**MISSING, **seen})
            for event, place, answers, seen in rows
        ]

        known: Any = replays.replay(written(tmp_path / "k.parquet", complete), proposed)
        unknown: Any = replays.replay(written(tmp_path / "u.parquet", rows), proposed)

        for name in ("before", "after"):
            assert unknown[name]["visits_at_least"] <= known[name]["visits"] <= unknown[name]["visits_at_most"]

    def test_names_who_loses_and_who_wins(self, proposed: Held, tmp_path: Path) -> None:
        seen = {"births.number": "available", "licence:birth_certificate": "available"}
        rows: list[Told] = [("newborn", COUNTIES[0], MARRIED, seen)] * 3

        document: Any = replays.replay(written(tmp_path / "s.parquet", rows), proposed)

        (loser,) = document["losers"]
        assert (loser["cases"], loser["answers"]) == (3, MARRIED)
        assert loser["change"]["visits"] == [0, 1]
        (winner,) = document["winners"]
        assert list(winner["change"]) == ["days"]
        married = next(one for one in document["by_group"] if one["question"] == "married")
        assert (married["answer"], married["cases"], married["worse"]) == ("true", 3, 3)

    def test_an_unchanged_catalogue_changes_nothing(self, catalogue: None, tmp_path: Path) -> None:
        sha256 = ItemRevision.objects.get(basic__key="certificate").sha256.hex()
        rows = random_situations(100, seed=3)

        document = replays.replay(written(tmp_path / "s.parquet", rows), replays.catalogue_with(sha256))

        assert document["before"] == document["after"]
        assert (document["better"], document["worse"]) == (0, 0)

    def test_counts_cases_whose_event_is_gone(self, proposed: Held, tmp_path: Path) -> None:
        document = replays.replay(
            written(tmp_path / "s.parquet", [("gone", COUNTIES[0], {}, {}), *random_situations(1, seed=1)]), proposed
        )

        assert (document["cases"], document["without_event"]) == (1, 1)


class TestCommand:
    @staticmethod
    def call(*words: str | Path) -> int:
        return replay.run(replay.parser("yici replay").parse_args([str(word) for word in words]))

    def test_replays_our_own_cases(
        self, catalogue: None, changed: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        for number in range(3):
            a_past_application(number, COUNTIES[0], MARRIED, {})

        assert self.call(changed, "--json", "--export", tmp_path / "kept.parquet") == 0

        document = json.loads(capsys.readouterr().out)
        assert (document["cases"], document["distinct_situations"], document["worse"]) == (3, 1, 3)
        assert (document["before"]["visits"], document["after"]["visits"]) == (0, 3)
        assert self.call(changed, "--situations", tmp_path / "kept.parquet") == 0
        assert "跑 visits: 0 → 3" in capsys.readouterr().out

    @pytest.mark.parametrize(
        "case",
        [
            (["nowhere.yaml"], "neither a YAML file nor the sha256"),
            (["00" * 32], "neither a YAML file nor the sha256"),
            (["{changed}", "--since", "yesterday"], "is no day"),
            (["{changed}", "--situations", "{changed}"], "no file of situations"),
            (["{broken}"], "Did you mean 'promised'"),
        ],
    )
    def test_says_what_is_wrong(
        self,
        catalogue: None,
        changed: Path,
        capsys: pytest.CaptureFixture[str],
        case: tuple[list[str], str],
    ) -> None:
        words, said = case
        broken = changed.with_name("broken.yaml")
        broken.write_text(CERTIFICATE.replace("promised: 1W", "promissed: 1W"), encoding="utf-8")

        assert self.call(*(word.format(changed=changed, broken=broken) for word in words)) == 2

        assert said in capsys.readouterr().err
