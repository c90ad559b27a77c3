"""`yici links`: which few data links would spare the most visits."""

import argparse
import json
from collections.abc import Iterable

from yici.apps.cases.data_lacks import PastLacks, past_lacks
from yici.apps.registry import queries as registry
from yici.channels.cli.since import day_or_none
from yici.rules.links import LinkChoice, choose_links


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici links` understands."""
    made = argparse.ArgumentParser(
        prog, description="Choose the data links that turn the most visits of past cases into none."
    )
    made.add_argument("--k", type=int, default=5, metavar="K", help="how many links may be opened (5)")
    made.add_argument("--region", help="region code: only applications there and below")
    made.add_argument("--since", help="first day, e.g. 2018-01-01")
    made.add_argument("--fields", action="store_true", help="a link is one field of a dataset, not the whole dataset")
    made.add_argument("--seconds", type=float, default=30.0, help="longest time to search for a proof (30)")
    made.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Print the choice. Raises Refusal for bad input."""
    past = past_lacks(region_code=arguments.region, since=day_or_none(arguments.since), by_field=arguments.fields)
    choice = choose_links(past.lacks, arguments.k, seconds=arguments.seconds)
    if arguments.json:
        print(json.dumps(_document(past, choice), ensure_ascii=False))
    else:
        _say(past, choice)
    return 0


def _document(past: PastLacks, choice: LinkChoice) -> dict[str, object]:
    return {
        "chosen": list(choice.chosen),
        "visits_removed": choice.visits_removed,
        "greedy": list(choice.greedy),
        "greedy_visits_removed": choice.greedy_visits_removed,
        "gap": choice.gap,
        "optimal": choice.optimal,
        "at_most": choice.at_most,
        "together": [{"links": list(one.links), "visits": one.visits} for one in choice.together],
        "links": _named(choice.chosen),
        "applications_with_visits": past.applications,
        "visits": past.visits,
        "visits_out_of_reach": past.out_of_reach,
        "distinct_lacks": len(past.lacks),
    }


def _named(links: Iterable[str]) -> list[dict[str, object]]:
    """Return what the register of datasets says of each link; a licence is its own name."""
    known = {one.key: one for one in registry.datasets()}
    rows: list[dict[str, object]] = []
    for link in links:
        dataset = known.get(link.partition(".")[0])
        row: dict[str, object] = {"link": link}
        if dataset is not None:
            row |= {"name": dataset.name._asdict(), "owner": dataset.owner, "sharing": dataset.sharing.value}
        rows.append(row)
    return rows


def _say(past: PastLacks, choice: LinkChoice) -> None:
    links = "、".join(choice.chosen) or "—"
    proved = "已证明最优 (proved best)" if choice.optimal else f"上限 (at most) {choice.at_most}"
    print(f"打通 (open): {links}")
    print(f"少跑 {choice.visits_removed} 次，共 {past.visits} 次；{proved}")
    print(f"{choice.visits_removed} of {past.visits} visits spared; {past.out_of_reach} no link can spare")
    print(f"逐条贪心 (greedy): {'、'.join(choice.greedy) or '—'}: {choice.greedy_visits_removed} (−{choice.gap})")
    for one in choice.together[:10]:
        print(f"  一起才有用 (only together): {' + '.join(one.links)}: {one.visits}")
