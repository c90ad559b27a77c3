"""Keys change while people work: nothing is lost, nothing stays under the old key, and a killed run begins again."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from django.apps import apps as django_apps
from django.db import connection, connections
from pytest_django.plugin import DjangoDbBlocker

from tests.apps.factories import PartyFactory, RecordFactory
from yici.apps.journal.models import Entry
from yici.apps.people.actions import ID_PLACE, record_party, verified_party
from yici.apps.people.encryption import CannotUnlock, keyring, new_key_text, search_hash, search_hashes
from yici.apps.people.facts import PartyFacts
from yici.apps.people.key_files import CannotChangeKeys, add_key
from yici.apps.people.locking import lock_existing
from yici.apps.people.models import Party
from yici.apps.privacy import rotation
from yici.channels.cli import keys
from yici.rules.codes import make_resident_id

KILLED = """
import sys, django
django.setup()
from django.utils import timezone
from yici.apps.privacy import rotation
rotation.rotate(by="system:test", now=timezone.now(), batch=5, tell=lambda table, done: print(done, flush=True))
"""


@contextmanager
def open_transaction(database: str) -> Iterator[None]:
    """Stay in a transaction that has taken its number, as somebody who writes slowly does."""
    known = connection.settings_dict
    place = {"host": known["HOST"], "port": known["PORT"] or None, "user": known["USER"], "password": known["PASSWORD"]}
    with psycopg.connect(dbname=database, **place) as other:
        other.execute("SELECT pg_current_xact_id()")
        yield
        other.rollback()


@pytest.fixture(autouse=True)
def key_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keys of this test's own."""
    monkeypatch.delenv("YICI_FIELD_KEY", raising=False)
    monkeypatch.setenv("YICI_FIELD_KEY_FILE", str(tmp_path / "field.key"))
    keyring()
    return tmp_path / "field.key"


