"""The story of a paper that comes back under another name, in the pages of the bench and of the public."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from tests.apps.catalogue_files import CERTIFICATE, DATASETS, write_catalogue
from tests.apps.factories import AccountFactory, OrganisationFactory, StaffFactory, region
from tests.apps.signal_examples import COUNTIES, MARCH, World
from tests.apps.signal_examples import NOW as SIGNALS_NOW
from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.places.actions import load_calendar
from yici.apps.reform.actions import bring_into_force
from yici.apps.reform.signals import count_signals, judge_month
from yici.apps.reform.suggesting import suggest_for_open_proposals
from yici.rules.people import Role

NOW = datetime(2018, 3, 5, 2, 0, tzinfo=UTC)
RESIDENCE = """\
  residences:
    name: {zh: 居住登记, en: Register of residence}
    owner: police
    level: province
    sharing: unconditional
    fields: {address: {zh: 居住地址, en: Address}}
"""
AGAIN = """\
  - key: home
    name: {zh: 居住情况说明, en: Statement of residence}
    proves: living
    when: place == "at_home"
    basis: {title: 通知, article: 第一条, level: normative_document}
    ways: [original residences.address]
steps:
"""
TIGHTER = CERTIFICATE.replace("steps:\n", AGAIN, 1)


def account(code: str, kind: str, role: Role, login: str) -> Any:
    place = OrganisationFactory(code=code, kind=kind)
    return AccountFactory(login=login, of_staff=True, staff=StaffFactory(roles=[role], organisation=place))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moment the pages take for now; a test moves it on."""
    moment = [NOW]
    monkeypatch.setattr(timezone, "now", lambda: moment[0])
    return moment


@pytest.fixture
def site(english: Client, db: None, tmp_path: Path, clock: list[datetime]) -> Client:
    region("330500")
    load_calendar(by="system:test", now=NOW)
    import_catalogue(path=write_catalogue(tmp_path, datasets=DATASETS + RESIDENCE), by="system:test", now=NOW)
    return english


def as_(client: Client, who: Any) -> Client:
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(response: Any) -> str:
    return str(response.content.decode()).replace("&#34;", '"').replace("&#39;", "'")


class TestTheStoryOfAPaperThatComesBack:
    def test_it_is_named_refused_grounded_published_and_told_to_everybody(
        self, site: Client, clock: list[datetime]
    ) -> None:
        department = account("330122", "health", Role.DECIDER, "head")
        officer = account("330000", "reform_office", Role.REFORM, "reform.330000")
        as_(site, department)
        found = page(site.get("/bench/?q=出生医学证明签发"))
        assert "/bench/items/certificate" in found

        # The check names the person who loses, and the dataset that has it already.
        sent = {"text": TIGHTER, "reason": "核对住址", "act": "check"}
        checked = page(site.post("/bench/items/certificate", sent))
        assert re.search(
            r'"person">For somebody \(Place is At home\), “Issue of the birth certificate”</p>'
            r".*originals to show from 0 to 1",
            checked,
            re.DOTALL,
        )
        assert "“Statement of residence” is asked for" in checked
        assert "“Statement of residence” may not be asked for: Police shares “Address” without conditions" in checked

        # Kept, opened, and stopped at the gate.
        kept = site.post("/bench/items/certificate", {**sent, "act": "save"})
        here = kept.headers["Location"]
        public = here.replace("/bench/", "/changes/")
        assert site.get(public).status_code == 404
        assert site.post(f"{here}/open").status_code == 302
        assert site.get(public).status_code == 200
        as_(site, AccountFactory(login="citizen"))
        assert site.get(here).status_code == 404
        assert site.post(public, {"text": "公安已经有了"}).status_code == 302
        assert "公安已经有了" in page(site.get(public))
        clock[0] = NOW + timedelta(days=30)
        as_(site, department)
        assert site.post(f"{here}/gate").status_code == 302
        as_(site, officer)
        day = {"in_force_on": "2018-05-01"}
        refused = site.post(f"{here}/publish", day)
        assert refused.status_code == 409
        for said in ("No legal basis", "comments are not answered", "a second person", "province's reform office"):
            assert said in page(refused)
        assert "Statement of residence" not in page(site.get("/changes"))

        # With a law, an answer and an approval it is published.
        chosen, comment = self.law_and_comment(site, here)
        assert site.post(f"{here}/ground", chosen).status_code == 302
        assert site.post(f"{here}/answer", {"comment": comment, "text": "核对需要"}).status_code == 302
        assert site.post(f"{here}/publish", day).status_code == 409
        assert site.post(f"{here}/approve").status_code == 302
        assert site.post(f"{here}/publish", day).status_code == 302

        # The ledger tells it to everybody, with the law; the feed too.
        as_(site, AccountFactory(login="reader"))
        ledger = page(site.get("/changes"))
        assert "“Statement of residence” is asked for" in ledger
        assert "Residence Regulation 第九条" in ledger
        feed = site.get("/changes.atom")
        assert feed.headers["Content-Type"].startswith("application/atom+xml")
        entries = ElementTree.fromstring(feed.content).findall("{http://www.w3.org/2005/Atom}entry")
        assert len(entries) == 1
        assert "核对需要" in page(site.get(public))

        self.followed(site)
        assert len(catalogue.item("certificate").requirements) == 1
        bring_into_force(now=datetime(2018, 5, 1, 2, 0, tzinfo=UTC), by="system:test")
        assert len(catalogue.item("certificate").requirements) == 2

    def followed(self, site: Client) -> None:
        """Whoever follows this item reads it too; whoever follows another one does not."""
        own = page(site.get("/changes/items/certificate"))
        assert "“Statement of residence” is asked for" in own
        assert 'href="/changes/items/certificate.atom"' in own
        for key, count in (("certificate", 1), ("registration", 0)):
            followed = ElementTree.fromstring(site.get(f"/changes/items/{key}.atom").content)
            assert len(followed.findall("{http://www.w3.org/2005/Atom}entry")) == count
        assert site.get("/changes/items/nothing").status_code == 404

    def law_and_comment(self, site: Client, here: str) -> tuple[dict[str, str], str]:
        """Register a law; return the form that puts every loss on it, and the comment to answer."""
        law = {"title": "居住条例", "title_en": "Residence Regulation", "article": "第九条", "source": "省公报"}
        assert site.post("/bench/law", {**law, "level": "local_regulation"}).status_code == 302
        shown = page(site.get(here))
        reference = re.search(r'<option value="([0-9a-f-]{36})">Residence Regulation', shown)
        comment = re.search(r'name="comment" value="([0-9a-f-]{36})"', shown)
        assert reference
        assert comment
        return dict.fromkeys(re.findall(r'name="(effect-\d+)"', shown), reference[1]), comment[1]


