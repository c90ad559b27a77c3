"""A backup brings back everything into an empty folder, holds no key, and never restores by halves."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from yici.config.database import Database, joined_or_started
from yici.config.database_programs import program

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(("YICI_", "DATABASE_", "DJANGO_"))}
WRITE = """
import django; django.setup()
from datetime import date
from django.utils import timezone
from yici.apps.journal import jobs
from yici.apps.people.actions import record_party
from yici.apps.people.facts import PartyFacts
now = timezone.now()
for serial in range(2, 40, 2):
    from yici.rules.codes import make_resident_id
    number = make_resident_id("330122", date(1990, 5, 12), serial).text
    record_party(facts=PartyFacts(name="钱多多", id_number=number, phone="13857112345"), by="system:test", now=now)
jobs.seal(now)
"""
READ = """
import django; django.setup()
from yici.apps.people.models import Party
print(sorted({(one.name, one.phone) for one in Party.objects.all()}), Party.objects.count())
"""


def yici(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "yici.config.main", *words, "--data", str(data)]
    return subprocess.run(argv, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def python(code: str, data: Path) -> str:
    database = Database(data)
    environment = {
        **ENVIRONMENT,
        "DATABASE_URL": database.url("app"),
        "YICI_DATA": str(data),
        "YICI_POOL": "0",
        "YICI_SECRET_KEY": "x",
        "DJANGO_SETTINGS_MODULE": "yici.config.settings",
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data folder with some people in it, and its backup."""
    place = tmp_path_factory.mktemp("backup")
    data, backup = place / "data", place / "kept"
    with joined_or_started(data):
        assert yici("migrate", data=data).returncode == 0
        python(WRITE, data)
        (data / "ticket-model" / "000001").mkdir(parents=True)
        (data / "ticket-model" / "000001" / "evaluation.json").write_text("{}", encoding="utf-8")
        (data / "ticket-model" / "current").write_text("1", encoding="ascii")
        done = yici("backup", str(backup), "--json", data=data)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["keys_needed"] == ["k1"]
    return data, backup


def target(tmp_path: Path, original: tuple[Path, Path], *, with_key: bool = True) -> Path:
    data = tmp_path / "new"
    data.mkdir(mode=0o700)
    if with_key:
        shutil.copy2(original[0] / "field.key", data / "field.key")
    return data


class TestBackup:
    def test_holds_no_key_and_no_plain_value(self, original: tuple[Path, Path]) -> None:
        data, backup = original
        key = (data / "field.key").read_text().split(":")[1].strip()
        plain = backup.with_name("plain.sql")
        restore = program("pg_restore")
        subprocess.run([restore, "--file", str(plain), str(backup / "database")], check=True)
        text = plain.read_text(encoding="utf-8", errors="replace") + (backup / "manifest.json").read_text()

        assert "people_party" in text
        for secret in (key, "钱多多", "13857112345", "19900512"):
            assert secret not in text

    def test_overwrites_nothing(self, original: tuple[Path, Path]) -> None:
        data, backup = original
        before = (backup / "manifest.json").read_bytes()
        done = yici("backup", str(backup), data=data)
        assert done.returncode == 1
        assert "not an empty folder" in done.stderr
        assert (backup / "manifest.json").read_bytes() == before


class TestRestore:
    def test_brings_everything_back_and_proves_it(self, original: tuple[Path, Path], tmp_path: Path) -> None:
        data = target(tmp_path, original)

        done = yici("restore", str(original[1]), "--json", data=data)

        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        assert (answer["ok"], answer["entries"] >= 19, answer["keys_missing"]) == (True, True, [])
        assert (data / "ticket-model" / "current").read_text(encoding="ascii") == "1"
        assert (data / "ticket-model" / "000001" / "evaluation.json").exists()
        with joined_or_started(data):
            assert python(READ, data).strip() == "[('钱多多', '13857112345')] 19"
            with psycopg.connect(Database(data).url("app")) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("UPDATE journal_entry SET by = 'x'")
            again = yici("restore", str(original[1]), data=data)
        assert again.returncode == 1
        assert "not empty" in again.stderr

    def test_takes_a_folder_too_deep_for_a_socket(self, original: tuple[Path, Path], tmp_path: Path) -> None:
        deep = tmp_path / ("a folder with a long name " * 4).strip()
        deep.mkdir()
        data = target(deep, original)

        done = yici("restore", str(original[1]), data=data)

        assert done.returncode == 0, done.stderr

    def test_wants_the_keys_first(self, original: tuple[Path, Path], tmp_path: Path) -> None:
        data = target(tmp_path, original, with_key=False)
        done = yici("restore", str(original[1]), data=data)
        assert done.returncode == 1
        assert "The key k1 is not here" in done.stderr
        assert not (data / "field.key").exists()

    def test_names_a_damaged_file(self, original: tuple[Path, Path], tmp_path: Path) -> None:
        broken = tmp_path / "broken"
        shutil.copytree(original[1], broken)
        victim = next(iter(sorted((broken / "database").iterdir())))
        victim.write_bytes(victim.read_bytes()[:-1] + b"x")

        done = yici("restore", str(broken), data=target(tmp_path, original))

        assert done.returncode == 1
        assert victim.name in done.stderr

    def test_refuses_what_is_no_backup(self, original: tuple[Path, Path], tmp_path: Path) -> None:
        done = yici("restore", str(tmp_path), data=target(tmp_path, original))
        assert done.returncode == 1
        assert "no complete backup" in done.stderr