def raw(column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM people_party ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def command(*words: str, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    keys.run(keys.parser("yici keys").parse_args([*words, "--json"]))
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


@pytest.mark.django_db
class TestRotate:
    def test_locks_values_and_hashes_with_the_new_key(self, now: datetime) -> None:
        party = PartyFactory(phone=None)
        record = RecordFactory(party=party)
        add_key()

        done = rotation.rotate(by="system:test", now=now)

        assert done.is_complete
        assert all(text.startswith("k2:") for text in [*raw("name"), *raw("id_number"), *raw("id_hash")])
        fresh = Party.objects.get(pk=party.pk)
        assert (fresh.name, fresh.id_number, fresh.born_on) == (party.name, party.id_number, party.born_on)
        assert fresh.id_hash == search_hash(party.id_number, ID_PLACE)
        record.refresh_from_db()
        assert record.values == {"certificate": "J330122-2016-000001"}

    def test_finds_people_by_both_hashes_meanwhile(self) -> None:
        before = PartyFactory()
        add_key()
        after = PartyFactory()

        assert len(search_hashes(before.id_number, ID_PLACE)) == 2
        assert verified_party(before.id_number) == before
        assert verified_party(after.id_number) == after

    def test_does_nothing_twice(self, now: datetime) -> None:
        PartyFactory()
        add_key()
        rotation.rotate(by="system:test", now=now)
        locked = raw("name")

        again = rotation.rotate(by="system:test", now=now)

        assert (again.relocked, raw("name")) == (0, locked)

    def test_says_which_values_no_key_here_can_read(self, now: datetime, key_path: Path) -> None:
        PartyFactory()
        key_path.write_text(new_key_text("k7"))  # somebody has lost the file and put another in its place

        done = rotation.rotate(by="system:test", now=now)

        assert done.unreadable > 0
        assert done.left["people_party.name"] == {"k1": 1}

    def test_leaves_a_line_of_counts_and_nothing_personal(self, now: datetime) -> None:
        party = PartyFactory()
        add_key()
        rotation.rotate(by="system:test", now=now)

        line = Entry.objects.get(kind="privacy.keys_rotated")
        assert json.loads(line.facts_text)["key"] == "k2"
        assert party.name not in line.facts_text


@pytest.mark.django_db
class TestDrop:
    def test_is_refused_with_a_sentence_while_rows_remain(self, now: datetime) -> None:
        PartyFactory()
        add_key()

        with pytest.raises(CannotChangeKeys, match="values are still locked with 'k1'"):
            rotation.drop(key_id="k1", by="system:test", now=now)
        with pytest.raises(CannotChangeKeys, match="current one"):
            rotation.drop(key_id="k2", by="system:test", now=now)
        with pytest.raises(CannotChangeKeys, match="no key 'k9'"):
            rotation.drop(key_id="k9", by="system:test", now=now)

        assert keyring().ids == ("k2", "k1")

    def test_takes_a_key_that_locks_nothing(self, now: datetime) -> None:
        party = PartyFactory()
        add_key()
        rotation.rotate(by="system:test", now=now)

        rotation.drop(key_id="k1", by="system:test", now=now)

        assert keyring().ids == ("k2",)
        assert Party.objects.get(pk=party.pk).name == party.name

    def test_waits_for_whoever_writes_in_this_database(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rotation, "WRITERS_WITHIN_SECONDS", 0.3)
        add_key()

        with open_transaction(connection.settings_dict["NAME"]):
            with pytest.raises(CannotChangeKeys, match="open for long"):
                rotation.drop(key_id="k1", by="system:test", now=now)
            assert keyring().ids == ("k2", "k1")
        rotation.drop(key_id="k1", by="system:test", now=now)

        assert keyring().ids == ("k2",)

    def test_does_not_wait_for_another_database_of_the_server(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rotation, "WRITERS_WITHIN_SECONDS", 0.3)
        add_key()

        with open_transaction("postgres"):
            rotation.drop(key_id="k1", by="system:test", now=now)

        assert keyring().ids == ("k2",)


@pytest.mark.django_db
class TestLockExisting:
    def test_locks_the_rows_there_are_and_opens_them_again(self) -> None:
        party = PartyFactory()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE people_party SET phone = '13857112345' WHERE id = %s", [party.pk])
        step = lock_existing("people", party=("phone",))

        with connection.schema_editor() as editor:
            step.code(django_apps, editor)
            assert raw("phone")[0].startswith("k1:")
            assert Party.objects.get().phone == "13857112345"
            step.reverse_code(django_apps, editor)  # type: ignore[misc]

        assert raw("phone") == ["13857112345"]


class TestKeyFile:
    def test_stays_closed_to_others_and_whole(self, key_path: Path) -> None:
        assert add_key() == "k2"
        assert stat.S_IMODE(key_path.stat().st_mode) == 0o600
        assert [part.partition(":")[0] for part in key_path.read_text().split()] == ["k2", "k1"]

    def test_is_seen_at_once_by_a_process_that_runs_already(self) -> None:
        place = "people_party.name"
        old = keyring()
        add_key()

        locked = keyring().lock("王小明", place)

        assert keyring().current == "k2"
        assert keyring().unlock(old.lock("李雷", place), place) == "李雷"
        with pytest.raises(CannotUnlock):
            old.unlock(locked, place)

    def test_of_the_environment_is_not_ours_to_change(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("YICI_FIELD_KEY", new_key_text())
        with pytest.raises(CannotChangeKeys, match="YICI_FIELD_KEY"):
            add_key()


@pytest.mark.django_db
class TestCommand:
    def test_lists_adds_counts_rotates_and_drops(self, capsys: pytest.CaptureFixture[str]) -> None:
        PartyFactory(phone=None)
        assert command("add", capsys=capsys) == {"added": "k2", "current": "k2"}

        left = command("rotate", "--dry-run", capsys=capsys)
        assert left["left"]["people_party.name"] == {"k1": 1}  # type: ignore[index]
        assert raw("name")[0].startswith("k1:")
        assert command("rotate", capsys=capsys)["complete"] is True
        listed = command("list", capsys=capsys)
        assert [(row["id"], row["current"], row["values"] > 0) for row in listed["keys"]] == [  # type: ignore[attr-defined]
            ("k2", True, True),
            ("k1", False, False),
        ]
        assert command("drop", "k1", capsys=capsys)["dropped"] == "k1"

    def test_prints_no_key(self, capsys: pytest.CaptureFixture[str], key_path: Path) -> None:
        for words in (("list",), ("add",), ("rotate",)):
            keys.run(keys.parser("yici keys").parse_args([*words]))
        said = "".join(capsys.readouterr())
        assert not [part for part in key_path.read_text().split() if part.partition(":")[2][:12] in said]


@pytest.mark.django_db(transaction=True)
class TestLiveTraffic:
    def test_loses_nothing_while_people_write_and_read(self, now: datetime) -> None:
        parties = [PartyFactory(phone="13900000000") for _ in range(60)]
        names = {party.pk: party.name for party in parties}
        stop, faults, last = threading.Event(), [], {}

        def traffic(part: int) -> None:
            mine, turn = parties[part::3], 0
            try:
                while not stop.is_set():
                    turn += 1
                    one = Party.objects.get(pk=mine[turn % len(mine)].pk)
                    assert one.name == names[one.pk]
                    one.phone = f"139{part}{turn:07d}"
                    one.save()
                    last[one.pk] = one.phone
                    number = make_resident_id("330122", one.born_on, 2 * (part * 150 + turn % 100) + 3)
                    record_party(facts=PartyFacts(name=f"甲{part}", id_number=number.text), by="t", now=now)
            except Exception as fault:
                faults.append(fault)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=traffic, args=(part,)) for part in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(0.2)
        add_key()
        done = rotation.rotate(by="system:test", now=now, batch=7)
        time.sleep(0.1)
        stop.set()
        for thread in threads:
            thread.join()
        done = rotation.rotate(by="system:test", now=now)  # what was written by those who held the old ring
        rotation.drop(key_id="k1", by="system:test", now=now)

        assert (faults, done.is_complete) == ([], True)
        kept = {party.pk: party for party in Party.objects.all()}
        assert {key: kept[key].name for key in names} == names
        assert {key: kept[key].phone for key in last} == last
        numbers = [party.id_number for party in kept.values()]
        assert len(numbers) == len(set(numbers))

    def test_begins_again_after_a_kill(self, now: datetime, key_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
        names = {party.pk: party.name for party in (PartyFactory() for _ in range(200))}
        add_key()
        address = os.environ["DATABASE_URL"].replace("/yici?", f"/{connection.settings_dict['NAME']}?")
        environment = {
            **os.environ,
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "yici.config.settings",
            "YICI_POOL": "0",
        }
        child = subprocess.Popen([sys.executable, "-c", KILLED], env=environment, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        assert [child.stdout.readline() for _ in range(3)][-1].strip()
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        half = raw("name")
        assert {text[:3] for text in half} == {"k1:", "k2:"}

        done = self._patiently(now)

        assert done.is_complete
        assert {party.pk: party.name for party in Party.objects.filter(pk__in=names)} == names
        assert {text[:3] for text in raw("name")} == {"k2:"}

    def _patiently(self, now: datetime) -> rotation.Rotation:
        """The server notices a moment later that the killed process is gone."""
        end = time.monotonic() + 20
        while True:
            try:
                return rotation.rotate(by="system:test", now=now)
            except rotation.CannotRotate:
                assert time.monotonic() < end
                time.sleep(0.1)
