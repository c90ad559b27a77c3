"""The journal cannot be changed unnoticed: by the application, by the owner, or by a superuser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from yici.apps.journal import jobs, queries
from yici.apps.journal.actions import CannotRecord, record
from yici.apps.journal.ids import new_public_id
from yici.apps.journal.kinds import KINDS
from yici.apps.journal.models import Entry, Seal
from yici.apps.journal.privileges import append_only_tables, grant_application_role
from yici.rules.merkle import Algorithm

KIND = "people.party_recorded"
ROLE = "yici_app_under_test"
COLUMNS = [
    ("kind", "people.related"),
    ("subject", "party:1x"),
    ("by", "staff:1"),
    ("facts_text", '{"n":7}'),
    ("algorithm", "sm3"),
    ("algorithm", "md5"),
    ("xid", "1"),
    ("leaf", b"\x00" * 32),
    ("recorded_at", "2018-03-05T02:00:00.000001Z"),
]


def write(now: datetime, count: int = 1) -> None:
    for number in range(count):
        record(KIND, subject="party:1", by="system:test", now=now, facts={"n": number, "zh": "桐庐"})


@contextmanager
def superuser() -> Iterator[Any]:
    """Somebody who switches the triggers off, changes what he likes, and switches them on again."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE journal_seal DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE journal_seal ENABLE TRIGGER USER")


