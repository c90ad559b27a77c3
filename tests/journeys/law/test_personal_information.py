"""个人信息保护法 art. 44–51 and the reform's art. 39, 40 on personal data, each shown on the running software."""

import json
import logging
import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.db import IntegrityError, connection, transaction
from django.test import Client

from tests.journeys.law import steps
from tests.journeys.law.steps import case_of, viewer
from yici.apps.cases import actions as cases
from yici.apps.cases.models import Act, Application, Attachment, Message
from yici.apps.journal.models import Entry
from yici.apps.licences.models import LicenceFile
from yici.apps.people.models import Account, Party, Staff
from yici.apps.privacy import actions, emergency, exports, look_queries, queries, retention
from yici.apps.privacy.models import EmergencyLook
from yici.apps.registry import actions as registry
from yici.apps.registry import queries as data
from yici.rules.personal_rights import CannotAnswer, Right
from yici.rules.refusals import Refusal
from yici.rules.retention import Ground

WHAT_WAS_SAID = "孩子的出生证请寄到老家"
# Public by their nature, and full of ordinary words that are also names: the catalogue and the map.
PUBLIC = ("catalogue_", "places_", "django_", "auth_", "procrastinate_")


def story(now: datetime) -> Application:
    """A birth with its message, a correction with words, a paper, a decision and its licence."""
    by = viewer("shenyu")
    application = steps.apply(by, "newborn", now, answers=steps.HOSPITAL)
    cases.write_message(application_id=application.public_id, text=WHAT_WAS_SAID, by=by, now=now)
    steps.decide(case_of(application, "birth_certificate"), now)
    steps.apply_for_small_restaurant(by, now)
    cases.ask_the_hall(
        need=WHAT_WAS_SAID, contact_phone="13857112345", region_code=steps.TONGLU, draft_id=None, by=by, now=now
    )
    return application


def dump() -> str:
    """Return every row of every table as the database holds it; bytes as text where they are any."""
    parts = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall() if not row[0].startswith(PUBLIC)]
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                parts += [bytes(v).decode("latin-1") if isinstance(v, (bytes, memoryview)) else str(v) for v in row]
    return "\n".join(parts)


def secrets_of_the_story() -> set[str]:
    people = set()
    for one in Party.objects.all():
        people |= {one.name, one.id_number, one.phone or ""}
    return {text for text in people if len(text) >= 3} | {WHAT_WAS_SAID, "13857112345"}


class TestArticle51:
    """Encryption and rights control."""

    def test_the_database_holds_no_name_number_or_word_of_a_person(self, now: datetime) -> None:
        story(now)
        # The invented people of the sign-in page are introduced there by name.
        Account.objects.update(demo_note="", demo_note_en="")

        whole = dump()

        assert len(whole) > 100_000
        assert [text for text in secrets_of_the_story() if text in whole] == []
        assert "%PDF" not in whole
        assert LicenceFile.objects.exists()
        assert Message.objects.get().text == WHAT_WAS_SAID
        staff = {name for name in Staff.objects.values_list("name", flat=True) if len(name) > 2}
        assert [name for name in staff if name in whole] == []

    def test_what_happened_stays_and_only_its_locked_words_may_change(self, now: datetime) -> None:
        story(now)
        act = Act.objects.first()
        assert act is not None
        Act.objects.filter(pk=act.pk).update(reason="")

        for change in ("UPDATE cases_act SET kind = 'x'", "DELETE FROM cases_act"):
            with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
                connection.cursor().execute(change)

    def test_no_line_of_the_log_names_a_person(
        self, now: datetime, caplog: pytest.LogCaptureFixture, settings: Any
    ) -> None:
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
        caplog.set_level(logging.DEBUG)
        story(now)
        client = Client()
        client.force_login(Account.objects.get(login="shenyu"), backend=f"{ModelBackend.__module__}.ModelBackend")
        for address in ("/applications", "/privacy", "/licences", "/nothing-here", "/drafts/x"):
            client.get(address)
        client.post("/sign-in", {"login": "nobody", "password": "wrong"})

        said = "\n".join(record.getMessage() for record in caplog.records)
        assert [text for text in secrets_of_the_story() if text in said] == []


class TestArticle44:
    """To know, to decide, to restrict or refuse."""

    def test_a_person_sees_what_is_kept_why_and_how_long(self, now: datetime) -> None:
        story(now)
        kept = {one.key: one for one in queries.kept_about(viewer("shenyu"), now=now)}
        assert {"person", "open", "records", "journal"} <= set(kept)
        assert all(one.what_for.zh and one.period.zh for one in kept.values())

    def test_a_wish_to_restrict_is_answered_under_a_clock(self, now: datetime) -> None:
        by = viewer("shenyu")
        key = actions.ask(right=Right.RESTRICTION, wish="不要用于统计", by=by, now=now)
        assert queries.claims_of(by, now=now)[0].due_on.isoformat() == "2027-04-06"
        actions.answer(claim_id=key, outcome="granted", text="已停止用于统计", by=viewer("admin"), now=now)
        assert queries.claims_of(by, now=now)[0].outcome == "granted"


class TestArticle45:
    """To read and to copy."""

    def test_a_person_gets_everything_in_one_file(self, now: datetime) -> None:
        by = viewer("shenyu")
        application = story(now)
        key = exports.ask_for_export(by=by, now=now)
        exports.make(export_id=key, now=now)

        _, content = exports.give(export_id=key, by=by, now=now)
        archive = zipfile.ZipFile(BytesIO(b"".join(content)))

        got = json.loads(archive.read("data/applications.json"))
        assert application.reference in {one["reference"] for one in got}
        assert WHAT_WAS_SAID in archive.read("index.html").decode()
        assert any(archive.read(name).startswith(b"\xff\xd8") for name in archive.namelist() if name[:7] == "papers/")
        with pytest.raises(queries.NoSuchExport):
            exports.give(export_id=key, by=viewer("admin") if viewer("admin").party_id else viewer(other()), now=now)


