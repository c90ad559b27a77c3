"""Live sources against real programs: what they answer, what they refuse, what stays when they fail."""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.apps.factories import DatasetFactory, GrantFactory, PartyFactory, RecordFactory, region
from tests.servers.programs import PostgreSQLServer, WebService
from yici.apps.journal import queries as journal
from yici.apps.people.models import Party
from yici.apps.registry import actions, live_sources, queries, resilience, sources
from yici.apps.registry.connectors.settings import CannotConnect
from yici.apps.registry.models import Dataset, Source
from yici.apps.registry.source_acts import every_source, load_sources, probe_all
from yici.apps.registry.sources import SourceAnswer
from yici.rules.breakers import BreakerState
from yici.rules.plans import Availability

WUXING = "330502"
FIELD = "marriages.certificate"
CLIENT = "CN/GOV/330000/yici"
SERVICE = "CN/GOV/320000/mz/marriages"


@pytest.fixture(autouse=True)
def fresh_watches() -> Iterator[None]:
    yield
    resilience.WATCHES.forget_all()


@pytest.fixture
def party(db: None) -> Party:
    region(WUXING)
    GrantFactory(dataset=DatasetFactory())
    return PartyFactory(code=WUXING)


def connect(folder: Path, now: datetime, **changes: Any) -> None:
    """Take over a file of one source."""
    source = {
        "title": {"zh": "示例登记库", "en": "Example register"},
        "dataset": "marriages",
        "region": "330500",
        "deadline_ms": 1500,
        "mapping": {"certificate": {"column": "cert"}},
        **changes,
    }
    file = folder / "sources.yaml"
    file.write_text(yaml.safe_dump({"sources": {"example": source}}, allow_unicode=True), encoding="utf-8")
    load_sources(path=file, by="system:test", now=now)


def state(party: Party, now: datetime, code: str = WUXING) -> Availability:
    return queries.availability(party_id=party.pk, region_code=code, wanted=[FIELD], items=["newborn"], now=now)[FIELD]


def content(party: Party, now: datetime) -> SourceAnswer:
    key = live_sources.party_key(party.pk)
    assert key is not None
    return sources.read(
        party=key, region_path=("330500000000",), dataset="marriages", fields=frozenset({"certificate"}), now=now
    )


def failure(answer: SourceAnswer) -> str:
    assert answer.failure is not None
    return answer.failure.en


