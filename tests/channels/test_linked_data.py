"""What machines of other governments read, over the whole demo, against the shapes of the European profiles.

The shapes stand in tests/shapes (see NOTICE), nothing is fetched: vocabularies of the Publications Office are known
here by the class and label that our documents give them, so whether a code is in their list is not checked.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from pyshacl import validate
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from tests.channels.conftest import NOW
from yici.apps.accountability import demo
from yici.apps.accountability.open_datasets import DATASETS
from yici.apps.accountability.open_publishing import publish

SHAPES = Path(__file__).parents[1] / "shapes"
DCAT, DCT = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://purl.org/dc/terms/")
CPSV, M8G = Namespace("http://purl.org/vocab/cpsv#"), Namespace("http://data.europa.eu/m8g/")
SH = Namespace("http://www.w3.org/ns/shacl#")


def shapes(name: str) -> Graph:
    return Graph().parse(SHAPES / name, format="json-ld" if name.endswith("jsonld") else "turtle")


def faults(data: Graph, wanted: Graph) -> list[str]:
    """What the shapes find, warnings too, without fetching anything."""
    _, report, _ = validate(data, shacl_graph=wanted, do_owl_imports=False, inference="none", advanced=False)
    assert isinstance(report, Graph)
    said = (SH.resultPath, SH.focusNode, SH.resultMessage)
    results = report.subjects(RDF.type, SH.ValidationResult)
    return sorted(" ".join(str(report.value(one, part)) for part in said) for one in results)


@pytest.fixture(scope="module")
def published(province: None, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Path]:
    """The demo with two months of its tallies published."""
    before, folder = configured.DATA_DIR, tmp_path_factory.mktemp("data")
    with django_db_blocker.unblock():
        demo.load(NOW)
        configured.DATA_DIR = folder
        for month in demo.MONTHS[:2]:
            publish(month, now=NOW)
        yield folder
        configured.DATA_DIR = before


@pytest.fixture
def client_there(client: Client, published: Path, settings: Any) -> Client:
    settings.DATA_DIR = published
    return client


def graph_at(client: Client, path: str) -> Graph:
    answer = client.get(path)
    assert answer.status_code == 200
    return Graph().parse(data=answer.content, format="turtle" if path.endswith("ttl") else "json-ld")


def status_of(client: Client, path: str) -> int:
    answer = client.get(path)
    answer.getvalue()  # to its end: a file stays open otherwise, and closed by hand it takes the connection along
    return answer.status_code


@pytest.mark.django_db
class TestCatalogueOfData:
    def test_conforms_to_the_published_shapes(self, client_there: Client) -> None:
        found = graph_at(client_there, "/open-data/catalogue.jsonld")
        assert {str(one) for one in found.objects(None, DCT.identifier)} >= set(DATASETS) - {"changes"}
        assert len(set(found.subjects(RDF.type, DCAT.Distribution))) == 2 * (4 * 2 + 3)
        assert faults(found, shapes("dcat-ap-3.0.0-SHACL.jsonld")) == []

    def test_says_the_same_as_turtle_and_by_what_is_accepted(self, client_there: Client) -> None:
        found = graph_at(client_there, "/open-data/catalogue.jsonld")
        assert isomorphic(found, graph_at(client_there, "/open-data/catalogue.ttl"))
        for accept, kind in (("text/turtle", "text/turtle"), ("application/ld+json", "application/ld+json")):
            assert client_there.get("/open-data/catalogue", headers={"accept": accept})["Content-Type"].startswith(kind)

    @pytest.mark.parametrize(
        "broken",
        [
            (DCAT.Dataset, DCT.title),
            (DCAT.Catalog, DCT.publisher),
            (DCAT.Distribution, DCAT.accessURL),
            (Namespace("http://spdx.org/rdf/terms#").Checksum, Namespace("http://spdx.org/rdf/terms#").checksumValue),
        ],
    )
    def test_the_shapes_bite(self, client_there: Client, broken: tuple[URIRef, URIRef]) -> None:
        """Without one triple it conforms no more: the test above is no formality."""
        found = graph_at(client_there, "/open-data/catalogue.jsonld")
        kind, path = broken
        one = next(iter(sorted(found.subjects(RDF.type, kind), key=str)))
        found.remove((one, path, None))
        assert any(str(path) in fault for fault in faults(found, shapes("dcat-ap-3.0.0-SHACL.jsonld")))

    def test_every_address_in_it_answers(self, client_there: Client) -> None:
        found = graph_at(client_there, "/open-data/catalogue.jsonld")
        site = configured.SITE_ADDRESS
        addresses = {
            str(one).removeprefix(site).split("#")[0]
            for one in {*found.objects(None, DCAT.downloadURL), *found.objects(None, DCT.conformsTo)}
        }
        assert len(addresses) == 22 + len(DATASETS)
        assert {path: status_of(client_there, path) for path in addresses} == dict.fromkeys(addresses, 200)

    def test_the_meaning_of_each_column_is_a_table_schema(self, client_there: Client) -> None:
        for key, dataset in DATASETS.items():
            schema = json.loads(client_there.get(f"/open-data/{key}.schema.json").content)
            assert [one["name"] for one in schema["columns"]] == [one.name for one in dataset.columns]
            assert all(one["titles"]["zh"] and one["dc:description"][1]["@value"] for one in schema["columns"])


@pytest.mark.django_db
class TestCatalogueOfServices:
    def test_conforms_over_the_whole_demo(self, client_there: Client) -> None:
        found = graph_at(client_there, "/open-data/services.jsonld")
        assert len(set(found.subjects(RDF.type, CPSV.PublicService))) > 20
        for kind in (M8G.Event, M8G.Requirement, M8G.Evidence, M8G.Channel, M8G.Cost, M8G.Output, CPSV.Rule):
            assert (None, RDF.type, kind) in found
        assert faults(found, shapes("cpsv-ap-3.2.0-constraints.ttl")) == []

    def test_of_each_service_alone_too(self, client_there: Client) -> None:
        found = graph_at(client_there, "/open-data/items/marriage_registration")
        assert faults(found, shapes("cpsv-ap-3.2.0-constraints.ttl")) == []
        assert client_there.get("/open-data/items/nothing").status_code == 404

    @pytest.mark.parametrize(
        "broken",
        [
            (CPSV.PublicService, DCT.title, None),
            (CPSV.PublicService, M8G.hasCompetentAuthority, None),
            (CPSV.Rule, DCT.description, None),
            (M8G.Cost, DCT.identifier, Literal("second")),
        ],
    )
    def test_the_constraints_bite(self, client_there: Client, broken: tuple[URIRef, URIRef, Node | None]) -> None:
        found = graph_at(client_there, "/open-data/items/marriage_registration")
        kind, path, added = broken
        one = next(iter(sorted(found.subjects(RDF.type, kind), key=str)))
        if added is None:
            found.remove((one, path, None))
        else:
            found.add((one, path, added))
        assert any(str(path) in fault for fault in faults(found, shapes("cpsv-ap-3.2.0-constraints.ttl")))

    def test_says_everything_in_both_languages(self, client_there: Client) -> None:
        found = graph_at(client_there, "/open-data/services.jsonld")
        for one in found.subjects(RDF.type, CPSV.PublicService):
            tongues = {title.language for title in found.objects(one, DCT.title) if isinstance(title, Literal)}
            assert tongues == {"zh", "en"}
