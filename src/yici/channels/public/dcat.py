"""The catalogue of open data as machines read it: DCAT-AP 3, one form as JSON-LD and the same as Turtle.

Source: DCAT-AP 3.0.0 (https://semiceu.github.io/DCAT-AP/releases/3.0.0/), CSV on the Web for the columns.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from rdflib import Graph

from yici.apps.accountability.open_columns import Column, Kind, OpenDataset
from yici.apps.accountability.open_datasets import DATASETS
from yici.apps.accountability.open_publishing import Edition, OpenFile
from yici.apps.places.months import next_month
from yici.channels.public.linked_words import (
    EU,
    HOTLINE,
    LICENCE,
    PUBLISHER_WORDS,
    TONGUES,
    Node,
    both,
    concept,
    document,
    page,
    publisher,
    resource,
    typed,
)
from yici.rules.words import Words

TITLE = Words("一次 · 政务服务开放数据", "Yici: open data of government services")
MEANING = Words(
    "政务服务的月度指标、事项目录、变更台账、评价和等候时间；小数受保护。",
    "Monthly measures of government services, the catalogue of items, its changes, reviews and waiting; "
    "small numbers are protected.",
)
_FORMATS = {
    "csv": ("CSV", "https://www.iana.org/assignments/media-types/text/csv"),
    "parquet": ("PARQUET", "https://www.iana.org/assignments/media-types/application/vnd.apache.parquet"),
}
_THEME = concept(f"{EU}/data-theme/GOVE", Words("政府与公共部门", "Government and public sector"))
_SHA256 = {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"}
_ZHEJIANG = {"@id": "https://www.geonames.org/1784764/", "@type": "dct:Location"}


def catalogue(site: str, editions: Sequence[Edition]) -> Node:
    """Return the catalogue of what was published, newest month first; ``site`` is the address without a slash."""
    sets = [one for one in (_dataset(site, one, editions) for one in DATASETS.values()) if one]
    whole: Node = {
        "@id": f"{site}/open-data/#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": both(TITLE),
        "dct:description": both(MEANING),
        "dct:publisher": publisher(site),
        "dct:license": LICENCE,
        "dct:language": TONGUES,
        "dct:spatial": _ZHEJIANG,
        "foaf:homepage": page(f"{site}/open-data/"),
        "dcat:themeTaxonomy": _taxonomy(),
        "dcat:dataset": sets,
        "dcat:service": _interface(site),
    }
    if editions:
        whole["dct:issued"] = typed(min(one.published_at for one in editions).date().isoformat(), "date")
        whole["dct:modified"] = _moment(max(one.published_at for one in editions).isoformat())
    return document([whole])


def as_turtle(made: Node) -> bytes:
    """Return a document as Turtle."""
    return Graph().parse(data=json.dumps(made), format="json-ld").serialize(format="turtle", encoding="utf-8")


def _taxonomy() -> Node:
    title = both(Words("数据主题", "Data theme"))
    return {"@id": f"{EU}/data-theme", "@type": "skos:ConceptScheme", "dct:title": title}


def _interface(site: str) -> Node:
    return {
        "@id": f"{site}/open-data/#interface",
        "@type": "dcat:DataService",
        "dct:title": both(Words("指标接口", "Interface of measures")),
        "dct:description": both(Words("按区划和月份查询指标。", "Measures by region and month.")),
        "dcat:endpointURL": resource(f"{site}/api/v1/measures"),
        "dcat:endpointDescription": resource(f"{site}/api/v1/openapi.json"),
        "dct:license": LICENCE,
        "dcat:servesDataset": [{"@id": f"{site}/open-data/#measures-by-county"}],
    }


def _moment(text: str) -> Node:
    return typed(text, "dateTime")


def _dataset(site: str, one: OpenDataset, editions: Sequence[Edition]) -> Node | None:
    """Return a dataset with a distribution for each file; a standing one has only its newest."""
    having = [edition for edition in editions if edition.file(one.key, "csv")]
    if not having:
        return None
    shown = having if one.monthly else having[:1]
    return {
        "@id": f"{site}/open-data/#{one.key}",
        "@type": "dcat:Dataset",
        "dct:identifier": one.key,
        "dct:title": both(one.title),
        "dct:description": both(one.description),
        "dct:publisher": publisher(site),
        "dcat:contactPoint": _contact(site),
        "dcat:theme": _THEME,
        "dcat:keyword": both(Words("政务服务", "government services")),
        "dct:language": TONGUES,
        "dct:spatial": _ZHEJIANG,
        "dct:temporal": _period(shown),
        "dct:issued": typed(min(each.published_at for each in having).date().isoformat(), "date"),
        "dct:modified": _moment(max(each.published_at for each in having).isoformat()),
        "dct:accrualPeriodicity": {"@id": f"{EU}/frequency/MONTHLY", "@type": "dct:Frequency"},
        "dct:accessRights": {"@id": f"{EU}/access-right/PUBLIC", "@type": "dct:RightsStatement"},
        "dcat:landingPage": page(f"{site}/open-data/"),
        "dct:conformsTo": _standard(site, one),
        "dcat:distribution": list(_distributions(site, one, shown)),
    }


def _contact(site: str) -> Node:
    return {
        "@id": f"{site}/open-data/#contact",
        "@type": ["vcard:Kind", "vcard:Organization"],
        "vcard:fn": both(PUBLISHER_WORDS),
        "vcard:hasTelephone": {"@id": HOTLINE},
        "vcard:hasURL": {"@id": f"{site}/open-data/"},
    }


def _period(editions: Iterable[Edition]) -> Node:
    months = sorted(one.month for one in editions)
    last = next_month(months[-1]) - timedelta(days=1)
    return {
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": typed(months[0].isoformat(), "date"),
        "dcat:endDate": typed(last.isoformat(), "date"),
    }


def _standard(site: str, one: OpenDataset) -> Node:
    return {"@id": f"{site}/open-data/{one.key}.schema.json", "@type": "dct:Standard"}


def _distributions(site: str, one: OpenDataset, editions: Iterable[Edition]) -> Iterator[Node]:
    for edition in editions:
        for kind in _FORMATS:
            file = edition.file(one.key, kind)
            if file is not None:
                yield _distribution(site, one, edition, file)


def _distribution(site: str, one: OpenDataset, edition: Edition, file: OpenFile) -> Node:
    name, media = _FORMATS[file.format]
    address, which = f"{site}/open-data/{edition.month:%Y-%m}/{file.name}", f"{edition.month:%Y-%m} {name}"
    return {
        "@id": f"{address}#distribution",
        "@type": "dcat:Distribution",
        "dct:title": both(Words(f"{one.title.zh} {which}", f"{one.title.en} {which}")),
        "dct:description": both(one.description),
        "dcat:accessURL": resource(address),
        "dcat:downloadURL": resource(address),
        "dct:format": {"@id": f"{EU}/file-type/{name}", "@type": "dct:MediaTypeOrExtent"},
        "dcat:mediaType": {"@id": media, "@type": "dct:MediaType"},
        "dcat:byteSize": typed(str(file.size), "nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _SHA256,
            "spdx:checksumValue": typed(file.sha256, "hexBinary"),
        },
        "dct:license": LICENCE,
        "dct:language": TONGUES,
        "dct:issued": _moment(edition.published_at.isoformat()),
        "dct:modified": _moment(edition.published_at.isoformat()),
        "dct:conformsTo": _standard(site, one),
        "dcatap:availability": concept(f"{EU}/planned-availability/STABLE", Words("长期", "stable")),
    }  # fmt: skip


def table_schema(site: str, one: OpenDataset) -> Node:
    """Return what the columns of a dataset mean (CSV on the Web), for the file of any month."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "@id": f"{site}/open-data/{one.key}.schema.json",
        "@type": "Schema",
        "columns": [_column(column) for column in one.columns],
    }


def _column(one: Column) -> Node:
    required = one.kind is Kind.MONTH or one.name == "status"
    return {
        "name": one.name,
        "titles": {"zh": one.title.zh, "en": one.title.en},
        "dc:description": [
            {"@value": one.meaning.zh, "@language": "zh"},
            {"@value": one.meaning.en, "@language": "en"},
        ],
        "datatype": one.kind.value,
        "required": required,
    }
