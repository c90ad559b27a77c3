"""What everybody reads: the ledger of changes with its feed, and proposals that may be commented on."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yici.apps.catalogue import queries as catalogue
from yici.apps.reform import actions, queries
from yici.channels.look.languages import language, say
from yici.channels.look.middleware import ViewerRequest
from yici.channels.public.linked_words import PUBLISHER_WORDS
from yici.rules.refusals import Refusal
from yici.rules.words import Words


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """Show what changed, who gains and loses, and on what basis; and what may be commented on now."""
    context = {"entries": queries.ledger(), "proposals": queries.public_amendments(), "subject": None}
    return render(request, "bench/ledger.html", context)


@require_GET
def item(request: HttpRequest, key: str) -> HttpResponse:
    """Show the same of one item or life event; its feed is how people subscribe to it."""
    subject = _subject(key)
    context = {"entries": queries.ledger(key), "proposals": queries.public_amendments(key), "subject": subject}
    return render(request, "bench/ledger.html", context)


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """Give the ledger as an Atom feed."""
    return _feed(request, _("Changes of services"), reverse("changes:ledger"), queries.ledger())


@require_GET
def item_feed(request: HttpRequest, key: str) -> HttpResponse:
    """Give the changes of one item or life event as an Atom feed."""
    name = _subject(key).name
    title = _("Changes of “%(name)s”") % {"name": say(name)}
    return _feed(request, title, reverse("changes:item", args=[key]), queries.ledger(key))


@dataclass(frozen=True, slots=True)
class _Subject:
    key: str
    name: Words
    is_offered: bool


def _subject(key: str) -> _Subject:
    """Return what stands in the catalogue; what no longer does keeps the page of its past."""
    found = catalogue.find_event(key)
    if found is not None:
        return _Subject(key, found.name, is_offered=True)
    past = queries.ledger(key)
    if not past:
        raise Http404
    return _Subject(key, Words(past[0].amendment.name, past[0].amendment.name_en), is_offered=False)


def _feed(request: HttpRequest, title: str, page: str, entries: list[queries.LedgerEntry]) -> HttpResponse:
    made = Atom1Feed(
        title=title,
        link=request.build_absolute_uri(page),
        feed_url=request.build_absolute_uri(),
        description=_("What changed, who gains and who loses, on what law."),
        author_name=say(PUBLISHER_WORDS),
        language=language(),
    )
    for one in entries:
        row = one.amendment
        sentences = [line["sentence"][language()] for line in (*one.losses, *one.gains)]
        made.add_item(
            title=row.name_en if language() == "en" else row.name,
            link=request.build_absolute_uri(reverse("changes:amendment", args=[row.public_id])),
            unique_id=f"urn:uuid:{one.public_id}",
            description="\n".join([*(sentences or [_("Nobody gains or loses.")]), *map(_reworded, one.wordings)]),
            pubdate=one.published_at,
            updateddate=one.published_at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _reworded(one: dict[str, dict[str, str]]) -> str:
    texts = {key: one[key][language()] for key in ("what", "old", "new")}
    return _("Said in other words: %(what)s “%(old)s” → “%(new)s”") % texts


@require_http_methods(["GET", "POST"])
def amendment(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show a proposal to everybody, with the comments and their answers; take a comment."""
    message, now = "", timezone.now()
    try:
        one = queries.public_amendment(public_id, now=now)
    except queries.NoSuchAmendment as missing:
        raise Http404 from missing
    if request.method == "POST":
        if request.viewer.account_id is None:
            return redirect(f"{settings.LOGIN_ADDRESS}?next={request.path}")
        try:
            actions.comment(amendment_id=public_id, text=request.POST.get("text", ""), by=request.viewer, now=now)
            messages.success(request, _("Thank you. Your comment is published without your name."))
            return redirect("changes:amendment", public_id)
        except Refusal as refusal:
            message = refusal.text(language())
    return render(
        request, "bench/public_amendment.html", {"one": one, "message": message}, status=409 if message else 200
    )
