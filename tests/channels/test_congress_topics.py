"""From a topic of the hotline to who can change its law: the button, the draft, and where nobody need be asked."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from tests.apps.referral_examples import Congress, content, open_congress, staff
from tests.apps.topic_examples import MONDAY, NOISE, Voices
from tests.channels.test_congress import enter, page, post
from yici.apps.accountability.congress_report import congress_report
from yici.apps.referrals import actions
from yici.apps.referrals.models import Referral
from yici.apps.topics.finding import find_topics
from yici.apps.topics.models import Topic
from yici.apps.topics.queries import CannotSeeTopic
from yici.rules.people import Role
from yici.rules.referral_course import ReferralState
from yici.rules.referrals import CannotRefer, ReferralKind

TERMS = {"kind": "legislation", "problem": "办出生证要交居住证明，多跑一趟。", "wording": "删去第十二条。"}


@pytest.fixture
def congress(db: None, tmp_path: Path) -> Congress:
    return open_congress(tmp_path)


def topic(paper: str, **words: object) -> Topic:
    """Return the topic of a week in which many speak of one paper."""
    voices = Voices()
    voices.usual(8)
    said = {"item_key": "certificate"} | words
    for day in range(14):
        voices.file("330122", MONDAY - timedelta(days=1 + day % 6), "出生证太难办", f"窗口一定要{paper}。", **said)
    find_topics(now=MONDAY)
    return Topic.objects.get(region__code="330122000000")


class TestFromADossier:
    def test_is_drafted_with_the_voices_and_shown_there(self, english: Client, congress: Congress) -> None:
        found = topic("居住证明原件")
        enter(english, congress.reform)
        dossier, draft = f"/cockpit/topics/{found.public_id}", f"/congress/topics/{found.public_id}"
        shown = page(english, dossier)
        assert "one body can change it: Standing Committee of the People&#39;s Congress of Zhejiang Province" in shown
        assert f'href="{draft}"' in shown

        shown = page(english, draft)
        assert "14 people raised this: Issue of the birth certificate: Proof of residence." in shown
        assert 'value="upward"' not in shown
        assert "still needs" in post(english, draft, 409, **TERMS | {"wording": ""})
        assert "Choose the form" in post(english, draft, 409, **TERMS | {"kind": "x"})
        where = post(english, draft, 302, **TERMS)

        assert f'href="{dossier}"' in page(english, where)
        assert "14 tickets began it" in page(english, where)
        assert where in page(english, dossier)
        post(english, f"{where}/send", 302)
        assert ReferralState.SENT.words.en in page(english, dossier)
        assert "already" in post(english, draft, 409, **TERMS)
        row = Referral.objects.get()
        assert (row.origin_kind, row.title, row.title_en) == ("topic", found.public_name, found.public_name_en)

    def test_is_not_there_for_others(self, client: Client, congress: Congress) -> None:
        found = topic("居住证明原件")
        for viewer in (congress.county, congress.unit, staff("330502", "reform_office", Role.REFORM)):
            enter(client, viewer)
            page(client, f"/congress/topics/{found.public_id}", 404)
            with pytest.raises((CannotSeeTopic, CannotRefer)):
                refer(found.public_id, viewer)
        assert Referral.objects.count() == 0

    @pytest.mark.parametrize(
        ("paper", "who"), [("情况说明", "People&#39;s Government of Tonglu County"), ("村委会盖章", "Health")]
    )
    def test_who_can_drop_it_is_named_and_nobody_asked(
        self, english: Client, congress: Congress, paper: str, who: str
    ) -> None:
        found = topic(paper)
        enter(english, congress.reform)
        shown = page(english, f"/cockpit/topics/{found.public_id}")
        assert "Nobody need be asked" in shown
        assert who in shown
        assert "/congress/topics/" not in shown

        assert "Make the draft" not in page(english, f"/congress/topics/{found.public_id}")
        post(english, f"/congress/topics/{found.public_id}", 409, **TERMS)
        assert Referral.objects.count() == 0

    def test_a_topic_without_an_item_has_no_law_yet(self, english: Client, congress: Congress) -> None:
        voices = Voices()
        voices.usual(8)
        voices.loud("330122", MONDAY - timedelta(days=7), days=7, each_day=2, words=NOISE)
        find_topics(now=MONDAY)
        found = Topic.objects.get()
        enter(english, congress.reform)

        assert "no law is known" in page(english, f"/cockpit/topics/{found.public_id}")
        assert "Find it first" in post(english, f"/congress/topics/{found.public_id}", 409, **TERMS)


def refer(key: UUID, by: object) -> None:
    actions.refer_topic(topic_id=key, kind=ReferralKind.LEGISLATION, content=content(), by=by, now=MONDAY)  # type: ignore[arg-type]


def test_the_yearly_report_names_the_topics_of_its_year_and_region(congress: Congress) -> None:
    found = topic("居住证明原件")
    report = {
        (code, year): congress_report(staff(code, "reform_office", Role.REFORM), year, code, now=MONDAY).topics
        for code, year in (("330122", 2018), ("330502", 2018), ("330122", 2017), ("330000", 2018))
    }

    assert [(one.name.zh, one.voices) for one in report["330122", 2018]] == [(found.public_name, 14)]
    assert report["330000", 2018] == report["330122", 2018]
    assert report["330502", 2018] == report["330122", 2017] == ()
