"""Huzhou's live registers for the story of a restaurant: four departments, four kinds of program."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import pytest
import yaml

from tests.servers.programs import MARIADBD, WITHOUT_MARIADB, MariaDBServer, PostgreSQLServer, WebService

DEADLINE_MS = 1200
TEN_MILLION = 10_000_000
CLIENT = "CN/GOV/330000/yici"


class Department(Protocol):
    """What a test does to a department's program."""

    def kill(self) -> None: ...
    def slow(self) -> None: ...
    def rubbish(self) -> None: ...
    def flood(self) -> None: ...
    def well(self) -> None: ...


class Market:
    """Market supervision on MariaDB: one view that the reader may see."""

    _WELL = "SELECT uscc, reg_no, ent_name, state FROM register.ent"

    def __init__(self, server: MariaDBServer, uscc: str) -> None:
        self.server = server
        server.run(
            "CREATE TABLE register.ent (uscc char(18), reg_no varchar(40), ent_name varchar(90), state char(1))",
            f"INSERT INTO register.ent VALUES ('{uscc}', '330502000012345', '湖州示例餐饮有限公司', '1')",
            f"CREATE VIEW register.shared AS {self._WELL}",
            f"GRANT SELECT ON register.shared TO '{server.READER}'@'localhost'",
        )

    def kill(self) -> None:
        self.server.kill()

    def slow(self) -> None:
        self.server.signal(signal.SIGSTOP)  # the line stays open and nobody answers

    def rubbish(self) -> None:
        self._view("SELECT uscc AS id, reg_no AS xx FROM register.ent")

    def flood(self) -> None:
        self._view(f"{self._WELL} JOIN register.seq_1_to_{TEN_MILLION}")

    def well(self) -> None:
        self.server.signal(signal.SIGCONT)
        if self.server.is_dead:
            self.server.start()
        self._view(self._WELL)

    def _view(self, select: str) -> None:
        self.server.run("USE register", f"CREATE OR REPLACE VIEW register.shared AS {select}")


class Fire:
    """The fire service on PostgreSQL."""

    _WELL = "SELECT uscc, accepted FROM projects"

    def __init__(self, server: PostgreSQLServer, uscc: str) -> None:
        self.server = server
        server.run(
            "CREATE TABLE projects (uscc text, accepted text)",
            f"INSERT INTO projects VALUES ('{uscc}', '湖消验字〔2018〕第0007号')",
            f"CREATE VIEW shared AS {self._WELL}",
        )

    def kill(self) -> None:
        self.server.kill()

    def slow(self) -> None:
        self._view(f"{self._WELL}, pg_sleep(60)")

    def rubbish(self) -> None:
        self._view("SELECT uscc AS who, accepted AS what FROM projects")

    def flood(self) -> None:
        self._view(f"{self._WELL}, generate_series(1, {TEN_MILLION})")

    def well(self) -> None:
        self.server.start()
        self._view(self._WELL)

    def _view(self, select: str) -> None:
        self.server.run("DROP VIEW shared", f"CREATE VIEW shared AS {select}")


class Web:
    """Housing's REST service, or another province's X-Road member."""

    def __init__(self, service: WebService) -> None:
        self.service = service

    def kill(self) -> None:
        self.service.kill()

    def slow(self) -> None:
        self.service.behave("slow")

    def rubbish(self) -> None:
        self.service.behave("rubbish")

    def flood(self) -> None:
        self.service.behave("flood")

    def well(self) -> None:
        if self.service.is_dead:
            self.service.start()
        self.service.behave("well")


@contextmanager
def departments(folder: Path, uscc: str) -> Iterator[dict[str, Department]]:
    """Start all four and write the file of sources that connects them to ``folder/sources.yaml``."""
    if MARIADBD is None:
        pytest.skip(WITHOUT_MARIADB)
    with ExitStack() as stack:
        mariadb, postgresql = MariaDBServer(), PostgreSQLServer()
        stack.callback(mariadb.close)
        stack.callback(postgresql.close)
        leases = {uscc: {"contract": "湖房租备〔2018〕0101号"}}
        housing = WebService(folder, leases, client_id="yici", client_secret="only-for-tests")
        jiangsu = WebService(folder, {uscc: {"certificate": "苏健证2018-55"}}, client=CLIENT)
        stack.callback(housing.kill)
        stack.callback(jiangsu.kill)
        text = yaml.safe_dump(_sources(mariadb, postgresql, housing, jiangsu), allow_unicode=True)
        (folder / "sources.yaml").write_text(text, encoding="utf-8")
        yield {
            "market": Market(mariadb, uscc),
            "fire": Fire(postgresql, uscc),
            "housing": Web(housing),
            "jiangsu": Web(jiangsu),
        }


def _sources(
    mariadb: MariaDBServer, postgresql: PostgreSQLServer, housing: WebService, jiangsu: WebService
) -> dict[str, object]:
    terms = {"region": "330500", "deadline_ms": DEADLINE_MS, "fresh_seconds": 0, "rest_seconds": 0.3}
    sign_in = {"kind": "client_credentials", "client_id": "yici", "token_address": f"{housing.address}/token"}
    return {
        "sources": {
            "huzhou_market": {
                **terms,
                "title": {"zh": "湖州市场监管登记库", "en": "Huzhou company register"},
                "dataset": "companies",
                "kind": "mariadb",
                "asks_about": "legal",
                "settings": {
                    "socket": mariadb.socket,
                    "user": mariadb.READER,
                    "database": "register",
                    "table": "shared",
                    "key": "uscc",
                },
                "mapping": {
                    "licence": {"column": "reg_no"},
                    "name": {"column": "ent_name"},
                    "status": {"column": "state", "type": "code", "codes": {"1": "存续", "2": "注销"}},
                },
            },
            "huzhou_fire": {
                **terms,
                "title": {"zh": "湖州消防验收库", "en": "Huzhou fire acceptance"},
                "dataset": "construction_projects",
                "kind": "postgresql",
                "settings": {**postgresql.settings, "table": "shared", "key": "uscc"},
                "mapping": {"acceptance": {"column": "accepted"}},
            },
            "huzhou_housing": {
                **terms,
                "title": {"zh": "湖州租赁备案", "en": "Huzhou lease filings"},
                "dataset": "lease_filings",
                "kind": "rest",
                "settings": {"address": housing.address, "read": "/leases/{id}", "rows": "data", "sign_in": sign_in},
                "mapping": {"contract": {"column": "contract"}},
            },
            "jiangsu_health": {
                **terms,
                "title": {"zh": "江苏健康证", "en": "Jiangsu health certificates"},
                "dataset": "health_examinations",
                "kind": "xroad",
                "settings": {"address": jiangsu.address, "client": CLIENT, "service": "CN/GOV/320000/wjw/certificates"},
                "mapping": {"certificate": {"column": "certificate"}},
            },
        }
    }
