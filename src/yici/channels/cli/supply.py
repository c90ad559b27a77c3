"""`yici supply`: the windows of a hall, hour by hour, that keep a waiting promise."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta

from django.utils import timezone

from yici.apps.halls.demand import PastDemand, demand_of
from yici.channels.cli.since import day_or_none
from yici.rules.clock_courses import local_day
from yici.rules.supply import Supply, WaitingPromise, moved_online, needed, next_windows, one_fewer, with_windows

DAYS = 90


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici supply` understands."""
    made = argparse.ArgumentParser(prog, description="Windows for each hour of a hall that keep a waiting promise.")
    made.add_argument("hall", metavar="HALL", help="id or name of a hall, or the code of its region")
    made.add_argument("--minutes", type=float, default=15.0, help="the promise: called within so many minutes (15)")
    made.add_argument("--share", type=float, default=0.9, help="for at least this share of those who come (0.9)")
    made.add_argument("--online", type=float, default=0.2, help="share of people moved online, for comparison (0.2)")
    made.add_argument("--first", help=f"first day looked at (the last {DAYS} days)")
    made.add_argument("--last", help="last day looked at (today)")
    made.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Print the plan of the day. Raises Refusal for a hall without history or a promise nobody can keep."""
    promise = WaitingPromise(arguments.minutes, arguments.share)
    first, last = _days(arguments.first, arguments.last)
    past = demand_of(arguments.hall, first=first, last=last, minutes=promise.minutes)
    document = {
        "hall": past.hall,
        "first": first.isoformat(),
        "last": last.isoformat(),
        **_document(past, promise, arguments.online),
    }
    if arguments.json:
        print(json.dumps(document, ensure_ascii=False))
    else:
        _say(document)
    return 0


def _days(first: str | None, last: str | None) -> tuple[date, date]:
    end = day_or_none(last)
    until = local_day(end or timezone.now())
    begin = day_or_none(first)
    return (local_day(begin) if begin else until - timedelta(days=DAYS)), until


def _document(past: PastDemand, promise: WaitingPromise, online: float) -> dict[str, object]:
    supply = needed(past.demand, promise)
    fewer = needed(moved_online(past.demand, online), promise)
    return {
        "days": past.days,
        "tickets": past.tickets,
        "promise": asdict(promise),
        "window_hours": supply.window_hours,
        "hours": [
            {**_rounded(asdict(hour)), "service_minutes": round(row.demand.service_minutes, 2)}
            for hour, row in zip(supply.hours, past.hours, strict=True)
        ],
        "patience_minutes": round(past.demand[0].patience_minutes, 1),
        "next_window": [_rounded(asdict(one)) for one in next_windows(past.demand, supply, promise)],
        "one_fewer": [_rounded(asdict(one)) for one in one_fewer(past.demand, supply, promise)],
        "online": {
            "share": online,
            "window_hours": fewer.window_hours,
            "window_hours_saved": supply.window_hours - fewer.window_hours,
            "windows": list(fewer.windows),
        },
        "check": _check(past, promise),
    }


def _check(past: PastDemand, promise: WaitingPromise) -> list[dict[str, object]]:
    """Set the model with the windows that really served beside what the queue says of those days."""
    opened = [max(round(hour.windows), 1) for hour in past.hours]
    model: Supply = with_windows(past.demand, opened, promise)
    return [
        {
            "hour": hour.hour,
            "windows": round(row.windows, 1),
            "kept_in_the_queue": round(row.kept, 3),
            "kept_in_the_model": round(hour.kept, 3),
        }
        for hour, row in zip(model.hours, past.hours, strict=True)
    ]


def _rounded(row: Mapping[str, object]) -> dict[str, object]:
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in row.items()}


def _say(document: dict) -> None:  # type: ignore[type-arg]
    print(f"{document['hall']}: {document['tickets']} 个号 numbers, {document['days']} 天 days")
    gains = {one["hour"]: one for one in document["next_window"]}
    for hour in document["hours"]:
        gain = gains[hour["hour"]]
        print(
            f"  {hour['hour']:>2}:00  到达 come {hour['arrivals']:>6.1f}  窗口 windows {hour['windows']:>2}  "
            f"按时 in time {hour['kept']:.1%}  等候 wait {hour['mean_wait']:.1f} min  "
            f"再开一个 next window: +{gain['people_in_time']:.1f}"
        )
    online = document["online"]
    print(f"窗口小时 window hours: {document['window_hours']}; {online['share']:.0%} 网办 online: ", end="")
    print(f"−{online['window_hours_saved']}")
