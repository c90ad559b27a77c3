"""Our X-Road services: who is let in, to what, in which form; and our own consumer asking our own provider."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from tests.apps.factories import DatasetFactory, PartyFactory, RecordFactory, region
from tests.channels.conftest import NOW
from tests.flush import emptied_although_append_only
from yici.apps.journal import queries as journal
from yici.apps.registry import live_sources, resilience, sources
from yici.apps.registry.connectors.settings import CannotConnect
from yici.apps.registry.models import Dataset, Record, XRoadMember
from yici.apps.registry.source_acts import load_sources
from yici.apps.registry.xroad import admit_members

__all__ = ["emptied_although_append_only"]

HERE = "/r1/CN/GOV/330000/yici"
MEMBER = "CN/GOV/320000/mz"
ASKED = {"ids": [], "fields": ["certificate"]}


@pytest.fixture
def record(db: None) -> Record:
    return RecordFactory()


@pytest.fixture
def token(record: Record, tmp_path: Path) -> str:
    allowed = {"fields": ["certificate"], "purpose": "跨省通办婚姻登记核验", "basis": "国办发〔2020〕35号"}
    return admit(tmp_path, {"marriages": allowed})


def admit(folder: Path, allowed: dict[str, Any]) -> str:
    document = {
        "members": {MEMBER: {"name": {"zh": "江苏省民政厅", "en": "Jiangsu civil affairs"}, "allowed": allowed}}
    }
    file = folder / "members.yaml"
    file.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return admit_members(path=file, by="system:test", now=NOW)[MEMBER]


def ask(client: Client, token: str, path: str = "/marriages/records", **changes: Any) -> Any:
    headers = {"X-Road-Client": MEMBER, "X-Road-Id": "message-1", "Authorization": f"Bearer {token}"}
    headers |= changes.pop("headers", {})
    body = changes.pop("body", None)
    data = body if isinstance(body, str | bytes) else json.dumps(body or ASKED)
    return client.generic(changes.pop("method", "POST"), HERE + path, data, "application/json", headers=headers)


def about(record: Record, *fields: str) -> dict[str, Any]:
    return {"ids": [record.party.id_number], "fields": list(fields or ("certificate",))}


class TestLookUps:
    def test_are_answered_in_the_envelope_and_journalled(self, client: Client, token: str, record: Record) -> None:
        response = ask(client, token, body=about(record))

        assert response.json() == {
            "records": [{"id_number": record.party.id_number, "certificate": "J330122-2016-000001"}]
        }
        assert response["X-Road-Id"] == "message-1"
        assert response["X-Road-Service"] == "CN/GOV/330000/yici/marriages"
        assert response["X-Road-Client"] == MEMBER
        assert response["X-Road-Request-Id"]
        assert response["X-Road-Request-Hash"]
        (line,) = journal.entries_for(str(record.party), kind="registry.looked_up")
        assert line.by == f"xroad:{MEMBER}"
        assert line.facts["basis"] == "国办发〔2020〕35号"

    def test_tell_presence_without_content(self, client: Client, token: str, record: Record) -> None:
        response = ask(client, token, "/marriages/seen", body=about(record))

        assert response.json() == {record.party.id_number: ["certificate"]}
        assert len(journal.entries_for(str(record.party), kind="registry.looked_up")) == 1

    def test_say_nothing_of_strangers_and_of_what_waits(self, client: Client, token: str, record: Record) -> None:
        Record.objects.update(status="pending")

        assert ask(client, token, body=about(record)).json() == {"records": []}
        assert ask(client, token, body={"ids": ["11010519491231002X"], "fields": ["certificate"]}).json() == {
            "records": []
        }

    @pytest.mark.parametrize(
        ("changes", "status", "kind"),
        [
            ({"headers": {"X-Road-Client": "CN/GOV/310000/x"}}, 403, "Server.ServerProxy.AccessDenied"),
            ({"headers": {"X-Road-Client": ""}}, 403, "Server.ServerProxy.AccessDenied"),
            ({"headers": {"Authorization": "Bearer wrong"}}, 403, "Server.ServerProxy.AccessDenied"),
            ({"body": {"ids": ["1"], "fields": ["spouse"]}}, 403, "Server.ServerProxy.AccessDenied"),
            ({"body": {"ids": ["1"], "fields": ["nonsense"]}}, 403, "Server.ServerProxy.AccessDenied"),
            ({"path": "/taxes/records"}, 404, "Server.ServerProxy.UnknownService"),
            ({"path": "/marriages/everything"}, 404, "Server.ServerProxy.UnknownService"),
            ({"path": "/marriages"}, 404, "Server.ServerProxy.UnknownService"),
            ({"path": "/%00/records"}, 404, "Server.ServerProxy.UnknownService"),
            ({"path": "/getOpenAPI?serviceCode=%00", "method": "GET"}, 404, "Server.ServerProxy.UnknownService"),
            ({"method": "GET"}, 400, "Client.BadRequest"),
            ({"body": "{"}, 400, "Client.BadRequest"),
            ({"body": b"\xff\x00"}, 400, "Client.BadRequest"),
            ({"body": {"ids": [], "fields": ["certificate"]}}, 400, "Client.BadRequest"),
            ({"body": {"ids": [1], "fields": ["certificate"]}}, 400, "Client.BadRequest"),
            ({"body": {"ids": ["1"] * 101, "fields": ["certificate"]}}, 400, "Client.BadRequest"),
            ({"body": "[" * 9000}, 400, "Client.BadRequest"),
            ({"body": "x" * 30_000}, 400, "Client.BadRequest"),
        ],
    )
    def test_are_refused_in_the_form_of_x_road(
        self, client: Client, token: str, changes: dict[str, Any], status: int, kind: str
    ) -> None:
        response = ask(client, token, **changes)

        assert (response.status_code, response["X-Road-Error"]) == (status, kind)
        assert set(response.json()) == {"type", "message", "detail"}
        assert response.json()["type"] == kind
        assert journal.entries_for("", kind="registry.looked_up") == []

    def test_end_with_the_grant_and_with_the_law(self, client: Client, token: str, record: Record) -> None:
        XRoadMember.objects.update(valid_to="2018-03-04")
        assert ask(client, token, body=about(record)).status_code == 403

        XRoadMember.objects.update(valid_to=None)
        Dataset.objects.update(sharing="not_shared", ground="示例法")
        assert ask(client, token, body=about(record)).status_code == 404


class TestAboutUs:
    def test_lists_services_and_what_is_allowed(self, client: Client, token: str) -> None:
        DatasetFactory(key="taxes")

        def codes(name: str) -> list[str]:
            return [one["service_code"] for one in ask(client, token, f"/{name}", method="GET").json()["service"]]

        assert codes("listMethods") == ["marriages", "taxes"]
        assert codes("allowedMethods") == ["marriages"]

    def test_describes_a_service(self, client: Client, token: str) -> None:
        found = ask(client, token, "/getOpenAPI?serviceCode=marriages", method="GET").json()

        assert found["openapi"] == "3.1.0"
        assert set(found["paths"]) == {"/records", "/seen"}


def test_nobody_is_let_into_what_the_law_closes(db: None, tmp_path: Path) -> None:
    DatasetFactory(closed=True)

    with pytest.raises(CannotConnect, match="not shared"):
        admit(tmp_path, {"marriages": {"fields": ["certificate"], "purpose": "none at all", "basis": "none at all"}})


@pytest.mark.django_db(transaction=True)
def test_our_consumer_understands_our_provider(
    live_server: LiveServer, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = RecordFactory()
    DatasetFactory(key="marriages_elsewhere")
    region("330502")
    token = admit(
        tmp_path, {"marriages": {"fields": ["certificate"], "purpose": "跨省通办核验", "basis": "国办发〔2020〕35号"}}
    )
    monkeypatch.setenv("YICI_SOURCE_NEIGHBOUR_TOKEN", token)
    source = {
        "title": {"zh": "邻省", "en": "Neighbour"},
        "dataset": "marriages_elsewhere",
        "kind": "xroad",
        "deadline_ms": 5000,
        "settings": {
            "address": live_server.url,
            "client": MEMBER,
            "service": "CN/GOV/330000/yici/marriages",
            "token": True,
        },
        "mapping": {"certificate": {"column": "certificate"}},
    }
    (tmp_path / "s.yaml").write_text(yaml.safe_dump({"sources": {"neighbour": source}}, allow_unicode=True))
    load_sources(path=tmp_path / "s.yaml", by="system:test", now=now)

    party = live_sources.party_key(record.party_id)
    stranger = live_sources.party_key(PartyFactory().pk)
    assert party is not None
    assert stranger is not None
    wanted = frozenset({"certificate"})
    answers = [
        sources.read(party=one, region_path=(), dataset="marriages_elsewhere", fields=wanted, now=now)
        for one in (party, stranger)
    ]
    resilience.WATCHES.forget_all()

    assert [one.failure for one in answers] == [None, None]
    assert [one.content for one in answers] == [{"certificate": "J330122-2016-000001"}, {}]
