"""The `yici` command: finds the database, wires the house and hands over to one command of the channels."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import django
from django.conf import settings

from yici.config.database import Database, joined_or_started
from yici.config.database_url import django_database
from yici.config.secrets import secret
from yici.rules.refusals import Refusal

GOOD, FOUND_WRONG, BAD_USAGE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command is written and what it needs before it may begin."""

    module: str
    sentence: str
    needs: str = "tables"  # nothing, server, migrated, tables


# "migrated": the database runs and is migrated; "tables": and, when it was empty, holds the demonstration.
COMMANDS = {
    "run": Command("yici.config.running", "start everything on this machine and print the address", "nothing"),
    "serve": Command("yici.config.serving", "serve the web pages", "server"),
    "worker": Command("yici.config.working", "do background work", "server"),
    "migrate": Command("yici.config.migrating", "bring the tables up to date", "server"),
    "check": Command("yici.config.checking", "name every misconfiguration", "server"),
    "demo": Command("yici.channels.cli.demo", "load the demonstration", "migrated"),
    "catalogue": Command("yici.channels.cli.catalogue", "import, export, lint and prove items and life events"),
    "plan": Command("yici.channels.cli.plan", "compute one plan, with reasons"),
    "kiosk": Command("yici.channels.cli.kiosk", "register, pair and retire self-service kiosks"),
    "data": Command("yici.channels.cli.data", "gaps in shared data, and the share that is fetched"),
    "sources": Command("yici.channels.cli.sources", "live registers behind datasets: load, list, probe"),
    "journal": Command("yici.channels.cli.journal", "verify the journal"),
    "keys": Command("yici.channels.cli.keys", "list, add, rotate and drop the keys of personal values"),
    "retention": Command("yici.channels.cli.retention", "report and end what has been kept long enough"),
    "backup": Command("yici.config.backing_up", "write the database into a folder, keys apart", "server"),
    "restore": Command("yici.config.restoring", "bring a backup into an empty data folder", "server"),
    "simulate": Command("yici.channels.cli.simulate", "make applications of invented people"),
    "tickets": Command("yici.channels.cli.tickets", "train and judge the text model; matters and topics", "nothing"),
    "visits": Command("yici.channels.cli.visits", "compare promised visits with those that took place"),
    "links": Command("yici.channels.cli.links", "choose the data links that spare the most visits"),
    "replay": Command("yici.channels.cli.replay", "replay past cases under a changed item or life event"),
    "signals": Command("yici.channels.cli.signals", "count what hurts and open proposals where it is no chance"),
    "topics": Command("yici.channels.cli.topics", "find what concerns more people than chance explains"),
    "supply": Command("yici.channels.cli.supply", "windows for each hour of a hall that keep a waiting promise"),
    "process": Command(
        "yici.channels.cli.process", "read the history of another system: steps, loops, lateness", "nothing"
    ),
    "scores": Command("yici.channels.cli.scores", "scorecards: count, list, export", "tables"),
    "congress": Command("yici.channels.cli.congress", "the yearly report to the congress; follow referrals through"),
    "open-data": Command("yici.channels.cli.open_data", "open data of a month: publish, list"),
    "bench": Command("yici.channels.cli.bench", "measure against the bounds", "nothing"),
}


# These start other programs; loading all of Django first would only make people wait.
WITHOUT_DJANGO = {"yici.config.running", "yici.config.serving"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 good, 1 found something wrong, 2 bad usage."""
    words = list(sys.argv[1:] if argv is None else argv)
    name, rest, data = _split(words)
    if name not in COMMANDS:
        return _say_commands(name)
    os.environ["YICI_DATA"] = str(data)
    try:
        return _run(name, rest, data)
    except Refusal as refusal:
        print(f"yici {name}: {refusal.text('zh')}\nyici {name}: {refusal.text('en')}", file=sys.stderr)
        return FOUND_WRONG
    except BrokenPipeError:
        return FOUND_WRONG
    except KeyboardInterrupt:
        return 130


def _split(words: list[str]) -> tuple[str, list[str], Path]:
    """Take `--data DIR` out wherever it stands; the first other word is the command."""
    finder = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    finder.add_argument("--data", default=os.environ.get("YICI_DATA", ".yici"))
    found, rest = finder.parse_known_args(words)
    return (rest[0] if rest else ""), rest[1:], Path(found.data).absolute()


def _say_commands(name: str) -> int:
    asked = name in {"", "-h", "--help", "help"}
    out = sys.stdout if asked else sys.stderr
    if not asked:
        print(f"yici: there is no command {name!r}", file=out)
    print("usage: yici COMMAND [options] [--data DIR]\n", file=out)
    for known, command in COMMANDS.items():
        print(f"  {known:10} {command.sentence}", file=out)
    print("\nyici COMMAND --help says more.", file=out)
    return GOOD if asked else BAD_USAGE


def _run(name: str, rest: list[str], data: Path) -> int:
    command = COMMANDS[name]
    wire(data)
    module = _module(command)
    arguments = module.parser(f"yici {name}").parse_args(rest)
    # A command whose acts need different things says so itself.
    needs = module.needs(arguments) if hasattr(module, "needs") else command.needs
    with ExitStack() as stack:
        if needs != "nothing":
            if "DATABASE_URL_GIVEN" not in os.environ:
                stack.enter_context(joined_or_started(data))
                _follow_the_socket(data)
            if needs in {"migrated", "tables"}:
                importlib.import_module("yici.config.migrating").make_ready(empty=needs == "migrated")
        code: int = module.run(arguments)
    return code


def _module(command: Command) -> ModuleType:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yici.config.settings")
    if command.module not in WITHOUT_DJANGO:
        django.setup()
    return importlib.import_module(command.module)


def _follow_the_socket(data: Path) -> None:
    """Read the address again once the server runs: a folder with a long path gets a socket elsewhere."""
    before = os.environ["DATABASE_URL"]
    wire(data)
    if os.environ["DATABASE_URL"] != before and settings.configured:
        settings.DATABASES["default"].update(django_database(os.environ["DATABASE_URL"], pooled=settings.POOLED))


def wire(data: Path) -> None:
    """Put into the environment what the settings read: addresses of the database, secrets of the machine."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.environ.get("DATABASE_URL") and "YICI_OWN_DATABASE" not in os.environ:
        os.environ["DATABASE_URL_GIVEN"] = "1"
        os.environ.setdefault("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
    else:
        own = Database(data)
        os.environ["YICI_OWN_DATABASE"] = "1"
        os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = own.url("app"), own.url("owner")
    os.environ["YICI_SECRET_KEY"] = secret("YICI_SECRET_KEY", data)


if __name__ == "__main__":
    sys.exit(main())
