"""Every table of ours says what is personal in it and how long it is kept, and keeps the personal part unreadable."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from yici.apps.journal.kinds import KINDS
from yici.apps.journal.privileges import append_only_tables
from yici.apps.people.encryption import EncryptedField
from yici.config.working import JOBS
from yici.rules.retention import RETENTION

OURS = [model for model in apps.get_models() if model.__module__.startswith("yici.apps.")]
ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "yici"
PERSONAL = [(model, name) for model in OURS for name in getattr(model, "personal_fields", ())]


def named(model: type[models.Model]) -> str:
    return model._meta.label


class TestEveryModel:
    @pytest.mark.parametrize("model", OURS, ids=named)
    def test_declares_its_personal_fields_itself(self, model: type[models.Model]) -> None:
        declared = model.__dict__.get("personal_fields")

        assert isinstance(declared, tuple)
        assert set(declared) <= {field.name for field in model._meta.get_fields()}

    @pytest.mark.parametrize("model", OURS, ids=named)
    def test_declares_how_long_it_is_kept_in_a_known_sentence(self, model: type[models.Model]) -> None:
        assert model.__dict__.get("retention") in RETENTION

    def test_encrypts_what_is_personal(self) -> None:
        plain = {
            f"{named(model)}.{name}"
            for model, name in PERSONAL
            if not isinstance(model._meta.get_field(name), EncryptedField)
        }

        assert plain == set()

    @pytest.mark.parametrize("model", OURS, ids=named)
    def test_declares_every_encrypted_column_and_every_keyed_hash(self, model: type[models.Model]) -> None:
        encrypted = {field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedField)}
        hashes = {field.name for field in model._meta.concrete_fields if field.name.endswith("_hash")}

        assert encrypted <= set(model.personal_fields)  # type: ignore[attr-defined]
        # Hashes of random secrets and of what holds for two minutes are made of no stored value: a new key leaves them.
        secret = set(getattr(model, "secret_hashes", ()))
        assert hashes == set(getattr(model, "keyed_hashes", {})) | secret

    def test_there_are_models_at_all(self) -> None:
        assert {"journal.Entry", "people.Party", "registry.Record"} <= {named(model) for model in OURS}


class TestConstraints:
    def test_carry_a_sentence_for_the_person(self) -> None:
        standard = models.CheckConstraint.default_violation_error_message
        checks = [c for m in OURS for c in m._meta.constraints if isinstance(c, models.CheckConstraint)]

        assert [check.name for check in checks if check.violation_error_message == standard] == []

    @pytest.mark.django_db
    def test_of_append_only_tables_stand_in_the_database(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%%_append_only'")
            guarded = {row[0] for row in cursor.fetchall()}

        assert guarded == set(append_only_tables())


class TestJournalKinds:
    def test_every_kind_that_is_written_has_its_sentence(self) -> None:
        written = {
            kind
            for file in SOURCES.rglob("*.py")
            for kind in re.findall(r"journal\.record\(\s*\"([a-z_.]+)\"", file.read_text(encoding="utf-8"))
        }

        assert written - set(KINDS) == set()
        assert len(written) >= 15


def test_the_worker_knows_the_jobs_of_every_app() -> None:
    there = {f"yici.apps.{path.parent.name}.jobs" for path in (SOURCES / "apps").glob("*/jobs.py")}

    assert there <= set(JOBS)


def test_every_room_of_tables_is_closed_to_the_floors_above() -> None:
    """The contract names them one by one: a new one that is forgotten would be open to pages."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    closed = {name for one in contracts for name in one.get("protected_modules", ())}
    rooms = (SOURCES / "apps").glob("*/*_models.py")
    assert {f"yici.apps.{path.parent.name}.{path.stem}" for path in rooms} == closed - {"yici.apps.*.models"}
