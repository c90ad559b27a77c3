"""The catalogue of services as machines of other governments read it: CPSV-AP 3.2 as JSON-LD.

Source: CPSV-AP 3.2.0 (https://semiceu.github.io/CPSV-AP/releases/3.2.0/). A length of time in working days is no
duration of that profile, so it is said in words.
"""

from collections.abc import Container, Iterable, Iterator
from hashlib import sha256

from yici.channels.public.linked_words import EU, TONGUES, Node, both, concept, document, page, publisher, typed
from yici.rules.items import Catalogue, Item, LegalBasis, LifeEvent, Period, Requirement
from yici.rules.words import Words

_ZHEJIANG = {
    "@id": "https://www.geonames.org/1784764/",
    "@type": ["dct:Location", "http://data.europa.eu/88u/dataset/atu-type"],
}
_CNY = concept(f"{EU}/currency/CNY", Words("人民币", "Renminbi"))
_ACTIVE = concept("http://purl.org/adms/status/Completed", Words("在用", "in use"))
CHANNELS = {
    "window": Words("窗口", "service window"),
    "web": Words("网上", "on the web"),
    "mobile": Words("手机", "by telephone app"),
    "post": Words("邮寄", "by post"),
    "kiosk": Words("自助终端", "self-service kiosk"),
}
AUDIENCES = {"natural": Words("个人", "natural persons"), "legal": Words("法人", "legal persons")}
UNITS = {
    "W": Words("个工作日", "working days"),
    "D": Words("日", "days"),
    "M": Words("个月", "months"),
    "Y": Words("年", "years"),
    "H": Words("小时", "hours"),
}
_DURATIONS = {"D": "P{}D", "M": "P{}M", "Y": "P{}Y", "H": "PT{}H"}


def services(site: str, known: Catalogue) -> Node:
    """Return every item and life event of a catalogue."""
    return document([*_shared(site, known, known.items.values()), *_all(site, known)])


def service(site: str, known: Catalogue, item: Item) -> Node:
    """Return one item with everything it refers to."""
    events = [one for one in known.events.values() if item.key in {member.item for member in one.members}]
    told = (_event(site, one, {item.key}) for one in events)
    parts = [*_shared(site, known, [item]), *told, *_service(site, item, events)]
    return document(parts)


def _all(site: str, known: Catalogue) -> Iterator[Node]:
    yield from (_event(site, one, known.items) for one in known.events.values())
    for item in known.items.values():
        events = [one for one in known.events.values() if item.key in {member.item for member in one.members}]
        yield from _service(site, item, events)


def _shared(site: str, known: Catalogue, items: Iterable[Item]) -> Iterator[Node]:
    """Yield what many services refer to: organisations, laws, channels' kinds, and the dataset they are part of."""
    some = list(items)
    yield {
        "@id": f"{site}/open-data/#items",
        "@type": "dcat:Dataset",
        "dct:title": both(Words("政务服务事项目录", "Catalogue of items")),
        "dct:description": both(Words("全省政务服务事项。", "The items of government services of the province.")),
        "dct:publisher": publisher(site),
        "dcat:landingPage": page(f"{site}/open-data/"),
    }
    for kind in sorted({item.organisation for item in some}):
        yield _organisation(site, kind, known.organisations.get(kind, Words(kind, kind)))
    laws = {_law(site, basis)["@id"]: _law(site, basis) for item in some for basis in _bases(item)}
    yield from laws.values()


def _organisation(site: str, kind: str, name: Words) -> Node:
    return {
        "@id": f"{site}/open-data/organisations/{kind}",
        "@type": ["m8g:PublicOrganisation", "org:Organization"],
        "dct:identifier": kind,
        "skos:prefLabel": both(name),
        "dct:spatial": _ZHEJIANG,
    }


def _bases(item: Item) -> list[LegalBasis]:
    return [*item.bases, *(one.basis for one in item.requirements)]


def _law(site: str, basis: LegalBasis) -> Node:
    whole = f"{basis.title} {basis.article}".strip()
    return {
        "@id": f"{site}/open-data/laws/{sha256(whole.encode()).hexdigest()[:16]}",
        "@type": "eli:LegalResource",
        "dct:title": both(Words(whole, f"{basis.title_en or basis.title} {basis.article}".strip())),
        "dct:identifier": whole,
    }


def _event(site: str, one: LifeEvent, told: Container[str]) -> Node:
    """Return a life event with those of its services that the document tells of."""
    members = [member.item for member in one.members if member.item in told]
    kind = "m8g:LifeEvent" if "natural" in one.audience else "m8g:BusinessEvent"
    return {
        "@id": f"{site}/open-data/events/{one.key}",
        "@type": ["m8g:Event", kind],
        "dct:identifier": one.key,
        "dct:title": both(one.name),
        "dct:description": both(one.summary if one.summary.zh else one.name),
        "m8g:hasRelatedService": [{"@id": f"{site}/open-data/items/{key}"} for key in members],
        "foaf:page": page(f"{site}/changes/items/{one.key}"),
    }


