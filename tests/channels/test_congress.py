"""The congress desk through its addresses: register, forms, stations, package, report, and what everybody reads."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.apps.factories import OrganisationFactory
from tests.apps.referral_examples import SENT, Congress, answered, assigned, drafted, open_congress, published, sent
from tests.channels.pages import sign_in
from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer
from yici.apps.referrals import actions, following
from yici.apps.referrals.models import DeputySubmission, Referral
from yici.apps.reform import actions as reform
from yici.channels.cli import congress as command
from yici.rules.referrals import ReferralKind


@pytest.fixture
def congress(db: None, tmp_path: Path) -> Congress:
    return open_congress(tmp_path)


def enter(client: Client, viewer: Viewer) -> None:
    sign_in(client, Account.objects.get(pk=viewer.account_id))


def page(client: Client, path: str, status: int = 200, **said: Any) -> str:
    answer = client.get(path, said)
    assert answer.status_code == status, answer
    return answer.content.decode()


def post(client: Client, path: str, status: int, **said: Any) -> str:
    answer = client.post(path, said)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode() if status != 302 else answer.headers["Location"]


TERMS = {
    "kind": "legislation",
    "problem": "办出生证要交居住证明，多跑一趟。",
    "wording": "删去第十二条。",
    "burden": "home",
}


class TestDraft:
    def test_is_made_from_a_proposal_and_sent(self, english: Client, congress: Congress) -> None:
        enter(english, congress.reform)
        path = f"/congress/proposals/{congress.proposal.public_id}"
        assert f'href="{path}"' in page(english, f"/bench/proposals/{congress.proposal.public_id}")
        shown = page(english, path)
        assert "浙江省居住条例" in shown
        assert "The local People&#39;s Congress" in shown

        where = post(english, path, 302, **TERMS)
        assert "Send it: the time to answer begins" in page(english, where)
        post(english, f"{where}/send", 302)

        shown = page(english, where)
        assert "Standing Committee of the People&#39;s Congress of Zhejiang Province" in shown
        assert "12 / 20" in shown
        assert "2 tickets began it" in shown

    @pytest.mark.parametrize(
        ("terms", "told"),
        [
            ({"burden": "seal"}, "may drop it today"),
            ({"burden": ""}, "Choose one burden"),
            ({"kind": "nothing"}, "Choose the form"),
            ({"kind": "upward"}, "does not reach it"),
            ({"problem": "短"}, "still needs"),
            ({"wording": "字" * 2001}, "at most 2000"),
        ],
    )
    def test_of_bad_input_keeps_what_was_typed(
        self, english: Client, congress: Congress, terms: dict[str, str], told: str
    ) -> None:
        enter(english, congress.reform)

        shown = post(english, f"/congress/proposals/{congress.proposal.public_id}", 409, **(TERMS | terms))

        assert told in shown
        assert Referral.objects.count() == 0

    def test_is_not_there_for_who_does_not_refer(self, client: Client, congress: Congress) -> None:
        enter(client, congress.unit)
        page(client, f"/congress/proposals/{congress.proposal.public_id}", 404)


class TestRegister:
    def test_is_narrowed_and_searched(self, english: Client, congress: Congress) -> None:
        assigned(congress)
        sent(congress, "marriage", ReferralKind.UPWARD)
        enter(english, congress.liaison)

        assert page(english, "/congress/").count("<tr>") == 3
        assert page(english, "/congress/", docket="人大移送").count("<tr>") == 2
        assert page(english, "/congress/", state="sent", kind="upward").count("<tr>") == 2
        assert "Nothing here has been referred" in page(english, "/congress/", docket="%_")
        assert "2 referrals were not answered within their time" in page(english, "/congress/")

    def test_goes_from_hand_to_hand(self, english: Client, congress: Congress) -> None:
        key = sent(congress)
        enter(english, congress.liaison)
        post(english, f"/congress/{key}/register", 302)
        assert "still" not in post(english, f"/congress/{key}/assign", 409, unit="", committee="")
        unit = OrganisationFactory(code="330000", kind="health")
        post(english, f"/congress/{key}/assign", 302, unit=str(unit.public_id))
        post(english, f"/congress/{key}/nothing", 404)

        enter(english, congress.unit)
        assert "ten characters" not in post(english, f"/congress/{key}/answer", 409, words="好")
        post(english, f"/congress/{key}/answer", 302, words="同意取消居住证明，年内修改。", article="第十二条")
        post(english, f"/congress/{key}/accept", 404)

        enter(english, congress.reform)
        assert "answered late" in page(english, f"/congress/{key}")
        post(english, f"/congress/{key}/accept", 302)
        assert Referral.objects.get(public_id=key).state == "accepted"

    def test_a_draft_of_others_is_not_there(self, client: Client, congress: Congress) -> None:
        row = drafted(congress)
        enter(client, congress.liaison)

        page(client, f"/congress/{row.public_id}", 404)
        post(client, f"/congress/{row.public_id}/register", 404)


class TestFollowThrough:
    def test_is_linked_on_the_page_and_told_on_the_ticket(self, english: Client, congress: Congress) -> None:
        key = answered(congress)
        made = published(congress)
        enter(english, congress.reform)
        assert str(made.public_id) in page(english, f"/congress/{key}")
        post(english, f"/congress/{key}/link", 409)
        post(english, f"/congress/{key}/link", 302, amendment=str(made.public_id))
        ticket = congress.tickets[0]
        person = Account.objects.create(login="mei", party=ticket.party, assurance="real_name")
        sign_in(english, person)
        assert "was put before Standing Committee" in page(english, f"/voices/{ticket.reference}")

        now = timezone.now()
        reform.bring_into_force(now=now, by="system:test")
        following.follow_all(now=now)

        shown = page(english, f"/voices/{ticket.reference}")
        assert "What became of it" in shown
        assert "from 1 July 2018 0 visits (1 before)" in shown


class TestStations:
    def test_file_and_are_made_a_referral(self, english: Client, congress: Congress) -> None:
        enter(english, congress.station)
        terms = {"subject": "要居住证明", "deputy": "代表甲", "detail": "居民说要去村里开居住证明。", "voices": "12"}
        terms |= {"collected_on": "2018-03-30", "item": "certificate"}
        post(english, "/congress/stations", 409, **(terms | {"voices": "many"}))
        post(english, "/congress/stations", 409, **(terms | {"collected_on": "soon"}))
        post(english, "/congress/stations", 302, **terms)
        key = DeputySubmission.objects.get().public_id
        post(english, f"/congress/stations/{key}", 404, act="refer", **TERMS)

        enter(english, congress.county)
        assert "代表甲" in page(english, f"/congress/stations/{key}")
        post(english, f"/congress/stations/{key}", 409, act="attach")
        where = post(english, f"/congress/stations/{key}", 302, act="refer", **TERMS)

        assert "12" in page(english, where)
        assert DeputySubmission.objects.get().referral is not None

    def test_name_a_rule_by_hand_where_no_item_is_known(self, english: Client, congress: Congress) -> None:
        enter(english, congress.station)
        terms = {"subject": "停车难", "deputy": "代表甲", "detail": "小区门口不能停车接送老人。", "voices": "3"}
        post(english, "/congress/stations", 302, collected_on="2018-03-30", **terms)
        key = DeputySubmission.objects.get().public_id
        enter(english, congress.county)
        said = TERMS | {"act": "refer", "burden": "", "law": "杭州市停车条例", "level": "local_regulation"}
        post(english, f"/congress/stations/{key}", 409, **said)

        post(english, f"/congress/stations/{key}", 302, **said, article="第三条")

        assert Referral.objects.get().desk.code == "330100000000"

    def test_do_not_see_the_package(self, client: Client, congress: Congress) -> None:
        enter(client, congress.station)
        page(client, "/congress/package", 404)
        page(client, "/congress/report", 404)


class TestPapers:
    def test_the_package_is_a_page_and_a_table(self, english: Client, congress: Congress) -> None:
        key = sent(congress, "marriage", ReferralKind.UPWARD)
        docket = actions.register(referral_id=key, by=congress.central, now=SENT)
        enter(english, congress.central)

        assert docket in page(english, "/congress/package")
        table = page(english, "/congress/package.csv")
        assert "婚姻登记条例,第五条,行政法规,国务院" in table
        assert table.startswith("\ufeffitem,name")

    def test_the_report_is_a_pdf_of_ones_own_region(self, english: Client, congress: Congress) -> None:
        assigned(congress)
        enter(english, congress.reform)
        assert "2018" in page(english, "/congress/report")

        answer = english.get("/congress/report", {"year": "2018"})

        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        assert 'filename="congress-330122-2018.pdf"' in answer.headers["Content-Disposition"]
        for year in ("1999", "9999", "x", "²018"):
            assert "The year is between 2016" in page(english, "/congress/report", 409, year=year)

    def test_the_command_writes_it(self, congress: Congress, tmp_path: Path, capsys: Any) -> None:
        out = tmp_path / "new" / "report.pdf"
        words = ["report", "--year", "2018", "--region", "330000", "--out", str(out)]

        assert command.run(command.parser("yici congress").parse_args(words)) == 0

        assert out.read_bytes().startswith(b"%PDF")
        assert "浙江省" in capsys.readouterr().out
        assert command.run(command.parser("yici congress").parse_args(["follow", "--json"])) == 0
        assert '"told": 0' in capsys.readouterr().out


class TestPublic:
    def test_names_what_was_asked_of_whom_and_nobody(self, english: Client, congress: Congress) -> None:
        drafted(congress, "marriage", ReferralKind.UPWARD)
        key = assigned(congress)
        english.cookies.pop("sessionid", None)

        shown = page(english, "/referrals")

        assert "Proof of residence" in shown
        assert "Marriage certificate" not in shown  # a draft
        assert "overdue since" in shown
        assert "办证要跑两趟" not in shown
        assert f"/congress/{key}" not in shown
        assert "Proof of residence" in page(english, "/referrals", state="late", text="人大移送")
        assert "Nothing of this kind" in page(english, "/referrals", state="answered")
        assert "Proof of residence" in page(english, "/referrals", state="'--")

    def test_the_cockpit_shows_what_is_late(self, english: Client, congress: Congress) -> None:
        key = assigned(congress)
        enter(english, congress.reform)

        shown = page(english, "/cockpit/")

        assert "One referral was not answered within its time" in shown
        assert f"/congress/{key}" in shown
