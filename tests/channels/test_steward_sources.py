"""The administrators' page of live sources."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from tests.apps.factories import AccountFactory, DatasetFactory, StaffFactory, region
from yici.apps.people.models import Account
from yici.apps.registry import resilience
from yici.apps.registry.source_acts import load_sources
from yici.channels.cli import sources as command
from yici.rules.people import Role


@pytest.fixture(autouse=True)
def source(db: None, tmp_path: Path, now: datetime) -> Iterator[None]:
    region("330502")
    DatasetFactory()
    entry = {
        "title": {"zh": "示例登记库", "en": "Example register"},
        "dataset": "marriages",
        "region": "330500",
        "kind": "rest",
        "deadline_ms": 100,
        "settings": {"address": "http://127.0.0.1:9", "read": "/people"},
        "mapping": {"certificate": {"column": "cert"}},
    }
    (tmp_path / "s.yaml").write_text(yaml.safe_dump({"sources": {"example": entry}}, allow_unicode=True))
    load_sources(path=tmp_path / "s.yaml", by="system:test", now=now)
    yield
    resilience.WATCHES.forget_all()


def signed_in(client: Client, code: str, *roles: Role) -> Client:
    staff = StaffFactory(organisation__kind="big_data", organisation__code=code, roles=list(roles))
    account: Account = AccountFactory(of_staff=True, staff=staff)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("code", ["330000", "330500"])
def test_shows_an_administrator_the_sources_of_his_region(english: Client, code: str) -> None:
    page = signed_in(english, code, Role.ADMIN).get("/steward/sources").content.decode()

    assert "Example register" in page
    assert "no answer yet" in page


def test_tries_a_source_and_says_how_it_went(english: Client) -> None:
    page = signed_in(english, "330500", Role.ADMIN).post("/steward/sources/example/probe", follow=True)

    assert "cannot be reached" in page.content.decode()


def test_shows_others_nothing(english: Client) -> None:
    assert "Example register" not in signed_in(english, "330122", Role.ADMIN).get("/steward/sources").content.decode()
    assert english.post("/steward/sources/example/probe").status_code == 404
    assert signed_in(english, "330500", Role.STEWARD).get("/steward/sources").status_code == 404
    english.logout()
    assert english.get("/steward/sources").status_code == 302


class TestCommand:
    def run(self, *words: str) -> int:
        return command.run(command.parser("yici sources").parse_args(list(words)))

    def test_lists_and_probes(self, capsys: Any) -> None:
        assert self.run("list", "--json") == 0
        assert '"name": "example"' in capsys.readouterr().out
        assert self.run("probe", "--json") == 1
        assert '"ok": false' in capsys.readouterr().out

    def test_refuses_unknown_names_and_files(self, capsys: Any, tmp_path: Path) -> None:
        assert self.run("probe", "nonsense") == 2
        assert self.run("load", str(tmp_path / "none.yaml")) == 2
        assert "no source 'nonsense'" in capsys.readouterr().err
