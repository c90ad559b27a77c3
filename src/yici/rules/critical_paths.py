"""Which chain of steps made people wait: the longest by the days that steps really took, along what waits for what."""

from collections.abc import Iterable, Iterator, Mapping

from yici.rules.flows import Arrow, longest_chain
from yici.rules.items import Item
from yici.rules.planner import steps_of
from yici.rules.plans import PlannedStep

StepKey = tuple[str, str]  # item, step


def longest_by_days(
    steps: Iterable[PlannedStep],
    waits: Iterable[tuple[str, str]],
    items: Mapping[str, Item],
    days: Mapping[StepKey, float],
) -> tuple[PlannedStep, ...]:
    """Return the steps of the chain that took longest, when each took its ``days`` (none known: none taken).

    ``steps``: those of a plan; ``waits``: pairs of an item and one that waits for its end. A step of the item that is
    not in the plan takes no day, and what waits for it waits for what it waited for.
    """
    planned = {(one.item, one.step): one for one in steps}
    known = {key: days.get(key, 0.0) for key in planned}
    follows = list(waits)
    there = {item for item, _ in planned} | {item for pair in follows for item in pair}
    weights, arrows = {_name(*key): taken for key, taken in known.items()}, list[Arrow]()
    for key in sorted(there):
        inside = list(_inside(items[key]))
        weights |= {name: 0.0 for arrow in inside for name in arrow if name not in weights}
        arrows += inside
    arrows += [(_end(first), _start(then)) for first, then in follows]
    named = {_name(*key): one for key, one in planned.items()}
    chain = longest_chain(weights, arrows)
    return tuple(named[name] for name in chain if name in named and known[named[name].item, named[name].step] > 0)


def _inside(item: Item) -> Iterator[Arrow]:
    for step in steps_of(item):
        here = _name(item.key, step.key)
        yield from ((_name(item.key, other), here) for other in step.after)
        yield _start(item.key), here
        yield here, _end(item.key)


def _name(item: str, step: str) -> str:
    return f"{item}/{step}"


# The beginning and the end of an item take no time; no step has an empty key, nor one of these signs in it.
def _start(item: str) -> str:
    return f"{item}/<"


def _end(item: str) -> str:
    return f"{item}/>"
