"""The editor: a document as a form or as text, with what it would change beside it while somebody types."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue.queries import CannotImport, Fault
from yici.apps.reform import actions, queries
from yici.apps.reform.weighing import Weighing, weigh
from yici.channels.bench.forms.choices import WAYS
from yici.channels.bench.forms.documents import EVENT, ITEM
from yici.channels.bench.forms.drawing import Faults, Node, Path, drawn, id_of, labelled
from yici.channels.bench.forms.reading import Document, document_from, done, finished
from yici.channels.bench.forms.shapes import Shape
from yici.channels.bench.forms.suggestions import suggestions
from yici.channels.bench.guards import bench_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.refusals import Refusal
from yici.rules.words import Words

FORM, TEXT = "form", "text"
MOST_FIELDS_NAMED = 400


@dataclass(frozen=True, slots=True)
class Subject:
    """What is edited: an item or a life event, as it is in the province or (``region_code``) what a place does."""

    key: str
    region_code: str
    name: Words
    sections: tuple[Shape, ...]

    @property
    def has_form(self) -> bool:
        """Whether there is a form: what a place does differently is a patch, and is written as text."""
        return not self.region_code


@dataclass(frozen=True, slots=True)
class Mistake:
    """One fault: the names that lead to its field, the field's id ("" when it is in no field), the sentence."""

    where: Words
    id: str
    place: str
    words: Words


@dataclass(slots=True)
class Editor:
    """What the editor shows, and what is known of it. ``at``: the row to look at next."""

    subject: Subject
    text: str
    reason: str
    view: str = FORM
    document: Document | None = None
    message: str = ""
    faults: tuple[Fault, ...] = ()
    weighing: Weighing | None = None
    at: str = ""
    faulty: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        """Return the status of the answer: 409 when something is wrong."""
        return 409 if self.message or self.faults else 200

    @property
    def mistakes(self) -> list[Mistake]:
        """Return the faults, each with its field."""
        return [self._mistake(one) for one in self.faults]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Return the form."""
        return drawn(self.subject.sections, self.document or {}, self._faults())

    def _faults(self) -> Faults:
        at: dict[Path, list[Words]] = {}
        for one in self.faults:
            if one.file == catalogue.DRAFT:
                at.setdefault(labelled(self.subject.sections, one.path)[1], []).append(one.words)
        return at

    def _mistake(self, fault: Fault) -> Mistake:
        own = fault.file == catalogue.DRAFT
        where, held = labelled(self.subject.sections, fault.path) if own else (Words(fault.file, fault.file), ())
        return Mistake(where, id_of(held) if held else "", f"{fault.line}:{fault.column}", fault.words)

    @property
    def said(self) -> dict[str, list[Words]]:
        """Return what is wrong at each field, by its id."""
        return {id_of(path): words for path, words in self._faults().items() if path}

    @property
    def cleared(self) -> list[str]:
        """Return the fields at which something was wrong the last time, and is not any more."""
        return [one for one in self.faulty if one not in self.said]

    @property
    def wordings(self) -> list[dict[str, object]]:
        """Return what is said in other words, as the ledger will keep it."""
        rows = self.weighing.wordings if self.weighing else ()
        return [{key: getattr(one, key)._asdict() for key in ("what", "old", "new")} for one in rows]


Save = Callable[[Editor, datetime], queries.Amendment]


@require_http_methods(["GET", "POST"])
@bench_only
def new(request: ViewerRequest, key: str) -> HttpResponse:
    """Edit what is in force: check it as often as wanted, then keep it as a draft."""
    is_event = key in catalogue.catalogue_for("").events  # the same everywhere: only items differ from place to place
    local = request.GET.get("local") == "1" and not is_event
    region_code = (request.viewer.region_code or "").ljust(12, "0") if local else ""
    subject = _subject(key, region_code, catalogue.event(key, region_code).name)

    def save(editor: Editor, now: datetime) -> queries.Amendment:
        terms = {"item_key": key, "text": editor.text, "reason": editor.reason, "local": local}
        return actions.propose(**terms, by=request.viewer, now=now)  # type: ignore[arg-type] # words read from a form

    return _edit(request, Editor(subject, catalogue.text_of(key, region_code), ""), save)


@require_http_methods(["GET", "POST"])
@bench_only
def edit(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Edit a draft."""
    row = queries.amendment(request.viewer, public_id, now=timezone.now()).row

    def save(editor: Editor, now: datetime) -> queries.Amendment:
        terms = {"amendment_id": public_id, "text": editor.text, "reason": editor.reason}
        return actions.revise(**terms, by=request.viewer, now=now)  # type: ignore[arg-type] # words read from a form

    subject = _subject(row.item_key, row.region_code, Words(row.name, row.name_en))
    return _edit(request, Editor(subject, row.text, row.reason), save)


def _subject(key: str, region_code: str, name: Words) -> Subject:
    is_event = key in catalogue.catalogue_for(region_code).events
    return Subject(key, region_code, name, EVENT if is_event else ITEM)


def _edit(request: ViewerRequest, editor: Editor, save: Save) -> HttpResponse:
    editor.view = TEXT if request.GET.get("view") == TEXT or not editor.subject.has_form else FORM
    if request.method == "POST":
        _take(request, editor)
        act = request.POST.get("act", "")
        if act == "save":
            saved = _saved(editor, save)
            if saved is not None:
                return redirect("bench:gate", saved.public_id)
        _do(editor, act)
        if act == "live":
            return render(request, "bench/found.html", {"editor": editor, "live": True})
    elif editor.view == FORM:
        _read_document(editor)
    context = {"editor": editor, "subject": editor.subject, "live": False, "ways": WAYS}
    context["suggestions"] = suggestions(editor.document or {}) if editor.view == FORM else {}
    return render(
        request, "bench/editor.html", context, status=200 if "HX-Request" in request.headers else editor.status
    )


def _take(request: ViewerRequest, editor: Editor) -> None:
    editor.reason = request.POST.get("reason", "")
    editor.view = FORM if request.POST.get("view") == FORM and editor.subject.has_form else TEXT
    known = request.POST.get("faulty", "").split()[:MOST_FIELDS_NAMED]
    editor.faulty = [one for one in known if one.isascii() and one.replace("-", "").replace("_", "").isalnum()]
    if editor.view == TEXT:
        editor.text = request.POST.get("text", "").replace("\r\n", "\n")
        return
    editor.document = document_from(editor.subject.sections, request.POST)
    editor.at = done(editor.document, request.POST.get("act", "")) or ""
    editor.text = catalogue.written(finished(editor.document))


def _saved(editor: Editor, save: Save) -> queries.Amendment | None:
    try:
        return save(editor, timezone.now())
    except CannotImport as refusal:
        editor.faults = refusal.faults
    except Refusal as refusal:
        editor.message = refusal.text(language())
    return None


def _do(editor: Editor, act: str) -> None:
    if act == TEXT:
        editor.view = TEXT
    elif act == FORM and editor.subject.has_form:
        editor.view = FORM
        _read_document(editor)
    elif not editor.at:
        _check(editor)


def _read_document(editor: Editor) -> None:
    """Read the text as a document; what is no document stays text, with its fault."""
    try:
        editor.document = catalogue.document_in(editor.text)
    except CannotImport as refusal:
        editor.view, editor.faults = TEXT, refusal.faults


def _check(editor: Editor) -> None:
    subject = editor.subject
    try:
        editor.weighing = weigh(item_key=subject.key, region_code=subject.region_code, text=editor.text)
    except CannotImport as refusal:
        editor.faults = refusal.faults
    except Refusal as refusal:
        editor.message = editor.message or refusal.text(language())
