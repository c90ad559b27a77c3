"""Does the background work: sealing the journal, sweeping time limits, retrying what was interrupted."""

import argparse
import importlib
import logging

from django.db import connection
from procrastinate.contrib.django import app

JOBS = (
    "yici.apps.journal.jobs",
    "yici.apps.people.jobs",
    "yici.apps.registry.jobs",
    "yici.apps.cases.jobs",
    "yici.apps.halls.jobs",
    "yici.apps.tickets.jobs",
    "yici.apps.reviews.jobs",
    "yici.apps.reform.jobs",
    "yici.apps.topics.jobs",
    "yici.apps.referrals.jobs",
    "yici.apps.accountability.jobs",
    "yici.apps.privacy.jobs",
    "yici.config.stalled",
)


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici worker` understands."""
    made = argparse.ArgumentParser(prog, description="Do background work.")
    made.add_argument("--concurrency", type=int, default=2, help="jobs at a time (2)")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Work until told to stop."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    for module in JOBS:
        importlib.import_module(module)
    connection.close()
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.with_connector(connector).open() as opened:
        opened.run_worker(concurrency=arguments.concurrency, delete_jobs="successful")
    return 0
