"""Lets files into the catalogue where nobody loses by them; whatever hurts somebody goes through the gate."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from yici.apps.catalogue import actions as catalogue_acts
from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue.actions import ImportReport
from yici.rules.burden.comparing import Comparison
from yici.rules.burden.needs import compare_catalogues
from yici.rules.refusals import Refusal

_SHOWN = 12


class CannotTakeBack(Refusal):
    """Files by which somebody would lose, or of which it is not proved that nobody does. Nothing is stored."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        told = [one.sentence for one in comparison.losses[:_SHOWN]]
        zh = [one.zh for one in told] + [f"未能证明没有人吃亏：{one.words.zh}。" for one in comparison.undecided]
        en = [one.en for one in told] + [f"Not proved: {one.words.en.lower()}." for one in comparison.undecided]
        super().__init__(
            zh="没有导入任何内容：有人会吃亏。请在改革工作台（/bench/）提出修订，经公示和批准后施行。\n"
            + "\n".join(zh),
            en="Nothing was imported: somebody would lose. Propose it at the reform bench (/bench/), where it takes a "
            "public notice and an approval.\n" + "\n".join(en),
        )


@transaction.atomic
def import_catalogue(*, path: Path, by: str, now: datetime, dry_run: bool = False) -> ImportReport:
    """Import YAML files unless they make something in force harder (规定 art. 4, 43).

    What is not in force yet takes nothing from anybody, so the first import of an item passes. Raises CannotImport with
    every fault of the files, and CannotTakeBack with the sentence of each person who would lose.
    """
    catalogue_acts.lock_imports()  # nobody changes what is in force between the comparison and the import
    found = _together(compare_catalogues(before, after) for before, after in catalogue.changes_in(path))
    if not found.nobody_loses:
        raise CannotTakeBack(found)
    return catalogue_acts.import_catalogue(path=path, by=by, now=now, dry_run=dry_run)


def _together(several: Iterable[Comparison]) -> Comparison:
    all_of = list(several)
    losses = [one for each in all_of for one in each.losses]
    undecided = dict.fromkeys(one for each in all_of for one in each.undecided)
    return Comparison(tuple(losses), (), tuple(undecided))
