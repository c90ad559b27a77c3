"""What administrators do with live sources: take them over from a file, try them, see how they are."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from msgspec import Meta, Struct

from yici.apps.catalogue.yaml_reading import read_yaml
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places.queries import organisation_for, region_row
from yici.apps.registry.connectors.settings import (
    CannotConnect,
    FileSettings,
    converted,
    documents_of,
    read_mapping,
    read_settings,
)
from yici.apps.registry.live_sources import Live
from yici.apps.registry.models import Dataset, Source
from yici.apps.registry.probing import Probe, probe
from yici.apps.registry.resilience import Health
from yici.rules.people import Role
from yici.rules.refusals import Refusal
from yici.rules.source_failures import CannotAsk
from yici.rules.words import Words

_NAME = re.compile(r"[a-z][a-z0-9_]{1,38}[a-z0-9]")
LARGEST_FILE_BYTES = 1_000_000


class _Words(Struct, frozen=True, forbid_unknown_fields=True):
    zh: Annotated[str, Meta(min_length=1, max_length=120)]
    en: Annotated[str, Meta(min_length=1, max_length=200)]


class _Owner(Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    region: str


class SourceDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One source as the file writes it; ``region`` "" serves the whole country."""

    title: _Words
    dataset: str
    kind: str
    settings: dict[str, Any]
    mapping: dict[str, Any]
    region: str = ""
    owner: _Owner | None = None
    asks_about: Literal["", "natural", "legal"] = ""
    deadline_ms: int = 800
    fresh_seconds: int = 300
    rest_seconds: float = 10
    at_once: int = 4
    most_rows: int = 1
    enabled: bool = True


def load_sources(*, path: Path, by: str, now: datetime) -> list[str]:
    """Take over a file of sources, all of it or nothing; sources it does not name stay. Returns the names.

    Raises CannotConnect with the name of the source and the place in it.
    """
    documents = converted(read_document(path, "sources"), dict[str, SourceDocument], "sources")
    with transaction.atomic():
        for name, document in documents.items():
            _put(name, _with_folder(document, path.parent))
        facts = {"sources": sorted(documents)}
        journal.record("registry.sources_loaded", subject="registry", by=by, now=now, facts=facts)
    return sorted(documents)


def read_document(path: Path, key: str) -> object:
    """Return what stands under the one key of a YAML file. Raises CannotConnect with line and column."""
    try:
        content = path.read_bytes()[: LARGEST_FILE_BYTES + 1]
    except OSError as error:
        raise CannotConnect(
            zh=f"无法读取 {path}：{error.strerror}。", en=f"{path} cannot be read: {error.strerror}."
        ) from None
    if len(content) > LARGEST_FILE_BYTES:
        raise CannotConnect(zh=f"{path.name} 太大。", en=f"{path.name} is too large.")
    found, faults = read_yaml(content, path.name)
    if faults:
        raise CannotConnect(zh=faults[0].text("zh"), en=faults[0].text("en"))
    value = found[0].value if len(found) == 1 else None
    if not isinstance(value, dict) or key not in value:
        raise CannotConnect(
            zh=f"{path.name} 应有一个顶层键 {key}。", en=f"{path.name} should have one key at the top: {key}."
        )
    return value[key]


def _with_folder(document: SourceDocument, base: Path) -> SourceDocument:
    """Return the document with a folder that holds whatever folder a process starts in."""
    if document.kind == "files" and isinstance(document.settings.get("folder"), str):
        document.settings["folder"] = str((base / document.settings["folder"]).resolve())
    return document


def _put(name: str, document: SourceDocument) -> None:
    try:
        row = _row(name, document)
        row.full_clean(validate_unique=False)
    except ValidationError as error:
        said = " ".join(error.messages)
        raise CannotConnect(zh=f"来源“{name}”：{said}", en=f"Source '{name}': {said}") from None
    except Refusal as refusal:
        raise CannotConnect(
            zh=f"来源“{name}”：{refusal.text('zh')}", en=f"Source '{name}': {refusal.text('en')}"
        ) from None
    row.save()


