"""Writes the inputs and the formula of the scorecards into files, from which a stranger gets the same numbers."""

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path

from yici.apps.accountability import queries
from yici.rules.measures import MEASURES
from yici.rules.scores import FORMULA, Formula

COLUMNS = ("measure", "organisation", "kind", "month", "code", "good", "of")


def described(formula: Formula = FORMULA) -> dict[str, object]:
    """Return the formula as published: weights, strength, limits, and what each measure means in both languages."""
    return {
        **asdict(formula),
        "measures": {
            one.measure: {
                "zh": MEASURES[one.measure].words.zh,
                "en": MEASURES[one.measure].words.en,
                "meaning_zh": MEASURES[one.measure].meaning.zh,
                "meaning_en": MEASURES[one.measure].meaning.en,
                "higher_is_better": MEASURES[one.measure].higher_is_better,
                "unit": MEASURES[one.measure].unit.value,
            }
            for one in formula.components
        },
    }


def export(folder: Path, *, month: date) -> list[Path]:
    """Write ``formula.json`` and a CSV of inputs for each kind of organisation; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    formula = folder / "formula.json"
    formula.write_text(json.dumps(described(), ensure_ascii=False, indent=1), encoding="utf-8")
    return [formula, *(_inputs(folder, month, kind) for kind in queries.kinds_with_figures(month))]


def _inputs(folder: Path, month: date, kind: str) -> Path:
    path = folder / f"inputs-{month:%Y-%m}-{kind}.csv"
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(input_rows(month, kind))
    return path


def input_rows(month: date, kind: str) -> Iterator[tuple[object, ...]]:
    """Yield the lines of a file of inputs, its header first."""
    yield COLUMNS
    for one in queries.inputs(month=month, kind=kind):
        yield one.measure, one.organisation, one.kind, f"{one.month:%Y-%m}", one.code, one.good, one.of