@pytest.mark.django_db
class TestRecord:
    def test_keeps_the_line_with_its_facts(self, now: datetime) -> None:
        write(now)

        (line,) = queries.entries_for("party:1")

        assert (line.kind, line.by, line.recorded_at, line.facts) == (KIND, "system:test", now, {"n": 0, "zh": "桐庐"})
        assert line.sentence == KINDS[KIND]

    def test_refuses_a_kind_without_a_sentence(self, now: datetime) -> None:
        with pytest.raises(CannotRecord, match=r"kinds\.py") as refused:
            record("party.liked", subject="party:1", by="system:test", now=now)

        assert "说明" in refused.value.text("zh")

    def test_disappears_with_the_act_it_tells_of(self, now: datetime) -> None:
        with transaction.atomic():
            write(now)
            transaction.set_rollback(True)

        assert not Entry.objects.exists()

    def test_is_one_statement(self, now: datetime, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            write(now)

    def test_gives_newest_first_and_only_the_subject(self, now: datetime) -> None:
        write(now, 3)
        record(KIND, subject="party:2", by="system:test", now=now)

        assert [line.facts["n"] for line in queries.entries_for("party:1")] == [2, 1, 0]


class TestKinds:
    def test_stand_in_the_order_of_the_house(self) -> None:
        floors = ["journal", "places", "people", "catalogue", "registry", "draft", "licence", "application", "case"]
        domains = [kind.partition(".")[0] for kind in KINDS]

        assert [d for d in floors if d in domains] == list(dict.fromkeys(d for d in domains if d in floors))

    def test_have_a_sentence_in_both_languages(self) -> None:
        assert [kind for kind, words in KINDS.items() if not (words.zh and words.en)] == []


@pytest.mark.django_db
class TestVerify:
    def test_finds_nothing_in_an_untouched_journal(self, now: datetime) -> None:
        write(now, 5)
        jobs.seal(now)
        write(now, 2)

        answer = queries.verify()

        assert (answer.ok, answer.entries, answer.first_bad) == (True, 7, None)
        assert "7" in answer.sentence.en

    def test_holds_for_an_empty_journal(self) -> None:
        assert queries.verify().ok

    @pytest.mark.parametrize(("column", "value"), COLUMNS)
    @pytest.mark.parametrize("is_sealed", [True, False], ids=["sealed", "not sealed yet"])
    def test_names_the_line_of_which_a_superuser_changed_one_column(
        self, now: datetime, column: str, value: object, is_sealed: bool
    ) -> None:
        write(now, 5)
        if is_sealed:
            jobs.seal(now)
        victim = Entry.objects.order_by("id")[2]

        with superuser() as cursor:
            cursor.execute(f"UPDATE journal_entry SET {column} = %s WHERE id = %s", [value, victim.pk])

        answer = queries.verify()
        assert (answer.ok, answer.first_bad) == (False, victim.pk)
        assert str(victim.pk) in answer.sentence.zh

    def test_names_the_line_that_was_given_another_number(self, now: datetime) -> None:
        write(now, 3)

        with superuser() as cursor:
            cursor.execute("UPDATE journal_entry SET id = id + 100 WHERE id = (SELECT max(id) FROM journal_entry)")

        assert not queries.verify().ok

    def test_finds_a_line_rewritten_together_with_its_hash(self, now: datetime) -> None:
        write(now, 5)
        jobs.seal(now)
        ids = list(Entry.objects.order_by("id").values_list("id", flat=True))

        with superuser() as cursor:
            cursor.execute("DELETE FROM journal_entry WHERE id = %s", [ids[2]])
            cursor.execute(
                "INSERT INTO journal_entry SELECT %s, recorded_at, kind, subject, 'staff:2', facts_text, algorithm,"
                " xid, sha256('x') FROM journal_entry WHERE id = %s",
                [ids[2], ids[1]],
            )
        with superuser() as cursor:
            honest_leaf = queries._leaf_of(_row(ids[2]))
            cursor.execute("UPDATE journal_entry SET leaf = %s WHERE id = %s", [honest_leaf, ids[2]])

        answer = queries.verify()
        assert (answer.ok, answer.first_bad) == (False, Seal.objects.get().first_id)

    def test_finds_a_removed_line(self, now: datetime) -> None:
        write(now, 5)
        jobs.seal(now)

        with superuser() as cursor:
            cursor.execute("DELETE FROM journal_entry WHERE id = (SELECT min(id) + 2 FROM journal_entry)")

        answer = queries.verify()
        assert (answer.ok, answer.first_bad) == (False, Seal.objects.get().first_id)

    def test_finds_a_line_slipped_into_a_gap(self, now: datetime) -> None:
        write(now, 2)
        with transaction.atomic():
            write(now)
            transaction.set_rollback(True)
        write(now, 2)
        jobs.seal(now)
        gap = Entry.objects.order_by("id")[1].pk + 1
        write(now)
        latest = Entry.objects.order_by("-id")[0].pk

        with superuser() as cursor:
            cursor.execute("UPDATE journal_entry SET id = %s WHERE id = %s", [gap, latest])
            cursor.execute("UPDATE journal_entry SET leaf = %s WHERE id = %s", [queries._leaf_of(_row(gap)), gap])

        answer = queries.verify()
        assert (answer.ok, answer.first_bad) == (False, Seal.objects.get().first_id)

    @pytest.mark.parametrize(
        "change",
        [
            "sealed_at = sealed_at + interval '1 microsecond'",
            "count = count + 1",
            "first_id = first_id - 1",
            "last_id = last_id + 1",
            "root = sha256('x')",
            "chained_root = sha256('x')",
            "algorithm = 'sm3'",
            "number = 7",
        ],
    )
    def test_finds_a_changed_seal(self, now: datetime, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "BATCH", 2)
        write(now, 6)
        jobs.seal(now)
        second = Seal.objects.get(number=2)

        with superuser() as cursor:
            cursor.execute(f"UPDATE journal_seal SET {change} WHERE number = 2")

        answer = queries.verify()
        assert (answer.ok, answer.first_bad) == (False, second.first_id)

    def test_finds_two_seals_that_changed_places(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "BATCH", 2)
        write(now, 4)
        jobs.seal(now)

        with superuser() as cursor:
            cursor.execute("UPDATE journal_seal SET number = 9 WHERE number = 1")
            cursor.execute("UPDATE journal_seal SET number = 1 WHERE number = 2")
            cursor.execute("UPDATE journal_seal SET number = 2 WHERE number = 9")

        assert not queries.verify().ok

    def test_finds_a_journal_cut_short_when_a_root_was_kept_elsewhere(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "BATCH", 2)
        write(now, 4)
        jobs.seal(now)
        kept = queries.last_root()
        assert queries.verify(known_root=kept).ok

        with superuser() as cursor:
            cursor.execute("DELETE FROM journal_seal WHERE number = 2")
            cursor.execute("DELETE FROM journal_entry WHERE id > (SELECT max(last_id) FROM journal_seal)")

        assert queries.verify().ok
        assert not queries.verify(known_root=kept).ok


def _row(number: int) -> queries._Row:
    return queries._Row(*Entry.objects.filter(pk=number).values_list(*queries._Row._fields).get())


@pytest.mark.django_db
class TestSeal:
    def test_chains_batches_of_a_thousand_at_most(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "BATCH", 3)
        write(now, 7)

        assert jobs.seal(now) == 7
        assert list(Seal.objects.order_by("number").values_list("count", flat=True)) == [3, 3, 1]
        assert queries.verify().ok

    def test_covers_every_number_once(self, now: datetime) -> None:
        write(now, 2)
        jobs.seal(now)
        write(now, 2)
        jobs.seal(now + timedelta(minutes=1))

        first, second = Seal.objects.order_by("number")
        assert second.first_id == first.last_id + 1

    def test_has_nothing_to_do_twice(self, now: datetime) -> None:
        write(now)
        jobs.seal(now)

        assert jobs.seal(now) == 0
        assert Seal.objects.count() == 1

    @pytest.mark.skipif(not Algorithm.SM3.is_here, reason="this OpenSSL has no SM3")
    def test_goes_over_to_sm3_and_back_without_losing_the_past(self, now: datetime, settings: Any) -> None:
        for algorithm in ("sha256", "sm3", "sha256"):
            settings.JOURNAL_ALGORITHM = algorithm
            write(now, 2)
            jobs.seal(now)

        assert list(Seal.objects.order_by("number").values_list("algorithm", flat=True)) == ["sha256", "sm3", "sha256"]
        assert queries.verify().ok


@pytest.mark.django_db(transaction=True)
class TestLateCommit:
    def test_never_skips_a_line_with_a_low_number_that_commits_late(self, now: datetime) -> None:
        written, may_commit = threading.Event(), threading.Event()

        def late() -> None:
            with transaction.atomic():
                record(KIND, subject="party:late", by="system:test", now=now)
                written.set()
                assert may_commit.wait(20)
            connection.close()

        thread = threading.Thread(target=late)
        thread.start()
        assert written.wait(20)
        write(now)  # a higher number, committed at once
        sealed_meanwhile = jobs.seal(now, patience_seconds=0.1)
        may_commit.set()
        thread.join(20)

        assert sealed_meanwhile == 0
        assert jobs.seal(now) == 2
        assert Seal.objects.get().count == 2
        assert queries.verify().ok

    def test_waits_for_a_writer_that_is_about_to_commit(self, now: datetime) -> None:
        written = threading.Event()

        def soon() -> None:
            with transaction.atomic():
                record(KIND, subject="party:late", by="system:test", now=now)
                written.set()
                threading.Event().wait(0.2)
            connection.close()

        thread = threading.Thread(target=soon)
        thread.start()
        assert written.wait(20)
        write(now)

        assert jobs.seal(now, patience_seconds=20) == 2
        thread.join(20)

    def test_is_not_held_up_by_somebody_who_only_reads(self, now: datetime) -> None:
        write(now)
        reading, may_end = threading.Event(), threading.Event()

        def reader() -> None:
            with transaction.atomic():
                Entry.objects.count()
                reading.set()
                assert may_end.wait(20)
            connection.close()

        thread = threading.Thread(target=reader)
        thread.start()
        assert reading.wait(20)
        sealed = jobs.seal(now, patience_seconds=0)
        may_end.set()
        thread.join(20)

        assert sealed == 1


@pytest.fixture
def application_role(db: None) -> Iterator[Any]:
    """A cursor that is the application's role: it owns nothing. Everything is rolled back with the test."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        assert grant_application_role(connection, ROLE)
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        yield cursor
        cursor.execute("RESET ROLE")


class TestApplicationRole:
    @pytest.mark.parametrize("table", ["journal_entry", "journal_seal"])
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE {} SET algorithm = 'x'",
            "DELETE FROM {}",
            "TRUNCATE {}",
            "ALTER TABLE {} DISABLE TRIGGER USER",
            "DROP TRIGGER {}_append_only ON {}",
            "DROP TABLE {}",
            "SET LOCAL session_replication_role = 'replica'",
        ],
    )
    def test_is_denied_every_way_to_change_the_past(self, application_role: Any, statement: str, table: str) -> None:
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
            application_role.execute(statement.replace("{}", table))

    def test_may_write_read_and_seal(self, application_role: Any, now: datetime) -> None:
        write(now, 2)

        assert jobs.seal(now) == 2
        assert queries.verify().ok

    def test_may_change_ordinary_tables(self, application_role: Any) -> None:
        application_role.execute("UPDATE people_party SET region_id = NULL")

    def test_cannot_pretend_that_migrations_ran(self, application_role: Any) -> None:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            application_role.execute("DELETE FROM django_migrations")

    def test_is_left_alone_when_it_does_not_exist(self, db: None) -> None:
        assert grant_application_role(connection, "nobody_of_that_name") is False

    def test_keeps_what_it_had_when_granting_breaks_off(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {ROLE}")
            monkeypatch.setattr("yici.apps.journal.privileges._READ_ONLY", ("no_such_table",))
            with pytest.raises(DatabaseError, match="no_such_table"):
                grant_application_role(connection, ROLE)
            cursor.execute("SELECT has_table_privilege(%s, 'people_party', 'SELECT')", [ROLE])
            assert cursor.fetchone() == (False,)

    def test_covers_every_table_that_declares_it(self) -> None:
        assert {"journal_entry", "journal_seal"} <= set(append_only_tables())


@pytest.mark.django_db
class TestTrigger:
    @pytest.mark.parametrize("table", append_only_tables())
    @pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
    def test_stops_the_owner_too(self, table: str, statement: str) -> None:
        with (
            pytest.raises(DatabaseError, match="never changed or removed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))

    def test_stops_a_quiet_update(self, now: datetime) -> None:
        write(now)

        with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
            Entry.objects.update(by="staff:2")


class TestPublicIds:
    def test_are_version_7_in_the_order_of_time(self) -> None:
        ids = [new_public_id() for _ in range(50)]
        stamps = [one.int >> 80 for one in ids]

        assert {(one.version, one.variant) for one in ids} == {(7, UUID(int=ids[0].int).variant)}
        assert stamps == sorted(stamps)
        assert len(set(ids)) == 50