def _row(name: str, document: SourceDocument) -> Source:
    if not _NAME.fullmatch(name):
        raise CannotConnect(
            zh="名称由小写字母、数字和下划线组成，3至40位。",
            en="A name has 3 to 40 small letters, digits, underscores.",
        )
    settings = read_settings(document.kind, document.settings)
    mapping = read_mapping(document.mapping)
    dataset = _dataset(document.dataset, mapping)
    if isinstance(settings, FileSettings):
        _has_columns(settings, [settings.key, *(one.column for one in mapping.values())])
    known = Source.objects.filter(name=name).first() or Source(name=name)
    known.title, known.title_en = document.title.zh, document.title.en
    known.dataset, known.kind = dataset, document.kind
    known.settings, known.mapping = document.settings, documents_of(mapping)
    known.region = region_row(document.region) if document.region else None
    known.owner = organisation_for(document.owner.kind, document.owner.region) if document.owner else None
    known.party_kind, known.enabled = document.asks_about, document.enabled
    known.deadline_ms, known.fresh_seconds = document.deadline_ms, document.fresh_seconds
    known.rest_seconds, known.at_once, known.most_rows = document.rest_seconds, document.at_once, document.most_rows
    return known


def _dataset(key: str, mapping: Iterable[str]) -> Dataset:
    dataset = Dataset.objects.filter(key=key).first()
    foreign = sorted(set(mapping) - set(dataset.fields if dataset else ()))
    if dataset is None or foreign:
        what = "、".join(foreign) or key
        raise CannotConnect(
            zh=f"数据资源目录中没有“{what}”。请先登记。",
            en=f"The list of datasets does not know '{what}'. Register it first.",
        )
    return dataset


def _has_columns(settings: FileSettings, wanted: Iterable[str]) -> None:
    missing = sorted(set(wanted) - set(settings.columns))
    if missing:
        names = ", ".join(missing)
        raise CannotConnect(
            zh=f"columns 中没有用到的列：{names}。请补上。",
            en=f"columns does not list {names}, which are used. Add them.",
        )


def rows(names: Iterable[str] = ()) -> list[Source]:
    """Return all sources, or those named. Raises CannotConnect for a name that is none."""
    found = _all().filter(name__in=list(names)) if names else _all()
    missing = sorted(set(names) - {one.name for one in found})
    if missing:
        raise CannotConnect(
            zh=f"没有叫“{missing[0]}”的来源。yici sources list 列出全部。",
            en=f"There is no source '{missing[0]}'; yici sources list shows them.",
        )
    return list(found)


def _all() -> QuerySet[Source]:
    return Source.objects.select_related("dataset", "owner", "region").order_by("name")


def probe_all(*, names: Iterable[str] = (), now: datetime) -> list[Probe]:
    """Try every enabled source, or those named, one after the other."""
    return [probe(row, now=now) for row in rows(names) if row.enabled]


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source as an administrator sees it."""

    name: str
    title: Words
    dataset: Words
    owner: Words | None
    region: Words | None
    region_code: str
    kind: str
    deadline_ms: int
    fresh_seconds: int
    enabled: bool
    health: Health | None
    trouble: Words | None


def sources_for(viewer: Viewer, *, now: datetime) -> list[SourceView]:
    """Return the sources of an administrator's region, and from the province's level nationwide ones too."""
    return [_view(row, now) for row in _visible(viewer)]


def _visible(viewer: Viewer) -> QuerySet[Source]:
    if not viewer.has_role(Role.ADMIN) or viewer.region_path is None:
        return Source.objects.none()
    is_province = viewer.region_path.strip("/").count("/") == 0
    nation = Q(region=None) if is_province else Q(pk=None)
    return _all().filter(Q(region__path__startswith=viewer.region_path) | nation)


def probe_for(viewer: Viewer, *, name: str, now: datetime) -> Probe:
    """Try one source for an administrator. Raises Source.DoesNotExist for one he may not see."""
    return probe(_visible(viewer).get(name=name), now=now)


NoSuchSource = Source.DoesNotExist


def _view(row: Source, now: datetime) -> SourceView:
    health, trouble = None, None
    try:
        health = Live(row).watch.health(now)
    except CannotAsk as refusal:
        trouble = refusal.words
    return SourceView(
        name=row.name,
        title=Words(row.title, row.title_en),
        dataset=Words(row.dataset.name, row.dataset.name_en),
        owner=Words(row.owner.name, row.owner.name_en) if row.owner else None,
        region=Words(row.region.name, row.region.name_en) if row.region else None,
        region_code=row.region.code if row.region else "",
        kind=row.kind,
        deadline_ms=row.deadline_ms,
        fresh_seconds=row.fresh_seconds,
        enabled=row.enabled,
        health=health,
        trouble=trouble,
    )


def every_source(*, now: datetime) -> list[SourceView]:
    """Return all sources, for the command line."""
    return [_view(row, now) for row in _all()]
