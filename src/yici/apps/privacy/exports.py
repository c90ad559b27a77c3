"""Makes a copy of everything kept about a person: one file for people and machines, in pieces, by a job."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.journal import actions as journal
from yici.apps.licences.models import Licence, LicenceFile
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.apps.privacy import subjects
from yici.apps.privacy.export_parts import PARTS
from yici.apps.privacy.models import Export, ExportPiece
from yici.apps.privacy.retention import periods
from yici.rules.clock_courses import local_day
from yici.rules.codes import ZHEJIANG
from yici.rules.law_parameters import parameter
from yici.rules.personal_rights import CannotAsk

PIECE_BYTES = 256 * 1024
SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
HEAD = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>我的个人信息 My data</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
pre{background:#f4f6f8;padding:1rem;white-space:pre-wrap;overflow-wrap:anywhere}</style>
<h1>我的个人信息 My data</h1>"""


class _Cancelled(Exception):
    """Ends the making of a copy that its person does not want any more."""


@transaction.atomic
def ask_for_export(*, by: Viewer, now: datetime) -> UUID:
    """Ask for a copy of one's data; a job makes it. One at a time: asking again gives the one that is being made."""
    party = subjects.subject_of(by)
    Party.objects.select_for_update().get(pk=party.pk)
    waiting = Export.objects.filter(party=party, state__in=["waiting", "making"]).first()
    if waiting is not None:
        return waiting.public_id
    export = Export.objects.create(party=party, asked_at=now, asked_by=by.label)
    facts = {"export": str(export.public_id)}
    journal.record("privacy.export_asked", subject=str(party), by=by.label, now=now, facts=facts)
    # In this transaction: if it rolls back, there is no job either.
    app.configure_task("privacy.export", allow_unknown=True).defer(export_id=str(export.public_id))
    return export.public_id


@transaction.atomic
def cancel(*, export_id: UUID, by: Viewer, now: datetime) -> None:
    """Stop the making of a copy. Raises Export.DoesNotExist for anybody else's, CannotAsk for one that is done."""
    export = subjects.own_exports(by).select_for_update().get(public_id=export_id)
    if export.state not in {"waiting", "making"}:
        raise CannotAsk(zh="这份文件已经生成或已停止。", en="This copy is made, or stopped, already.")
    export.state = "cancelled"
    export.save(update_fields=["state"])


def make(*, export_id: UUID, now: datetime) -> None:
    """Make the copy, piece by piece; after a kill it is made anew. Memory holds one paper at a time."""
    export = Export.objects.filter(public_id=export_id, state__in=["waiting", "making"]).select_related("party").first()
    if export is None:
        return
    export.pieces.all().delete()
    export.done, export.state = 0, "making"
    export.total = len(PARTS) + subjects.papers_of(export.party).count() + _licences(export.party).count() + 1
    export.save(update_fields=["state", "done", "total"])
    try:
        size = _write(export, now)
    except _Cancelled:
        export.pieces.all().delete()
        return
    days = parameter("keep_export", ZHEJIANG, local_day(now), periods()).value
    Export.objects.filter(pk=export.pk, state="making").update(
        state="ready", size=size, ready_at=now, expires_on=local_day(now) + timedelta(days=days)
    )


def failed(*, export_id: UUID) -> None:
    """Say that a copy could not be made."""
    Export.objects.filter(public_id=export_id, state="making").update(state="failed")


def _licences(party: Party) -> Any:
    return Licence.objects.filter(holder=party).order_by("pk")


def _step(export: Export) -> None:
    export.done += 1
    if not Export.objects.filter(pk=export.pk, state="making").update(done=export.done):
        raise _Cancelled


def _write(export: Export, now: datetime) -> int:
    pieces = _Pieces(export)
    page = [HEAD, f"<p>{timezone.localtime(now):%Y-%m-%d %H:%M}</p>"]
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in PARTS:
            rows = part.rows(export.party)
            text = json.dumps(rows, ensure_ascii=False, indent=1)
            archive.writestr(f"data/{part.key}.json", text)
            page.append(
                f"<h2>{part.words.zh} {part.words.en}</h2><p>{escape(part.why.zh)}<br>{escape(part.why.en)}</p>"
            )
            page.append(f"<pre>{escape(text)}</pre>")
            _step(export)
        page.append("<h2>文件 Files</h2><ul>")
        for name, content in _files(export):
            archive.writestr(name, content)
            page.append(f'<li><a href="{name}">{name}</a></li>')
            _step(export)
        archive.writestr("index.html", "".join([*page, "</ul></html>"]))
    _step(export)
    return pieces.finish()


def _files(export: Export) -> Iterator[tuple[str, bytes]]:
    """Yield papers and licences one at a time."""
    for paper in subjects.papers_of(export.party).order_by("pk").iterator(chunk_size=1):
        yield f"papers/{paper.public_id}.{SUFFIXES.get(paper.kind, 'bin')}", bytes(paper.content)
    for licence in _licences(export.party).iterator(chunk_size=50):
        file = LicenceFile.objects.filter(licence=licence).first()
        yield f"licences/{licence.public_id}.pdf", bytes(file.pdf) if file else b""


class _Pieces(io.RawIOBase):
    """A file that can only grow: every quarter of a megabyte becomes one locked row."""

    def __init__(self, export: Export) -> None:
        self.export, self.buffer, self.number, self.size = export, bytearray(), 0, 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        added = bytes(content)
        self.buffer += added
        self.size += len(added)
        while len(self.buffer) >= PIECE_BYTES:
            self._put(PIECE_BYTES)
        return len(added)

    def _put(self, length: int) -> None:
        ExportPiece.objects.create(export=self.export, number=self.number, content=bytes(self.buffer[:length]))
        del self.buffer[:length]
        self.number += 1

    def finish(self) -> int:
        """Write the rest and return the size of the whole."""
        if self.buffer:
            self._put(len(self.buffer))
        return self.size


def give(*, export_id: UUID, by: Viewer, now: datetime) -> tuple[int, Iterator[bytes]]:
    """Return size and content of a copy, piece by piece. Raises Export.DoesNotExist for others and after its days."""
    export = subjects.own_exports(by).get(public_id=export_id, state="ready", expires_on__gte=local_day(now))
    facts = {"export": str(export.public_id), "size": export.size}
    journal.record("privacy.export_given", subject=str(export.party), by=by.label, now=now, facts=facts)
    return export.size, _content(export)


def _content(export: Export) -> Iterator[bytes]:
    number = 0
    while (piece := ExportPiece.objects.filter(export=export, number=number).first()) is not None:
        yield bytes(piece.content)
        number += 1
