"""Words of the linked data that the catalogues share: prefixes, languages, and nodes of vocabularies with their class.

Nodes of European vocabularies carry their class and label here, so that readers and validators need not fetch them.
"""

from collections.abc import Iterable
from typing import Any

from yici.rules.words import Words

Node = dict[str, Any]
EU = "http://publications.europa.eu/resource/authority"
CONTEXT: Node = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "m8g": "http://data.europa.eu/m8g/",
    "org": "http://www.w3.org/ns/org#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
TONGUES: list[Node] = [{"@id": f"{EU}/language/{code}", "@type": "dct:LinguisticSystem"} for code in ("ZHO", "ENG")]
LICENCE: Node = {"@id": "https://creativecommons.org/licenses/by/4.0/", "@type": "dct:LicenseDocument"}
PUBLISHER_WORDS = Words("浙江省政务服务平台（一次）", "Government service platform of Zhejiang (Yici)")
HOTLINE = "tel:12345"


def both(words: Words) -> list[Node]:
    """Return a sentence in both languages.

    >>> both(Words("事", "thing"))
    [{'@value': '事', '@language': 'zh'}, {'@value': 'thing', '@language': 'en'}]
    """
    return [{"@value": words.zh, "@language": "zh"}, {"@value": words.en or words.zh, "@language": "en"}]


def typed(value: str, kind: str) -> Node:
    """Return a value with its type of XML Schema."""
    return {"@value": value, "@type": f"xsd:{kind}"}


def concept(iri: str, label: Words) -> Node:
    """Return a notion of a controlled vocabulary with its label."""
    return {"@id": iri, "@type": "skos:Concept", "skos:prefLabel": both(label)}


def page(iri: str) -> Node:
    """Return a web page."""
    return {"@id": iri, "@type": "foaf:Document"}


def resource(iri: str) -> Node:
    """Return an address as a resource."""
    return {"@id": iri, "@type": "rdfs:Resource"}


def publisher(site: str) -> Node:
    """Return who publishes: as both application profiles want an agent."""
    return {
        "@id": f"{site}/#publisher",
        "@type": "foaf:Agent",
        "foaf:name": both(PUBLISHER_WORDS),
        "dct:title": both(PUBLISHER_WORDS),
        "dct:identifier": "330000",
        "dct:type": concept(
            "http://purl.org/adms/publishertype/RegionalAuthority", Words("省级机关", "Regional authority")
        ),
    }


def document(graph: Iterable[Node]) -> Node:
    """Return a whole document; its context stands in it, so nobody fetches anything to read it."""
    return {"@context": CONTEXT, "@graph": list(graph)}
