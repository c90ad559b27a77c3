"""Compiles and checks the translations of the pages, without any tool outside Python.

``compile`` writes the ``.mo`` files that Django reads; ``extract`` brings new sentences of the pages into the ``.po``
files; ``check`` fails when a sentence of a page has no Chinese, or has two: all rooms share one table of sentences, and
the last one read would stand everywhere.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from yici.config.rooms import ROOMS

CHANNELS = Path(__file__).resolve().parent.parent / "channels"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "gettext_lazy": None, "pgettext": ((1, "c"), 2)}
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.i18n"}}


def po_file(room: str) -> Path:
    """Return where the Chinese sentences of a room stand."""
    return CHANNELS / room / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def read(room: str) -> Catalog:
    """Return the Chinese sentences of a room."""
    path = po_file(room)
    return read_po(BytesIO(path.read_bytes()), locale="zh_Hans") if path.exists() else Catalog(locale="zh_Hans")


def wanted(room: str) -> Catalog:
    """Return the sentences that stand in the pages of a room."""
    template = Catalog(charset="utf-8")
    found = extract_from_dir(CHANNELS / room, METHODS, OPTIONS, keywords=KEYWORDS)
    for filename, line, message, comments, context in found:
        template.add(message, locations=[(filename, line)], auto_comments=comments, context=context)
    return template


def compile_all() -> list[str]:
    """Write the compiled file of every room."""
    for room in ROOMS:
        path = po_file(room)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read(room))
    return []


def extract_all() -> list[str]:
    """Bring the sentences of the pages into the files to translate; sentences no longer used go."""
    for room in ROOMS:
        catalog = read(room)
        catalog.update(wanted(room), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path = po_file(room)
        if len(catalog):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as out:
                write_po(out, catalog, width=120, sort_output=True, include_lineno=False, no_location=True)
    return []


def untranslated() -> list[str]:
    """Return one line for each sentence of a page that has no Chinese."""
    everywhere = {message.id for room in ROOMS for message in read(room) if message.id and message.string}
    return [
        f"{room}: {message.id!r} has no Chinese sentence"
        for room in ROOMS
        for message in wanted(room)
        if message.id and message.id not in everywhere
    ]


def contradicting() -> list[str]:
    """Return one line for each sentence that two rooms have in different Chinese; another sense needs other English."""
    said: dict[tuple[str | None, str], dict[str, str]] = {}
    for room in ROOMS:
        for message in read(room):
            if message.id and message.string:
                said.setdefault((message.context, str(message.id)), {})[room] = str(message.string)
    return [
        f"{sentence!r} is said in different Chinese: {rooms}"
        for (_, sentence), rooms in said.items()
        if len(set(rooms.values())) > 1
    ]


def check_all() -> list[str]:
    """Return what is wrong with the translations, one line each."""
    return untranslated() + contradicting()


ACTS = {"compile": compile_all, "extract": extract_all, "check": check_all}

if __name__ == "__main__":
    problems = ACTS[sys.argv[1]]()
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    sys.exit(1 if problems else 0)
