"""`yici bench`: measures against the bounds, as ratios and counts of one run."""

import argparse
import json
import platform

from yici.rules import benching


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici bench` understands."""
    made = argparse.ArgumentParser(prog, description="Measure against the bounds.")
    made.add_argument("what", nargs="?", choices=["plan"], default="plan", help="what to measure")
    made.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Print the rows; 1 when a bound is missed."""
    rows = benching.plan_rows()
    machine = f"{platform.machine()}, {platform.python_implementation()} {platform.python_version()}"
    if arguments.json:
        print(json.dumps({"machine": machine, "rows": rows}, ensure_ascii=False))
    else:
        for row in rows:
            print(f"{row['name']:30} {row['figure']:>12} {row['unit']:10} bound {row['bound']:>10} {row['verdict']}")
    return 0 if all(row["verdict"] == "met" for row in rows) else 1
