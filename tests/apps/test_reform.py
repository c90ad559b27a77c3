"""A revision on its way through the gate, and the database that keeps the gate shut."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.apps.catalogue_files import CERTIFICATE, write_catalogue
from tests.apps.factories import AccountFactory, OrganisationFactory, PartyFactory, StaffFactory, region
from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.catalogue.models import ItemRevision
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.reform import actions, province, queries
from yici.apps.reform.models import Amendment, Approval, Effect, ExceptionItem, FixedField, LedgerEntry
from yici.rules.amendments import CannotAmend, Stage
from yici.rules.people import Role

NOW = datetime(2018, 3, 5, 2, 0, tzinfo=UTC)
AFTER = NOW + timedelta(days=30)
HOME = (
    "  - key: home\n    name: {zh: 居住情况说明, en: Statement of residence}\n    proves: home\n"
    "    basis: {title: 通知, article: 第一条, level: normative_document}\n    ways: [original]\nsteps:\n"
)
TIGHTER = CERTIFICATE.replace("steps:\n", HOME, 1)
LIGHTER = CERTIFICATE.replace(
    "ways: [data births.number, original births.number]", "ways: [data births.number, declaration]"
)


def office(code: str, login: str) -> Viewer:
    place = OrganisationFactory(code=code, kind="reform_office")
    return viewer_of(
        AccountFactory(login=login, of_staff=True, staff=StaffFactory(roles=[Role.REFORM], organisation=place))
    )


@pytest.fixture
def department(db: None, tmp_path: Path) -> Viewer:
    region("330500")
    load_calendar(by="system:test", now=NOW)
    import_catalogue(path=write_catalogue(tmp_path), by="system:test", now=NOW)
    staff = StaffFactory(roles=[Role.DECIDER], organisation=OrganisationFactory(code="330122", kind="health"))
    return viewer_of(AccountFactory(login="head", of_staff=True, staff=staff))


@pytest.fixture
def officer(department: Viewer) -> Viewer:
    return office("330000", "reform.one")


def proposed(by: Viewer, text: str = TIGHTER) -> Amendment:
    return actions.propose(item_key="certificate", text=text, reason="核对住址", by=by, now=NOW)


def at_the_gate(by: Viewer, text: str = TIGHTER) -> Amendment:
    made = proposed(by, text)
    actions.open_for_comments(amendment_id=made.public_id, by=by, now=NOW)
    actions.send_to_gate(amendment_id=made.public_id, by=by, now=AFTER)
    return made


def law(by: Viewer, level: str = "local_regulation") -> Any:
    terms = {"title": f"居住条例{level}", "title_en": "Residence Regulation", "article": "第九条", "level": level}
    return province.register_reference(**terms, source="https://flk.npc.gov.cn/", by=by, now=NOW)


def grounded(made: Amendment, by: Viewer, level: str = "local_regulation") -> None:
    article = law(by, level)
    losses = made.effects.filter(is_loss=True)
    actions.ground(
        amendment_id=made.public_id, references={one.pk: article.public_id for one in losses}, by=by, now=AFTER
    )


def publish(made: Amendment, by: Viewer) -> LedgerEntry:
    return actions.publish(amendment_id=made.public_id, in_force_on=date(2018, 5, 1), by=by, now=AFTER)


def published(department: Viewer, officer: Viewer) -> LedgerEntry:
    """The way of an amendment by which somebody loses, from draft to ledger."""
    made = at_the_gate(department)
    grounded(made, officer)
    actions.approve(amendment_id=made.public_id, by=officer, now=AFTER)
    return publish(made, officer)


class TestTheWay:
    def test_from_draft_to_in_force_with_a_line_in_the_ledger(self, department: Viewer, officer: Viewer) -> None:
        entry = published(department, officer)

        assert {one["component"] for one in entry.losses} >= {"originals", "visits"}
        assert entry.losses[0]["basis"]["article"] == "第九条"
        assert len(catalogue.item("certificate").requirements) == 1
        assert actions.bring_into_force(now=AFTER, by="system:test") == []
        first = ItemRevision.objects.get(basic__key="certificate")
        assert actions.bring_into_force(now=datetime(2018, 5, 1, 2, 0, tzinfo=UTC), by="system:test") == ["certificate"]
        assert len(catalogue.item("certificate").requirements) == 2
        # A case opened before keeps pointing to the revision it was made with.
        assert len(catalogue.item_of(first).requirements) == 1
        assert actions.bring_into_force(now=datetime(2018, 5, 2, 2, 0, tzinfo=UTC), by="system:test") == []

    def test_what_only_helps_needs_no_law(self, department: Viewer, officer: Viewer) -> None:
        made = at_the_gate(department, LIGHTER)
        actions.approve(amendment_id=made.public_id, by=officer, now=AFTER)

        entry = publish(made, officer)

        assert entry.losses == []
        assert {one["component"] for one in entry.gains} >= {"originals", "visits"}

    def test_what_is_merely_reworded_passes_and_stands_in_the_ledger(self, department: Viewer, officer: Viewer) -> None:
        made = at_the_gate(department, CERTIFICATE.replace("zh: 出生医学证明签发", "zh: 签发出生医学证明"))
        actions.approve(amendment_id=made.public_id, by=officer, now=AFTER)

        entry = publish(made, officer)

        assert (entry.losses, entry.gains) == ([], [])
        said = [(one["what"]["zh"], one["old"]["zh"], one["new"]["zh"]) for one in entry.wordings]
        assert said == [("名称", "出生医学证明签发", "签发出生医学证明")]

    def test_the_public_comments_while_the_notice_runs_and_is_answered(
        self, department: Viewer, officer: Viewer
    ) -> None:
        made = proposed(department, LIGHTER)
        actions.open_for_comments(amendment_id=made.public_id, by=department, now=NOW)
        citizen = viewer_of(AccountFactory())
        said = actions.comment(amendment_id=made.public_id, text="好", by=citizen, now=NOW)
        with pytest.raises(CannotAmend, match="runs until 2018-03-14"):
            actions.send_to_gate(amendment_id=made.public_id, by=department, now=NOW)
        with pytest.raises(CannotAmend, match="is over"):
            actions.comment(amendment_id=made.public_id, text="晚了", by=citizen, now=AFTER)
        actions.send_to_gate(amendment_id=made.public_id, by=department, now=AFTER)
        actions.approve(amendment_id=made.public_id, by=officer, now=AFTER)

        with pytest.raises(CannotAmend, match="1 comments are not answered"):
            publish(made, officer)
        terms: dict[str, Any] = {"amendment_id": made.public_id, "comment_id": said.public_id, "now": AFTER}
        actions.answer(**terms, text="谢谢", by=department)

        assert publish(made, officer).gains
        assert queries.public_amendment(made.public_id, now=AFTER).comments[0].answer == "谢谢"


class TestWhereCommentsCount:
    def test_the_first_of_each_identified_person_counts_in_his_county(self, department: Viewer) -> None:
        made, other = proposed(department, LIGHTER), proposed(department, TIGHTER)
        for one in (made, other):
            actions.open_for_comments(amendment_id=one.public_id, by=department, now=NOW)
        from_tonglu, from_huzhou = person("330122101"), person("330502")
        said = [
            actions.comment(amendment_id=one.public_id, text="好", by=by, now=NOW).counted_in
            for one, by in [(made, from_tonglu), (made, from_tonglu), (made, from_huzhou), (other, from_tonglu)]
        ]

        assert said == ["330122000000", "", "330502000000", "330122000000"]

    def test_who_only_says_who_he_is_or_speaks_from_a_post_is_published_and_not_counted(
        self, department: Viewer
    ) -> None:
        made = proposed(department, LIGHTER)
        actions.open_for_comments(amendment_id=made.public_id, by=department, now=NOW)
        unproved = viewer_of(AccountFactory(party=PartyFactory(verified=False)))
        said = [
            actions.comment(amendment_id=made.public_id, text="好", by=by, now=NOW) for by in (unproved, department)
        ]

        assert [one.counted_in for one in said] == ["", ""]
        assert len(queries.public_amendment(made.public_id, now=NOW).comments) == 2


def person(code: str) -> Viewer:
    return viewer_of(AccountFactory(party=PartyFactory(region=region(code))))


class TestRefusals:
    def test_names_everything_that_is_missing(self, department: Viewer, officer: Viewer) -> None:
        made = at_the_gate(department)

        with pytest.raises(CannotAmend) as refusal:
            publish(made, officer)

        said = refusal.value.text("en")
        assert "No legal basis" in said
        assert "Statement of residence" in said
        assert "a second person" in said
        assert "the province's reform office must approve" in said

    def test_a_document_of_an_office_is_no_law(self, department: Viewer, officer: Viewer) -> None:
        made = at_the_gate(department)
        grounded(made, officer, "normative_document")
        actions.approve(amendment_id=made.public_id, by=officer, now=AFTER)

        with pytest.raises(CannotAmend, match="stands too low"):
            publish(made, officer)

    def test_nobody_approves_his_own(self, officer: Viewer) -> None:
        made = at_the_gate(officer)

        with pytest.raises(CannotAmend, match="cannot approve it"):
            actions.approve(amendment_id=made.public_id, by=officer, now=AFTER)

    def test_a_county_does_not_approve_for_the_province(self, department: Viewer) -> None:
        made = at_the_gate(department)

        with pytest.raises(CannotAmend, match=r"art\. 4"):
            actions.approve(amendment_id=made.public_id, by=office("330122", "reform.county"), now=AFTER)

    def test_the_text_is_not_changed_once_the_public_reads_it(self, department: Viewer) -> None:
        made = at_the_gate(department)

        with pytest.raises(CannotAmend):
            actions.revise(amendment_id=made.public_id, text=LIGHTER, reason="改", by=department, now=AFTER)

    @pytest.mark.parametrize("act", ["fix", "except", "register"])
    def test_a_county_fixes_excepts_and_registers_nothing(self, department: Viewer, officer: Viewer, act: str) -> None:
        county, article = office("330122", "reform.county"), law(officer)
        acts: dict[str, Callable[[], object]] = {
            "fix": lambda: province.fix_field(item_key="certificate", field="channels", by=county, now=NOW),
            "except": lambda: province.list_exception(
                item_key="certificate", reference_id=article.public_id, by=county, now=NOW
            ),
            "register": lambda: law(county, "rule"),
        }

        with pytest.raises(CannotAmend, match="Only the province"):
            acts[act]()

    def test_a_county_may_be_kinder_but_not_touch_what_is_fixed(self, department: Viewer, officer: Viewer) -> None:
        text = "region: '330122000000'\nsource: 县政府公告\nitems:\n  certificate: {channels: [web, window, kiosk]}\n"
        terms: dict[str, Any] = {"item_key": "certificate", "text": text, "reason": "便民", "local": True, "now": NOW}
        assert not actions.propose(**terms, by=department).needs_province
        province.fix_field(item_key="certificate", field="channels", by=officer, now=NOW)

        assert actions.propose(**terms, by=department).needs_province

    def test_nothing_else_travels_with_an_item(self, department: Viewer) -> None:
        terms: dict[str, Any] = {"item_key": "certificate", "reason": "夹带", "by": department, "now": NOW}
        other = CERTIFICATE.replace("item: certificate", "item: another").replace("330723001000", "330723001001")
        local = "region: '330122000000'\nsource: x\nitems:\n  certificate: {channels: [window]}\n"

        for text in (f"{CERTIFICATE}---\n{other}", f"{CERTIFICATE}---\n{local}", local):
            with pytest.raises(CannotAmend, match="no other"):
                actions.propose(**terms, text=text)
        with pytest.raises(CannotAmend, match="no other"):
            actions.propose(**terms, text=CERTIFICATE, local=True)

    def test_drafts_are_seen_by_their_department_and_the_office(self, department: Viewer, officer: Viewer) -> None:
        made = proposed(department)
        stranger = viewer_of(
            AccountFactory(of_staff=True, staff=StaffFactory(roles=[Role.DECIDER], organisation__kind="x"))
        )

        assert queries.amendment(officer, made.public_id, now=NOW).losses
        for viewer in (stranger, viewer_of(AccountFactory())):
            with pytest.raises(queries.NoSuchAmendment):
                queries.amendment(viewer, made.public_id, now=NOW)
        with pytest.raises(queries.NoSuchAmendment):
            queries.public_amendment(made.public_id, now=NOW)


class TestTheDatabase:
    """The same, for a program that goes round the actions."""

    def refused(self, act: Callable[[], object], match: str) -> None:
        with pytest.raises(DatabaseError, match=match), transaction.atomic():
            act()

    def forced(self, made: Amendment, **changed: Any) -> Callable[[], object]:
        published = {"published_at": AFTER, "published_by": "x", "in_force_on": date(2018, 5, 1)}
        return lambda: Amendment.objects.filter(pk=made.pk).update(stage=Stage.PUBLISHED, **published, **changed)

    def test_publishes_nothing_without_law_approval_and_notice(self, department: Viewer, officer: Viewer) -> None:
        made = proposed(department)
        self.refused(self.forced(made), "Only the gate")
        self.refused(lambda: Amendment.objects.filter(pk=made.pk).update(stage=Stage.IN_FORCE), "Only the gate")
        actions.open_for_comments(amendment_id=made.public_id, by=department, now=NOW)
        actions.send_to_gate(amendment_id=made.public_id, by=department, now=AFTER)
        self.refused(self.forced(made), "without a sufficient legal basis")
        self.refused(lambda: Effect.objects.filter(amendment=made).delete(), "Who loses is settled")
        self.refused(lambda: Effect.objects.filter(amendment=made).update(is_loss=False), "Who loses is settled")
        Effect.objects.filter(amendment=made).update(reference=law(officer, "normative_document"))
        self.refused(self.forced(made), "without a sufficient legal basis")
        Effect.objects.filter(amendment=made).update(reference=law(officer))
        self.refused(self.forced(made), "A second person")
        own = Approval(amendment=made, region_code="330000000000", approved_at=AFTER, approved_by=made.proposed_by)
        own.save()
        self.refused(self.forced(made), "A second person")
        Approval.objects.create(amendment=made, region_code="330122000000", approved_at=AFTER, approved_by="account:9")
        self.refused(self.forced(made), "The province has not approved")
        Approval.objects.create(amendment=made, region_code="330000000000", approved_at=AFTER, approved_by="account:8")
        self.refused(lambda: Amendment.objects.filter(pk=made.pk).update(notice_until=NOW), "not shortened")

        assert self.forced(made)() == 1

    def test_waits_for_the_notice_and_for_answers(self, department: Viewer, officer: Viewer) -> None:
        made = at_the_gate(department, LIGHTER)
        actions.approve(amendment_id=made.public_id, by=officer, now=AFTER)
        Amendment.objects.get(pk=made.pk).comments.create(text="？", made_at=NOW)
        self.refused(self.forced(made), "A comment is not answered")
        early = {"published_at": NOW, "published_by": "x", "in_force_on": date(2018, 5, 1), "stage": Stage.PUBLISHED}
        self.refused(lambda: Amendment.objects.filter(pk=made.pk).update(**early), "notice has not ended")

    def test_keeps_exceptions_and_fixed_fields_to_the_province(self, officer: Viewer) -> None:
        terms: dict[str, Any] = {"item_key": "certificate", "region_code": "330122000000"}
        article = law(officer)
        self.refused(
            lambda: ExceptionItem.objects.create(**terms, reference=article, listed_at=NOW, listed_by="x"),
            "only_the_province_excepts",
        )
        self.refused(
            lambda: FixedField.objects.create(**terms, field="channels", fixed_at=NOW, fixed_by="x"),
            "only_the_province_fixes",
        )

    def test_lists_in_the_ledger_only_what_is_published(self, department: Viewer) -> None:
        made = proposed(department)
        terms: dict[str, Any] = {"published_at": NOW, "in_force_on": date(2018, 5, 1), "losses": [], "gains": []}

        self.refused(lambda: LedgerEntry.objects.create(amendment=made, **terms), "what is published")