def _service(site: str, item: Item, events: Iterable[LifeEvent]) -> Iterator[Node]:
    iri = f"{site}/open-data/items/{item.key}"
    made: Node = {
        "@id": iri,
        "@type": "cpsv:PublicService",
        "dct:identifier": item.code,
        "dct:title": both(item.name),
        "dct:description": both(_description(item)),
        "dct:language": TONGUES,
        "dct:spatial": _ZHEJIANG,
        "dct:isPartOf": {"@id": f"{site}/open-data/#items"},
        "adms:status": _ACTIVE,
        "dct:audience": [concept(f"{site}/open-data/audiences/{key}", AUDIENCES[key]) for key in item.audience],
        "m8g:hasCompetentAuthority": {"@id": f"{site}/open-data/organisations/{item.organisation}"},
        "m8g:hasLegalResource": [{"@id": _law(site, one)["@id"]} for one in item.bases],
        "cpsv:follows": {"@id": f"{iri}#rule"},
        "cpsv:produces": _output(iri, item),
        "m8g:hasCost": _cost(site, iri, item),
        "m8g:hasChannel": [_channel(site, iri, key, item) for key in item.channels],
        "m8g:isGroupedBy": [{"@id": f"{site}/open-data/events/{one.key}"} for one in events],
        "m8g:holdsRequirement": [_requirement(iri, one) for one in item.requirements],
        "cpsv:hasInput": [{"@id": f"{iri}#evidence-{one.key}"} for one in item.requirements],
        "foaf:page": page(f"{site}/statistics/items/{item.key}"),
    }
    if item.promised.unit in _DURATIONS:
        made["m8g:processingTime"] = typed(_DURATIONS[item.promised.unit].format(item.promised.value), "duration")
    yield made
    yield _rule(site, iri, item)
    yield from (_evidence(iri, one) for one in item.requirements)


def _description(item: Item) -> Words:
    """Return who may apply and how long it takes, in words."""
    who = item.accept_conditions if item.accept_conditions.zh else item.name
    law, promise = length_words(item.statutory), length_words(item.promised)
    return Words(
        f"{who.zh} 法定时限：{law.zh}；承诺时限：{promise.zh}。",
        f"{who.en or who.zh} Statutory time: {law.en}; promised time: {promise.en}.",
    )


def length_words(one: Period) -> Words:
    """Return a length of time as people say it.

    >>> length_words(Period(1)).en, length_words(Period(0)).en
    ('1 working day', 'at once')
    """
    if one.value == 0:
        return Words("即办", "at once")
    unit = UNITS.get(one.unit, Words(one.unit, one.unit))
    return Words(f"{one.value}{unit.zh}", f"{one.value} {unit.en if one.value != 1 else unit.en.removesuffix('s')}")


def _output(iri: str, item: Item) -> Node:
    name = item.result_name or Words(f"{item.name.zh}办理结果", f"Result: {item.name.en}")
    return {
        "@id": f"{iri}#result",
        "@type": "m8g:Output",
        "dct:identifier": f"{item.code}-result",
        "dct:title": both(name),
        "dct:language": TONGUES[:1],
    }


def _cost(site: str, iri: str, item: Item) -> Node:
    name = item.fee.name or (Words("不收费", "free of charge") if not item.fee.amount_fen else Words("收费", "fee"))
    return {
        "@id": f"{iri}#cost",
        "@type": "m8g:Cost",
        "dct:identifier": f"{item.code}-cost",
        "dct:description": both(name),
        "m8g:hasValue": typed(f"{item.fee.amount_fen / 100:.2f}", "double"),
        "m8g:currency": _CNY,
        "m8g:isDefinedBy": {"@id": f"{site}/open-data/organisations/{item.organisation}"},
    }


def _channel(site: str, iri: str, key: str, item: Item) -> Node:
    name = CHANNELS.get(key, Words(key, key))
    return {
        "@id": f"{iri}#channel-{key}",
        "@type": "m8g:Channel",
        "dct:identifier": f"{item.code}-{key}",
        "dct:description": both(name),
        "dct:type": concept(f"{site}/open-data/channels/{key}", name),
        "m8g:ownedBy": {"@id": f"{site}/open-data/organisations/{item.organisation}"},
    }


def _requirement(iri: str, one: Requirement) -> Node:
    return {
        "@id": f"{iri}#requirement-{one.key}",
        "@type": "m8g:Requirement",
        "dct:identifier": f"{iri.rsplit('/', 1)[1]}/{one.key}",
        "dct:title": both(one.name),
        "m8g:fulfils": {"@id": f"{iri}#rule"},
        "m8g:hasSupportingEvidence": {"@id": f"{iri}#evidence-{one.key}"},
    }


def _evidence(iri: str, one: Requirement) -> Node:
    return {
        "@id": f"{iri}#evidence-{one.key}",
        "@type": "m8g:Evidence",
        "dct:identifier": f"{iri.rsplit('/', 1)[1]}/{one.key}/{one.proves}",
        "dct:title": both(one.name),
        "dct:language": TONGUES[:1],
        "m8g:supportsRequirement": {"@id": f"{iri}#requirement-{one.key}"},
    }


def _rule(site: str, iri: str, item: Item) -> Node:
    return {
        "@id": f"{iri}#rule",
        "@type": "cpsv:Rule",
        "dct:identifier": f"{item.code}-rule",
        "dct:title": both(Words(f"{item.name.zh}办理规则", f"Rules of: {item.name.en}")),
        "dct:description": both(_description(item)),
        "dct:language": TONGUES[:1],
        "cpsv:implements": [{"@id": _law(site, one)["@id"]} for one in _bases(item)],
    }