class TestTheEditor:
    @pytest.fixture
    def editor(self, site: Client) -> Client:
        return as_(site, account("330122", "health", Role.DECIDER, "head"))

    def test_starts_from_what_is_in_force_and_proves_a_mere_rewording_harmless(self, editor: Client) -> None:
        shown = page(editor.get("/bench/items/certificate"))
        assert "330723001000" in shown
        reworded = CERTIFICATE.replace('place == "hospital"', 'place != "at_home"').replace(
            "key: delivery", "key: born"
        )

        checked = page(editor.post("/bench/items/certificate", {"text": reworded, "act": "check"}))

        assert "Nobody: it is proved." in checked

    def test_gives_line_and_column_of_a_mistake_and_keeps_the_text(self, editor: Client) -> None:
        wrong = CERTIFICATE.replace('place == "hospital"', 'place == "hospitl"')

        checked = editor.post("/bench/items/certificate", {"text": wrong, "reason": "x", "act": "save"})

        assert checked.status_code == 409
        assert re.search(r'<span class="code">\d+:\d+</span>', page(checked))
        assert "hospitl" in page(checked)

    def test_changes_a_draft_and_withdraws_it(self, editor: Client) -> None:
        sent = {"text": TIGHTER, "reason": "核对住址", "act": "save"}
        here = editor.post("/bench/items/certificate", sent).headers["Location"]
        assert page(editor.get(f"{here}/edit")).count("Statement of residence") >= 1

        assert editor.post(f"{here}/edit", {**sent, "text": CERTIFICATE}).status_code == 302

        assert "Nobody: it is proved." in page(editor.get(here))
        assert editor.post(f"{here}/nonsense").status_code == 404
        assert editor.post(f"{here}/withdraw").status_code == 302
        assert editor.post(f"{here}/open").status_code == 409

    def test_only_the_province_registers_law(self, editor: Client) -> None:
        law = {"title": "a", "title_en": "b", "article": "c", "level": "rule", "source": "d"}

        assert editor.post("/bench/law", law).status_code == 409


class TestWhatTheFiguresSay:
    def test_a_proposal_is_read_taken_up_in_the_editor_and_closed(self, site: Client) -> None:
        world = World()
        for county in COUNTIES:
            world.happened(county, 20, corrections=12 if county == "330122" else 1, demands=int(county == "330122"))
        world.complaint("330122", None, detail="电话13900000001")
        count_signals(MARCH, now=SIGNALS_NOW)
        (opened,) = judge_month(MARCH, now=SIGNALS_NOW).opened
        world.comments(["330122"], first=MARCH, last=MARCH)
        suggest_for_open_proposals(now=SIGNALS_NOW)
        as_(site, account("330000", "reform_office", Role.REFORM, "reform.330000"))
        address = f"/bench/proposals/{opened.public_id}"
        assert address in page(site.get("/bench/proposals"))
        dossier = page(site.get(address))
        assert all(
            words in dossier for words in ("Corrections asked for", "stands out", "National law", "电话＊", "意见0")
        )
        assert all(
            words in dossier
            for words in ("What makes the days", "At most 1 promised working day, for anybody", "Issue")
        )
        assert "Papers asked beyond the plan" in page(site.get("/bench/taken-back?month=2018-03"))
        assert site.get("/bench/taken-back?month=x").status_code == 409
        assert "Data debt" in page(site.get("/bench/data-debt"))
        assert site.post(address, {"suggestion": "x"}).status_code == 404
        assert site.post(address, {"answer": ""}).status_code == 409
        assert site.post(address, {"answer": "窗口已培训"}).status_code == 302
        assert "窗口已培训" in page(site.get(address))

    def test_the_replay_of_what_is_suggested_stands_beside_it(self, site: Client, tmp_path: Path) -> None:
        of_everybody = TIGHTER.replace('    when: place == "at_home"\n', "")
        files = write_catalogue(tmp_path / "again", datasets=DATASETS + RESIDENCE, certificate=of_everybody)
        import_catalogue(path=files, by="system:test", now=NOW)
        world = World()
        for county in COUNTIES:
            world.happened(county, 20, corrections=12 if county == "330122" else 1)
        count_signals(MARCH, now=SIGNALS_NOW)
        (opened,) = judge_month(MARCH, now=SIGNALS_NOW).opened
        suggest_for_open_proposals(now=SIGNALS_NOW)
        as_(site, account("330000", "reform_office", Role.REFORM, "reform.330000"))

        dossier = page(site.get(f"/bench/proposals/{opened.public_id}"))

        assert "160 past cases of a year, 160 would have been better off and none worse" in dossier
        assert all(words in dossier for words in ("By answer", "Place: Hospital", "By county", "Tonglu"))
