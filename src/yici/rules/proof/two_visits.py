"""Asks of all people at once who would have to come twice when the government knows nothing of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from yici.rules.items import Necessity, Stage
from yici.rules.planner.tables import Act, Asked, Entry, Tables
from yici.rules.proof.formulas import Formula, all_of, any_of, opposite

# The planner does one situation, this does all of them: the same order of acts, with formulas in the place of bits.
# Data only ever remove acts and waits (a law of the planner), so it is enough to look at the worst state of the data.


class Applying(Protocol):
    """What must be known of an event: when each part applies, and when a datum is there."""

    @property
    def tables(self) -> Tables:
        """Return the event's tables."""

    def applies(self, bit: int) -> Formula:
        """Return when a part applies to the person."""

    def held(self, needed: int) -> Formula:
        """Return when the government has the datum of this bit."""


@dataclass(frozen=True, slots=True)
class Ancestry:
    """For one item: when a chain leads from another item to its start, and when that chain takes time.

    The chain may run from the start of the other item or from its end.
    """

    reached: dict[int, Formula]
    later_than_start: dict[int, Formula]
    later_than_end: dict[int, Formula]


class WorstCase:
    """When each item, act and wait is there. A ``Reader`` takes it that no datum can be had and nobody signed in.

    ``unsatisfied``: for each requirement of the tables, when none of the ways that may fail works.
    """

    def __init__(self, reader: Applying) -> None:
        self._reader = reader
        tables = reader.tables
        self.items = [reader.applies(entry.bit) for entry in tables.entries]
        self.present: dict[int, list[Formula]] = defaultdict(list)
        self._before_start: dict[int, list[Formula]] = defaultdict(list)
        self._before_end: dict[int, list[Formula]] = defaultdict(list)
        self._waits: dict[tuple[int, int], list[Formula]] = defaultdict(list)
        self.unsatisfied = [self._ask(asked) for asked in tables.asked]
        for act in tables.acts:
            if act.act:
                self._come(act)

    def somebody_must_come(self) -> Formula:
        """Return when there is any act at all."""
        return any_of(one for several in self.present.values() for one in several)

    def not_standardised(self) -> Formula:
        """Return when an item applies that no machine can promise anything about."""
        entries = enumerate(self._reader.tables.entries)
        return any_of(self.items[place] for place, entry in entries if not entry.item.standardised)

    def two_visits(self) -> Formula:
        """Return when one visit is not enough: an act must follow a visit with another, or no place serves all."""
        return any_of([self._an_act_waits(), self._no_place_serves_all()])

    def telling(self) -> dict[tuple[object, ...], Formula]:
        """Return all that the number of visits depends on, each under a name that holds what never changes of it.

        Two events whose equal names hold alike, and of whose other names none holds, take equally many visits.
        """
        named: dict[tuple[object, ...], list[Formula]] = defaultdict(list)
        keys = [entry.item.key for entry in self._reader.tables.entries]
        for asked, unsatisfied in zip(self._reader.tables.asked, self.unsatisfied, strict=True):
            if asked.act:
                late = asked.requirement.necessity is Necessity.DEFERRABLE
                named[keys[asked.item], "paper", asked.requirement.proves, late].append(unsatisfied)
        for act in self._reader.tables.acts:
            if act.act:
                one = act.presence
                name = (keys[act.item], "act", one.key, one.stage, tuple(sorted(one.places)), tuple(sorted(one.after)))
                named[name].append(self._reader.applies(act.bit))
        for place, entry in enumerate(self._reader.tables.entries):
            self._tell_of_time(named, place, entry)
            for other in range(len(keys)):
                if other < place:
                    named[keys[place], "waits", keys[other]].append(self.waits_for(place, other))
        return {name: any_of(several) for name, several in named.items()}

    def _tell_of_time(self, named: dict[tuple[object, ...], list[Formula]], place: int, entry: Entry) -> None:
        graph, key = entry.graph, entry.item.key
        order = tuple((step.key, tuple(sorted(step.after))) for step in graph.steps)
        named[key, "item", order].append(self.items[place])
        for step, own, specials in zip(graph.steps, graph.bits, graph.special_bits, strict=True):
            takes_time = [own] if step.promised_days else []
            takes_time += [bit for bit, special in zip(specials, step.special, strict=True) if special.days]
            named[key, "time", step.key].append(any_of(self._reader.applies(bit) for bit in takes_time))

    def _ask(self, asked: Asked) -> Formula:
        unsatisfied = self._reader.applies(asked.bit)
        for needed, _, waits in asked.tries:
            if waits:
                supplier = waits.bit_length() - 1
                works = self.items[supplier]
                self._waits[asked.item, supplier].append(all_of([unsatisfied, works]))
            else:
                works = self._reader.held(needed)
            unsatisfied = all_of([unsatisfied, opposite(works)])
        if asked.act:
            late = asked.requirement.necessity is Necessity.DEFERRABLE
            (self._before_end if late else self._before_start)[asked.item].append(unsatisfied)
            self.present[asked.act].append(unsatisfied)
        return unsatisfied

    def _come(self, act: Act) -> None:
        present = self._reader.applies(act.bit)
        self.present[act.act].append(present)
        if act.presence.stage is Stage.APPLY:
            self._before_start[act.item].append(present)
        elif act.presence.stage is Stage.REVIEW:
            self._before_end[act.item].append(present)

    def _no_place_serves_all(self) -> Formula:
        unserved = [
            any_of(one for act, several in self.present.items() if not act & served for one in several)
            for _, served in self._reader.tables.places
        ]
        return all_of(unserved) if unserved else False

    def _an_act_waits(self) -> Formula:
        tables = self._reader.tables
        waiting = [act for act in tables.acts if act.act and act.presence.stage is not Stage.APPLY]
        if not waiting:
            return False
        lasts = [self._lasts(entry, range(len(entry.graph.steps))) for entry in tables.entries]
        ancestries = self._ancestries(lasts)
        return any_of(self._waits_for_a_visit(act, lasts[act.item], ancestries[act.item]) for act in waiting)

    def _waits_for_a_visit(self, act: Act, item_lasts: Formula, line: Ancestry) -> Formula:
        lasts = item_lasts if act.presence.stage is Stage.COLLECT else self._lasts_until_review(act)
        started, ended = self._before_start, self._before_end
        # Its own reviews can be done at the very end of the item, so nothing that follows the end waits for them.
        followed = any_of(
            [*started[act.item], *_after(line.reached, started), *_after(line.reached, ended)],
        )
        anyway = any_of([*_after(line.later_than_start, started), *_after(line.later_than_end, ended)])
        return all_of([self._reader.applies(act.bit), any_of([all_of([lasts, followed]), anyway])])

    def _lasts_until_review(self, act: Act) -> Formula:
        entry = self._reader.tables.entries[act.item]
        needed, left = set[int](), set(entry.graph.reviews[act.lag])
        while left:
            place = left.pop()
            needed.add(place)
            left |= set(entry.graph.before[place]) - needed
        return self._lasts(entry, sorted(needed))

    def _lasts(self, entry: Entry, places: Iterable[int]) -> Formula:
        graph, applies = entry.graph, self._reader.applies
        taking_time: list[Formula] = []
        for place in places:
            step = graph.steps[place]
            if step.promised_days:
                taking_time.append(applies(graph.bits[place]))
            specials = zip(step.special, graph.special_bits[place], strict=True)
            taking_time += [applies(bit) for special, bit in specials if special.days]
        return any_of(taking_time)

    def _ancestries(self, lasts: list[Formula]) -> list[Ancestry]:
        lines: list[Ancestry] = []
        for place in range(len(self._reader.tables.entries)):
            reached, from_start, from_end = (defaultdict[int, list[Formula]](list) for _ in range(3))
            for other in range(place):
                waits = self.waits_for(place, other)
                if waits is False:
                    continue
                line = lines[other]
                takes_time = all_of([waits, lasts[other]])
                reached[other].append(waits)
                from_start[other].append(takes_time)
                for further, chain in line.reached.items():
                    reached[further].append(all_of([waits, chain]))
                    from_start[further].append(all_of([takes_time, chain]))
                    from_end[further].append(all_of([takes_time, chain]))
                for further, chain in line.later_than_start.items():
                    from_start[further].append(all_of([waits, chain]))
                for further, chain in line.later_than_end.items():
                    from_end[further].append(all_of([waits, chain]))
            lines.append(Ancestry(_either(reached), _either(from_start), _either(from_end)))
        return lines

    def waits_for(self, place: int, other: int) -> Formula:
        """Return when both items apply and the first cannot start before the other has ended."""
        always = [True] if self._reader.tables.entries[place].after >> other & 1 else []
        both = (self.items[place], self.items[other])
        return all_of([*both, any_of([*always, *self._waits.get((place, other), ())])])


def _after(chains: dict[int, Formula], acts: dict[int, list[Formula]]) -> list[Formula]:
    return [all_of([chain, any_of(acts[item])]) for item, chain in chains.items() if item in acts]


def _either(several: dict[int, list[Formula]]) -> dict[int, Formula]:
    return {item: any_of(formulas) for item, formulas in several.items()}
