"""Other people's histories: the report against figures counted on a log of which the truth is known."""

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yici.channels.cli import process
from yici.rules.process_logs import CannotReadLog, Event, report

START = datetime(2018, 3, 5, 9, 0, tzinfo=UTC)
COLUMNS = ("case", "activity", "time", "resource", "deadline")


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def invented_log(seed: int, cases: int = 40) -> list[Event]:
    """Return the events of some cases, their rows mixed."""
    chance, events = Random(seed), list[Event]()
    for number in range(cases):
        moment, deadline = chance.uniform(0, 500), None if number % 5 == 0 else chance.uniform(0, 700)
        for _ in range(chance.randint(1, 7)):
            who, what = chance.choice(["甲", "乙", "丙"]), chance.choice("abcd")
            events.append(Event(f"c{number}", what, at(moment), who, None if deadline is None else at(deadline)))
            moment += chance.uniform(0.01, 60)
    chance.shuffle(events)
    return events


def counted_by_hand(events: Sequence[Event]) -> dict[str, float]:
    """Count with nothing but loops over all rows: slow, and another way than the report's."""
    late = repeats = looping = 0
    waiting = total = 0.0
    for case in {event.case for event in events}:
        own = [event for event in events if event.case == case]
        end, begin = max(event.moment for event in own), min(event.moment for event in own)
        total += (end - begin).total_seconds() / 3600
        if own[0].deadline is not None and end > own[0].deadline:
            late += 1
        again = len(own) - len({event.activity for event in own})
        repeats, looping = repeats + again, looping + (again > 0)
        for event in own:
            before = [other for other in own if other.moment < event.moment]
            if before:
                last = max(before, key=lambda other: other.moment)
                if last.resource != event.resource:
                    waiting += (event.moment - last.moment).total_seconds() / 3600
    return {
        "late": late,
        "repeats": repeats,
        "cases_with_loops": looping,
        "waiting_hours": waiting,
        "total_hours": total,
    }


class TestReport:
    @settings(max_examples=25, deadline=None)
    @given(st.integers(min_value=0, max_value=10_000))
    def test_equals_counting_by_hand(self, seed: int) -> None:
        events = invented_log(seed)

        found = report(events)

        for name, value in counted_by_hand(events).items():
            assert getattr(found, name) == pytest.approx(value)
        assert found.cases == 40
        assert sum(one.events for one in found.activities) == found.events == len(events)
        assert sum(one.repeats for one in found.activities) == found.repeats
        assert sum(one.total_hours for one in found.hand_overs) == pytest.approx(found.waiting_hours)

    def test_finds_the_hand_over_that_makes_cases_late(self) -> None:
        events = [
            Event("slow", "take", at(0), "甲", at(10)),
            Event("slow", "check", at(30), "乙", at(10)),
            Event("slow", "sign", at(31), "丙", at(10)),
            Event("fast", "take", at(0), "甲", at(50)),
            Event("fast", "sign", at(40), "丙", at(50)),
        ]

        found = report(events)

        assert (found.late, found.with_deadline, found.late_share, found.hours_late) == (1, 2, 0.5, 21.0)
        first = found.hand_overs[0]
        assert (first.giver, first.taker, first.late_hours) == ("甲", "乙", 30.0)
        assert found.hours == pytest.approx(35.5)

    def test_a_case_that_ends_on_its_deadline_is_in_time(self) -> None:
        assert report([Event("a", "take", at(0)), Event("a", "end", at(5), "", at(5))]).late == 0

    def test_counts_what_is_gone_through_again(self) -> None:
        found = report([Event("a", name, at(place)) for place, name in enumerate("xyxxz")])

        assert (found.repeats, found.cases_with_loops) == (2, 1)
        assert found.late_share is None
        assert found.variants[0].activities == tuple("xyxxz")

    def test_refuses_an_empty_log(self) -> None:
        with pytest.raises(CannotReadLog):
            report([])


class TestCommand:
    @staticmethod
    def call(*words: str | Path) -> int:
        return process.run(process.parser("yici process").parse_args(["import", *(str(word) for word in words)]))

    @staticmethod
    def write(path: Path, events: Sequence[Event], columns: Sequence[str] = COLUMNS) -> Path:
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(columns)
            rows.writerows([*event[:2], event.moment, event.resource, event.deadline or ""] for event in events)
        return path

    def test_prints_one_document(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        events = invented_log(7)

        assert self.call(self.write(tmp_path / "log.csv", events), "--json") == 0

        document = json.loads(capsys.readouterr().out)
        for name, value in counted_by_hand(events).items():
            assert document[name] == pytest.approx(value)

    def test_takes_columns_by_any_name(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        xes = ("case:concept:name", "concept:name", "time:timestamp", "org:resource", "due")
        path = self.write(tmp_path / "log.csv", [Event("a", "x", at(0)), Event("a", "y", at(9), "", at(5))], xes)

        assert self.call(path, "--deadline", "due") == 0

        assert "逾期 late: 1 / 1 (100.0%)" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("a,b\n1,2\n", "no column 'case' (it has: a、b)"),
            ("case,activity,time\n1,x,yesterday\n", "Line 2, column 'time': 'yesterday' is no time"),
            ("case,activity,time\n1,,2018-01-01\n", "Line 2 has no 'activity'"),
            ("case,activity,time\n", "The log has no row"),
            ("", "no column 'case'"),
            ('case,activity,time\n1,"x,2018', "Line 2 is no CSV"),
            ("case,activity,time\n1,x,2018-01-01,more\n", "Line 2 has more cells"),
            (
                "case,activity,time\n1,x,soon\n1,y,2018-01-01\n,z,2018-01-01\n",
                "is no time. Write it like 2018-01-31T09:30:00. Line 4 has",
            ),
        ],
    )
    def test_says_what_is_wrong_and_where(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
    ) -> None:
        path = tmp_path / "log.csv"
        path.write_text(text, encoding="utf-8")

        assert self.call(path) == 2

        assert said in capsys.readouterr().err

    def test_says_that_there_is_no_file(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.call(tmp_path / "nothing.csv") == 2

        assert "无法读取“nothing.csv”" in capsys.readouterr().err
