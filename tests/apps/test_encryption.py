"""Personal values: unreadable in the database, never locked twice the same way, and under a key of their own."""

import base64
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.factories import AccountFactory, PartyFactory
from tests.apps.people_examples import facts
from yici.apps.people import encryption
from yici.apps.people.encryption import CannotUnlock, Keyring, new_key_text, read_keys
from yici.apps.people.models import Party
from yici.apps.people.viewers import viewer_of

ID = "33012219900512996X"
KEYRING = read_keys(new_key_text())


class TestKeyring:
    @given(text=st.text(), place=st.text())
    def test_gives_back_what_was_locked(self, text: str, place: str) -> None:
        assert KEYRING.unlock(KEYRING.lock(text, place), place) == text

    @given(text=st.text(min_size=1))
    def test_never_locks_a_text_the_same_way_twice(self, text: str) -> None:
        assert KEYRING.lock(text, "a.b") != KEYRING.lock(text, "a.b")

    @given(text=st.text(), data=st.data())
    def test_refuses_a_value_of_which_one_byte_was_changed(self, text: str, data: st.DataObject) -> None:
        key_id, _, encoded = KEYRING.lock(text, "a.b").partition(":")
        raw = bytearray(base64.b64decode(encoded))
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))

        with pytest.raises(CannotUnlock):
            KEYRING.unlock(f"{key_id}:{base64.b64encode(raw).decode()}", "a.b")

    def test_refuses_a_value_moved_to_another_column(self) -> None:
        with pytest.raises(CannotUnlock, match=r"people_party\.phone"):
            KEYRING.unlock(KEYRING.lock("沈雨", "people_party.name"), "people_party.phone")

    def test_refuses_a_value_of_another_key(self) -> None:
        with pytest.raises(CannotUnlock, match="wrong key"):
            read_keys(new_key_text()).unlock(KEYRING.lock("沈雨", "a.b"), "a.b")

    def test_reads_old_values_after_a_change_of_keys_and_finds_them(self) -> None:
        old_text = new_key_text().strip()
        new_text = new_key_text().strip().replace("k1:", "k2:")
        old, both = read_keys(old_text), read_keys(f"{new_text} {old_text}")

        assert both.unlock(old.lock("沈雨", "a.b"), "a.b") == "沈雨"
        assert both.lock("沈雨", "a.b").startswith("k2:")
        assert old.hashes("沈雨", "a.b")[0] in both.hashes("沈雨", "a.b")

    def test_hashes_depend_on_the_key_and_the_column(self) -> None:
        other = read_keys(new_key_text())

        assert KEYRING.hashes(ID, "a.b") == KEYRING.hashes(ID, "a.b")
        assert KEYRING.hashes(ID, "a.b") != KEYRING.hashes(ID, "a.c")
        assert KEYRING.hashes(ID, "a.b") != other.hashes(ID, "a.b")

    @pytest.mark.parametrize("text", ["", "k1", "k1:short", "k1:%%%", "k 1:AAAA", f":{'A' * 43}="])
    def test_refuses_a_malformed_key_with_a_sentence(self, text: str) -> None:
        with pytest.raises(CannotUnlock, match="malformed"):
            read_keys(text)


class TestKeyFile:
    def test_is_made_once_and_only_for_us(self, tmp_path: Path) -> None:
        path = tmp_path / "data" / "field.key"

        first = encryption._key_file_text(path)

        assert path.stat().st_mode & 0o777 == 0o600
        assert encryption._key_file_text(path) == first
        assert os.listdir(path.parent) == ["field.key"]

    def test_that_others_may_read_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "field.key"
        encryption._key_file_text(path)
        path.chmod(0o644)

        with pytest.raises(CannotUnlock, match="chmod 600"):
            encryption._key_file_text(path)

    def test_gives_way_to_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
        settings.DATA_DIR = tmp_path
        monkeypatch.setenv("YICI_FIELD_KEY", new_key_text())

        assert isinstance(encryption.keyring(), Keyring)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
class TestEncryptedFields:
    def test_leave_nothing_readable_in_the_database(self) -> None:
        party = PartyFactory(name="沈雨")

        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM people_party WHERE id = %s", [party.pk])
            stored = " ".join(map(str, cursor.fetchone()))

        for value in ("沈雨", party.id_number, party.phone, "1990-05-12", "female"):
            assert str(value) not in stored

    def test_give_their_values_back(self) -> None:
        party = PartyFactory(name="沈雨")

        again = Party.objects.get(pk=party.pk)

        assert (again.name, again.born_on, again.sex) == ("沈雨", date(1990, 5, 12), "female")

    def test_cannot_be_searched_by_mistake(self) -> None:
        with pytest.raises(TypeError, match="keyed hash"):
            Party.objects.filter(name="沈雨").exists()

    def test_do_not_stand_in_a_log_line(self) -> None:
        party = PartyFactory(name="沈雨")
        viewer = viewer_of(AccountFactory(party=party))

        assert "沈雨" not in f"{party} {party!r} {viewer!r} {facts(name='沈雨')!r}"
