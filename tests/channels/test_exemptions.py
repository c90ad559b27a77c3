"""Exemptions through their addresses: asked at the desk, decided at the bench, read by everybody."""

from django.test import Client

from tests.apps.test_scorecards import MARCH, hotline
from tests.apps.ticket_examples import Hotline
from tests.channels.test_scorecards import counted, enter, page, reform
from yici.apps.accountability import contests
from yici.apps.accountability.models import Exemption
from yici.rules.exemptions import CONDITIONS

__all__ = ["counted", "hotline"]  # the fixtures
WORDS = "改革方案经县政府常务会议讨论。"


def test_go_from_the_desk_to_the_level_above_and_stay_public(english: Client, counted: Hotline) -> None:
    assert "Nobody has asked" in page(english, "/scorecards/exemptions")
    enter(english, counted.at_ecology)
    point = contests.own_points(counted.at_ecology, MARCH, "promised_time")[0].ref
    sent = {"month": "2018-03", "measure": "promised_time", "ref": point}
    shown = page(english, "/desk/scorecard", month="2018-03", measure="promised_time")
    assert f"/desk/scorecard/exemption?month=2018-03&amp;measure=promised_time&amp;ref={point}" in shown
    form = page(english, "/desk/scorecard/exemption", **sent)
    assert form.count("<fieldset") == 5
    said = {f"{part}-{key}": WORDS for key in CONDITIONS for part in ("said", "evidence")}
    refused = english.post("/desk/scorecard/exemption", {**sent, **said, "said-repair": ""})
    assert refused.status_code == 409
    assert WORDS in refused.content.decode()
    assert english.post("/desk/scorecard/exemption", {**sent, **said}).status_code == 302
    assert english.get("/desk/scorecard/exemption?month=x&measure=promised_time").status_code == 404
    assert english.get("/desk/scorecard/exemption?month=2018-03&measure=nothing").status_code == 404

    address = f"/bench/exemptions/{Exemption.objects.get().public_id}"
    judged = {f"met-{key}": "1" for key in CONDITIONS} | {f"reason-{key}": WORDS for key in CONDITIONS}
    enter(english, reform("330122"))
    assert english.post(address, judged).status_code == 404
    enter(english, reform("330100"))
    assert WORDS in page(english, "/bench/exemptions")
    assert english.post(address, {**judged, "met-lawful": ""}).status_code == 409
    assert english.post(address, {**judged, "met-lawful": "0"}).status_code == 302

    public = page(english, "/scorecards/exemptions")
    assert "not exempt" in public
    assert "Does not hold" in public
    assert WORDS not in public
    assert point not in public
