"""Walks through the portal's pages as a browser does, so that tests of pages read as what people do."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from yici.apps.cases.models import Application
from yici.apps.people.models import Account
from yici.apps.people.viewers import viewer_of
from yici.apps.planning import queries as plans
from yici.apps.planning.models import Draft
from yici.rules.items import Element, ElementKind

TONGLU, WUXING = "330122000000", "330502000000"
ORDINARY = {
    ElementKind.BOOL: "false",
    ElementKind.PHONE: "13857112345",
    ElementKind.DATE: "2018-03-01",
    ElementKind.ID_NUMBER: "11010519491231002X",
    ElementKind.USCC: "91350100M000100Y43",
    ElementKind.REGION: TONGLU,
}


def sign_in(client: Client, account: Account) -> None:
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")


def ordinary(element: Element) -> str:
    """Return an answer that anybody might give."""
    if element.values:
        return element.values[0][0]
    if element.kind in {ElementKind.INT, ElementKind.FEN}:
        return str(element.minimum or 1)
    return ORDINARY.get(element.kind, "沈小满")


def asked(page: str, draft: Draft) -> Element:
    """Return the question that a page asks."""
    key = page.split('name="question" value="')[1].split('"', maxsplit=1)[0]
    element = plans.element(plans.draft_view(draft), key)
    assert element is not None
    return element


def answer_all(client: Client, draft: Draft) -> None:
    """Answer one question after the other until the plan is there."""
    for _ in range(40):
        page = client.get(f"/drafts/{draft.public_id}/ask")
        if page.status_code == 302:
            return
        question = asked(page.content.decode(), draft)
        client.post(f"/drafts/{draft.public_id}/ask", {"question": question.key, "answer": ordinary(question)})
    raise AssertionError("the questions do not end")


def the_draft(client: Client, need: str) -> Draft:
    """Begin a need and answer its questions; return the draft as it is then."""
    client.post(f"/needs/{need}/start")
    draft = Draft.objects.get()
    answer_all(client, draft)
    draft.refresh_from_db()
    return draft


def filled(client: Client, draft: Draft) -> None:
    """Fill in the shared form with ordinary words and go on to the check."""
    assert client.get(f"/drafts/{draft.public_id}/form").status_code == 200
    draft.refresh_from_db()
    account = Account.objects.get(party_id=draft.party_id)
    plan = plan_of(account, draft)
    for row in plans.uploads_wanted(plans.draft_view(draft), plan):
        client.post(f"/drafts/{draft.public_id}/upload", {"proves": row.proves, "paper": photograph()})
    wanted = plans.form_elements(plans.draft_view(draft), plan)
    fields = {one.key: ordinary(one) for one in wanted}
    sent = client.post(f"/drafts/{draft.public_id}/form", {**fields, "version": draft.version})
    assert sent.headers["Location"] == f"/drafts/{draft.public_id}/check"
    assert client.get(f"/drafts/{draft.public_id}/check").status_code == 200


def submitted(client: Client, need: str, *, draft: Draft | None = None) -> Application:
    """Walk from the need to the submitted application."""
    made = draft or the_draft(client, need)
    filled(client, made)
    answer = client.post(f"/drafts/{made.public_id}/check")
    assert answer.status_code == 302, answer.content.decode()
    return Application.objects.get(public_id=answer.headers["Location"].split("/")[2])


def photograph() -> SimpleUploadedFile:
    """Return a small picture as a telephone sends it."""
    out = BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    return SimpleUploadedFile("paper.png", out.getvalue(), "image/png")


def plan_of(account: Account, draft: Draft) -> plans.Plan:
    """Return the plan of a draft as its owner sees it."""
    viewer = viewer_of(account)
    return plans.plan_of(viewer, plans.draft(viewer, draft.public_id, browser=""))