def other() -> str:
    """Somebody else who may sign in."""
    found = Account.objects.filter(party__kind="natural", assurance="real_name").exclude(login="shenyu").first()
    assert found is not None
    return found.login


class TestArticle46:
    """To correct and complete."""

    def test_a_person_asks_for_a_correction(self, now: datetime) -> None:
        by = viewer("shenyu")
        actions.ask(right=Right.CORRECTION, wish="户籍地址不对，应为城南街道", by=by, now=now)
        officer = queries.claims_to_answer(viewer("admin"), answered=False, now=now)
        assert "户籍地址不对，应为城南街道" in [one.wish for one in officer]


class TestArticle47:
    """To delete: what no law keeps goes at once, the rest when its time is over."""

    def test_deletes_drafts_at_once_and_names_the_ground_for_the_rest(self, now: datetime) -> None:
        by = viewer("shenyu")
        story(now)
        steps.draft(by, "marriage", now, answers={})
        actions.ask(right=Right.DELETION, wish="", by=by, now=now)

        kept = {one.key: one for one in queries.kept_about(by, now=now)}
        assert "drafts" not in kept
        assert (kept["open"].ground, kept["journal"].ground) == (Ground.OPEN_CASE, Ground.JOURNAL)

    def test_empties_a_closed_application_after_ten_years_and_keeps_the_figures(self, now: datetime) -> None:
        application = story(now)
        Application.objects.update(closed_at=now)
        before = list(application.cases.order_by("pk").values_list("state", "outcome", "decided_at"))

        retention.run(by="system:test", now=now + timedelta(days=3640))
        application.refresh_from_db()
        assert application.emptied_at is None
        retention.run(by="system:test", now=now + timedelta(days=3660))

        application.refresh_from_db()
        assert (application.facts_text, application.promised_visits) == ("{}", 0)
        assert list(application.cases.order_by("pk").values_list("state", "outcome", "decided_at")) == before
        assert {one.reason + one.by_name for one in Act.objects.all()} == {""}
        assert {bytes(one.content) for one in Attachment.objects.all()} <= {b""}
        assert Act.objects.count() > 3
        assert Message.objects.get().text == ""


class TestArticle50:
    """A refusal says why."""

    def test_no_refusal_without_a_reason(self, now: datetime) -> None:
        key = actions.ask(right=Right.EXPLANATION, wish="为什么", by=viewer("shenyu"), now=now)
        with pytest.raises(CannotAnswer, match="says why"):
            actions.answer(claim_id=key, outcome="refused", text=" ", by=viewer("admin"), now=now)


class TestRegulation39:
    """Data are read for a case, with purpose and basis, and the person can see it."""

    def test_no_look_up_without_purpose_basis_and_case(self, now: datetime) -> None:
        party = Party.objects.get(pk=viewer("shenyu").party_id)
        for missing in ("purpose", "basis", "case_reference"):
            told = {"purpose": "p", "basis": "b", "case_reference": "c", missing: " "}
            with pytest.raises(Refusal, match="purpose"):
                registry.fetch(
                    party_id=party.pk,
                    wanted=["x.y"],
                    items=["newborn"],
                    case_is_open=True,
                    region_code=steps.TONGLU,
                    by="staff:x",
                    now=now,
                    **told,
                )

    def test_who_looked_stands_before_the_person(self, now: datetime) -> None:
        story(now)
        looked = data.look_ups_of(viewer("shenyu")).rows
        assert looked
        assert all(one.purpose and one.basis and one.case_reference for one in looked)


class TestRegulation40:
    """Nobody looks out of curiosity: outside the desk only in an emergency, told to the person and reviewed."""

    def test_an_emergency_look_is_told_and_reviewed(self, now: datetime) -> None:
        application = story(now)
        by = viewer("public_security.330122.decider")
        key = emergency.ask_to_look(
            id_number="", name="", reference=application.reference, reason="产妇失联，需联系家属", by=by, now=now
        )
        # A birth speaks of health: it waits for a second person (个人信息保护法 art. 28).
        assert EmergencyLook.objects.get(public_id=key).sealed == ["health"]
        with pytest.raises(emergency.NoSuchLook):
            emergency.look(by=by, look_id=key, application_id=None, now=now)
        emergency.approve(look_id=key, by=viewer("health.330122.decider"), now=now)

        view = emergency.look(by=by, look_id=key, application_id=None, now=now)

        assert view.name == viewer("shenyu").party_name
        assert view.cases
        told = look_queries.looks_at_me(viewer("shenyu"), now=now)
        assert [one.reason for one in told] == ["产妇失联，需联系家属"]
        emergency.review(look_id=key, finding="ok", note="", by=viewer("auditor"), now=now)
        person = Party.objects.get(pk=viewer("shenyu").party_id)
        lines = Entry.objects.filter(kind__startswith="privacy.emergency", subject=str(person)).order_by("pk")
        acts = [one.kind.rpartition("_")[2] for one in lines]
        assert acts == ["asked", "approved", "opened", "seen", "reviewed"]

    def test_the_journal_holds_no_personal_value(self, now: datetime) -> None:
        story(now)
        facts = "\n".join(f"{one.subject} {one.by} {one.facts_text}" for one in Entry.objects.all())
        assert [text for text in secrets_of_the_story() if text in facts] == []