class TestRest:
    @pytest.fixture
    def service(self, party: Party, tmp_path: Path) -> Iterator[WebService]:
        running = WebService(tmp_path, {party.id_number: {"cert": "J-1"}}, client_id="yici", client_secret="s")
        yield running
        running.kill()

    @pytest.fixture
    def connected(
        self, service: WebService, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> WebService:
        monkeypatch.setenv("YICI_SOURCE_EXAMPLE_SECRET", "s")
        sign_in = {"kind": "client_credentials", "client_id": "yici", "token_address": f"{service.address}/token"}
        address = {"address": service.address, "read": "/people", "seen": "/seen", "rows": "records"}
        connect(tmp_path, now, kind="rest", settings={**address, "sign_in": sign_in, "largest_bytes": 5000})
        return service

    def test_is_asked_with_one_token_for_presence_and_content(
        self, connected: WebService, party: Party, now: datetime
    ) -> None:
        assert state(party, now) is Availability.AVAILABLE
        assert content(party, now).content == {"certificate": "J-1"}
        assert [one[0] for one in connected.asked].count("TOKEN") == 1
        assert all(party.id_number not in path for _, path, _ in connected.asked)

    def test_takes_a_new_token_when_the_old_one_was_withdrawn(
        self, connected: WebService, party: Party, now: datetime
    ) -> None:
        content(party, now)
        connected.withdraw_tokens()

        assert content(party, now + timedelta(hours=1)).content == {"certificate": "J-1"}

    def test_is_not_asked_again_while_what_it_said_is_fresh(
        self, connected: WebService, party: Party, now: datetime
    ) -> None:
        state(party, now)
        asked = len(connected.asked)

        assert state(party, now + timedelta(seconds=200)) is Availability.AVAILABLE
        assert len(connected.asked) == asked
        state(party, now + timedelta(seconds=400))
        assert len(connected.asked) > asked

    @pytest.mark.parametrize(
        ("mode", "said"),
        [
            ("rubbish", "cannot be understood"),
            ("html", "cannot be understood"),
            ("broken", "cannot be reached"),
            ("changed", "changed its structure"),
            ("stranger", "cannot be understood"),
            ("flood", "more than was agreed"),
            ("drip", "within the agreed time"),
        ],
    )
    def test_is_down_when_it_lies(
        self, connected: WebService, party: Party, now: datetime, mode: str, said: str
    ) -> None:
        connected.behave(mode)

        assert said in failure(content(party, now))
        assert state(party, now) is Availability.SOURCE_DOWN

    def test_is_left_alone_after_three_failures_and_found_again(
        self, connected: WebService, party: Party, now: datetime
    ) -> None:
        connected.behave("rubbish")
        for _ in range(3):
            content(party, now)
        connected.behave("well")
        asked = len(connected.asked)

        assert "is not asked for now" in failure(content(party, now))
        assert len(connected.asked) == asked
        assert content(party, now + timedelta(seconds=30)).is_found

    def test_says_which_secret_is_missing(
        self, connected: WebService, party: Party, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("YICI_SOURCE_EXAMPLE_SECRET")

        (found,) = probe_all(now=now)
        assert "YICI_SOURCE_EXAMPLE_SECRET" in found.sentence.en

    def test_is_never_asked_about_somebody_who_only_typed_a_number(
        self, connected: WebService, party: Party, now: datetime
    ) -> None:
        Party.objects.filter(pk=party.pk).update(verified=False)

        assert state(party, now) is Availability.MISSING
        assert connected.asked == []

    def test_is_not_even_asked_where_the_link_is_closed(
        self, connected: WebService, party: Party, now: datetime
    ) -> None:
        Dataset.objects.update(not_shared_in=["330500"])

        assert state(party, now) is Availability.NOT_SHARED
        assert connected.asked == []

    def test_leaves_other_regions_to_the_records(self, connected: WebService, now: datetime) -> None:
        record = RecordFactory(dataset=Dataset.objects.get())

        assert state(record.party, now, code="330122") is Availability.AVAILABLE
        assert connected.asked == []

    @pytest.mark.parametrize(("mode", "expected"), [("well", "J-1"), ("broken", "waiting")])
    def test_wins_over_a_pending_write_back_only_when_it_answers(
        self, connected: WebService, party: Party, now: datetime, mode: str, expected: str
    ) -> None:
        RecordFactory(dataset=Dataset.objects.get(), party=party, status="pending", values={"certificate": "waiting"})
        connected.behave(mode)

        terms = {"purpose": "p", "basis": "b", "case_reference": "draft:1", "by": "party:1", "region_code": WUXING}
        found = actions.fetch(party_id=party.pk, wanted=[FIELD], items=["newborn"], case_is_open=True, now=now, **terms)
        assert found.content == {FIELD: expected}
        facts = journal.entries_for(str(party), kind="registry.looked_up")[0].facts
        assert facts["source"] == "example"
        assert facts.get("answered", True) is (mode == "well")
        assert "J-1" not in str(facts)

    def test_hides_the_number_wherever_it_is_printed(self, connected: WebService, party: Party, now: datetime) -> None:
        shown = f"{live_sources.party_key(party.pk)!r} {content(party, now)!r}"

        assert party.id_number not in shown
        assert "J-1" not in shown


class TestSignedKey:
    def test_lets_us_in_without_a_shared_secret(
        self, party: Party, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (tmp_path / "key.pem").write_bytes(private)
        monkeypatch.setenv("YICI_SOURCE_EXAMPLE_KEY_FILE", str(tmp_path / "key.pem"))
        records = {party.id_number: {"cert": "J-2"}}
        service = WebService(tmp_path, records, client_id="yici", public_key=public.decode())
        sign_in = {"kind": "private_key_jwt", "client_id": "yici", "token_address": f"{service.address}/token"}
        settings = {"address": service.address, "read": "/people", "rows": "records", "sign_in": sign_in}
        connect(tmp_path, now, kind="rest", settings=settings)
        try:
            assert content(party, now).content == {"certificate": "J-2"}
        finally:
            service.kill()


class TestXRoad:
    @pytest.fixture
    def service(self, party: Party, tmp_path: Path, now: datetime) -> Iterator[WebService]:
        running = WebService(tmp_path, {party.id_number: {"cert": "苏-3"}}, client=CLIENT)
        settings = {"address": running.address, "client": CLIENT, "service": SERVICE}
        connect(tmp_path, now, kind="xroad", settings=settings)
        yield running
        running.kill()

    def test_gives_presence_and_content(self, service: WebService, party: Party, now: datetime) -> None:
        assert state(party, now) is Availability.AVAILABLE
        assert content(party, now).content == {"certificate": "苏-3"}

    @pytest.mark.parametrize(
        ("mode", "said"),
        [
            ("mixed up", "cannot be understood"),
            ("past the security server", "cannot be understood"),
            ("lost", "cannot be reached"),
        ],
    )
    def test_believes_only_an_answer_to_its_own_question(
        self, service: WebService, party: Party, now: datetime, mode: str, said: str
    ) -> None:
        service.behave(mode)

        assert said in failure(content(party, now))

    def test_says_that_it_is_not_let_in(self, service: WebService, party: Party, tmp_path: Path, now: datetime) -> None:
        settings = {"address": service.address, "client": "CN/GOV/330000/other", "service": SERVICE}
        connect(tmp_path, now, kind="xroad", settings=settings)

        assert "did not let us in" in failure(content(party, now))


def deliver(folder: Path, text: str, promised: str | None = None) -> None:
    """Put a file and its checksum into the folder, as a department does."""
    file = folder / "drop.csv"
    file.write_text(text, encoding="utf-8")
    total = promised or hashlib.sha256(text.encode()).hexdigest()
    (folder / "drop.csv.sha256").write_text(f"{total}  drop.csv\n", encoding="ascii")
    later = file.stat().st_mtime_ns + 1_000_000_000
    os.utime(file, ns=(later, later))


def fresh_folder(known: Path, fresh: Path) -> Path:
    """A data folder of its own, with the keys of the values that are in the database already."""
    fresh.mkdir()
    for file in known.glob("field*"):
        shutil.copy(file, fresh)
    return fresh


class TestFiles:
    @pytest.fixture
    def drop(self, party: Party, tmp_path: Path, now: datetime, settings: Any) -> Path:
        settings.DATA_DIR = fresh_folder(settings.DATA_DIR, tmp_path / "data")
        deliver(tmp_path, f"id_number,cert,issued\n{party.id_number},F-1,2018-01-02\n")
        columns = {"id_number": "text", "cert": "text", "issued": "date"}
        connect(tmp_path, now, kind="files", settings={"folder": ".", "file": "drop.csv", "columns": columns})
        return tmp_path

    def test_answers_from_the_delivered_file(self, drop: Path, party: Party, now: datetime) -> None:
        assert state(party, now) is Availability.AVAILABLE
        assert content(party, now).content == {"certificate": "F-1"}
        assert state(PartyFactory(code=WUXING), now) is Availability.MISSING

    @pytest.mark.parametrize(
        ("text", "promised", "said"),
        [
            ("id_number,cert,issued\n1,F-9,20", "0" * 64, "checksum"),
            ("id_number,cert\n1,F-9\n", None, "column 'issued' is missing"),
            ("id_number,cert,issued\n1,F-9,soon\n", None, "agreed form"),
            ("id_number,cert,issued\n1,F-9,2018-01-02\n", "no sum", "SHA-256"),
        ],
    )
    def test_keeps_the_last_good_one_when_a_wrong_one_comes(
        self, drop: Path, party: Party, now: datetime, *, text: str, promised: str | None, said: str
    ) -> None:
        content(party, now)
        deliver(drop, text, promised)

        assert content(party, now + timedelta(hours=1)).content == {"certificate": "F-1"}
        (found,) = probe_all(now=now)
        assert not found.ok
        assert said in found.sentence.en

    def test_takes_a_new_good_one_without_a_restart(self, drop: Path, party: Party, now: datetime) -> None:
        content(party, now)
        deliver(drop, f"issued,cert,id_number,more\n2018-02-03,F-2,{party.id_number},x\n")

        assert content(party, now + timedelta(hours=1)).content == {"certificate": "F-2"}

    def test_says_when_none_ever_came(self, drop: Path, party: Party, now: datetime) -> None:
        (drop / "drop.csv").unlink()

        assert "incomplete or wrong" in failure(content(party, now))

    def test_reads_parquet_as_well(self, party: Party, tmp_path: Path, now: datetime, settings: Any) -> None:
        settings.DATA_DIR = fresh_folder(settings.DATA_DIR, tmp_path / "data")
        file = tmp_path / "drop.parquet"
        duckdb.execute(f"COPY (SELECT '{party.id_number}' AS id_number, 'P-1' AS cert) TO '{file}'")
        (tmp_path / "drop.parquet.sha256").write_text(hashlib.sha256(file.read_bytes()).hexdigest())
        columns = {"id_number": "text", "cert": "text"}
        connect(tmp_path, now, kind="files", settings={"folder": ".", "file": file.name, "columns": columns})

        assert content(party, now).content == {"certificate": "P-1"}


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQLServer]:
    running = PostgreSQLServer()
    running.run("CREATE TABLE m (id_number text, cert text)")
    yield running
    running.close()


class TestPostgreSQL:
    def connect(self, server: PostgreSQLServer, folder: Path, now: datetime, **changes: Any) -> None:
        connect(folder, now, kind="postgresql", settings={**server.settings, "table": "m", **changes})
        assert all(one.ok for one in probe_all(now=now))

    def test_is_given_numbers_as_parameters_only(
        self, server: PostgreSQLServer, party: Party, tmp_path: Path, now: datetime
    ) -> None:
        self.connect(server, tmp_path, now)
        Party.objects.filter(pk=party.pk).update(id_number="x' OR '1'='1")
        server.run("INSERT INTO m VALUES ('somebody', 'secret')")

        assert content(party, now).failure is None
        assert not content(party, now).is_found

    def test_refuses_to_be_written_to(
        self, server: PostgreSQLServer, party: Party, tmp_path: Path, now: datetime
    ) -> None:
        server.run(
            "CREATE OR REPLACE FUNCTION sly() RETURNS text LANGUAGE sql AS "
            "$$INSERT INTO m VALUES ('sly', 'sly') RETURNING cert$$"
        )
        statement = "SELECT id_number, sly() AS cert FROM m WHERE '100%' <> ''"
        server.run(f"INSERT INTO m VALUES ('{party.id_number}', 'D-1')")
        connect(tmp_path, now, kind="postgresql", settings={**server.settings, "statement": statement})

        assert failure(content(party, now))
        assert server.count("SELECT count(*) FROM m WHERE id_number = 'sly'") == 0

    def test_says_more_than_one_row_is_too_many(
        self, server: PostgreSQLServer, party: Party, tmp_path: Path, now: datetime
    ) -> None:
        self.connect(server, tmp_path, now)
        server.run(*[f"INSERT INTO m VALUES ('{party.id_number}', 'D-{n}')" for n in range(2)])

        assert "more than was agreed" in failure(content(party, now))


class TestLoading:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"kind": "fax", "settings": {}}, "no kind of source 'fax'"),
            ({"kind": "rest", "settings": {"address": "https://a.example"}}, "`read`"),
            ({"kind": "rest", "settings": {"address": "http://a.example", "read": "/"}}, "Use https"),
            ({"kind": "postgresql", "settings": {"database": "d", "user": "u", "host": "h"}}, "table or a statement"),
            (
                {
                    "kind": "mariadb",
                    "settings": {"database": "d", "user": "u", "host": "h", "table": "t; DROP"},
                },
                "settings.table",
            ),
            ({"kind": "rest", "settings": {"address": "https://a.example", "read": "/", "password": "p"}}, "password"),
            ({"mapping": {"shoe_size": {"column": "c"}}}, "'shoe_size'"),
            ({"mapping": {"certificate": {"column": "c", "type": "code"}}}, "codes"),
            ({"dataset": "shoes"}, "does not know"),
            ({"deadline_ms": 60_000}, "10,000 milliseconds"),
            ({"region": "999999"}, "Source 'example'"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_nothing(
        self, party: Party, tmp_path: Path, now: datetime, changes: dict[str, Any], said: str
    ) -> None:
        good = {"kind": "rest", "settings": {"address": "https://a.example", "read": "/"}}

        with pytest.raises(CannotConnect) as refused:
            connect(tmp_path, now, **good | changes)
        assert said in str(refused.value)
        assert refused.value.text("zh") != str(refused.value)
        assert not Source.objects.exists()

    def test_reads_only_yaml_with_sources(self, db: None, tmp_path: Path, now: datetime) -> None:
        (tmp_path / "s.yaml").write_text("sources: {a: [}", encoding="utf-8")

        with pytest.raises(CannotConnect, match=r"s\.yaml"):
            load_sources(path=tmp_path / "s.yaml", by="system:test", now=now)


class TestBudget:
    def test_of_a_page_is_shared_by_all_its_questions_and_blames_nobody_when_spent(
        self, party: Party, tmp_path: Path, now: datetime
    ) -> None:
        service = WebService(tmp_path, {party.id_number: {"cert": "J-1"}})
        settings = {"address": service.address, "read": "/people", "rows": "records"}
        connect(tmp_path, now, kind="rest", settings=settings)
        service.behave("slow")
        begun = time.monotonic()
        try:
            with resilience.page_budget(0.2):
                said = [failure(content(party, now)) for _ in range(6)]
        finally:
            service.kill()

        assert time.monotonic() - begun < 1.5
        assert all("had no turn in time" in one for one in said)
        assert every_source(now=now)[0].health.breaker is BreakerState.CLOSED
