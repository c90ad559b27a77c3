"""The editor's form: it says the same as the text, its rows come, go and move, its faults stand at their fields."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.apps.factories import AccountFactory, OrganisationFactory, StaffFactory
from tests.channels.html_forms import form_in
from yici.apps.catalogue import queries as catalogue
from yici.rules.people import Role

Sent = dict[str, Any]
CERTIFICATE = "/bench/items/birth_certificate"


@pytest.fixture
def bench(english: Client, province: None, db: None) -> Client:
    place = OrganisationFactory(code="330122", kind="health")
    head = AccountFactory(login="head", of_staff=True, staff=StaffFactory(roles=[Role.DECIDER], organisation=place))
    english.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    return english


def page(response: Any) -> str:
    return str(response.content.decode())


def opened(client: Client, address: str = CERTIFICATE) -> Sent:
    return form_in(page(client.get(address)), "editor")


def act(client: Client, sent: Sent, name: str, address: str = CERTIFICATE) -> str:
    return page(client.post(address, {**sent, "act": name}))


def as_text(client: Client, sent: Sent, address: str = CERTIFICATE) -> str:
    return str(form_in(act(client, sent, "text", address), "editor")["text"][0]).lstrip("\n")


def in_order(value: Any, key: str = "") -> Any:
    """Return a document with the boxes one may tick in one order: it means nothing."""
    if isinstance(value, dict):
        return {name: in_order(part, name) for name, part in value.items()}
    if not isinstance(value, list):
        return value
    rows = [in_order(part) for part in value]
    return sorted(rows) if key in ("places", "channels", "delivery", "audience") else rows


class TestFormAndText:
    def test_the_form_says_what_its_text_says(self, bench: Client) -> None:
        whole = catalogue.catalogue_for("")
        for key in [*sorted(whole.items)[::25], *sorted(whole.events)[::4]]:
            address = f"/bench/items/{key}"

            made = catalogue.document_in(as_text(bench, opened(bench, address), address))

            assert in_order(made) == in_order(catalogue.document_in(catalogue.text_of(key))), key

    def test_text_and_form_change_places_with_what_is_typed(self, bench: Client) -> None:
        sent = opened(bench) | {"name.zh": "出生证明签发"}
        text = as_text(bench, sent)
        assert "zh: 出生证明签发" in text

        back = form_in(act(bench, {"view": "text", "text": text}, "form"), "editor")

        assert back["name.zh"] == ["出生证明签发"]

    def test_what_is_no_document_stays_text_with_its_fault(self, bench: Client) -> None:
        shown = act(bench, {"view": "text", "text": "item: [", "reason": ""}, "form")

        assert form_in(shown, "editor")["view"] == ["text"]
        assert re.search(r'<li><span class="code">\d+:\d+</span>', shown)

    def test_what_a_place_does_differently_is_written_as_text(self, bench: Client) -> None:
        assert opened(bench, f"{CERTIFICATE}?local=1")["view"] == ["text"]


class TestRows:
    def test_a_row_is_added_unfolded_and_removed(self, bench: Client) -> None:
        sent = opened(bench)
        count = len(sent["requirements.rows"])

        more = form_in(act(bench, sent, "add:requirements"), "editor")

        assert len(more["requirements.rows"]) == count + 1
        assert more[f"requirements.{count}._open"] == ["1"]
        fewer = form_in(act(bench, more, f"remove:requirements.{count}"), "editor")
        assert {**fewer, "csrfmiddlewaretoken": ""} == {**sent, "csrfmiddlewaretoken": ""}

    def test_rows_move_and_so_do_the_ways_in_a_row(self, bench: Client) -> None:
        sent = opened(bench)

        moved = form_in(act(bench, sent, "down:requirements.0"), "editor")
        ways = form_in(act(bench, sent, "up:requirements.0.ways.1"), "editor")

        assert moved["requirements.1.key"] == sent["requirements.0.key"]
        assert ways["requirements.0.ways.0"] == sent["requirements.0.ways.1"]
        assert ways["requirements.0.ways.0.target"] == sent["requirements.0.ways.1.target"]

    def test_a_choice_is_added_to_a_question(self, bench: Client) -> None:
        own = opened(bench) | {"questions.rows": ["0", "1"], "questions.1.key": "again", "questions.1.kind": "enum"}
        own.pop("questions.1.shared", None)

        more = form_in(act(bench, own, "add:questions.1.values"), "editor")

        assert more["questions.1.values.rows"] == ["0"]

    @pytest.mark.parametrize(
        "name", ["remove:requirements.99", "up:requirements", "add:steps.x.y", "down:name.zh", "add:"]
    )
    def test_a_button_that_leads_nowhere_changes_nothing(self, bench: Client, name: str) -> None:
        sent = opened(bench)

        assert form_in(act(bench, sent, name), "editor")["requirements.rows"] == sent["requirements.rows"]


class TestLiveCheck:
    def test_a_condition_of_the_wrong_type_is_named_at_its_field(self, bench: Client) -> None:
        sent = opened(bench) | {"requirements.0.when": 'birth_place == "hospitl"'}

        said = act(bench, sent, "live")

        link = r'<a href="#f-requirements-0-when">Requirements › no. 1 › Applies when</a>: Condition: .*hospitl'
        assert re.search(link, said)
        assert re.search(r'<p class="error" id="e-f-requirements-0-when" hx-swap-oob="true">Condition: ', said)
        assert "<h1>" not in said

    def test_a_fault_that_is_mended_is_taken_from_its_field(self, bench: Client) -> None:
        said = act(bench, opened(bench) | {"faulty": "f-requirements-0-when <b>"}, "live")

        assert '<p class="error" id="e-f-requirements-0-when" hx-swap-oob="true"></p>' in said
        assert "Nobody loses: it is proved." in said

    def test_a_missing_name_and_a_wrong_number_are_named_too(self, bench: Client) -> None:
        sent = opened(bench) | {"name.en": "", "steps.1.promised_days": "some", "fee.amount_fen": "1.234"}

        said = act(bench, sent, "live")

        for field in ("f-name", "f-steps-1-promised_days", "f-fee-amount_fen"):
            assert f'href="#{field}"' in said

    def test_who_loses_is_named_while_typing(self, bench: Client) -> None:
        sent = opened(bench) | {"fee.amount_fen": "12.50", "fee.basis.title": "通知"}

        said = act(bench, sent, "live")

        assert "fee from 0.00 to 12.50 yuan" in said

    def test_a_life_event_is_weighed_as_well(self, bench: Client) -> None:
        address = "/bench/items/newborn"
        sent = opened(bench, address) | {"members.0.when": "birth_place == 1"}
        assert "Items it is made of › no. 1 › Applies when" in act(bench, sent, "live", address)

        shorter = opened(bench, address)
        shorter["members.rows"] = shorter["members.rows"][:-1]

        assert "what may be applied for — loses" in act(bench, shorter, "live", address)


class TestKeeping:
    def test_the_form_is_kept_as_a_draft_and_edited_again(self, bench: Client) -> None:
        sent = opened(bench) | {"name.zh": "出生证明签发", "reason": "名称更短"}

        kept = bench.post(CERTIFICATE, {**sent, "act": "save"})

        assert kept.status_code == 302
        again = opened(bench, f"{kept.headers['Location']}/edit")
        assert again["name.zh"] == ["出生证明签发"]
        assert again["reason"] == ["名称更短"]
        assert "出生证明签发" in page(bench.get(kept.headers["Location"]))

    def test_a_wrong_form_is_not_kept(self, bench: Client) -> None:
        refused = bench.post(CERTIFICATE, {**opened(bench), "name.zh": "", "reason": "x", "act": "save"})

        assert refused.status_code == 409
        assert 'aria-invalid="true"' in page(refused)
